"""Every store keeps alike who follows what, and what they were told."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Final

import pytest

from bot.push.news import ClauseNews, Event, News, What
from bot.push.runs import Run
from bot.store.base import Store
from bot.store.pushed import Item, Push, PushDraft, Reach
from bot.subscriptions import Followers, Follows, Subscription, Wish
from bot.types import Address, Delivery, Span
from knowledge.types import Kind, Lang, Standing
from tests.contracts.test_store import Failed

NOON: Final = datetime(2026, 11, 23, 12, tzinfo=UTC)
ANN: Final = Address("telegram", "1001")
BEN: Final = Address("telegram", "1002")
CAT: Final = Address("web", "cat")
RUN: Final = Run(id=1, release="B", seen=NOON, begun=NOON)
NEWS: Final = News(
    document_id="bicycles",
    event=Event.CHANGED,
    title="澜港市公共自行车管理办法",
    number="澜交规〔2025〕3号",
    issuer="澜港市交通局",
    kind=Kind.POLICY,
    source="https://jtj.langang.example/bicycles",
    language=Lang.ZH_HANS,
    topics=("公共自行车",),
    standing=Standing.IN_FORCE,
    clauses=(ClauseNews(what=What.CHANGED, address="第二条", old="收费1元。", new="收费2元。"),),
)
BICYCLES: Final = Item(document_id="bicycles", title=NEWS.title, since="A", news=NEWS)
ANSWER: Final = Item(document_id="boats", title="澜港市游船泊位管理办法")


def wish(address: Address = ANN, target: str = "bicycles", release: str = "A") -> Wish:
    return Wish(
        address=address,
        follows=Follows.DOCUMENT,
        target=target,
        title=f"《{target}》",
        release=release,
        language=Lang.ZH_HANS,
        since=NOON,
    )


async def follow(store: Store, *wishes: Wish) -> list[Subscription]:
    async with store.begin() as work:
        return [await work.subscriptions.add(one) for one in wishes]


async def told(store: Store, address: Address, *items: Item, run: Run = RUN) -> int | None:
    async with store.begin() as work:
        await work.pushes.save_run(run)
        draft = PushDraft(run=run.id, address=address, items=items)
        push_id = await work.pushes.add(draft, at=NOON)
        if push_id is not None:
            delivery = Delivery(to=address, body=(Span("变化"),))
            await work.pushes.enqueued(push_id, await work.outbox.enqueue(delivery, at=NOON))
        return push_id


# Subscriptions


async def test_the_same_wish_twice_is_one_subscription(store: Store) -> None:
    [one] = await follow(store, wish())
    assert one == Subscription(
        id=one.id,
        address=ANN,
        follows=Follows.DOCUMENT,
        target="bicycles",
        title="《bicycles》",
        release="A",
        language=Lang.ZH_HANS,
        since=NOON,
    )
    assert await follow(store, wish(release="B")) == [one]
    async with store.begin() as work:
        assert await work.subscriptions.of(ANN) == [one]


async def test_a_topic_and_a_document_of_one_name_are_two(store: Store) -> None:
    topic = replace(wish(), follows=Follows.TOPIC)
    assert len({one.id for one in await follow(store, wish(), topic)}) == 2


async def test_only_the_conversation_itself_can_end_a_subscription(store: Store) -> None:
    mine, bens = await follow(store, wish(), wish(BEN))
    async with store.begin() as work:
        assert await work.subscriptions.remove(ANN, bens.id) is None
        assert await work.subscriptions.remove(ANN, mine.id) == mine
        assert await work.subscriptions.remove(ANN, mine.id) is None
        assert await work.subscriptions.of(BEN) == [bens]


async def test_a_number_is_never_given_again(store: Store) -> None:
    [one] = await follow(store, wish())
    async with store.begin() as work:
        assert await work.subscriptions.remove_all(ANN) == 1
    [other] = await follow(store, wish())
    assert other.id > one.id


async def test_who_waits_is_who_was_not_told_of_that_release(store: Store) -> None:
    await follow(store, wish(CAT), wish(ANN), wish(CAT, "boats"), wish(BEN, release="B"))
    async with store.begin() as work:
        assert await work.subscriptions.waiting("B") == [CAT, ANN]
        assert await work.subscriptions.waiting("B", limit=1) == [CAT]
        await work.subscriptions.told(CAT, "B")
        assert await work.subscriptions.waiting("B") == [ANN]
        assert await work.subscriptions.waiting("A") == [CAT, BEN]


async def test_followers_are_counted_without_questions(store: Store) -> None:
    question = replace(wish(), follows=Follows.QUESTION, target="7", title="谁都不知道？")
    topic = replace(wish(), follows=Follows.TOPIC, target="交通", title="交通")
    await follow(store, wish(), wish(BEN), question, topic)
    async with store.begin() as work:
        assert await work.subscriptions.followers() == [
            Followers(follows=Follows.DOCUMENT, target="bicycles", title="《bicycles》", count=2),
            Followers(follows=Follows.TOPIC, target="交通", title="交通", count=1),
        ]


# Runs and pushes


async def test_the_last_run_comes_back_as_it_was_saved(store: Store) -> None:
    async with store.begin() as work:
        assert await work.pushes.last_run() is None
        await work.pushes.save_run(RUN)
        ended = replace(RUN, ended=NOON + timedelta(hours=1))
        await work.pushes.save_run(ended)
        assert await work.pushes.last_run() == ended
        following = Run(id=2, release="C", seen=NOON)
        await work.pushes.save_run(following)
        assert await work.pushes.last_run() == following


async def test_a_conversation_is_told_once_in_a_run(store: Store) -> None:
    assert await told(store, ANN, BICYCLES) is not None
    assert await told(store, ANN, BICYCLES) is None
    assert await told(store, BEN, BICYCLES) is not None
    assert await told(store, ANN, BICYCLES, run=replace(RUN, id=2)) is not None


async def test_a_push_that_failed_leaves_nothing(store: Store) -> None:
    await follow(store, wish())

    async def fail() -> None:
        async with store.begin() as work:
            await work.pushes.save_run(RUN)
            await work.pushes.add(PushDraft(run=1, address=ANN, items=(BICYCLES,)), at=NOON)
            await work.subscriptions.told(ANN, "B")
            raise Failed

    with pytest.raises(Failed):
        await fail()
    async with store.begin() as work:
        assert await work.pushes.last_run() is None
        assert await work.pushes.reach() == []
        assert await work.subscriptions.waiting("B") == [ANN]


async def test_a_push_comes_back_whole_and_to_its_own_conversation(store: Store) -> None:
    await told(store, BEN, BICYCLES)  # the news are there already
    push_id = await told(store, ANN, BICYCLES, ANSWER)
    assert push_id is not None
    async with store.begin() as work:
        push = Push(id=push_id, run=1, address=ANN, items=(BICYCLES, ANSWER))
        assert await work.pushes.get(ANN, push_id) == push
        assert await work.pushes.get(BEN, push_id) is None
        assert await work.pushes.get(ANN, push_id + 7) is None


async def test_what_has_not_left_is_pending(store: Store) -> None:
    await told(store, ANN, BICYCLES)
    await told(store, BEN, BICYCLES)
    await told(store, CAT, BICYCLES)

    async with store.begin() as work:

        async def pending() -> tuple[int, int]:
            pushes = work.pushes
            return await pushes.pending(tried=False), await pushes.pending(tried=True)

        assert await pending() == (3, 0)
        first, second, third = await work.outbox.due(at=NOON)
        await work.outbox.sent(first.id, platform_id="p1", at=NOON)
        assert await pending() == (2, 0)
        await work.outbox.drop(second.id, at=NOON, error="gone")
        assert await pending() == (1, 0)
        await work.outbox.put_off(third.id, until=NOON, error="busy")
        assert await pending() == (0, 1)


async def test_reach_counts_what_became_of_the_messages(store: Store) -> None:
    mine, bens = await told(store, ANN, BICYCLES, ANSWER), await told(store, BEN, BICYCLES)
    assert mine is not None
    assert bens is not None
    async with store.begin() as work:
        first, second = await work.outbox.due(at=NOON)
        await work.outbox.sent(first.id, platform_id="p1", at=NOON)
        await work.outbox.drop(second.id, at=NOON, error="gone")
        await work.pushes.opened(mine, 1, at=NOON)
        await work.pushes.opened(mine, 1, at=NOON)
        await work.pushes.voted(mine, 1, helpful=False)
        await work.pushes.voted(mine, 1, helpful=True)
        await work.pushes.voted(bens, 1, helpful=False)
        assert await work.pushes.reach() == [
            Reach(
                document_id="bicycles",
                title="澜港市公共自行车管理办法",
                sent=2,
                delivered=1,
                opened=1,
                helpful=1,
                unhelpful=1,
            ),
            Reach(
                document_id="boats",
                title="澜港市游船泊位管理办法",
                sent=1,
                delivered=1,
                opened=0,
                helpful=0,
                unhelpful=0,
            ),
        ]


async def test_who_is_forgotten_is_in_no_push_but_in_the_figures(store: Store) -> None:
    first = await told(store, ANN, BICYCLES)
    second = await told(store, ANN, BICYCLES, run=replace(RUN, id=2))
    assert first is not None
    assert second is not None
    async with store.begin() as work:
        await work.pushes.unlink(ANN)
        assert [await work.pushes.get(ANN, one) for one in (first, second)] == [None, None]
        assert [one.sent for one in await work.pushes.reach()] == [2]
