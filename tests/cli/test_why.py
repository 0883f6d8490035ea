"""`index why`: a question on a release, and a past answer on the release that gave it."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest

from bot.decide import decide
from bot.store.sql import SqlStore
from bot.types import Address, Input, Message, Outcome, Result, Topic
from index.build import load
from index.encoders.choice import Choice
from index.release import current
from knowledge.types import Lang
from tests.cli.conftest import Run

QUESTION: Final = "技能补贴一年最多能领几回？"
ASKED: Final = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
DATABASE: Final = "sqlite+aiosqlite:///ledger.sqlite"


def test_every_step_is_told(run: Run, releases: Path) -> None:
    done = run("index", "why", QUESTION, "--on", "2026-11-23", releases=releases)
    assert done.exit_code == 0
    assert done.stderr == ""
    names = [line.split()[0] for line in done.stdout.splitlines() if not line.startswith(" ")]
    some = {"unknown", "outdated"}  # where there is any
    assert [name for name in dict.fromkeys(names) if name not in some] == [
        "question",
        "release",
        "language",
        "folded",
        "left",
        "terms",
        "glossary",
        "told",
        "documents",
        "passages",
        "candidates",
        "features",
        "decision",
    ]
    assert f"release      {current(releases)}, as of 2026-11-23" in done.stdout
    assert "decision     probability " in done.stdout
    assert ": it answers\n" in done.stdout


def test_why_and_ask_say_the_same(run: Run, releases: Path) -> None:
    why = json.loads(run("index", "why", QUESTION, "--json", releases=releases).stdout)
    said = json.loads(run("ask", QUESTION, "--json", releases=releases).stdout)
    assert (why["answers"], round(why["probability"], 4)) == (True, said["probability"])
    assert why["release"] == said["release"]
    assert said["citations"][0]["quote"] == why["candidates"][0]["text"]


def test_a_release_by_its_folder_and_by_its_name(run: Run, releases: Path) -> None:
    name = current(releases)
    folder = run("index", "why", QUESTION, "--release", releases / name, "--json")
    named = run("index", "why", QUESTION, "--release", name, "--json", releases=releases)
    assert folder.stdout == named.stdout
    assert json.loads(named.stdout)["release"] == name
    missing = run("index", "why", QUESTION, "--release", "none", releases=releases)
    assert (missing.exit_code, missing.stderr) == (
        1,
        f"there is no release none in {releases}; see `index releases`\n",
    )


def test_personal_data_is_masked_as_the_bot_does_it(run: Run, releases: Path) -> None:
    asked = f"我的手机13800138000，{QUESTION}"
    done = run("index", "why", asked, releases=releases)
    assert "13800138000" not in done.stdout


# A past message


def remember(*finished: tuple[Message, Outcome | None]) -> list[int]:
    """Write messages with their outcomes into the ledger; return their numbers."""

    async def write() -> list[int]:
        numbers = []
        async with SqlStore.open(DATABASE) as store, store.begin() as work:
            for message, outcome in finished:
                accepted = await work.inbox.accept(message)
                assert accepted is not None
                numbers.append(accepted.id)
                if outcome is not None:
                    await work.inbox.finish(accepted.id, outcome, at=ASKED)
        return numbers

    return asyncio.run(write())


def message(number: int, **more: Any) -> Message:
    values = {"text": f"/ask {QUESTION}", "at": ASKED, "sender": "1", **more}
    return Message(id=str(number), address=Address("web", "1"), **values)


@pytest.fixture(scope="module")
def answered(releases: Path) -> Outcome:
    searcher = load(releases / current(releases), encoder=Choice().load)
    return decide(searcher(QUESTION, ASKED.date()), language=Lang.ZH_HANS, on=ASKED.date())


def test_a_past_answer_on_the_release_that_gave_it(
    run: Run, releases: Path, answered: Outcome
) -> None:
    (number,) = remember((message(1), answered))
    settings = {"releases": releases, "database_url": DATABASE}
    done = run("index", "why", "--message", number, **settings)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert lines[0] == f"message      {number}, asked 2026-11-20 09:30 UTC"
    assert lines[1] == f"it was       answered, p={answered.probability:.3f}"
    assert lines[2].startswith(f"quoted       {answered.citations[0].passage_id}  ")
    assert f"question     {QUESTION}" in lines
    assert f"release      {answered.release}, as of 2026-11-20" in lines
    row = json.loads(run("index", "why", "--message", number, "--json", **settings).stdout)
    assert row["past"]["passages"] == [one.passage_id for one in answered.citations]
    assert row["candidates"][0]["passage"] == answered.citations[0].passage_id


def test_a_question_that_was_read_with_its_topic_is_told_as_such(
    run: Run, releases: Path, answered: Outcome
) -> None:
    topic = Topic(document_id="skills-2026", title="技能提升补贴办法", words="技能补贴 申请")
    (number,) = remember((message(9, text="那能领几回？"), replace(answered, topic=topic)))
    settings = {"releases": releases, "database_url": DATABASE}
    lines = run("index", "why", "--message", number, **settings).stdout.splitlines()
    told = "read with    技能补贴 申请 (of skills-2026); below is the question alone"
    assert lines[2] == told
    row = json.loads(run("index", "why", "--message", number, "--json", **settings).stdout)
    assert row["past"]["read_with"]["words"] == "技能补贴 申请"


def test_what_cannot_be_told_of_a_past_message(
    run: Run, releases: Path, answered: Outcome
) -> None:
    gone = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS, release="20200101-000000-0")
    talk = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)
    pruned, hello, pressed, waiting = remember(
        (message(1), gone),
        (message(2, text="你好"), talk),
        (message(3, kind=Input.ACTION, text="up:1"), answered),
        (message(4), None),
    )
    problems = {
        pruned: f"message {pruned} was answered from release 20200101-000000-0, which is not in",
        hello: f"nothing was searched for message {hello}: it ended as small_talk",
        pressed: f"nothing was searched for message {pressed}: it ended as answered",
        waiting: f"there is no message {waiting}, or it is not finished",
        999: "there is no message 999, or it is not finished",
    }
    for number, problem in problems.items():
        done = run("index", "why", "--message", number, releases=releases, database_url=DATABASE)
        assert done.exit_code == 1
        assert done.stderr.startswith(problem)


def test_no_database_is_made(run: Run, clean: Path, releases: Path) -> None:
    done = run("index", "why", "--message", 1, releases=releases, database_url=DATABASE)
    assert done.exit_code == 1
    assert done.stderr == "there is no database ledger.sqlite; check DATABASE_URL\n"
    assert list(clean.iterdir()) == []


@pytest.mark.parametrize(
    "words", [(), ("问题", "--message", 1), ("--message", 1, "--on", "2026-01-01")]
)
def test_a_question_or_a_message(run: Run, words: tuple[object, ...]) -> None:
    assert run("index", "why", *words).exit_code == 2
