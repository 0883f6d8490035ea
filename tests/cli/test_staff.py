"""`staff` in the terminal: one member of staff at a time holds a ticket."""

from __future__ import annotations

import asyncio
import os
import pwd
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk import terminal
from bot.desk.tickets import Draft, Ticket
from bot.store.sql import SqlStore
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.cli.conftest import Run

ROOT = Path(__file__).parents[2]
CITIZEN = Address("web", "citizen-" + "A" * 24)
AT = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


async def open_tickets(url: str, *questions: str) -> list[Ticket]:
    async with SqlStore.open(url) as store, store.begin() as work:
        return [
            await work.tickets.open(
                Draft(
                    message_id=f"message-{number}",
                    question=question,
                    language=Lang.ZH_HANS,
                    asked_from=CITIZEN,
                    reason=Reason.UNSURE,
                    opened=AT,
                )
            )
            for number, question in enumerate(questions)
        ]


async def told(url: str) -> list[str]:
    """What the citizen was told since the last look."""
    said: list[str] = []
    async with SqlStore.open(url) as store, store.begin() as work:
        while due := await work.outbox.due(at=datetime.now(UTC)):
            for one in due:
                await work.outbox.sent(one.id, platform_id=f"p{one.id}", at=AT)
                said += [one.delivery.plain] if one.delivery.to == CITIZEN else []
    return said


@pytest.fixture(autouse=True)
def english(clean: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert clean.is_dir()
    monkeypatch.setenv("STAFF_LANGUAGE", "en")


@pytest.fixture
def database(clean: Path) -> str:
    url = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"
    asyncio.run(open_tickets(url, "养狗要办什么证？", "第二个\n问题"))
    return url


@pytest.fixture
def staff(run: Run, database: str) -> Callable[..., tuple[int, str]]:
    def staff(name: str, *words: object) -> tuple[int, str]:
        done = run("staff", "--as", name, *words, database_url=database)
        assert done.stderr == ""
        return done.exit_code, done.stdout

    return staff


def test_an_empty_queue(run: Run) -> None:
    done = run("staff", "list")
    assert (done.exit_code, done.stdout) == (0, "No tickets wait.\n")


def test_two_members_of_staff(staff: Callable[..., tuple[int, str]], database: str) -> None:
    assert staff("Ann", "list") == (
        0,
        "No. 1     11-23 12:00 question · waiting  养狗要办什么证？\nNo. 2     11-23 12:00 question · waiting  第二个 问题\n",
    )
    code, text = staff("Ann", "claim", 1)
    assert code == 0
    assert text.startswith("No. 1 is yours.\n")
    assert "养狗要办什么证？" in text
    assert staff("Ben", "claim", 1) == (1, "No. 1 is held by Ann.\n")
    assert staff("Ben", "reply", 1, "mine!") == (1, "No. 1 is held by Ann.\n")
    assert staff("Ben", "close", 1) == (1, "No. 1 is held by Ann.\n")
    assert staff("Ben", "list")[1].splitlines()[0] == (
        "No. 1     11-23 12:00 question · being handled · Ann  养狗要办什么证？"
    )
    assert staff("Ann", "release", 1) == (0, "No. 1 is back in the queue.\n")
    assert staff("Ben", "claim", 1)[0] == 0
    begun, back, again = asyncio.run(told(database))
    assert "人工处理" in begun
    assert "等待" in back
    assert again == begun
    assert staff("Ben", "reply", 1, "请到公安局办理。") == (0, "No. 1: reply sent.\n")
    [reply] = asyncio.run(told(database))
    assert "请到公安局办理。" in reply
    assert staff("Ben", "close", 1) == (0, "No. 1 is closed.\n")
    assert staff("Ann", "list")[1].count("No.") == 1
    history = staff("Ann", "show", 1)[1]
    for who in ("Ann", "Ben"):
        assert f":{who} " in history
    for what in ("claimed", "released", "replied 请到公安局办理。", "closed"):
        assert what in history


def test_the_desk_speaks_the_language_of_staff(run: Run, database: str) -> None:
    def staff(*words: object) -> str:
        return run(
            "staff", "--as", "林", *words, database_url=database, staff_language="zh-Hans"
        ).stdout

    assert staff("list").startswith("编号 1")
    assert staff("claim", 1).startswith("编号 1 已由您承办。\n")
    assert staff("release", 1) == "编号 1 已退回待办。\n"
    assert staff("claim", 9) == "没有编号为 9 的问题。\n"
    assert staff("reply", 1, " ") == "请写回复内容： reply N TEXT\n"


def test_a_reply_claims_an_open_ticket(
    staff: Callable[..., tuple[int, str]], database: str
) -> None:
    assert staff("Ann", "reply", 2, "先答") == (0, "No. 2: reply sent.\n")
    assert staff("Ben", "reply", 2, "又答") == (1, "No. 2 is held by Ann.\n")
    [reply] = asyncio.run(told(database))
    assert "先答" in reply


def test_a_closed_ticket_takes_no_reply(
    staff: Callable[..., tuple[int, str]], database: str
) -> None:
    assert staff("Ann", "close", 2)[0] == 0
    code, text = staff("Ann", "reply", 2, "late")
    assert code == 1
    assert text == "No. 2 is closed; that does not go.\n"
    assert all("late" not in one for one in asyncio.run(told(database)))


def test_what_is_closed_is_opened_again_with_a_reason(
    staff: Callable[..., tuple[int, str]], database: str
) -> None:
    staff("Ann", "reply", 2, "每只 30 元。")
    staff("Ann", "close", 2)
    assert staff("Ben", "reopen", 2, " ") == (1, "Why? reopen N WHY\n")
    assert staff("Ben", "reopen", 2, "金额有误")[1].startswith("No. 2 is yours.\n")
    assert staff("Ben", "reply", 2, "更正：每只 300 元。") == (0, "No. 2: reply sent.\n")
    assert any("更正：每只 300 元。" in one for one in asyncio.run(told(database)))
    assert "opened it again (金额有误)" in staff("Ben", "show", 2)[1]
    assert staff("Ben", "reopen", 1, "why not") == (1, "No. 1 is waiting; that does not go.\n")


@pytest.mark.parametrize("number", [0, 3, 2**31, 2**63, 10**30])
@pytest.mark.parametrize("command", ["show", "claim", "release", "close"])
def test_a_ticket_that_is_not_there(
    staff: Callable[..., tuple[int, str]], command: str, number: int
) -> None:
    assert staff("Ann", command, number) == (1, f"There is no No. {number}.\n")


def test_nothing_is_merged_into_a_number_that_no_database_holds(
    staff: Callable[..., tuple[int, str]],
) -> None:
    assert staff("Ann", "merge", 1, 10**30) == (1, f"There is no No. {10**30}.\n")


@pytest.mark.parametrize("words", [("claim",), ("claim", "one"), ("reply", "1"), ("close", "-5x")])
def test_commands_that_cannot_be_read(run: Run, database: str, words: tuple[str, ...]) -> None:
    done = run("staff", *words, database_url=database)
    assert done.exit_code == 2
    assert "Usage:" in done.stderr


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("sqlite+aiosqlite:////dev/null/x.sqlite", "cannot be used"),
        ("sqlite+aiosqlite:///{here}/notes.txt", "cannot be used"),
    ],
)
def test_a_database_that_cannot_be_used(run: Run, clean: Path, url: str, problem: str) -> None:
    (clean / "notes.txt").write_text("these are only notes\n" * 100, encoding="utf-8")
    done = run("staff", "list", database_url=url.format(here=clean))
    assert done.exit_code == 1
    assert problem in done.stderr


SESSION = """\
claim 1
claim 9
reply
reply it's done
nonsense
close

quit
list
"""


def test_one_ticket_after_the_other(
    staff: Callable[..., tuple[int, str]], database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = iter(SESSION.splitlines())
    monkeypatch.setattr("builtins.input", lambda _prompt: next(lines))
    code, text = staff("Ann")
    assert code == 0
    assert next(lines) == "list"  # it stopped at quit
    for said in (
        "No. 1 is yours.",
        "There is no No. 9.",
        "What is the reply? reply N TEXT",
        "No. 1: reply sent.",
        "Without N the ticket is meant that you claimed last.",
        "No. 1 is closed.",
    ):
        assert said in text
    _, reply = asyncio.run(told(database))
    assert "it's done" in reply


LOGIN = pwd.getpwuid(os.getuid()).pw_name
ROSTER = f"""\
[department.harbour]
name = "港务科"
sensitive = ["养狗"]

[department.social]
name = "社保科"

[[member]]
id = "terminal:{LOGIN}"
name = "王芳"
departments = ["harbour", "social"]
roles = ["agent", "reviewer"]
"""


@pytest.fixture
def roster(clean: Path) -> str:
    (clean / "roster.toml").write_text(ROSTER, encoding="utf-8")
    return str(clean / "roster.toml")


def test_a_ticket_goes_from_department_to_department(run: Run, database: str, roster: str) -> None:
    def staff(*words: object) -> str:
        done = run("staff", "--as", "Ann", *words, database_url=database, roster=roster)
        return done.stdout

    assert staff("transfer", 1, "harbour") == "No. 1 is with 港务科.\n"
    assert staff("transfer", 1, "tax", "x") == (
        "There is no such department; there are: harbour, social\n"
    )
    assert staff("transfer", 1, "social") == ("No. 1: that needs a reason.\n")
    assert staff("transfer", 1, "social", "归社保") == "No. 1 is with 社保科.\n"
    assert staff("return", 1, "都不归") == "No. 1 is back where tickets are sorted.\n"
    assert staff("claim", 2).startswith("No. 2 is yours.\n")
    assert staff("take-over", 2, "急").startswith("王芳 (terminal:")
    assert staff("ask", 2, "哪个区？") == "No. 2: the citizen is asked.\n"
    assert staff("merge", 2, 1) == "No. 2 is answered with No. 1.\n"
    assert "handed on 社保科" in staff("show", 1)
    assert "(归社保)" in staff("show", 1)


def test_other_departments_are_asked_and_answer(run: Run, database: str, roster: str) -> None:
    def staff(*words: object) -> str:
        done = run("staff", "--as", "Ann", *words, database_url=database, roster=roster)
        return done.stdout

    assert staff("consultations") == "No department is asked anything.\n"
    staff("claim", 2)
    assert staff("consult", 2, "harbour,social", "归谁管？").count("归谁管？") == 2
    assert staff("consultations").startswith("Consultation 1, No. 2: 港务科 is asked, due by ")
    assert staff("answer-consult", 1, "归我们。") == "No. 2 has your answer.\n"
    assert staff("cancel-consult", 2) == "No. 2 does not wait for consultation 2 any more.\n"
    assert staff("draft", 2) == "关于“归谁管？”，港务科答复：归我们。\n"
    assert "港务科 (王芳) answers: 归我们。" in staff("show", 2)
    assert staff("answer-consult", 2, "晚了") == "Consultation 2 is cancelled already.\n"


def test_a_reply_under_review(
    run: Run, database: str, roster: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def staff(*words: object) -> str:
        done = run("staff", "--as", "Ann", *words, database_url=database, roster=roster)
        return done.stdout

    async def mark() -> None:
        async with SqlStore.open(database) as store, store.begin() as work:
            await work.tickets.save(replace(await work.tickets.get(1), sensitive=True))

    asyncio.run(mark())
    assert staff("review") == "No reply waits for a review.\n"
    assert staff("reply", 1, "每只500元。") == (
        "No. 1 is sensitive: another person looks at your reply before it goes out.\n"
    )
    assert asyncio.run(told(database))[1:] == []
    assert staff("review") == "Review 1, No. 1 by 王芳: 养狗要办什么证？\n"
    assert "每只500元。" in staff("review", 1)
    assert staff("approve", 1) == "王芳 wrote it; another person reviews it.\n"
    assert staff("approve", 9) == "There is no review 9.\n"
    # Whoever is at the same login is one person, with a roster and without.
    for settings in ({"roster": roster}, {}):
        other = run("staff", "--as", "Ben", "approve", 1, database_url=database, **settings)
        assert (other.exit_code, other.stdout) == (
            1,
            "王芳 wrote it; another person reviews it.\n",
        )
    ann = terminal._login()  # noqa: SLF001 - the account is the system's
    monkeypatch.setattr(terminal, "_login", lambda: "ben")
    assert run("staff", "--as", "Ben", "reject", 1, "太贵", database_url=database).stdout == (
        "No. 1 is back with 王芳.\n"
    )
    monkeypatch.setattr(terminal, "_login", lambda: ann)
    assert staff("reply", 1, "请到窗口办理。").startswith("No. 1 is sensitive")
    monkeypatch.setattr(terminal, "_login", lambda: "ben")
    done = run("staff", "--as", "Ben", "approve", 2, database_url=database)
    assert done.stdout == "No. 1: reply sent.\n"
    assert "请到窗口办理。" in asyncio.run(told(database))[-1]


@pytest.mark.skipif(os.getuid() != 0, reason="only root may become a user without a name")
def test_a_user_without_a_name(environment: Callable[..., dict[str, str]], clean: Path) -> None:
    """As in a container that runs under any number."""
    settings = environment(database_url="sqlite+aiosqlite:///:memory:")
    settings = {name: value for name, value in settings.items() if name not in {"USER", "HOME"}}
    code = "from bot.desk.terminal import _login; import os; os.setuid(54321); print(_login())"
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code],
        cwd=ROOT, env=settings, capture_output=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert (done.stdout, done.stderr) == ("54321\n", "")
    assert clean.is_dir()
