"""Who wants no unasked message: kept without a number that anybody could try out."""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import people
from bot.desk.publishing.declining import WITHOUT_KEY, Declining
from bot.desk.publishing.records import Declined
from bot.store.base import Store
from bot.types import Address, Message
from tests.unit.desk.office import CHAT, Office, store_of

KEYED = Declining(b"a token of the platform")
OTHER = Address("telegram", "1002")


@pytest.fixture(params=["memory", "sqlite"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    async with store_of(request.param, tmp_path) as opened:
        yield opened


async def names(store: Store) -> list[str]:
    async with store.begin() as work:
        return [one.conversation for one in await work.entries(Declined).find()]


async def noted(store: Store, declining: Declining, address: Address = CHAT) -> bool:
    async with store.begin() as work:
        return await declining.is_noted(work, address)


async def note(store: Store, declining: Declining, address: Address = CHAT) -> None:
    async with store.begin() as work:
        await declining.note(work, address)


async def test_whoever_reads_the_database_cannot_try_out_numbers(store: Store) -> None:
    await note(store, KEYED)
    [name] = await names(store)
    tried = {hashlib.sha256(f"telegram:{number}".encode()).hexdigest() for number in range(2000)}
    assert name not in tried
    assert await noted(store, KEYED)
    assert not await noted(store, KEYED, OTHER)
    assert not await noted(store, Declining(b"another token"))


async def test_who_declined_before_there_was_a_key_is_remembered_and_gets_it(store: Store) -> None:
    await note(store, WITHOUT_KEY)
    plain = await names(store)
    assert await noted(store, KEYED)
    keyed = await names(store)
    assert len(keyed) == 1
    assert keyed != plain
    assert await noted(store, KEYED)


async def test_what_was_said_on_the_page_outlives_the_token(store: Store) -> None:
    page = Address("web", "A" * 32)
    await note(store, KEYED, page)
    assert await noted(store, WITHOUT_KEY, page)


@pytest.mark.parametrize("first", [KEYED, WITHOUT_KEY])
async def test_declining_twice_is_one_entry(store: Store, first: Declining) -> None:
    await note(store, first)
    await note(store, KEYED)
    await note(store, KEYED)
    assert len(await names(store)) == 1


async def test_whoever_has_their_data_erased_is_not_written_to_again(store: Store) -> None:
    """As the table in docs/desk.md says."""
    office = Office(store)
    await note(store, KEYED)
    async with store.begin() as work:
        asks = Message(id="f", address=CHAT, sender="1001", text="/forget", at=office.time.now)
        await people.forget(work, asks, at=office.time.now)
    assert await noted(store, KEYED)
