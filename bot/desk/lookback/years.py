"""Tasks by year and department: done in time, late, open. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.desk.lookback.task import Task


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    year: int
    department: str
    in_time: int = 0
    late: int = 0  # done, after it was due
    open: int = 0  # and not due yet
    overdue: int = 0

    @property
    def tasks(self) -> int:
        return self.in_time + self.late + self.open + self.overdue


def by_year(tasks: Iterable[Task], *, today: date) -> Sequence[Row]:
    """A row for each year and department that has tasks, in that order."""
    rows: dict[tuple[int, str], Row] = {}
    for task in tasks:
        key = (task.year, task.department)
        row = rows.get(key, Row(year=task.year, department=task.department))
        rows[key] = _counted(row, task, today)
    return [rows[key] for key in sorted(rows)]


def _counted(row: Row, task: Task, today: date) -> Row:
    late = task.is_late(today)
    if task.done is not None:
        return replace(row, late=row.late + 1) if late else replace(row, in_time=row.in_time + 1)
    return replace(row, overdue=row.overdue + 1) if late else replace(row, open=row.open + 1)
