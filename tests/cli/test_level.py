"""`level`: show, set, auto; and `staff parked`. Both speak as staff do."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.channels.base import Unfit
from bot.parked import StoredParking
from bot.store.sql import SqlStore
from tests.cli.conftest import Run


@pytest.fixture
def url(clean: Path) -> str:
    return f"sqlite+aiosqlite:///{clean}/bot.sqlite"


def test_a_level_is_set_shown_and_lifted(run: Run, url: str) -> None:
    def level(*words: str) -> str:
        return run("level", *words, database_url=url, staff_language="en").output

    assert level("show") == "Set by hand: everything\n"
    told = level("set", "people", "--why", "核对文件", "--as", "赵敏")
    assert told.startswith("Set by hand: people only\n")
    assert "people only · 赵敏 · 核对文件" in told
    told = level("set", "maintenance", "--why", "换盘", "--until", "2099-12-01 14:30")
    assert "maintenance · until 2099-12-01 14:30" in told
    assert level("auto").startswith("Set by hand: everything\n")


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (
            ("off", "--why", "x"),
            "没有“off”这个级别，可用的有：full, quotation, published, people, maintenance。",
        ),
        (
            ("people", "--why", "x", "--until", "24:00"),
            "“24:00”不是 14:30 或 2026-12-01 14:30 这样的时间。",
        ),
        (("people", "--why", " "), "请写明原因，供同事查看并记入审计日志。"),
    ],
)
def test_what_cannot_be_read_is_refused_in_the_words_of_staff(
    run: Run, url: str, words: tuple[str, ...], sentence: str
) -> None:
    told = run("level", "set", *words, database_url=url)
    assert (told.exit_code, told.output) == (1, f"{sentence}\n")
    assert run("level", "show", database_url=url).output == "人工设定：全部功能\n"


def test_what_is_parked_is_listed(run: Run, url: str) -> None:
    def parked() -> str:
        return run("staff", "parked", database_url=url, timezone="Asia/Shanghai").output

    async def park() -> None:
        async with SqlStore.open(url) as store:
            at = datetime(2026, 11, 24, 4, tzinfo=UTC)
            unfit = Unfit(channel="telegram", update_id="7", kind="message", error="KeyError")
            await StoredParking(store, clock=lambda: at).park(unfit)

    assert parked() == "没有搁置的更新。\n"
    asyncio.run(park())
    assert parked() == "2026-11-24 12:00  telegram 7  message  KeyError\n"
