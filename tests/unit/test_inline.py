"""Quotations typed for in any chat: remembered for one release, by nobody's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from bot.inline import Inline
from index.types import Found, Hit
from knowledge.types import Lang
from tests.unit.shelf import RENT, THREE, UNSURE, Shelf, hit
from tests.unit.talk import NOON

SURE = "泊位月租多少？"


@dataclass
class Served(Shelf):
    """Counts what is searched for."""

    release: str = "first"
    asked: list[str] = field(default_factory=list)

    async def search(self, question: str, /, *, on: date) -> Found | None:
        self.asked.append(question)
        return await super().search(question, on=on)


def served() -> Served:
    sure = Found(hits=(sure_of(RENT),), release="first", line=0.2)
    return Served(found={SURE: sure, UNSURE: THREE})


def sure_of(one: Hit) -> Hit:
    return hit(one.document, one.passage.text, *one.passage.address, place=9, probability=0.95)


async def test_the_same_words_are_searched_for_once_in_a_release() -> None:
    shelf = served()
    inline = Inline(shelf, clock=lambda: NOON, default=Lang.ZH_HANS)
    first = await inline(SURE, "zh-hans")
    assert await inline(SURE, "zh-hans") == first
    assert shelf.asked == [SURE]
    shelf.release = "second"
    await inline(SURE, "zh-hans")
    assert shelf.asked == [SURE, SURE]


async def test_another_day_is_another_search() -> None:
    shelf, now = served(), [NOON]
    inline = Inline(shelf, clock=lambda: now[0], default=Lang.ZH_HANS)
    await inline(SURE, None)
    now[0] += timedelta(days=1)
    await inline(SURE, None)
    assert len(shelf.asked) == 2


async def test_personal_data_does_not_reach_the_search() -> None:
    shelf = served()
    await Inline(shelf, clock=lambda: NOON, default=Lang.ZH_HANS)(
        "我的电话13800138000欠费吗", None
    )
    assert len(shelf.asked) == 1
    assert "13800138000" not in shelf.asked[0]


async def test_a_title_and_a_line_tell_what_would_be_quoted() -> None:
    quoted = await Inline(served(), clock=lambda: NOON, default=Lang.ZH_HANS)(UNSURE, "ko")
    assert len(quoted.quotations) == 3
    assert quoted.quotations[0].title.startswith("《")
    assert len(quoted.quotations[0].summary) <= 100
    assert len({one.id for one in quoted.quotations}) == 3


async def test_without_a_release_there_is_nothing_to_quote() -> None:
    shelf = Served(loaded=False, release="")
    quoted = await Inline(shelf, clock=lambda: NOON, default=Lang.EN)("how is rent paid", None)
    assert quoted.quotations == ()
    assert quoted.invitation == "Ask me in our own chat"


async def test_what_the_release_does_not_hold_is_not_quoted() -> None:
    shelf = served()
    shelf.gone.add(RENT.passage.id)
    quoted = await Inline(shelf, clock=lambda: NOON, default=Lang.ZH_HANS)(SURE, None)
    assert quoted.quotations == ()
