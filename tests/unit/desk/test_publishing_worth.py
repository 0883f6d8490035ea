"""What published answers are worth, told on a page that does not wait for it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest

from bot.desk.publishing.asked import Worth, Worths
from bot.desk.publishing.publication import Publication
from bot.desk.publishing.records import Use
from index.live import Live
from index.types import Found
from tests.unit.desk.office import LI, store_of
from tests.unit.desk.press import Press, press_over


@dataclass
class Watched:
    """The release that is served, and what it was asked."""

    live: Live
    asked: list[str] = field(default_factory=list)

    @property
    def release(self) -> str:
        return self.live.release

    async def search(self, question: str, /, *, on: date) -> Found | None:
        self.asked.append(question)
        return await self.live.search(question, on=on)

    async def questions(self, document_id: str, /, *, on: date) -> Sequence[str]:
        return await self.live.questions(document_id, on=on)


@pytest.fixture
async def press(tmp_path: Path) -> AsyncIterator[Press]:
    async with store_of("memory", tmp_path) as store, press_over(store, tmp_path) as made:
        yield made


async def counted(worths: Worths, shown: Sequence[Publication]) -> Mapping[int, Worth]:
    """As the page has it that is opened a moment later."""
    async with asyncio.timeout(5):
        while True:
            found = await worths.of(shown)
            if all(one.like for one in found.values()):
                return found
            await asyncio.sleep(0.01)


async def test_the_page_does_not_wait_and_has_it_the_next_time(press: Press) -> None:
    one = await press.approved(LI)
    worths = Worths(press.store, press.desk, press.index)
    assert (await worths.of([one]))[one.id].like is None
    like = (await counted(worths, [one]))[one.id].like
    assert like is not None
    assert like.before == 1


async def test_it_is_counted_once_a_day_and_only_for_what_is_shown(press: Press) -> None:
    one = await press.approved(LI)
    index = Watched(press.index)
    worths = Worths(press.store, press.desk, index)
    assert await worths.of([]) == {}
    await asyncio.sleep(0)
    assert index.asked == []
    await counted(worths, [one])
    first = len(index.asked)
    assert first == 1
    await counted(worths, [one])
    assert len(index.asked) == first
    press.time.set("2026-11-24")
    await counted(worths, [one])
    assert len(index.asked) == 2 * first


async def test_how_often_it_was_given_is_told_as_it_is_now(press: Press) -> None:
    one = await press.approved(LI)
    worths = Worths(press.store, press.desk, press.index)
    await counted(worths, [one])
    async with press.store.begin() as work:
        await work.entries(Use).add(Use(publication=one.id, message=1, at=press.time.now))
    assert (await worths.of([one]))[one.id].tally.given == 1
