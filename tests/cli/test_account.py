"""`staff account`: links for new accounts, and closing them."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.cli.conftest import Run


@pytest.fixture
def account(run: Run, clean: Path) -> Callable[..., tuple[int, str]]:
    """A command about accounts; its exit code, and what it says."""
    database = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"

    def account(*words: object, **settings: object) -> tuple[int, str]:
        done = run("staff", "--as", "Ann", "account", *words, database_url=database, **settings)
        return done.exit_code, done.stdout + done.stderr

    return account


def test_a_new_account_gets_a_link(account: Callable[..., tuple[int, str]]) -> None:
    code, said = account(
        "add", "Wang", "--name", "王芳", "--member", "telegram:4711",
        web_url="https://policy.langang.example/",
    )  # fmt: skip
    assert code == 0
    first, link, last = said.splitlines()
    assert first == "wang: give this link to 王芳, and to nobody else"
    assert re.fullmatch(r"https://policy\.langang\.example/console/enrol\?code=[\w-]{43}", link)
    assert last.startswith("It is good once, until ")
    assert account("list") == (
        0,
        "wang                 invited   王芳 (telegram:4711) · sessions: 0\n",
    )


def test_an_account_is_reset_and_closed(account: Callable[..., tuple[int, str]]) -> None:
    assert account("list") == (0, "No accounts: `staff account add LOGIN` makes one.\n")
    _, first = account("add", "wang")
    assert "http://127.0.0.1:8080/console/enrol?code=" in first
    _, second = account("reset", "wang")
    assert second.splitlines()[1] != first.splitlines()[1]
    assert account("disable", "wang") == (0, "wang: disabled, signed out everywhere\n")
    assert account("sign-out", "wang") == (0, "wang: 0 sessions ended\n")
    assert "disabled" in account("list")[1]


def test_mistakes_are_told(account: Callable[..., tuple[int, str]]) -> None:
    account("add", "wang")
    assert account("add", "wang") == (
        1, "there is an account 'wang'; `staff account reset` makes a new link\n"
    )  # fmt: skip
    assert account("reset", "li") == (1, "no account 'li'; `staff account list` shows all\n")


def test_a_member_that_the_roster_does_not_have_is_told(
    account: Callable[..., tuple[int, str]], clean: Path
) -> None:
    roster = clean / "roster.toml"
    roster.write_text(
        '[department.a]\nname = "A"\n[[member]]\nid = "telegram:1"\nalso = ["web:wang"]\n'
        'name = "王芳"\ndepartments = ["a"]\n',
        encoding="utf-8",
    )
    assert "give this link to 王芳," in account("add", "wang", roster=roster)[1]
    assert account("add", "li", roster=roster)[1].endswith(
        "web:li is in no line of the roster yet: nothing is open to it.\n"
    )
