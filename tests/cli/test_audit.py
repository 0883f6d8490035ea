"""`audit`: whoever answers for the office can see that its record is whole."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.cli.conftest import Run
from tests.cli.test_staff import open_tickets


@pytest.fixture
def database(clean: Path) -> Path:
    return clean / "audit.sqlite"


@pytest.fixture
def url(database: Path, run: Run) -> str:
    """A ticket that was claimed, handed back, and answered."""
    url = f"sqlite+aiosqlite:///{database}"
    asyncio.run(open_tickets(url, "养狗要办什么证？"))
    for words in (("claim", 1), ("release", 1), ("reply", 1, "请到公安局办理。")):
        assert run("staff", "--as", "Ann", *words, database_url=url).exit_code == 0
    return url


def test_a_whole_log_says_so_and_tells_its_head(run: Run, url: str) -> None:
    done = run("audit", "verify", database_url=url)
    assert done.exit_code == 0
    assert done.stdout.startswith("3 lines, whole; head ")
    head = done.stdout.split()[-1]
    assert len(head) == 64
    run("staff", "--as", "Ann", "close", 1, database_url=url)
    assert run("audit", "verify", "--head", head, database_url=url).exit_code == 0


def test_a_changed_line_is_named(run: Run, url: str, database: Path) -> None:
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("UPDATE audit SET text = '请到民政局办理。' WHERE what = 'replied'")
    done = run("audit", "verify", database_url=url)
    assert done.exit_code == 1
    assert "line 3: its words were changed" in done.stderr


def test_an_end_that_was_cut_off_is_found_by_the_head(run: Run, url: str, database: Path) -> None:
    head = run("audit", "verify", database_url=url).stdout.split()[-1]
    with closing(sqlite3.connect(database)) as db, db:
        db.execute("DELETE FROM audit WHERE id = 3")
    assert run("audit", "verify", database_url=url).exit_code == 0
    done = run("audit", "verify", "--head", head, database_url=url)
    assert done.exit_code == 1
    assert "its end was cut off or rewritten" in done.stderr


def test_what_was_done_about_a_ticket(run: Run, url: str) -> None:
    done = run("audit", "show", 1, database_url=url)
    said = [line.split("  ", 3)[2:] for line in done.stdout.splitlines()]
    assert [one[0] for one in said] == ["claimed", "released", "replied"]
    assert said[2][1] == "请到公安局办理。"


def test_a_ticket_that_is_not_there(run: Run, url: str) -> None:
    done = run("audit", "show", 7, database_url=url)
    assert (done.exit_code, done.stderr.strip()) == (1, "There is no No. 7.")
