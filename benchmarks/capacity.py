"""
What so many workers carry, and what stops them first: the model of docs/operations.md.

    python -m benchmarks.capacity [--workers 1,10,1000] [--worker-ms 25 --commits 5000 …]

The constants are those of the machine in the docs, by benchmarks.load and
benchmarks.load_constants. Put in your own.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final

CONNECTIONS: Final = 13  # of one worker: a pool of 12, and one for coordination
INFINITE: Final = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class Constants:
    """Times are of the processor. A question is one message of a citizen, with its answer."""

    worker_ms: float = 33.0  # a question, in the worker that has it
    other_ms: float = 0.3  # a question, in each other worker, which it wakes
    idle: float = 0.01  # cores of a worker that nobody asks
    page: float = 0.00085  # cores of its worker for an open page, whether anybody writes or not
    pages: float = 60.0  # open for each question a second: a visitor asks once a minute
    database_ms: float = 6.0  # a question
    database_other_ms: float = 0.3  # a question, for each other worker
    database_cores: float = 8.0
    commits: float = 1300.0  # a second, that PostgreSQL makes durable
    commits_each: float = 4.0  # a question: taken, handled, leased, sent
    connections: float = 100.0  # max_connections of PostgreSQL
    audit: float = 120.0  # lines of the audit log that are appended a second
    audit_each: float = 0.15  # a question: where one in twenty becomes a ticket with three lines
    telegram: float = 24.0  # messages that one bot sends a second
    telegram_share: float = 0.5  # of the questions
    busy: float = 0.6  # of all cores in the busiest hour: beyond, people wait in line
    peak: float = 0.12  # of a day's questions that come in its busiest hour


def limits(workers: int, has: Constants) -> Mapping[str, float]:
    """Questions a second at which each part has no more to give."""
    others = workers - 1
    worker_ms = has.worker_ms + has.other_ms * others + 1000 * has.page * has.pages
    database_ms = has.database_ms + has.database_other_ms * others
    return {
        "workers": 1000 * workers * (has.busy - has.idle) / worker_ms,
        "database": 1000 * has.busy * has.database_cores / database_ms,
        "commits": has.busy * has.commits / has.commits_each,
        "audit log": has.busy * has.audit / has.audit_each if has.audit_each else INFINITE,
        "Telegram": has.telegram / has.telegram_share if has.telegram_share else INFINITE,
        "connections": INFINITE if workers * CONNECTIONS <= has.connections else 0.0,
    }


def a_day(per_s: float, has: Constants) -> float:
    """Questions a day, if its busiest hour has so many a second."""
    return per_s * 3600 / has.peak


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--workers", default="1,10,1000")
    for field in fields(Constants):
        name = "--" + field.name.replace("_", "-")
        parser.add_argument(name, type=float, default=field.default)
    given = vars(parser.parse_args())
    numbers = [int(one) for one in given.pop("workers").split(",")]
    has = Constants(**given)
    for number in numbers:
        found = limits(number, has)
        least = min(found, key=lambda name: found[name])
        day = a_day(found[least], has)
        print(f"{number} workers: {found[least]:.1f} questions a second, {day:,.0f} a day", end="")
        print(f"; stopped by: {least}")
        print("  " + ", ".join(f"{name} {value:,.1f}" for name, value in found.items()))


if __name__ == "__main__":
    main()
