"""A task of a year, with what shows that it was done. Pure data."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

NO_RELEASE: Final = "no release can be read: {problem}"
NO_DOCUMENT: Final = "the release has no such document"
NO_CLAUSE: Final = "the document has no {clause}"
NOT_BINDING: Final = "the document is {standing}"
OTHERWISE: Final = "it reads otherwise than when it was cited"
NOTES: Final = (NO_RELEASE, NO_DOCUMENT, NO_CLAUSE, NOT_BINDING, OTHERWISE)
"""What a look at evidence finds; what a site answered is in its own words."""


class Verdict(StrEnum):
    """What the last look at a piece of evidence found."""

    SAME = "same"
    CHANGED = "changed"  # it reads otherwise than when it was cited
    ENDED = "ended"  # the document is not in force any more
    GONE = "gone"
    UNREACHABLE = "unreachable"  # today; it may be there all the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A document of the release, or a page."""

    where: str  # id of the document, or a link
    clause: str = ""  # of the document: 第十四条; empty: all of it
    digest: str  # of what it said when it was cited
    cited: date
    checked: date
    verdict: Verdict = Verdict.SAME
    note: str = ""  # what the look found, in words


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    id: int = 0  # given by the store
    version: int = 1
    year: int
    title: str
    department: str  # its key in the roster
    due: date
    evidence: tuple[Evidence, ...] = ()
    done: date | None = None

    def is_late(self, today: date) -> bool:
        """Whether it is overdue, or was done after it was due."""
        return (self.done or today) > self.due

    def is_overdue(self, today: date) -> bool:
        return self.done is None and self.is_late(today)

    @property
    def doubtful(self) -> tuple[Evidence, ...]:
        """What does not say any more what it said."""
        return tuple(one for one in self.evidence if one.verdict is not Verdict.SAME)
