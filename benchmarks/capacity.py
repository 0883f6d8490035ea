"""
What so many workers carry, and what stops them first: the model of docs/operations.md.

    python -m benchmarks.capacity [--workers 1,10,1000] [--worker-ms 25] …

The constants are measured by benchmarks.load and benchmarks.load_constants; those here are of the
machine in the docs. Put in your own.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

CONNECTIONS: Final = 13  # of one worker: its pool, and one for coordination
DAY_S: Final = 86_400


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    worker_ms: float  # processor of a question, in the worker that has it
    other_ms: float  # and in each of the others, which are woken by it
    idle: float  # cores of a worker that nobody asks
    page_idle: float  # cores of an open page that nobody writes on
    pages: float  # open for each question a second
    database_ms: float  # processor of PostgreSQL, a question
    database_cores: float
    commits: float  # that PostgreSQL makes a second
    commits_each: float  # a question
    connections: float  # that PostgreSQL takes
    telegram: float  # messages that one bot may send a second
    share: float  # of the questions, that come from Telegram
    tickets: float  # lines of the audit log, a question
    audit: float  # lines that are appended a second at most
    busy: float  # of its cores at the busiest time, so that people do not wait in line
    peak: float  # how much of a day's questions come within its busiest hour


def limits(workers: float, has: Constants) -> Mapping[str, float]:
    """Questions a second at which each part is at its end."""
    free = workers * (has.busy - has.idle)
    each_ms = has.worker_ms + has.other_ms * (workers - 1) + 1000 * has.page_idle * has.pages
    fits = workers * CONNECTIONS <= has.connections
    return {
        "workers": max(0.0, 1000 * free / each_ms),
        "database": 1000 * has.busy * has.database_cores / has.database_ms,
        "commits": has.busy * has.commits / has.commits_each,
        "audit log": has.busy * has.audit / has.tickets,
        "Telegram": has.telegram / has.share if has.share else float("inf"),
        "connections": float("inf") if fits else 0.0,
    }


def a_day(per_s: float, has: Constants) -> float:
    """Questions a day, if the busiest hour has so many a second."""
    return per_s * 3600 / has.peak


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--workers", default="1,10,1000")
    for field in fields(Constants):
        parser.add_argument(
            "--" + field.name.replace("_", "-"), type=float, default=getattr(MEASURED, field.name)
        )
    given = vars(parser.parse_args())
    numbers = [int(one) for one in given.pop("workers").split(",")]
    show(numbers, Constants(**given))
