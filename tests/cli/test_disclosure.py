"""`staff disclosure` in the terminal, from the register to the annual report."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.desk.desk import Desk
from bot.desk.disclosure.entry import Applicant, Form, Medium, Way
from bot.desk.disclosure.registration import register
from bot.render import Bureau
from bot.store.sql import SqlStore
from knowledge.types import Lang
from tests.cli.conftest import Run

HERE = ZoneInfo("Asia/Shanghai")
YEAR = datetime.now(HERE).year
Staff = Callable[..., tuple[int, str]]


async def filed(url: str, *names: str) -> None:
    async with SqlStore.open(url) as store:
        desk = Desk(store, bureau=Bureau(), clock=lambda: datetime.now(HERE))
        for name in names:
            async with store.begin() as work:
                form = Form(
                    channel="web",
                    chat="citizen-" + "A" * 24,
                    changed=desk.clock(),
                    applicant=Applicant.PERSON,
                    name=name,
                    wanted="2025年度路灯维护费用的决算",
                    medium=Medium.PAPER,
                    way=Way.POST,
                    contact="13800138000",
                )
                form = await work.entries(Form).add(form)
                await register(desk, work, form, message_id=name, language=Lang.ZH_HANS)


@pytest.fixture
def staff(run: Run, clean: Path) -> Staff:
    url = f"sqlite+aiosqlite:///{clean / 'staff.sqlite'}"
    asyncio.run(filed(url, "王小芳", "李雷"))

    def staff(name: str, *words: object) -> tuple[int, str]:
        done = run("staff", "--as", name, *words, database_url=url, columns="200")
        return done.exit_code, done.stdout + done.stderr

    return staff


def test_the_contact_is_shown_to_the_holder_alone(staff: Staff) -> None:
    code, text = staff("Ann", "disclosure", "list")
    assert code == 0
    assert f"{YEAR}-0001 No. 1" in text
    assert f"{YEAR}-0002 No. 2" in text
    assert "王小芳" not in text
    staff("Ann", "claim", 1)
    for name, seen in (("Ann", True), ("Ben", False)):
        code, text = staff(name, "disclosure", "show", f"{YEAR}-0001")
        assert code == 0
        assert ("13800138000" in text, "王小芳" in text) == (seen, seen)


def test_the_card_says_what_is_owed_and_never_who_asks(staff: Staff) -> None:
    code, text = staff("Ann", "show", 1)
    assert code == 0
    assert f"{YEAR}-0001" in text
    assert "下一步：" in text
    assert "王小芳" not in text
    assert "13800138000" not in text


def test_days_are_those_of_the_bureau(staff: Staff, monkeypatch: pytest.MonkeyPatch) -> None:
    """The store has them in UTC, where it may be another day."""
    received = datetime.now(HERE)
    west = "Pacific/Pago_Pago" if received.hour < 19 else "Pacific/Kiritimati"
    monkeypatch.setenv("TIMEZONE", west)
    day = received.astimezone(ZoneInfo(west)).date()
    assert f"{YEAR}-0001 No. 1 {day} due " in staff("Ann", "disclosure", "list")[1]


def test_a_decision_becomes_a_letter_and_a_line_of_the_report(staff: Staff, clean: Path) -> None:
    code, text = staff("Ann", "disclosure", "letter", 1, "--out", "letter.pdf")
    assert code == 1
    assert "no letter" in text
    (clean / "words.txt").write_text("决算为 12 万元。\n另附明细。", encoding="utf-8")
    code, text = staff("Ann", "disclosure", "reply", 1, "open", "--text", "@words.txt")
    assert code == 0
    assert "决算为 12 万元。\n另附明细。" in text
    assert staff("Ann", "disclosure", "letter", 1, "--out", "letter.pdf")[0] == 0
    assert staff("Ann", "disclosure", "letter", 1, "--out", "letter.docx")[0] == 0
    assert (clean / "letter.pdf").read_bytes().startswith(b"%PDF-")
    assert (clean / "letter.docx").read_bytes().startswith(b"PK")
    assert staff("Ann", "disclosure", "annual", YEAR, "--out", "annual.csv")[0] == 0
    lines = (clean / "annual.csv").read_text("utf-8-sig").splitlines()
    assert lines[1] == "一、本年新收政府信息公开申请数量,2,0,0,0,0,0,2"
    assert lines[3] == "三、本年度办理结果-（一）予以公开,1,0,0,0,0,0,1"
    assert "四、结转下年度继续办理,1,0,0,0,0,0,1" in lines
    code, text = staff("Ann", "disclosure", "annual", YEAR)
    assert code == 0
    assert "结转下年度继续办理" in text


def test_the_steps_in_between(staff: Staff) -> None:
    for words, told in (
        (("correct", 1, "请写明路段"), "asked, until"),
        (("hear", 2, "滨海照明"), "the clock stands"),
        (("heard", 2, "同意"), "the clock goes on"),
        (("extend", 2, "需要检索的信息量大"), "extended"),
        (("reply", 2, "repeated"), "不予重复处理"),
        (("dispute", 2, "review", "--begun", "2026-12-01"), "noted"),
        (("list", "--all"), "repeated"),
    ):
        code, text = staff("Ann", "disclosure", *words)
        assert (code, told in text) == (0, True), text


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("show", 3), "There is no No. 3"),
        (("show", f"{YEAR}-0009"), "no request"),
        (("show", "2" * 30), "2026-0001"),
        (("reply", 1, "open"), "needs words"),
        (("reply", 1, "open", "--text", "@nowhere.txt"), "cannot be read"),
        (("heard", 1), "Nobody is being heard"),
        (("dispute", 1, "review", "--begun", "2026-12-01", "--verdict", "upheld"), "verdict"),
        (("annual", YEAR, "--out", "no/such/folder.csv"), "cannot be written"),
    ],
)
def test_what_does_not_go_is_told(staff: Staff, words: tuple[object, ...], problem: str) -> None:
    code, text = staff("Ann", "disclosure", *words)
    assert code == 1
    assert problem in text


def test_a_letter_is_word_or_pdf(staff: Staff) -> None:
    assert staff("Ann", "disclosure", "letter", 1, "--out", "letter.txt")[0] == 2
