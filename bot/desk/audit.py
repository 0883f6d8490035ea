"""
The audit log is a hash chain: each line holds the digest of the one before. Pure.

A line that is changed, removed or put in between breaks the chain from there on (Schneier and
Kelsey, "Cryptographic Support for Secure Logs on Untrusted Machines", USENIX Security 1998; here
without their evolving key: whoever may write the whole table may also write a whole new chain,
so the digest of the last line is told in the daily log, outside of the database).

What people wrote enters the chain only as a salted digest. So it can be erased, with its salt,
when its time is over, and the chain still holds; see `Sealed.erased`.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final, Self

from bot.desk.tickets import Event

START: Final = "0" * 64  # what the first line holds in place of a digest before it
ERASED: Final = "erased"  # what the event is called that says so


@dataclass(frozen=True, slots=True, kw_only=True)
class Sealed:
    """A line of the log as it is stored."""

    id: int  # grows; numbers may be missing where a transaction was given up
    event: Event
    salt: str  # empty once the words are erased
    words: str  # digest of the salted words, hexadecimal
    previous: str  # digest of the line before
    digest: str

    @classmethod
    def after(cls, previous: str, event: Event, *, number: int, salt: str | None = None) -> Self:
        """The line for an event, behind the one with that digest."""
        salt = secrets.token_hex(16) if salt is None else salt
        words = _words(event, salt)
        return cls(
            id=number,
            event=event,
            salt=salt,
            words=words,
            previous=previous,
            digest=_digest(event, words, previous),
        )

    def erased(self) -> Self:
        """Without what was written. The digests stay, and nobody can guess the words by them."""
        return replace(self, event=replace(self.event, why="", text=""), salt="")

    @property
    def problem(self) -> str:
        """What is wrong with the line itself; empty if nothing is."""
        if self.salt and self.words != _words(self.event, self.salt):
            return "its words were changed"
        if not self.salt and (self.event.text or self.event.why):
            return "it has words although they were erased"
        if self.digest != _digest(self.event, self.words, self.previous):
            return "it was changed"
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What looking through the whole chain found."""

    lines: int
    digest: str  # of the last line
    problems: tuple[str, ...] = ()


class Verifier:
    """Looks through a chain line by line, oldest first; it may be longer than memory holds."""

    def __init__(self) -> None:
        self._lines = 0
        self._previous = START
        self._problems: list[str] = []
        self._blanked: dict[int | None, int] = {}  # by ticket, the last line without words

    def take(self, line: Sealed) -> None:
        self._lines += 1
        if line.previous != self._previous:
            self._tell(line.id, "the line before it was changed, removed or added")
        if line.problem:
            self._tell(line.id, line.problem)
        if not line.salt:
            self._blanked[line.event.ticket_id] = line.id
        if line.event.what == ERASED:
            self._blanked.pop(line.event.ticket_id, None)
        self._previous = line.digest

    def verdict(self) -> Verdict:
        silent = [f"line {one}: erased, and no line says so" for one in self._blanked.values()]
        problems = (*self._problems, *silent)
        return Verdict(lines=self._lines, digest=self._previous, problems=problems)

    def _tell(self, number: int, problem: str) -> None:
        self._problems.append(f"line {number}: {problem}")


def verify(lines: Iterable[Sealed]) -> Verdict:
    """Look through a whole chain, oldest line first."""
    verifier = Verifier()
    for line in lines:
        verifier.take(line)
    return verifier.verdict()


def _words(event: Event, salt: str) -> str:
    return _sha256([salt, event.why, event.text])


def _digest(event: Event, words: str, previous: str) -> str:
    at = event.at.timestamp()
    return _sha256([previous, event.ticket_id, repr(at), event.who, event.what, words])


def _sha256(parts: list[object]) -> str:
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
