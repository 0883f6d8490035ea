"""What waits: every store must count it alike."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.desk.tickets import Draft, State
from bot.store.base import Store, Work
from bot.store.waiting import Backlog, Clock, Waiting
from bot.types import Address, Delivery, Message, Outcome, Reason, Result, Span
from knowledge.types import Lang

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
DONE = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS)


async def backlog_of(store: Store) -> Backlog:
    async with store.begin() as work:
        return await work.backlog.read(at=NOON, soon=NOON + 24 * HOUR)


async def opened(
    work: Work, number: int, *, due: datetime | None, state: State = State.OPEN
) -> None:
    draft = Draft(
        message_id=f"m{number}",
        asked_from=Address("telegram", f"{number}"),
        question="养狗要办什么证？",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=NOON - 72 * HOUR,
    )
    ticket = await work.tickets.open(draft)
    deadlines = replace(ticket.deadlines, first=due, resolution=due)
    if due is None:
        deadlines = replace(deadlines, paused=NOON)
    await work.tickets.save(replace(ticket, state=state, deadlines=deadlines))


async def test_nothing_waits_at_first(store: Store) -> None:
    assert await backlog_of(store) == Backlog(
        messages={}, deliveries={}, tickets={}, overdue_since=None
    )


async def test_messages_wait_until_they_are_handled(store: Store) -> None:
    async with store.begin() as work:
        for number, channel in enumerate(("telegram", "web", "web")):
            at = NOON - number * HOUR
            message = Message(id=f"{number}", address=Address(channel, "c"), sender="s", at=at)
            accepted = await work.inbox.accept(message)
            assert accepted is not None
            if not number:
                await work.inbox.finish(accepted.id, DONE, at=NOON)
    assert (await backlog_of(store)).messages == {"web": Waiting(2, NOON - 2 * HOUR)}


async def test_deliveries_wait_until_they_are_sent_or_dropped(store: Store) -> None:
    async with store.begin() as work:
        for number in range(4):
            to = Address("telegram", f"{number}")
            at = NOON - (4 - number) * HOUR
            queued = await work.outbox.enqueue(Delivery(to=to, body=(Span("好"),)), at=at)
            if number == 0:
                await work.outbox.sent(queued, platform_id="1", at=NOON)
            if number == 1:
                await work.outbox.drop(queued, at=NOON, error="gone")
            if number == 2:
                await work.outbox.put_off(queued, until=NOON + HOUR, error="later")
    assert (await backlog_of(store)).deliveries == {"telegram": Waiting(2, NOON - 2 * HOUR)}


async def test_tickets_by_how_they_stand_against_what_is_due(store: Store) -> None:
    async with store.begin() as work:
        await opened(work, 1, due=NOON - 3 * HOUR)
        await opened(work, 2, due=NOON - 5 * HOUR, state=State.CLAIMED)
        await opened(work, 3, due=NOON + HOUR)
        await opened(work, 4, due=NOON + 48 * HOUR)
        await opened(work, 5, due=NOON + 48 * HOUR)
        await opened(work, 6, due=None, state=State.ASKED)
        await opened(work, 7, due=NOON - 9 * HOUR, state=State.ANSWERED)  # ended
    found = await backlog_of(store)
    assert found.tickets == {
        (State.OPEN, Clock.OVERDUE): 1,
        (State.CLAIMED, Clock.OVERDUE): 1,
        (State.OPEN, Clock.DUE_SOON): 1,
        (State.OPEN, Clock.IN_TIME): 2,
        (State.ASKED, Clock.STANDING): 1,
    }
    assert found.overdue_since == NOON - 5 * HOUR
