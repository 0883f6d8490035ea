"""What dashboards keep for a minute."""

from __future__ import annotations

import asyncio

import pytest

from bot.web.console.dashboards.keeping import AGE_S, MOST, OLDEST_S, Kept


class Maker:
    def __init__(self) -> None:
        self.made = 0
        self.fails = False

    async def __call__(self) -> int:
        await asyncio.sleep(0)
        self.made += 1
        if self.fails:
            raise ConnectionError
        return self.made


async def test_who_asks_at_once_waits_for_the_same() -> None:
    kept: Kept[str, int] = Kept()
    make = Maker()
    assert await asyncio.gather(*(kept.get("november", make) for _ in range(5))) == [1] * 5


async def test_after_its_time_nobody_waits_while_it_is_made_anew() -> None:
    now = 0.0
    kept: Kept[str, int] = Kept(clock=lambda: now)
    make = Maker()
    assert await kept.get("november", make) == 1
    now = AGE_S
    assert await kept.get("november", make) == 1
    assert make.made == 1
    now = AGE_S + 1
    assert await asyncio.gather(*(kept.get("november", make) for _ in range(5))) == [1] * 5
    await asyncio.sleep(0.01)
    assert await kept.get("november", make) == 2
    assert make.made == 2


async def test_what_cannot_be_made_anew_is_shown_as_it_was() -> None:
    now = 0.0
    kept: Kept[str, int] = Kept(clock=lambda: now)
    make = Maker()
    await kept.get("november", make)
    make.fails = True
    for _ in range(3):
        now += AGE_S + 1
        assert await kept.get("november", make) == 1
        await asyncio.sleep(0.01)
    make.fails = False
    await kept.get("november", make)
    await asyncio.sleep(0.01)
    assert await kept.get("november", make) == make.made


async def test_yesterdays_are_not_shown_any_more() -> None:
    now = 0.0
    kept: Kept[str, int] = Kept(clock=lambda: now)
    make = Maker()
    await kept.get("november", make)
    now = OLDEST_S + 1
    assert await kept.get("november", make) == 2


async def test_a_failure_is_not_kept() -> None:
    kept: Kept[str, int] = Kept()
    make = Maker()
    make.fails = True
    with pytest.raises(ConnectionError):
        await kept.get("november", make)
    make.fails = False
    assert await kept.get("november", make) == 2


async def test_who_goes_away_leaves_it_to_the_others() -> None:
    kept: Kept[str, int] = Kept()
    make = Maker()
    first = asyncio.ensure_future(kept.get("november", make))
    other = asyncio.ensure_future(kept.get("november", make))
    await asyncio.sleep(0)
    first.cancel()
    assert await other == 1


async def test_the_oldest_gives_way() -> None:
    kept: Kept[int, int] = Kept()
    make = Maker()
    for number in range(MOST + 1):
        await kept.get(number, make)
    await kept.get(MOST, make)
    assert make.made == MOST + 1
    await kept.get(0, make)
    assert make.made == MOST + 2
