"""What pages that look at the queue ask of the store: every store must behave alike."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.desk.tickets import Draft, Event, State, Ticket
from bot.store.base import Sought, Store
from bot.types import Address, Reason
from knowledge.types import Lang

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


async def opened(store: Store, count: int) -> list[Ticket]:
    async with store.begin() as work:
        return [
            await work.tickets.open(
                Draft(
                    message_id=f"m{number}",
                    asked_from=Address("telegram", f"{number}"),
                    question="养狗要办什么证？",
                    language=Lang.ZH_HANS,
                    reason=Reason.UNSURE,
                    opened=NOON,
                )
            )
            for number in range(count)
        ]


async def test_what_was_changed_has_another_version(store: Store) -> None:
    one, two = await opened(store, 2)
    async with store.begin() as work:
        before = await work.tickets.versions(Sought())
        await work.tickets.save(two)
        after = await work.tickets.versions(Sought())
    assert before == {one.id: one.version, two.id: two.version}
    assert after == {one.id: one.version, two.id: two.version + 1}


async def test_versions_are_of_what_is_looked_for(store: Store) -> None:
    one, two, three = await opened(store, 3)
    async with store.begin() as work:
        assert await work.tickets.versions(Sought(states=frozenset({State.ANSWERED}))) == {}
        newest = await work.tickets.versions(Sought(newest=True, limit=2))
    assert list(newest) == [three.id, two.id]
    assert one.id not in newest


async def test_tickets_by_their_numbers(store: Store) -> None:
    one, _, three = await opened(store, 3)
    async with store.begin() as work:
        wanted = Sought(numbers=frozenset({three.id, one.id, 99}))
        assert await work.tickets.find(wanted) == [one, three]
        assert await work.tickets.find(Sought(numbers=frozenset())) == []


async def test_the_log_without_what_is_about_no_ticket(store: Store) -> None:
    [ticket] = await opened(store, 1)
    looked = Event(at=NOON, who="web:li", what="viewed", text="ticket 1")
    async with store.begin() as work:
        assert await work.audit.newest(of_tickets=True) == 0
        await work.audit.note(looked)
        assert await work.audit.newest(of_tickets=True) == 0
        claimed = Event(ticket_id=ticket.id, at=NOON, who="web:li", what="claimed")
        await work.audit.note(claimed)
        number = await work.audit.newest()
        await work.audit.note(looked)
        assert await work.audit.newest(of_tickets=True) == number
        found = await work.audit.lines(limit=1, of_tickets=True)
        behind = await work.audit.lines(after=number, of_tickets=True)
    assert [one.event for one in found] == [claimed]
    assert behind == []
