"""What a maintainer is told about a source: where, what is wrong, what to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Severity(StrEnum):
    UNREADABLE = "unreadable"  # the document is not in the library
    CONTRADICTION = "contradiction"  # what is declared is not what the text says
    MEND = "mend"  # an answer may be wrong or missing until it is mended
    NOTE = "note"  # worth a look


FAILING: Final = frozenset({Severity.UNREADABLE, Severity.CONTRADICTION})


class About(StrEnum):
    FILE = "file"
    DISCLOSURE = "disclosure"
    TITLE = "title"
    NUMBER = "number"
    ISSUER = "issuer"
    KIND = "kind"
    PUBLISHED = "published"
    EFFECTIVE = "effective"
    EXPIRES = "expires"
    STATUS = "status"
    LINK = "link"
    INTERPRETATION = "interpretation"
    VERSIONS = "versions"
    REFERENCE = "reference"


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    document: str  # id, or the path of what could not be read
    about: About
    severity: Severity
    problem: str
    mend: str  # what to do
    declared: str = ""  # the value of the source
    found: str = ""  # and that of the text


def worst_first(problems: list[Problem]) -> list[Problem]:
    order = list(Severity)
    return sorted(problems, key=lambda one: (order.index(one.severity), one.document, one.about))
