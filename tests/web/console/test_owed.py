"""The copy of the queue that all who look at it share."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace

import pytest

from bot.desk.tickets import Evidence, Ticket
from bot.store.memory import MemoryStore
from bot.types import Address
from bot.web.console.owed import AGE_S, OwedTickets
from tests.unit.desk.office import WANG, Office
from tests.web.console.cases import LEAD


@dataclass
class Clock:
    now_s: float = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def office() -> Office:
    return Office(MemoryStore(), room=None)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def owed(office: Office, clock: Clock) -> OwedTickets:
    return OwedTickets(office.store, clock=clock)


async def numbers(owed: OwedTickets) -> list[int]:
    return [one.id for one in (await owed.read()).tickets]


async def many(office: Office, count: int) -> list[Ticket]:
    return [
        await office.opens(question=f"泊位{n}号多少钱？", chat=Address("telegram", str(n)))
        for n in range(count)
    ]


async def test_only_what_changed_is_read_again(office: Office, owed: OwedTickets) -> None:
    await many(office, 120)
    before = await owed.read()
    await office.desk.claim(60, WANG)
    after = await owed.read()
    kept = {id(one) for one in before.tickets}
    assert [one.id for one in after.tickets if id(one) not in kept] == [60]
    assert len(after.tickets) == len(before.tickets) == 120


async def test_many_pages_that_ask_at_once_share_one_read(
    office: Office, owed: OwedTickets
) -> None:
    await many(office, 3)
    found = await asyncio.gather(*(owed.read() for _ in range(20)))
    assert all(one is found[0] for one in found)


async def test_what_waits_no_more_is_gone(office: Office, owed: OwedTickets) -> None:
    await many(office, 2)
    assert await numbers(owed) == [1, 2]
    await office.desk.close(1, WANG, "重复")
    assert await numbers(owed) == [2]


async def test_what_was_known_at_the_opening_is_not_kept_in_memory(
    office: Office, owed: OwedTickets
) -> None:
    [ticket] = await many(office, 1)
    async with office.store.begin() as work:
        await work.tickets.save(replace(ticket, evidence=Evidence(leads=(LEAD,))))
    [kept] = (await owed.read()).tickets
    assert kept.evidence == Evidence()


async def test_a_change_without_a_line_in_the_log_is_seen_a_moment_later(
    office: Office, owed: OwedTickets, clock: Clock
) -> None:
    """A form that names the version before would be refused."""
    [ticket] = await many(office, 1)
    await owed.read()
    async with office.store.begin() as work:
        saved = await work.tickets.save(replace(ticket, thread="7"))
    clock.now_s += AGE_S
    [shown] = (await owed.read()).tickets
    assert shown.version == saved.version


async def test_the_line_is_that_up_to_which_the_page_knows(
    office: Office, owed: OwedTickets
) -> None:
    await many(office, 1)
    async with office.store.begin() as work:
        newest = await work.audit.newest()
    assert (await owed.read()).line == newest
