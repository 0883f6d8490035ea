"""Two of the staff at one ticket, in the group and at a terminal: one has it, the other reads who."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from bot.desk.audit import verify
from bot.desk.services import Services
from bot.desk.set_up import desk_of
from bot.desk.terminal import Clerk
from bot.desk.tickets import Agent, State
from bot.store.sql import SqlStore
from tests.e2e.world import World
from tests.telegram.client import Heard, Person

DOGS = "养狗要办什么证？"
REPLY = "请到公安局二楼办理。"


@pytest.fixture
async def asked(bot: World) -> tuple[Person, Heard]:
    """Who asked, and the card of it."""
    citizen, agent = bot.citizen(), bot.agent(7, "李敏")
    citizen.send(DOGS)
    await citizen.hears()
    return citizen, await agent.hears()


@pytest.fixture
async def services(bot: World) -> AsyncIterator[Services]:
    """At a terminal: another process as far as the database is concerned."""
    async with SqlStore.open(bot.settings.database_url) as store:
        yield Services(store=store, desk=await desk_of(bot.settings, store, clock=bot.clock))


async def until(person: Person, words: str) -> str:
    while words not in (text := (await person.hears()).text):
        pass
    return text


async def test_of_two_who_press_at_once_one_has_it_and_the_other_reads_who(
    bot: World, asked: tuple[Person, Heard]
) -> None:
    citizen, card = asked
    first, second = bot.agent(7, "李敏"), bot.agent(8, "陈刚")
    first.press(card, "认领")
    second.press(card, "认领")
    refused = await until(second, "正由")
    assert "李敏" in refused
    ticket, events = await bot.app.desk.look(1)
    assert ticket.holder == Agent("telegram:7", "李敏")
    assert [event.what for event in events] == ["opened", "claimed"]
    assert "人工处理" in (await citizen.hears()).text
    assert citizen.unread() == []


async def test_of_two_replies_at_once_the_citizen_hears_one(
    bot: World, asked: tuple[Person, Heard]
) -> None:
    citizen, card = asked
    first, second = bot.agent(7, "李敏"), bot.agent(8, "陈刚")
    first.send(REPLY, reply_to=card.id)
    second.send("请到一楼。", reply_to=card.id)
    assert "李敏" in await until(second, "正由")
    assert REPLY in (await citizen.hears()).text
    assert citizen.unread() == []


async def test_a_reply_and_a_close_at_once_and_what_the_citizen_adds_meanwhile(
    bot: World, asked: tuple[Person, Heard]
) -> None:
    """Whichever comes first, the words of the citizen wait for somebody in the end."""
    citizen, card = asked
    agent = bot.agent(7, "李敏")
    agent.send(REPLY, reply_to=card.id)
    agent.press(card, "关闭")
    reply = await citizen.hears()
    assert REPLY in reply.text
    citizen.send("周末开门吗？", reply_to=reply)
    await citizen.hears()
    await until(bot.agent(8, "陈刚"), "周末开门吗？")
    ticket, _ = await bot.app.desk.look(1)
    assert ticket.state is State.OPEN
    assert ticket.deadlines.due is not None


async def test_the_group_and_a_terminal_at_once(
    bot: World, asked: tuple[Person, Heard], services: Services
) -> None:
    _, card = asked
    said: list[str] = []
    agent = bot.agent(7, "李敏")
    clerk = Clerk(services, Agent("terminal:chen:陈刚", "陈刚"), said.append)
    agent.press(card, "认领")
    claimed = await clerk.do(["claim", "1"])
    refused = "正由" if claimed else None
    if refused:
        assert "陈刚" in await until(agent, refused)
    else:
        assert ["李敏" in text for text in said] == [True]
    ticket, events = await bot.app.desk.look(1)
    assert ticket.holder is not None
    assert [event.what for event in events] == ["opened", "claimed"]


async def test_ten_clerks_at_one_ticket_leave_one_holder_and_a_whole_log(
    bot: World, asked: tuple[Person, Heard], services: Services
) -> None:
    citizen, _ = asked
    clerks = {
        name: Clerk(source, Agent(f"terminal:{name}", name), lambda _text: None)
        for name, source in (
            *((f"a{number}", services) for number in range(5)),
            *((f"b{number}", Services(store=bot.store, desk=bot.app.desk)) for number in range(5)),
        )
    }
    done = await asyncio.gather(
        *(one.do(["reply", "1", f"{REPLY} {name}"]) for name, one in clerks.items())
    )
    [winner] = [name for name, went in zip(clerks, done, strict=True) if went]
    assert f"{REPLY} {winner}" in (await citizen.hears()).text
    assert citizen.unread() == []
    async with bot.store.begin() as work:
        assert verify(await work.audit.lines()).problems == ()
