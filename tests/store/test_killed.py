"""
Nothing lost, nothing twice, whenever the process is killed.

What a killed process wrote is in the page cache and outlives it. That a commit waits for the disk
as well, for a loss of power, is `synchronous = FULL` in dialect.py.
"""

from __future__ import annotations

import random
import sqlite3
import time
from collections import Counter
from contextlib import closing, suppress
from multiprocessing import get_context
from pathlib import Path

import pytest

from tests.store import writing

KILLS = 40
LONGEST_S = 0.4  # that a writer lives; some are killed while they open the database
LOCKED_S = 0.03  # that somebody else has the write lock, now and then


@pytest.mark.slow
def test_a_writer_that_is_killed_keeps_all_it_told_and_no_halves(tmp_path: Path) -> None:
    path, told = tmp_path / "store.sqlite", tmp_path / "told"
    told.touch()
    starting = get_context("forkserver")
    starting.set_forkserver_preload(["tests.store.writing"])
    for run in range(KILLS):
        url = f"sqlite+aiosqlite:///{path}"
        writer = starting.Process(target=writing.write, args=(url, told, run))
        writer.start()
        if run % 2:  # this one gets somewhere, however busy the machine is
            before = told.stat().st_size
            while told.stat().st_size == before and writer.exitcode is None:
                lock_now_and_then(path, until=time.monotonic() + LOCKED_S)
        lock_now_and_then(path, until=time.monotonic() + random.uniform(0.1, LONGEST_S))  # noqa: S311
        assert writer.exitcode is None, "it ended by itself"
        writer.kill()
        writer.join()
        writer.close()
        found, done, undone = stored(path), lines(told, writing.DONE), lines(told, writing.UNDONE)
        assert done <= found.keys()
        assert not undone & found.keys()
        assert set(found.values()) <= {2}
    assert len(lines(told, writing.DONE)) > KILLS
    assert len(lines(told, writing.UNDONE)) > KILLS


def lock_now_and_then(path: Path, *, until: float) -> None:
    """Another process that writes to the database, if it is there by now."""
    while time.monotonic() < until:
        time.sleep(LOCKED_S)
        if not path.exists():
            continue
        other = sqlite3.connect(path, isolation_level=None, timeout=LOCKED_S)
        with closing(other), suppress(sqlite3.OperationalError):  # the writer has it for longer
            other.execute("BEGIN IMMEDIATE")
            time.sleep(LOCKED_S)
            other.execute("ROLLBACK")


def stored(path: Path) -> Counter[str]:
    """Rows of each name."""
    if not path.exists():
        return Counter()
    with closing(sqlite3.connect(path)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
        if "delivery" not in tables:
            return Counter()
        return Counter(name for (name,) in connection.execute("SELECT chat FROM delivery"))


def lines(told: Path, sign: str) -> set[str]:
    words = told.read_text(encoding="ascii").splitlines()
    return {word.removeprefix(sign) for word in words if word.startswith(sign)}
