"""
What each golden question was to get, and what it got: a confusion of statuses.

What the bot does is said in words of the caller, because this package knows no bot.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from index.golden import Golden
from knowledge.types import Document, Standing


class Expected(StrEnum):
    ANSWER = "an answer"
    OUTDATED = "named as no longer in force"
    UPCOMING = "no answer: not yet in force"
    ABSENT = "no answer: its document is not in the release"
    NOTHING = "no answer: no document has it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One question, decided as the bot does."""

    question: str
    expected: Expected
    got: str  # what the bot did, in a few words: a column of the table
    right: bool
    document: str  # id of the one that was expected; "" for none
    cited: str  # id of the one that was quoted or named; "" for none
    probability: float


@dataclass(frozen=True, slots=True)
class Cell:
    count: int
    right: bool  # what was to be got; an empty cell is not


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    columns: tuple[str, ...]
    rows: tuple[tuple[Expected, tuple[Cell, ...]], ...]  # cells in the order of the columns


def expected(golden: Golden, documents: Sequence[Document], on: date) -> Expected:
    """`documents` are those of the golden question that the release has."""
    if not golden.documents:
        return Expected.NOTHING
    if not documents:
        return Expected.ABSENT
    standings = {one.standing(on) for one in documents}
    if any(standing.binding for standing in standings):
        return Expected.ANSWER
    return Expected.UPCOMING if Standing.UPCOMING in standings else Expected.OUTDATED


def table(cases: Sequence[Case]) -> Table:
    """Rows and columns that have a case; columns with more right cases come first."""
    counts = Counter((case.expected, case.got) for case in cases)
    right = {(case.expected, case.got) for case in cases if case.right}
    good = Counter(case.got for case in cases if case.right)
    columns = sorted({case.got for case in cases}, key=lambda got: (-good[got], got))
    return Table(
        columns=tuple(columns),
        rows=tuple(
            (row, tuple(Cell(counts[row, got], (row, got) in right) for got in columns))
            for row in Expected
            if any(counts[row, got] for got in columns)
        ),
    )
