"""`staff canned` in the terminal."""

from __future__ import annotations

import asyncio
from pathlib import Path

from tests.cli.conftest import Run
from tests.cli.test_staff import open_tickets, told


def test_canned_replies_in_the_terminal(run: Run, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"

    def canned(*words: object) -> tuple[int, str]:
        done = run("staff", "--as", "Ann", "canned", *words, database_url=url, staff_language="en")
        return done.exit_code, done.stdout + done.stderr

    assert canned("list") == (0, "There are no canned replies.\n")
    head = "No. 1 收到 · zh-Hans · all departments · used 0\n"
    assert canned("add", "收到", "{greeting}编号{number}已收到。") == (0, f"Kept: {head}")
    assert canned("list") == (0, head)
    assert canned("show", "收到") == (0, f"{head}{{greeting}}编号{{number}}已收到。\n")
    code, text = canned("add", "坏", "{ticket}")
    assert (code, text.startswith("Nothing fills {ticket}; there are: {greeting}")) == (1, True)
    asyncio.run(open_tickets(url, "养狗要办什么证？"))
    done = run("staff", "reply", 1, "/c 收到", database_url=url, staff_language="en")
    assert (done.exit_code, done.stdout) == (0, "No. 1: reply sent.\n")
    [reply] = asyncio.run(told(url))
    assert "您好，编号1已收到。" in reply
    assert canned("list")[1].endswith("used 1\n")
    head = head.replace("used 0", "used 1")
    assert canned("remove", 1) == (0, f"Removed: {head}")
    assert canned("remove", 1) == (1, "There is no canned reply 1.\n")
    assert canned("show", "收到")[0] == 1
