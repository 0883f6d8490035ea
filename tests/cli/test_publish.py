"""`staff publish` and `staff published` in the terminal, and what `index build` takes along."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.tickets import State
from bot.store.sql import SqlStore
from tests.cli.conftest import Run
from tests.cli.library import FUND, PENSION, write
from tests.cli.test_staff import open_tickets

Staff = Callable[..., tuple[int, str]]


async def reply(url: str, text: str) -> None:
    """As somebody replied to the first ticket."""
    async with SqlStore.open(url) as store, store.begin() as work:
        ticket = await work.tickets.get(1)
        await work.tickets.save(replace(ticket, state=State.ANSWERED, reply=text))


@pytest.fixture
def staff(run: Run, clean: Path, monkeypatch: pytest.MonkeyPatch) -> Staff:
    """A command from somebody's account; the library is built, and a ticket answered."""
    monkeypatch.setenv("STAFF_LANGUAGE", "en")
    url = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"
    asyncio.run(open_tickets(url, "租的房子能取多少公积金？"))
    asyncio.run(reply(url, "职工租房的，每月可以提取住房公积金1500元。"))
    write(clean / "library", fund=FUND, pension=PENSION)
    assert run("index", "build", "--source", "library").exit_code == 0

    def staff(login: str, *words: object) -> tuple[int, str]:
        monkeypatch.setattr("bot.desk.terminal._login", lambda: login)  # another account
        done = run("staff", "--as", login, *words, database_url=url)
        return done.exit_code, done.stdout + done.stderr

    return staff


PROPOSE = ("publish", "propose", 1, "--question", "职工租房每月可以提取多少公积金？")


def test_from_a_reply_to_the_next_release(staff: Staff, run: Run, clean: Path) -> None:
    assert staff("ann", "published") == (0, "Nothing was proposed yet.\n")
    code, text = staff("ann", *PROPOSE, "--cite", "fund#1")
    assert code == 1
    assert text.startswith("say that it is for everybody (主动公开): --open")
    head = "ticket 1 · 职工租房每月可以提取多少公积金？\n"
    code, text = staff("ann", *PROPOSE, "--cite", "fund#1", "--open")
    assert (code, text.splitlines()[0] + "\n") == (0, f"No. 1 proposed · {head}")
    assert "\n  cites fund#1 住房公积金提取办法 第二条\n" in text
    code, text = staff("ann", "publish", "approve", 1)
    assert (code, text) == (1, "another person than who proposed it must look at it\n")
    assert staff("ben", "publish", "show", 1)[0] == 0
    code, text = staff("ben", "publish", "approve", 1)
    assert (code, text.splitlines()[0] + "\n") == (0, f"No. 1 approved · {head}")
    assert (clean / "data" / "published" / "answer-1-1.md").is_file()
    worth = (
        "  given 0 times, helpful 0, no help 0; to staff since: 0\n"
        "  of 1 questions about the like that staff had before, it answers 0 now\n"
    )
    assert staff("ben", "published") == (0, f"No. 1 approved · {head}{worth}")
    done = run("index", "build", "--source", "library")
    assert "3 documents" in done.stdout, "the answer is taken along"
    code, text = staff("ben", "publish", "drop", 1, "不再适用")
    assert (code, text.splitlines()[-1]) == (0, "  why: 不再适用")
    assert "2 documents" in run("index", "build", "--source", "library").stdout


def test_a_build_withdraws_what_its_passage_does_not_bear(
    staff: Staff, run: Run, clean: Path
) -> None:
    staff("ann", *PROPOSE, "--open")  # the reply quotes its passage, but the ticket has none
    staff("ann", *PROPOSE, "--open", "--cite", "fund#1")
    staff("ben", "publish", "approve", 1)
    write(clean / "library", fund=FUND.replace("1500", "1650"))
    done = run("index", "build", "--source", "library")
    assert "2 documents" in done.stdout
    assert "withdrawn answer-1 (职工租房每月可以提取多少公积金？): " in done.stderr
    assert "its passage changed, or its document was amended; see `staff published`" in done.stderr


def test_without_a_release_nothing_is_proposed(staff: Staff, clean: Path) -> None:
    (clean / "data" / "releases" / "CURRENT").unlink()
    code, text = staff("ann", *PROPOSE, "--open", "--cite", "fund#1")
    assert (code, text) == (1, "no release is served; build one with `index build`\n")
