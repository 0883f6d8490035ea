"""Topics of the staff room, and how much it is sent: over the fake Bot API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_pace import Pace
from bot.errors import ChannelError
from bot.types import Address, Delivery, Span
from knowledge.types import Lang
from tests.telegram import fake_topics
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.harness import STAFF

ROOM = Address("telegram", str(STAFF))
CLOSED = "This topic was closed. It is open again, for there is something new."


class Kept:
    """Places in a dict; a test may order it to fail."""

    def __init__(self) -> None:
        self.threads: dict[int, str] = {}
        self.moves: list[tuple[Address, Address]] = []
        self.fails = False

    async def moved(self, address: Address, to: Address, /) -> None:
        self.moves.append((address, to))

    async def thread(self, ticket_id: int, /) -> str | None:
        return self.threads.get(ticket_id)

    async def opened(self, ticket_id: int, thread: str, /) -> None:
        if self.fails:
            raise ChannelError("the disk is full")
        self.threads[ticket_id] = thread


class Clock:
    def __init__(self) -> None:
        self.at = datetime(2026, 11, 23, 10, tzinfo=UTC)

    def __call__(self) -> datetime:
        return self.at


@pytest.fixture
def kept() -> Kept:
    return Kept()


@pytest.fixture
async def forum(server: FakeTelegram, kept: Kept) -> AsyncIterator[TelegramChannel]:
    server.chats.open_forum(STAFF)
    async with TelegramChannel(
        server.token,
        base_url=server.url,
        staff_chat=str(STAFF),
        places=kept,
        language=Lang.EN,
    ) as opened:
        yield opened


def about(number: int, text: str) -> Delivery:
    return Delivery(to=ROOM, body=(Span(text),), ticket_id=number, topic=f"No. {number}")


def said(server: FakeTelegram) -> list[tuple[str, int | None]]:
    """What the bot said in the room, with its thread."""
    shown = server.chats.rooms[STAFF].shown
    return [(message["text"], message.get("message_thread_id")) for message in shown]


async def test_each_ticket_has_one_topic(
    server: FakeTelegram, forum: TelegramChannel, kept: Kept
) -> None:
    for delivery in (about(1, "甲"), about(2, "乙"), about(1, "丙")):
        await forum.send(delivery, edit=None)
    await forum.send(Delivery(to=ROOM, body=(Span("大家"),), ticket_id=1), edit=None)
    first, second = int(kept.threads[1]), int(kept.threads[2])
    assert said(server) == [("甲", first), ("乙", second), ("丙", first), ("大家", None)]
    made = [call["name"] for call in server.calls_of("createForumTopic")]
    assert made == ["No. 1", "No. 2"]


async def test_a_closed_topic_is_opened_again_and_says_so(
    server: FakeTelegram, forum: TelegramChannel, kept: Kept
) -> None:
    await forum.send(about(1, "甲"), edit=None)
    thread = int(kept.threads[1])
    server.chats.rooms[STAFF].topics[thread] = True
    await forum.send(about(1, "乙"), edit=None)
    assert said(server) == [("甲", thread), (CLOSED, thread), ("乙", thread)]
    assert server.chats.rooms[STAFF].topics == {thread: False}


async def test_a_deleted_topic_gets_a_successor_with_what_was_to_be_said(
    server: FakeTelegram, forum: TelegramChannel, kept: Kept
) -> None:
    sent = await forum.send(about(1, "甲"), edit=None)
    fake_topics.delete(server.chats.rooms[STAFF], int(kept.threads[1]))
    again = await forum.send(about(1, "甲，已认领"), edit=sent)
    new = int(kept.threads[1])
    assert said(server)[1:] == [
        ("The topic of No. 1 was deleted. It goes on here.", new),
        ("甲，已认领", new),
    ]
    assert again != sent


@pytest.mark.parametrize("forbidden", [True, False])
async def test_without_topics_everything_goes_to_the_group(
    server: FakeTelegram, forum: TelegramChannel, kept: Kept, *, forbidden: bool
) -> None:
    if forbidden:
        server.chats.rooms[STAFF].manages_topics = False
    else:
        del server.chats.rooms[STAFF].chat["is_forum"]
    await forum.send(about(1, "甲"), edit=None)
    assert said(server) == [("甲", None)]
    assert kept.threads == {}


async def test_what_cannot_be_written_down_is_tried_again(
    server: FakeTelegram, forum: TelegramChannel, kept: Kept
) -> None:
    kept.fails = True
    with pytest.raises(ChannelError):
        await forum.send(about(1, "甲"), edit=None)
    kept.fails = False
    await forum.send(about(1, "甲"), edit=None)
    assert said(server) == [("甲", int(kept.threads[1]))]


async def test_a_message_of_its_own_takes_the_earlier_one_away(
    server: FakeTelegram, channel: TelegramChannel
) -> None:
    server.chats.open_group(STAFF)
    card = Delivery(to=ROOM, body=(Span("卡片"),), key="ticket:1", anew=True)
    old = await channel.send(card, edit=None)
    new = await channel.send(card, edit=old)
    assert (old, new) == ("1", "2")
    assert list(server.chats.rooms[STAFF].messages) == [2]
    assert await channel.send(card, edit="1") == "3"  # too old to delete, or deleted


async def test_a_group_takes_twenty_calls_a_minute() -> None:
    clock = Clock()
    pace = Pace(clock)
    for _ in range(20):
        assert pace.is_free("-7")
        await pace.take("-7")
    assert not pace.is_free("-7")
    assert pace.is_free("-8")
    assert pace.is_free("1001")
    clock.at += timedelta(seconds=61)
    assert pace.is_free("-7")


async def test_a_clock_that_is_set_back_stops_no_group() -> None:
    clock = Clock()
    pace = Pace(clock)
    for _ in range(20):
        await pace.take("-7")
    clock.at -= timedelta(hours=1)
    assert pace.is_free("-7")


async def test_the_fake_refuses_the_twenty_first_call(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    """So that a bot without a pace fails its tests."""
    server.chats.open_group(STAFF)
    server.minutes.clock = lambda: 0.0
    for _ in range(20):
        server.minutes.count("sendmessage", {"chat_id": STAFF})
    with pytest.raises(ChannelError, match="retry after 60"):
        await channel.send(Delivery(to=ROOM, body=(Span("甲"),)), edit=None)
    await channel.send(Delivery(to=Address("telegram", "1001"), body=(Span("甲"),)), edit=None)
    assert (await person.hears()).text == "甲"


async def test_a_group_that_moved_is_written_down_and_the_staff_are_there(
    server: FakeTelegram, kept: Kept, person: Person
) -> None:
    server.chats.open_group(STAFF)
    async with TelegramChannel(
        server.token, base_url=server.url, staff_chat=str(STAFF), places=kept
    ) as opened:
        server.migrate(STAFF, -100300, person.user)
        for text in ("甲", "乙"):
            await opened.send(Delivery(to=ROOM, body=(Span(text),)), edit=None)
    assert kept.moves == [(ROOM, Address("telegram", "-100300"))]
    shown = server.chats.rooms[-100300].shown
    assert [message["text"] for message in shown] == ["甲", "乙"]
