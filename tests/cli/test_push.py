"""`push report` and `push plan`, over a real database and a real release."""

from __future__ import annotations

import asyncio
import json
import shutil
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from bot.push.runs import Run
from bot.store.sql import SqlStore
from bot.subscriptions import Follows, Wish
from bot.types import Address
from index.build import build
from index.encoders.choice import Choice
from knowledge.types import Lang
from tests.cli.conftest import Run as Command
from tests.index.library import FUND, MATERNITY

NOON: Final = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
CHANGED: Final = replace(FUND, text=FUND.text.replace("1500元", "1800元"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "releases"


@pytest.fixture
def database(tmp_path: Path) -> str:
    return f"sqlite+aiosqlite:///{tmp_path / 'bot.sqlite'}"


def follow(url: str, release: str) -> None:
    """Two people follow the fund, one of them a topic as well."""

    async def write() -> None:
        async with SqlStore.open(url) as store, store.begin() as work:
            one = Wish(
                address=Address("telegram", "1001"),
                follows=Follows.DOCUMENT,
                target=FUND.id,
                title=FUND.title,
                release=release,
                language=Lang.ZH_HANS,
                since=NOON,
            )
            other = replace(one, address=Address("telegram", "1002"))
            topic = replace(one, follows=Follows.TOPIC, target="住房", title="住房")
            for wish in (one, other, topic):
                await work.subscriptions.add(wish)

    asyncio.run(write())


def last_run(url: str) -> Run | None:
    async def read() -> Run | None:
        async with SqlStore.open(url) as store, store.begin() as work:
            return await work.pushes.last_run()

    return asyncio.run(read())


def test_a_dry_run_shows_what_would_be_said_and_writes_nothing(
    run: Command, root: Path, database: str
) -> None:
    old = build([FUND, MATERNITY], root, encoder=Choice().fit, calibrate=False).name
    follow(database, old)
    new = build([CHANGED, MATERNITY], root, encoder=Choice().fit, calibrate=False).name
    told = run("push", "plan", "--dry-run", releases=root, database_url=database)
    assert told.exit_code == 0, told.output
    lines = told.output.splitlines()
    assert lines[:2] == [
        f"release {new}: 2 conversations were not told of it, 2 of them would get a message",
        f"2 about {FUND.title}",
    ]
    assert "职工租房的，每月可以提取住房公积金1800元。" in lines
    assert last_run(database) is None


def test_a_plan_ends_the_wait_of_the_current_release(
    run: Command, root: Path, database: str
) -> None:
    build([FUND], root, encoder=Choice().fit, calibrate=False)
    first = run("push", "plan", releases=root, database_url=database)
    assert "nobody waits for release" in first.output  # there was none before it
    new = build([CHANGED], root, encoder=Choice().fit, calibrate=False).name
    told = run("push", "plan", releases=root, database_url=database)
    assert told.exit_code == 0, told.output
    last = last_run(database)
    assert last is not None
    assert (last.release, last.goes_on) == (new, True)


def test_a_plan_without_a_release_says_what_to_do(run: Command, root: Path, database: str) -> None:
    shutil.rmtree(root, ignore_errors=True)
    for words in (("push", "plan"), ("push", "plan", "--dry-run")):
        told = run(*words, releases=root, database_url=database)
        assert told.exit_code == 1
        assert "build one with" in told.output


def test_a_report_counts_followers_of_documents_and_topics(run: Command, database: str) -> None:
    empty = run("push", "report", database_url=database)
    assert empty.output == "Nobody follows anything yet, and nothing was sent.\n"
    follow(database, "A")
    told = run("push", "report", "--json", database_url=database)
    assert json.loads(told.output) == {
        "documents": [
            {
                "document_id": FUND.id,
                "title": FUND.title,
                "followers": 2,
                "sent": 0,
                "delivered": 0,
                "opened": 0,
                "helpful": 0,
                "unhelpful": 0,
            }
        ],
        "topics": [{"topic": "住房", "followers": 1}],
    }
    words = run("push", "report", database_url=database).output.splitlines()
    assert words == [
        f"{FUND.title}: 2 followers; sent 0, delivered 0, opened 0, helpful 0, not helpful 0",
        "topic 住房: 1 followers",
    ]
