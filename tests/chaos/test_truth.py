"""Whoever looks for losses finds them: each kind, put there by hand."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Message, Outcome, Result, Span
from knowledge.types import Lang
from tests.chaos.faulty_api import Arrival
from tests.chaos.people import Asked
from tests.chaos.truth import NOTED_S, Evidence, findings

CHAT = 2001
NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
KILLED_AT = 100.0
ANSWER = Arrival(life=0, chat=CHAT, message_id=2, text="您好。", edits=False, answered_at=50.0)
UPDATE = {"update_id": 7, "message": {"chat": {"id": CHAT}, "text": "你好"}}


@pytest.fixture
async def seen(tmp_path: Path) -> Evidence:
    """One greeting, and one answer to it; then the process was killed."""
    path = tmp_path / "bot.sqlite"
    to = Address("telegram", str(CHAT))
    async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as store, store.begin() as work:
        message = Message(id="u7", address=to, sender="1", text="你好", at=NOON)
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        outcome = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)
        await work.inbox.finish(accepted.id, outcome, at=NOON)
        queued = await work.outbox.enqueue(Delivery(to=to, body=(Span("您好。"),)), at=NOON)
        await work.outbox.sent(queued, platform_id="2", at=NOON)
    return Evidence(
        database=path,
        reported={7: UPDATE},
        arrivals=[ANSWER],
        killed_at={0: KILLED_AT},
        asked=[],
        replies={},
        wasted=(),
        loose=(),
        removed=(),
    )


def test_there_is_nothing_to_find_where_all_is_well(seen: Evidence) -> None:
    assert findings(seen).problems == []


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda seen: replace(seen, reported={7: UPDATE, 8: UPDATE}), "lost: update 8 is 0 times"),
        (lambda seen: replace(seen, asked=[Asked(CHAT, "怎么落户？")]), "lost: 0 tickets of"),
        (
            lambda seen: replace(seen, arrivals=[ANSWER, replace(ANSWER, message_id=1)]),
            "twice: 50.00 s were left to note",
        ),
        (
            lambda seen: replace(
                seen, arrivals=[ANSWER, replace(ANSWER, message_id=3, text="？")]
            ),
            "strange: nobody queued",
        ),
        (
            lambda seen: replace(seen, arrivals=[]),
            "lost: delivery 1 is message 2, which is not there",
        ),
    ],
)
def test_a_loss_or_a_double_is_found(
    seen: Evidence, spoil: Callable[[Evidence], Evidence], problem: str
) -> None:
    assert findings(spoil(seen)).problems[0].startswith(problem)


@pytest.mark.parametrize("answered_at", [None, KILLED_AT - NOTED_S / 2])
def test_a_double_that_nobody_could_know_of_is_counted(
    seen: Evidence, answered_at: float | None
) -> None:
    copy = replace(ANSWER, message_id=1, answered_at=answered_at)
    found = findings(replace(seen, arrivals=[copy, ANSWER]))
    assert found.problems == []
    assert sum(n for name, n in found.counts.items() if name.startswith("twice")) == 1
