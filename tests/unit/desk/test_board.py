"""Many tickets at once: a list in place of cards, and none of them is lost."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from bot.types import Delivery
from tests.unit.desk.office import ROOM, WANG, Office, store_of


@pytest_asyncio.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


async def posted(office: Office) -> list[Delivery]:
    """What the room was sent since the last look, as a sender sends it."""
    found = []
    async with office.store.begin() as work:
        while due := await work.outbox.due(at=datetime.max.replace(tzinfo=UTC)):
            for newest in await work.outbox.take(due, at=office.time.now, until=None):
                await work.outbox.sent(newest.id, platform_id=f"p{newest.id}", at=office.time.now)
                if newest.delivery.to == ROOM:
                    found.append(newest.delivery)
    return found


def buttons(delivery: Delivery) -> list[str]:
    return [button.action for row in delivery.buttons for button in row]


async def test_what_comes_at_once_is_listed_and_every_card_is_one_press_away(
    office: Office,
) -> None:
    for number in range(28):
        await office.opens(question=f"问题{number}？")
    found = await posted(office)
    assert [one.key for one in found[:5]] == [f"ticket:{number}" for number in range(1, 6)]
    lists = found[5:]
    assert [one.plain.split("\n")[0][:8] for one in lists] == ["New: 10.", "New: 10.", "New: 3. "]
    assert [action for one in lists for action in buttons(one)] == [
        f"card:{number}" for number in range(6, 29)
    ]


async def test_a_few_tickets_have_their_cards(office: Office) -> None:
    for number in range(1, 13):
        await office.opens(question=f"问题{number}？")
        assert [one.key for one in await posted(office)] == [f"ticket:{number}"]
        office.time.now += timedelta(seconds=15)


async def test_a_ticket_with_a_card_keeps_it_however_many_come(office: Office) -> None:
    for number in range(20):
        await office.opens(question=f"问题{number}？")
    await posted(office)
    await office.desk.claim(1, WANG)
    await office.desk.claim(15, WANG)
    first, listed = await posted(office)
    assert first.key == "ticket:1"
    assert "15 · by 2026-11-24 · 王芳 · 问题14？" in listed.plain


async def test_a_list_is_begun_anew_after_a_minute(office: Office) -> None:
    for number in range(6):
        await office.opens(question=f"问题{number}？")
    [listed] = (await posted(office))[5:]
    office.time.now += timedelta(seconds=30)
    for number in range(6, 12):
        await office.opens(question=f"问题{number}？")
    [grown] = await posted(office)
    assert grown.key == listed.key
    office.time.now += timedelta(minutes=2)
    for number in range(12, 19):
        await office.opens(question=f"问题{number}？")
    *cards, other = await posted(office)
    assert len(cards) == 5
    assert other.key not in {None, listed.key}
    assert other.plain.startswith("New: 2.")


async def test_a_room_that_cannot_be_reached_gets_no_pile_of_cards(office: Office) -> None:
    for number in range(40):
        await office.opens(question=f"问题{number}？")
        office.time.now += timedelta(seconds=15)
    found = await posted(office)
    cards = [one for one in found if (one.key or "").startswith("ticket:")]
    assert len(cards) == 10
    listed = {action for one in found[10:] for action in buttons(one)}
    assert listed == {f"card:{number}" for number in range(11, 41)}
