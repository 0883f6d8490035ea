"""What Telegram takes in all and in one chat, and what a 429 stops."""

from __future__ import annotations

import asyncio
import time
from itertools import count

import pytest
from telegram.error import RetryAfter

from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_pace import OVERALL, PERSON, Pace
from bot.errors import Gone, Lost, Throttled
from bot.types import Address, Delivery, Span
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_rules import Problem, bad_request


class Ticks:
    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def letter(chat: int, text: str = "甲") -> Delivery:
    return Delivery(to=Address("telegram", str(chat)), body=(Span(text),))


async def test_one_person_gets_a_short_burst_and_then_one_a_second() -> None:
    ticks = Ticks()
    pace = Pace(tick=ticks)
    for _ in range(PERSON.burst):
        assert pace.is_free("1001")
        ticks.now += 0.05  # for the overall budget
        await pace.take("1001")
    assert not pace.is_free("1001")
    assert pace.is_free("1002"), "nobody else waits for it"
    ticks.now += 1
    assert pace.is_free("1001")


async def test_many_people_together_get_less_than_thirty_a_second(
    server: FakeTelegram, channel: TelegramChannel
) -> None:
    """The fake answers the thirty-first with 429."""
    people = [Person(server, 2000 + number) for number in range(45)]
    began = time.monotonic()
    await asyncio.gather(*(channel.send(letter(one.chat), edit=None) for one in people))
    assert server.limits.refused == 0
    assert time.monotonic() - began >= (len(people) - OVERALL.burst - 1) / OVERALL.per_s


async def test_a_bot_that_was_granted_more_sends_more() -> None:
    ticks = Ticks()
    pace = Pace(tick=ticks, per_s=100)
    async with asyncio.timeout(0.1):  # nothing is waited for: the ticks stand still
        for person in range(20):
            await pace.take(str(1001 + person))
    ticks.now += 0.01
    await pace.take("3001")


async def test_the_fake_refuses_the_thirty_first_in_a_second(server: FakeTelegram) -> None:
    """So that a bot without a pace fails its tests."""
    server.limits.clock = lambda: 0.0
    for chat in range(1, 31):
        server.limits.count("sendmessage", {"chat_id": chat})
    with pytest.raises(Problem, match="retry after 1"):
        server.limits.count("sendmessage", {"chat_id": 31})


async def test_the_fake_refuses_a_long_burst_to_one_chat(server: FakeTelegram) -> None:
    times = count(0, 0.1)
    server.limits.clock = lambda: float(next(times))
    for _ in range(20):
        server.limits.count("sendmessage", {"chat_id": 1})
    with pytest.raises(Problem, match="retry after 1"):
        server.limits.count("sendmessage", {"chat_id": 1})


async def test_a_chat_that_is_throttled_stops_no_other(
    server: FakeTelegram, channel: TelegramChannel, person: Person
) -> None:
    other = Person(server, 1002)
    server.faults.throttle(77, chat=person.chat)
    with pytest.raises(Throttled) as caught:
        await channel.send(letter(person.chat), edit=None)
    assert caught.value.retry_after_s == 77
    await channel.send(letter(other.chat), edit=None)
    assert (await other.hears()).text == "甲"


async def test_three_throttled_chats_at_once_are_the_whole_bot() -> None:
    ticks = Ticks()
    pace = Pace(tick=ticks)
    pace.throttled("1", 9)
    pace.throttled("1", 9)
    pace.throttled("2", 9)
    assert pace.is_free("4")
    pace.throttled("3", 9)
    assert not pace.is_free("4")
    with pytest.raises(RetryAfter):
        await pace.take("4")
    ticks.now += 9
    assert pace.is_free("4")
    await pace.take("4")


async def test_three_throttled_chats_of_a_day_are_not_the_whole_bot() -> None:
    ticks = Ticks()
    pace = Pace(tick=ticks)
    for chat in "123":
        pace.throttled(chat, 9)
        ticks.now += 60
    assert pace.is_free("4")


@pytest.mark.parametrize(
    ("problem", "lost"),
    [
        (Problem(403, "Forbidden: bot was blocked by the user"), Lost.BLOCKED),
        (Problem(403, "Forbidden: user is deactivated"), Lost.DELETED),
        (Problem(403, "Forbidden: the group chat was deleted"), Lost.DELETED),
        (Problem(403, "Forbidden: bot was kicked from the supergroup chat"), Lost.REMOVED),
        (Problem(403, "Forbidden: bot is not a member of the channel chat"), Lost.REMOVED),
        (Problem(403, "Forbidden: bot can't initiate conversation with a user"), Lost.MISSING),
        (bad_request("chat not found"), Lost.MISSING),
        (bad_request("PEER_ID_INVALID"), Lost.MISSING),
        (Problem(403, "Forbidden: something new"), Lost.CLOSED),
    ],
)
async def test_what_ended_a_conversation_is_told_apart(
    server: FakeTelegram, channel: TelegramChannel, person: Person, problem: Problem, lost: Lost
) -> None:
    server.faults.fail(problem)
    with pytest.raises(Gone) as caught:
        await channel.send(letter(person.chat), edit=None)
    assert caught.value.lost is lost
