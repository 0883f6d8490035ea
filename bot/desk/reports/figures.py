"""A report: figures with their names, whatever it is written as. Pure data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final, Self, TypeAlias

TOTAL: Final = "total"  # the item of what is counted over all items

Value: TypeAlias = int | float | None


class Section(StrEnum):
    """What a part of the report is about; its items are the rows."""

    QUESTIONS = "questions"  # what the bot did with them
    MESSAGES = "messages by result"
    MESSAGES_BY_DAY = "messages by day"
    MESSAGES_BY_LANGUAGE = "messages by language"
    TICKETS = "tickets by kind"
    TICKETS_BY_DAY = "tickets by day"
    TICKETS_BY_LANGUAGE = "tickets by language"
    REASONS = "tickets by reason"
    DEPARTMENTS = "departments"
    BACKLOG = "backlog"
    MOVES = "moves"  # in the period, of whatever ticket
    AGENTS = "agents"


@dataclass(frozen=True, slots=True)
class Figure:
    section: Section
    item: str  # a day, a kind, a department ...
    name: str  # ends with _days for working days, with _share for 0 to 1
    value: Value  # None: there is nothing to take it from


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """Whole days at the bureau, the last one included."""

    first: date
    last: date

    @classmethod
    def given(cls, first: date | None, last: date | None, *, today: date) -> Self:
        """
        Until today where no end is given, from the first of that month where no beginning is.

        Raise ValueError for one that ends before it begins.
        """
        last = last or today
        first = first or last.replace(day=1)
        if last < first:
            raise ValueError(f"{first} is after {last}")
        return cls(first=first, last=last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    period: Period
    made: datetime
    figures: tuple[Figure, ...]

    def sections(self) -> Mapping[Section, Mapping[str, Mapping[str, Value]]]:
        """The figures as tables: by section, item and name, in their order."""
        found: dict[Section, dict[str, dict[str, Value]]] = {}
        for one in self.figures:
            found.setdefault(one.section, {}).setdefault(one.item, {})[one.name] = one.value
        return found


def share(part: int, whole: int) -> float | None:
    """Rounded to a thousandth; None of nothing."""
    return round(part / whole, 3) if whole else None
