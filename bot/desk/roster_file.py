"""
The roster in a file: who works here, written in TOML. See docs/desk.md for one with comments.

Every mistake is told at once, with its line. A file that is changed while the bot runs is read
again; one that is broken changes nothing.
"""

from __future__ import annotations

import asyncio
import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from enum import StrEnum
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, TypeVar

import structlog

from bot.desk.hours import Hours
from bot.desk.roster import OPEN, Department, Member, Role, Roster
from bot.errors import ConfigError
from knowledge.fold import fold
from knowledge.types import Lang

LOOK_S: Final = 5.0  # between two looks at the file
_DEPARTMENT: Final = ("name", "topics", "issuers", "hours", "sensitive")
_MEMBER: Final = ("id", "also", "name", "departments", "roles", "languages")
_KEY: Final = re.compile(r"[a-z][a-z0-9_-]{0,23}")  # it stands on buttons, which hold 64 bytes
_ID: Final = re.compile(r"[a-z]+:[^:\s]+")
_HEADER: Final = re.compile(r"\s*\[(\[)?\s*([^\]]+?)\s*\]")
_ASSIGNED: Final = re.compile(r"\s*([\w-]+)\s*=")
E = TypeVar("E", bound=StrEnum)

log = structlog.get_logger(__name__)


def read_roster(path: Path | None) -> Roster:
    """Read the file; an open roster without one. Raise ConfigError with every problem."""
    if path is None:
        return OPEN
    try:
        return parse_roster(path.read_text(encoding="utf-8-sig"), name=path.name)
    except OSError as error:
        problem = f"ROSTER: {path} cannot be read ({error.strerror}); correct the path"
        raise ConfigError([f"{problem}, or leave it empty for a desk without roles"]) from error
    except UnicodeDecodeError:
        raise ConfigError([f"{path.name} is not UTF-8; save it in that encoding"]) from None


def parse_roster(text: str, *, name: str = "roster.toml") -> Roster:
    """Read the text of a roster; `name` is the file's, for its problems. Raise ConfigError."""
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError([f"{name}: {error}; texts stand in quotation marks"]) from None
    reader = _Reader(name, _lines(text))
    roster = reader.roster(values)
    if reader.problems:
        raise ConfigError(reader.problems)
    return roster


async def watch_roster(
    path: Path, changed: Callable[[Roster], None], *, every_s: float = LOOK_S
) -> None:
    """Hand on the roster whenever its file is changed. Runs until it is cancelled."""
    seen = await asyncio.to_thread(_state, path)
    while True:
        await asyncio.sleep(every_s)
        now = await asyncio.to_thread(_state, path)
        if now == seen:
            continue
        try:
            changed(await asyncio.to_thread(read_roster, path))
        except ConfigError as error:
            log.warning("roster.kept", file=path.name, problems=error.problems)
        except Exception:  # nested too deep for the parser, say: the next look tries again
            log.exception("roster.unread", file=path.name, retry_s=every_s)
            continue
        else:
            log.info("roster.changed", file=path.name)
        seen = now


def _state(path: Path) -> tuple[int, int, int] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


@dataclass(slots=True)
class _Reader:
    """Reads everything that can be read, and notes what cannot."""

    name: str
    lines: Mapping[tuple[str, str], int]  # by table and key; "" for the table itself
    problems: list[str] = field(default_factory=list)

    def roster(self, values: Mapping[str, Any]) -> Roster:
        self._known("", values, ("department", "member"))
        tables = values.get("department", {})
        members = values.get("member", [])
        if not isinstance(tables, dict) or not all(isinstance(t, dict) for t in tables.values()):
            self._note("department", "", "write a table for each: [department.pension]")
            tables = {}
        if not isinstance(members, list) or not all(isinstance(m, dict) for m in members):
            self._note("member", "", "write a table for each: [[member]]")
            members = []
        if not tables:
            self._note("", "", "has no department; write one: [department.pension]")
        found = [self._member(place, member, tables) for place, member in enumerate(members, 1)]
        self._once([member for member, _ in found])
        departments = {
            key: self._department(key, table, [one for one, keys in found if key in keys])
            for key, table in tables.items()
        }
        self._apart(departments)
        others = tuple(member for member, keys in found if not keys)
        return Roster(MappingProxyType(departments), others)

    def _department(
        self, key: str, table: Mapping[str, Any], members: Sequence[Member]
    ) -> Department:
        where = f"department.{key}"
        self._known(where, table, _DEPARTMENT)
        if not _KEY.fullmatch(key):
            problem = "its key must be at most 24 small letters, digits, - and _"
            self._note(where, "", f"{problem}; the name may be anything")
        try:
            hours = Hours.parse(self._text(where, table, "hours", default=""))
        except ValueError as error:
            self._note(where, "hours", str(error))
            hours = Hours()
        return Department(
            key=key,
            name=self._text(where, table, "name"),
            members=tuple(members),
            topics=self._texts(where, table, "topics"),
            issuers=self._texts(where, table, "issuers"),
            hours=hours,
            sensitive=self._texts(where, table, "sensitive"),
        )

    def _member(
        self, place: int, table: Mapping[str, Any], departments: Mapping[str, Any]
    ) -> tuple[Member, Sequence[str]]:
        """The member, and the keys of the departments."""
        where = f"member {place}"
        self._known(where, table, _MEMBER)
        number = self._text(where, table, "id")
        also = self._texts(where, table, "also")
        for key, one in (("id", number), *(("also", one) for one in also)):
            if one and not _ID.fullmatch(one):
                self._note(where, key, f'{one!r}: write "telegram:4711" or "terminal:login"')
        if "departments" not in table:
            self._note(where, "", "departments is missing; write [] for somebody of none")
        keys = self._texts(where, table, "departments")
        for key in keys:
            if key not in departments:
                self._note(where, "departments", f"{key!r} is none{_meant(key, departments)}")
        roles = self._words(where, table, "roles", Role)
        member = Member(
            id=number,
            name=self._text(where, table, "name"),
            roles=frozenset(roles if "roles" in table else {Role.AGENT}),
            languages=frozenset(self._words(where, table, "languages", Lang)),
            also=also,
        )
        return member, keys

    def _once(self, members: Sequence[Member]) -> None:
        owners: dict[str, int] = {}
        for place, member in enumerate(members, 1):
            for key, one in (("id", member.id), *(("also", one) for one in member.also)):
                owner = owners.setdefault(one, place) if one else place
                if owner != place:
                    problem = f"{one!r} is member {owner} already; name all departments there"
                    self._note(f"member {place}", key, problem)

    def _apart(self, departments: Mapping[str, Department]) -> None:
        """A topic of two departments could send a question to neither."""
        owners: dict[str, str] = {}
        for key, department in departments.items():
            for topic in department.topics:
                owner = owners.setdefault(fold(topic), key)
                if owner != key:
                    problem = f"{topic!r} is a topic of {owner} already; take it out of one"
                    self._note(f"department.{key}", "topics", problem)

    def _text(
        self, where: str, table: Mapping[str, Any], key: str, *, default: str | None = None
    ) -> str:
        value = table.get(key, default)
        if value is None:
            self._note(where, "", f"{key} is missing")
        elif not isinstance(value, str) or not (value.strip() or default is not None):
            self._note(where, key, f'{key} must be a text: {key} = "..."')
        else:
            return value.strip()
        return ""

    def _texts(self, where: str, table: Mapping[str, Any], key: str) -> tuple[str, ...]:
        value = table.get(key, [])
        if isinstance(value, list) and all(isinstance(one, str) and one.strip() for one in value):
            return tuple(one.strip() for one in value)
        self._note(where, key, f'{key} must be a list of texts: {key} = ["...", "..."]')
        return ()

    def _words(self, where: str, table: Mapping[str, Any], key: str, kind: type[E]) -> list[E]:
        found = []
        for word in self._texts(where, table, key):
            if word in set(kind):
                found.append(kind(word))
            else:
                self._note(where, key, f"{word!r} is none{_meant(word, list(kind))}")
        return found

    def _known(self, where: str, table: Mapping[str, Any], known: Sequence[str]) -> None:
        for key in table:
            if key not in known:
                self._note(where, key, f"{key!r} is not known{_meant(key, known)}")

    def _note(self, where: str, key: str, problem: str) -> None:
        line = self.lines.get((where, key)) or self.lines.get((where, ""))
        place = f"{self.name}, line {line}" if line else self.name
        self.problems.append(": ".join(part for part in (place, where, problem) if part))


def _meant(word: str, known: Sequence[str] | Mapping[str, Any]) -> str:
    close = get_close_matches(word, [str(one) for one in known], n=1)
    return f"; did you mean {close[0]!r}?" if close else f"; there are: {', '.join(known)}"


def _lines(text: str) -> Mapping[tuple[str, str], int]:
    """
    Where tables and keys begin, counted from 1.

    tomllib does not tell. What is written in another way ({...}, a.b = 1) has no line here.
    """
    found: dict[tuple[str, str], int] = {}
    where, members = "", 0
    for number, line in enumerate(text.splitlines(), 1):
        if header := _HEADER.match(line):
            where = header[2].replace('"', "")
            if header[1] and where == "member":
                members += 1
                where = f"member {members}"
            found.setdefault((where, ""), number)
        elif key := _ASSIGNED.match(line):
            found.setdefault((where, key[1]), number)
    return found
