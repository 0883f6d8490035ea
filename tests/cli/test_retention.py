"""`retention`: what is over its time, counted or erased."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.store.sql import SqlStore
from bot.types import Address, Message, Outcome, Result
from knowledge.types import Lang
from tests.cli.conftest import Run

OLD = datetime.now(UTC) - timedelta(days=200)


async def _ask_long_ago(url: str) -> None:
    async with SqlStore.open(url) as store, store.begin() as work:
        message = Message(id="u1", address=Address("telegram", "1"), sender="1", text="?", at=OLD)
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        outcome = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)
        await work.inbox.finish(accepted.id, outcome, at=OLD)


def test_a_dry_run_counts_and_the_command_erases(run: Run, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean}/bot.sqlite"
    asyncio.run(_ask_long_ago(url))
    for _ in range(2):
        told = run("retention", "--dry-run", database_url=url)
        assert told.output.splitlines() == [
            "messages       1 to erase, older than 185 days",
            "deliveries     0 to erase, older than 185 days",
            "conversations  0 to erase, older than 185 days",
            "tickets        0 to erase, older than 1095 days",
        ]
    assert "messages       1 erased" in run("retention", database_url=url).output
    assert "messages       0 erased" in run("retention", database_url=url).output


def test_what_is_kept_for_ever_is_said(run: Run, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean}/bot.sqlite"
    told = run("retention", database_url=url, retention_messages_days=0, retention_tickets_days=0)
    assert told.output.splitlines()[0] == "messages       kept for ever"
