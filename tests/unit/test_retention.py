"""What is over its time is erased, what is counted stays. The clock is the test's."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.accounts.session import Limits, Session, Stage
from bot.config import Settings
from bot.desk.absences import Absence
from bot.desk.moves import add, answer, claim, merge
from bot.desk.tickets import Agent, Draft, Event, Evidence, State
from bot.errors import ConfigError
from bot.retention import Periods, Retention
from bot.store.base import Conversation, DataClass, Sought, Store
from bot.store.memory import MemoryStore
from bot.store.sql import SqlStore
from bot.types import (
    Address,
    Delivery,
    Input,
    Message,
    Outcome,
    Reason,
    Result,
    Span,
    Topic,
)
from knowledge.types import Lang

START = datetime(2026, 1, 1, tzinfo=UTC)
ANN = Address("telegram", "1001")
ROOM = Address("telegram", "-5")
WORDS = "悄悄话九千字"
PERIODS = Periods(messages=185, conversations=90, tickets=1095)
WANG = Agent("telegram:4711", "王芳")
UNRESOLVED = Outcome(
    result=Result.UNRESOLVED, reason=Reason.UNSURE, language=Lang.ZH_HANS, probability=0.25
)


class Clock:
    def __init__(self) -> None:
        self.at = START

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.sqlite"


@pytest_asyncio.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, path: Path) -> AsyncIterator[Store]:
    if request.param == "memory":
        yield MemoryStore()
        return
    async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as opened:
        yield opened


async def live(store: Store, *, reply: bool = True) -> None:
    """A question, its ticket with a card, the reply, and one message still being handled."""
    async with store.begin() as work:
        asked = Message(id="u1", address=ANN, sender="ann", text=WORDS, at=START)
        accepted = await work.inbox.accept(asked)
        assert accepted is not None
        topic = Topic(document_id="berths", title="泊位办法", words=WORDS)
        outcome = replace(UNRESOLVED, question=WORDS, topic=topic, before=topic)
        await work.inbox.finish(accepted.id, outcome, at=START)
        await work.inbox.accept(Message(id="u2", address=ANN, sender="ann", text=WORDS, at=START))
        await work.conversations.save(Conversation(address=ANN, last_question=1, seen=START))
        draft = Draft(
            message_id="u1",
            asked_from=ANN,
            question=WORDS,
            language=Lang.ZH_HANS,
            reason=Reason.UNSURE,
            evidence=Evidence(text=WORDS),
            opened=START,
        )
        ticket = await work.tickets.open(draft)
        opened = Event(ticket_id=1, at=START, who="citizen", what="opened", text=WORDS)
        await work.audit.note(opened)
        if reply:
            ticket = await work.tickets.save(claim(ticket, by=WANG, at=START))
            await work.tickets.save(answer(ticket, reply=WORDS, by=WANG, at=START))
        for to, ticket_id in ((ANN, None), (ROOM, 1)):
            body = (Span(WORDS),)
            delivery = Delivery(to=to, body=body, key=f"k{to.chat}", ticket_id=ticket_id)
            number = await work.outbox.enqueue(delivery, at=START)
            await work.outbox.sent(number, platform_id=f"p{number}", at=START)
        await work.outbox.enqueue(Delivery(to=ANN, body=(Span("unsent"),)), at=START)


async def swept(store: Store, days: float, periods: Periods = PERIODS) -> dict[str, int]:
    clock = Clock()
    clock.at = START + timedelta(days=days)
    counts = await Retention(store, periods, clock=clock).sweep()
    return {what.value: count for what, count in counts.items() if count}


async def test_nothing_goes_before_its_time(store: Store) -> None:
    await live(store)
    assert await swept(store, 90) == {}


async def test_each_class_has_its_own_time(store: Store) -> None:
    await live(store)
    assert await swept(store, 91) == {"conversations": 1}
    assert await swept(store, 186) == {"messages": 1, "deliveries": 2}
    assert await swept(store, 1096) == {"tickets": 1}
    assert await swept(store, 5000) == {}


async def test_of_a_message_only_the_figures_stay(store: Store) -> None:
    await live(store)
    await swept(store, 186)
    async with store.begin() as work:
        past = await work.inbox.get(1)
        assert past is not None
        assert past.outcome == UNRESOLVED
        assert past.message == Message(
            id="erased:1", address=Address("telegram", ""), sender="", kind=Input.TEXT, at=START
        )
        assert [one.message.text for one in await work.inbox.unfinished()] == [WORDS]
        assert await work.conversations.get(ANN) == Conversation(address=ANN)
        assert (await work.people.held(ANN, "ann")).messages == ()
        assert await work.outbox.delivered(ANN) == []
        assert [one.delivery.plain for one in await work.outbox.due(at=START)] == ["unsent"]


async def test_of_a_ticket_the_audit_stays_without_words(store: Store) -> None:
    await live(store)
    await swept(store, 1096)
    async with store.begin() as work:
        ticket = await work.tickets.get(1)
        assert (ticket.state, ticket.question, ticket.evidence) == (State.ARCHIVED, "", Evidence())
        assert (ticket.reply, ticket.asked_from) == ("", Address("telegram", ""))
        assert (ticket.opened, ticket.reason) == (START, Reason.UNSURE)
        assert await work.tickets.of(ANN) == []
        history = [(event.who, event.what, event.text) for event in await work.audit.of(1)]
    assert history == [("citizen", "opened", ""), ("retention", "erased", "")]


async def test_an_open_ticket_keeps_its_words_and_its_card(store: Store) -> None:
    await live(store, reply=False)
    assert await swept(store, 5000) == {"messages": 1, "deliveries": 1, "conversations": 1}
    async with store.begin() as work:
        [ticket] = await work.tickets.find(Sought())
        assert ticket.question == WORDS
        assert await work.outbox.ticket_of(ROOM, "p2") == 1


async def test_zero_days_keep_for_ever(store: Store) -> None:
    await live(store)
    assert await swept(store, 9999, Periods(messages=0, conversations=0, tickets=0)) == {}


async def test_a_look_erases_nothing(store: Store) -> None:
    await live(store)
    clock = Clock()
    clock.at = START + timedelta(days=5000)
    keeping = Retention(store, PERIODS, clock=clock)
    assert dict(await keeping.expired()) == {
        DataClass.MESSAGES: 1,
        DataClass.DELIVERIES: 2,
        DataClass.CONVERSATIONS: 1,
        DataClass.TICKETS: 1,
    }
    assert await keeping.expired() == await keeping.sweep()


async def test_many_are_erased_in_small_transactions(store: Store) -> None:
    async with store.begin() as work:
        for number in range(450):
            message = Message(id=f"u{number}", address=ANN, sender="ann", text=WORDS, at=START)
            accepted = await work.inbox.accept(message)
            assert accepted is not None
            await work.inbox.finish(accepted.id, UNRESOLVED, at=START)
    assert await swept(store, 186) == {"messages": 450}


async def test_the_file_holds_no_erased_word(path: Path) -> None:
    async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as store:
        await live(store)
        async with store.begin() as work:  # finish the other message as well
            await work.inbox.finish(2, UNRESOLVED, at=START)
        await swept(store, 5000)
        for file in path.parent.iterdir():
            assert WORDS.encode() not in file.read_bytes()


async def test_the_job_sweeps_at_once_and_goes_on(path: Path) -> None:
    async with SqlStore.open(f"sqlite+aiosqlite:///{path}") as store:
        await live(store)
        clock = Clock()
        clock.at = START + timedelta(days=5000)
        keeping = Retention(store, PERIODS, clock=clock)
        with pytest.raises(TimeoutError):  # it goes on until it is cancelled
            await asyncio.wait_for(keeping.run(), 0.5)
        assert not any((await keeping.expired()).values())


async def test_sessions_of_the_console_go_when_they_are_over(store: Store) -> None:
    """With the addresses in them, though nobody signs in any more."""
    async with store.begin() as work:
        for token, seen in (("old", START), ("new", START + timedelta(hours=2))):
            session = Session(
                token=token,
                account=1,
                stage=Stage.FULL,
                begun=START,
                seen=seen,
                address="10.0.0.1",
            )
            await work.entries(Session).add(session)
    clock = Clock()
    clock.at = START + timedelta(hours=2, minutes=20)
    limits = Limits(idle=timedelta(hours=1), whole=timedelta(hours=24))
    await Retention(store, PERIODS, clock=clock, sessions=limits).sweep()
    async with store.begin() as work:
        assert [one.token for one in await work.entries(Session).find()] == ["new"]


def test_tickets_outlive_the_messages_that_lead_to_them() -> None:
    values = {"_env_file": None, "retention_messages_days": 400, "retention_tickets_days": 300}
    with pytest.raises(ConfigError) as refused:
        Settings.read(values)
    assert "RETENTION_TICKETS_DAYS" in str(refused.value)


async def test_what_was_merged_goes_after_what_it_is_answered_with(store: Store) -> None:
    """Else its citizen would never get the reply."""
    await live(store)
    async with store.begin() as work:
        draft = Draft(
            message_id="u9",
            asked_from=Address("telegram", "1009"),
            question=WORDS,
            language=Lang.ZH_HANS,
            reason=Reason.UNSURE,
            opened=START,
        )
        first = await work.tickets.open(draft)
        answered = await work.tickets.get(1)
        await work.tickets.save(merge(first, answered, by=WANG, at=START))
        waiting = await work.tickets.get(1)
        await work.tickets.save(add(waiting, at=START))
    assert (await swept(store, 1096)).get("tickets") is None
    async with store.begin() as work:
        waiting = await work.tickets.get(1)
        await work.tickets.save(answer(waiting, reply=WORDS, by=WANG, at=START))
    assert (await swept(store, 1097))["tickets"] == 2


async def test_absences_that_are_over_are_erased(store: Store) -> None:
    async with store.begin() as work:
        for until in (START.date(), START.date() + timedelta(days=9)):
            away = Absence(agent=WANG.id, since=START.date(), until=until, note=WORDS)
            await work.entries(Absence).add(away)
    await swept(store, 1)
    async with store.begin() as work:
        assert [one.id for one in await work.entries(Absence).find()] == [2]
