"""What a dashboard shows of a period: totals, with those of the one before, and tables. Data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.desk.reports.figures import Period, share

Cell: TypeAlias = str | int | float | None  # None: there is nothing to take it from


class Topic(StrEnum):
    """What a table is about. Its rows are what the comment says."""

    VOLUME = "volume"  # days
    RESULTS = "results"  # the period, and the one before
    FIRST_WORD = "first_word"  # working days until it, by kind of ticket
    RESOLUTION = "resolution"  # the same until the answer
    DEPARTMENTS = "departments"
    BACKLOG = "backlog"  # ages, now
    REASONS = "reasons"  # why tickets were opened
    RATINGS = "ratings"  # what citizens were asked
    FAILED = "failed"  # weeks: answered, and a person was asked all the same
    CONCERNS = "concerns"  # hot concerns and weeks
    GAPS = "gaps"  # weeks: questions that no document answers
    DOCUMENTS = "documents"  # how often each answered
    INTERPRETATIONS = "interpretations"  # the same, with how often their rule stood beside
    PUBLISHED = "published"  # answers of the bureau


@dataclass(frozen=True, slots=True)
class Table:
    columns: tuple[str, ...]  # names end with _share for 0 to 1, with _days for working days
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Totals:
    """Of one period."""

    asked: int
    answered: int  # at once, or by what was chosen of an offer
    offered: int
    handed_over: int  # tickets opened
    failed: int  # answered, and a person was asked all the same
    answer_median_days: float | None
    answer_in_time_share: float | None

    @property
    def answered_share(self) -> float | None:
        return share(self.answered, self.asked)

    @property
    def failed_share(self) -> float | None:
        return share(self.failed, self.answered)


@dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    period: Period
    made: datetime
    now: Totals
    before: Totals
    waiting: int  # tickets that staff owe something for, at `made`
    tables: Mapping[Topic, Table]
