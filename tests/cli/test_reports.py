"""`staff report`, `staff concerns` and `staff tasks`, as they are typed."""

from __future__ import annotations

import asyncio
import csv
import json
import os
import pwd
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk.tickets import Draft
from bot.store.sql import SqlStore
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.cli.conftest import Run

Staff = Callable[..., tuple[int, str]]
LOGIN = pwd.getpwuid(os.getuid()).pw_name


async def ask(url: str, *questions: str) -> None:
    """Each from another citizen, now."""
    async with SqlStore.open(url) as store, store.begin() as work:
        for number, question in enumerate(questions):
            await work.tickets.open(
                Draft(
                    message_id=f"{question} {number}",
                    question=question,
                    language=Lang.ZH_HANS,
                    asked_from=Address("web", f"{number}"),
                    reason=Reason.UNSURE,
                    opened=datetime.now(UTC),
                )
            )


@pytest.fixture
def staff(run: Run, clean: Path, releases: Path) -> Staff:
    """A command of staff's over a database with two tickets; its exit code, and what it says."""
    url = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"
    asyncio.run(ask(url, "养狗要办什么证？", "停水几点来水？"))

    def staff(*words: object) -> tuple[int, str]:
        done = run("staff", "--as", "Ann", *words, database_url=url, releases=releases)
        return done.exit_code, done.stdout + done.stderr

    return staff


def test_a_report_as_text_json_and_csv(staff: Staff, clean: Path) -> None:
    staff("reply", 1, "请到公安局办理。")
    code, text = staff("report", "--from", "2020-01-01")
    assert code == 0
    assert "\nTickets by kind\n  total: opened 2 · answered 1 · " in text
    assert "Ann" not in text
    code, text = staff("report", "--from", "2020-01-01", "--form", "json", "--agents")
    found = json.loads(text)
    assert found["tickets by kind"]["total"]["opened"] == 2
    assert found["agents"][f"terminal:{LOGIN}:Ann"]["replied"] == 1
    path = clean / "report.csv"
    assert staff("report", "--from", "2020-01-01", "--form", "csv", "--out", path)[0] == 0
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.reader(file))
    assert ["tickets by kind", "total", "opened", "2"] in rows


def test_a_period_that_ends_before_it_begins_is_refused(staff: Staff) -> None:
    code, text = staff("report", "--from", "2026-02-01", "--until", "2026-01-01")
    assert code == 2
    assert "2026-02-01 is after 2026-01-01" in text


def test_concerns_that_are_not_there(staff: Staff) -> None:
    assert staff("concerns", "find") == (0, "Nothing is hot.\n")
    assert staff("concerns", "list") == (0, "There are no concerns.\n")
    assert staff("concerns", "own", 7) == (1, "There is no concern 7.\n")


def test_a_concern_from_found_to_closed(staff: Staff, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"
    asyncio.run(ask(url, *(f"停水什么时候来水{'啊' * number}？" for number in range(6))))
    code, text = staff("concerns", "find")
    assert code == 0
    assert text.startswith("Concern 1 new · by ")
    assert "停水" in text
    assert " owned Ann · " in staff("concerns", "own", 1)[1]
    code, text = staff("concerns", "answer", 1, "nowhere")
    assert (code, text) == (
        1,
        "Concern 1 needs a published response: nowhere is neither a link nor a document.\n",
    )
    assert staff("concerns", "answer", 1, "housing-fund-withdrawal-2025")[0] == 0
    assert staff("concerns", "close", 1)[0] == 0
    assert staff("concerns", "list") == (0, "There are no concerns.\n")
    assert "response: housing-fund-withdrawal-2025" in staff("concerns", "show", 1)[1]


def test_a_task_from_added_to_checked(staff: Staff) -> None:
    add = ("tasks", "add", "修订提取办法", "--due", "2020-12-31", "--department", "housing")
    assert staff(*add) == (
        0,
        "Task 1 2020 housing · by 2020-12-31 · still to do OVERDUE · 修订提取办法\n",
    )
    assert staff("tasks", "done", 1) == (
        1,
        "Task 1 has no evidence; cite what shows that it is done.\n",
    )
    assert staff("tasks", "cite", 1, "nowhere")[0] == 1
    document = "housing-fund-withdrawal-2025"
    assert staff("tasks", "cite", 1, document, "--clause", "第三条")[0] == 0
    assert staff("tasks", "done", 1, "--on", "2020-12-30")[0] == 0
    assert staff("tasks", "list", "--overdue") == (0, "There are no such tasks.\n")
    assert staff("tasks", "years") == (
        0,
        "2020 housing: 1 tasks · done in time 1, late 0 · open 0, overdue 0\n",
    )
    assert staff("tasks", "check") == (0, "All evidence says what it said.\n")
    assert f"{document} 第三条 · same on " in staff("tasks", "show", 1)[1]
