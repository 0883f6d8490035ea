"""`staff roster`, `staff away` and the roster in `check`."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from bot.check import checks
from bot.config import Settings
from tests.cli.conftest import Run

LOGIN = pwd.getpwuid(os.getuid()).pw_name
ROSTER = f"""\
[department.harbour]
name = "港务科"
topics = ["轮渡"]
hours = "Mon-Fri 09:00-17:00"

[[member]]
id = "terminal:{LOGIN}"
name = "王芳"
departments = ["harbour"]

[[member]]
id = "telegram:4711"
also = ["web:lilei"]
name = "李雷"
departments = []
roles = ["supervisor"]
languages = ["en"]
"""


@pytest.fixture(autouse=True)
def english(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clean.is_dir()
    monkeypatch.setenv("STAFF_LANGUAGE", "en")


@pytest.fixture
def staff(run: Run, clean: Path) -> Callable[..., tuple[int, str]]:
    """A command of staff's with a roster; its exit code, and what it says."""
    (clean / "roster.toml").write_text(ROSTER, encoding="utf-8")
    database = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"

    def staff(*words: object) -> tuple[int, str]:
        done = run(
            "staff", "--as", "Ann", *words, database_url=database, roster=clean / "roster.toml"
        )
        return done.exit_code, done.stdout + done.stderr

    return staff


def test_the_roster_is_shown(staff: Callable[..., tuple[int, str]]) -> None:
    assert staff("roster") == (
        0,
        (
            "港务科 (harbour) · Mon,Tue,Wed,Thu,Fri 09:00-17:00\n"
            "  topics: 轮渡\n"
            f"  王芳 (terminal:{LOGIN}) · agent\n"
            "Of no department\n"
            "  李雷 (telegram:4711, web:lilei) · supervisor · en\n"
        ),
    )


def test_without_a_roster_it_says_how_to_set_one(run: Run) -> None:
    done = run("staff", "roster", roster="")
    assert done.exit_code == 0
    assert done.stdout == (
        "There is no roster (set ROSTER, see docs/desk.md): staff may do everything.\n"
    )


@pytest.mark.parametrize("words", [("roster",), ("list",), ("away",)])
def test_a_broken_roster_is_told_and_nothing_is_done(
    run: Run, clean: Path, words: tuple[str, ...]
) -> None:
    path = clean / "roster.toml"
    path.write_text('[department.harbour]\nnam = "港务科"\n', encoding="utf-8")
    done = run("staff", *words, roster=path)
    assert done.exit_code == 1
    assert "roster.toml, line 2: department.harbour: 'nam' is not known" in done.stderr
    assert "did you mean 'name'?" in done.stderr


async def test_check_tells_of_the_roster(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def line() -> tuple[bool, str]:
        found = {one.name: one for one in await checks()}["roster"]
        return found.fine, found.text

    assert await line() == (True, "none (no ROSTER): staff may do everything")
    monkeypatch.setenv("ROSTER", "roster.toml")
    path = clean / "roster.toml"
    path.write_text(ROSTER, encoding="utf-8")
    assert await line() == (True, "roster.toml: 1 departments, 2 people")
    path.write_text("[department.harbour]\n", encoding="utf-8")
    problem = "roster.toml, line 1: department.harbour: name is missing"
    assert await line() == (False, problem)


def test_the_login_has_the_role_whatever_name_is_given(
    staff: Callable[..., tuple[int, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody-else")
    assert staff("claim", 1) == (1, "There is no No. 1.\n")


def test_out_of_office(staff: Callable[..., tuple[int, str]]) -> None:
    today = Settings.read().now().date()
    first, last = today + timedelta(days=1), today + timedelta(days=3)
    assert staff("away") == (0, "Nobody is away.\n")
    written = f"No. 1 王芳: {first} – {last} · 培训\n"
    assert staff("away", "--from", first, "--until", last, "--note", "培训") == (0, written)
    assert staff("away") == (0, written)
    assert staff("away", "--cancel", 1) == (0, f"Cancelled: {written}")
    assert staff("away", "--cancel", 1) == (1, "There is no absence 1.\n")
    assert staff("away", "--until", last, "--who", "telegram:4711") == (
        1,
        f"王芳 (terminal:{LOGIN}): that is only for supervisors.\n",
    )
    assert staff("away", "--from", last, "--until", first)[0] == 1


@pytest.mark.parametrize(
    "words",
    [
        ("--from", "2026-12-01"),
        ("--until", "tomorrow"),
        ("--until", "2026-12-01", "--cancel", "1"),
    ],
)
def test_dates_that_cannot_be_read(run: Run, words: tuple[str, ...]) -> None:
    done = run("staff", "away", *words)
    assert done.exit_code == 2
    assert "Usage:" in done.stderr
