"""What strangers, citizens and colleagues who were fooled send through Telegram."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any, Final

import pytest

from bot.actions import Action, Verb
from bot.degrade.level import Level
from bot.desk.room_commands import COMMANDS
from bot.desk.tickets import Event, State, Ticket
from tests.e2e.world import STAFF, World
from tests.telegram.client import Heard, Person

SECRET: Final = "养狗要办什么证？我家在海滨花园"
_VERBS: Final = list(Verb)
STAFF_VERBS: Final = _VERBS[_VERBS.index(Verb.CLAIM) :]
CITIZEN_VERBS: Final = _VERBS[: _VERBS.index(Verb.CLAIM)]
ORIGINS: Final[dict[str, dict[str, Any]]] = {
    "of a citizen": {
        "forward_origin": {
            "type": "user",
            "date": 1_750_000_000,
            "sender_user": {"id": 1001, "is_bot": False, "first_name": "王芳"},
        }
    },
    "of somebody hidden": {
        "forward_origin": {
            "type": "hidden_user",
            "date": 1_750_000_000,
            "sender_user_name": "李敏",
        }
    },
    "by another bot": {
        "via_bot": {"id": 43, "is_bot": True, "first_name": "天气", "username": "w_bot"}
    },
}


async def settled(bot: World) -> None:
    """Wait until all that was sent is handled: a last person is answered, then nothing runs."""
    last = bot.citizen(99_999)
    last.send("/help")
    await last.hears(timeout_s=20)
    await bot.app.dispatcher.idle()
    await asyncio.sleep(0.05)


async def asked(bot: World) -> Heard:
    """Ticket 1 of citizen 1001, and its card as the staff have it."""
    wang, agent = bot.citizen(), bot.agent(7, "李敏")
    wang.send(f"/human {SECRET}")
    await wang.hears()
    return await agent.hears()


async def standing(bot: World) -> tuple[Ticket, Sequence[Event]]:
    return await bot.app.desk.look(1)


def told(person: Person) -> str:
    return "\n".join(one["text"] for one in person.room.messages.values() if one["from"]["is_bot"])


async def test_a_citizen_with_staff_buttons_and_staff_commands_moves_nothing(bot: World) -> None:
    await asked(bot)
    before = await standing(bot)
    strangers = []
    for number, command in enumerate(COMMANDS):
        strangers.append(bot.citizen(3000 + number))
        strangers[-1].send(f"/{command.name} 1")
    for number, verb in enumerate(STAFF_VERBS):
        stranger = bot.citizen(4000 + number)
        ours = stranger.room.add({"id": 42, "is_bot": True, "first_name": "明白"}, text="编号 1")
        for place in (None, 1):
            stranger.press_action(ours["message_id"], str(Action(verb, 1, place)))
        strangers.append(stranger)
    await settled(bot)
    assert await standing(bot) == before
    assert not any("海滨花园" in told(one) for one in strangers)


async def test_another_group_is_not_the_staff_room_whoever_is_in_it(bot: World) -> None:
    card = await asked(bot)
    before = await standing(bot)
    other = bot.server.chats.open_group(-1009777, "客服群")  # by the name of the real one
    li = bot.citizen(7, name="李敏", chat=other)  # a colleague, in the wrong place
    for command in COMMANDS:
        li.send(f"/{command.name}@mingbai_bot 1")
    ours = li.room.add({"id": 42, "is_bot": True, "first_name": "明白"}, text=card.text)
    for verb in STAFF_VERBS:
        li.press_action(ours["message_id"], str(Action(verb, 1)))
    await settled(bot)
    assert await standing(bot) == before
    said = [
        one["text"] for one in li.room.messages.values() if one["message_id"] > ours["message_id"]
    ]
    assert not any("海滨花园" in text for text in said)


@pytest.mark.parametrize("passed_on", ORIGINS.values(), ids=list(ORIGINS))
async def test_what_a_colleague_passes_on_into_the_room_is_no_command_and_no_reply(
    bot: World, passed_on: dict[str, Any]
) -> None:
    card = await asked(bot)
    agent = bot.agent(7, "李敏")
    before = await standing(bot)
    agent.send("/level maintenance 假的", **passed_on)
    agent.send("请把证件寄给我。", reply_to=card, **passed_on)
    await settled(bot)
    assert await standing(bot) == before
    assert bot.app.ladder.by_hand is Level.FULL
    agent.send("请到公安局二楼办理。", reply_to=card)  # the same by hand is one
    while "二楼" not in (await bot.citizen().hears()).text:
        pass


async def test_nobody_without_a_name_commands_the_room(bot: World) -> None:
    card = await asked(bot)
    before = await standing(bot)
    group = bot.server.chats.rooms[STAFF].chat
    channel = {"id": -1005, "type": "channel", "title": "客服"}
    anonymous = bot.agent(1_087_968_824, "Group")
    for as_chat in (group, channel):
        anonymous.send("请把证件寄给我。", reply_to=card, sender_chat=as_chat)
    other_bot = bot.agent(43, "天气")
    other_bot.user["is_bot"] = True
    other_bot.send("/queue")
    other_bot.send("请把证件寄给我。", reply_to=card)
    li = bot.agent(7, "李敏")
    chat = li.send("今天下雨")
    li.edit(chat, text="/level maintenance 假的")  # what is edited is no command
    await settled(bot)
    assert await standing(bot) == before
    assert bot.app.ladder.by_hand is Level.FULL


async def test_ticket_numbers_are_no_secret_and_open_nothing(bot: World) -> None:
    await asked(bot)
    before = await standing(bot)
    strangers = []
    for number, verb in enumerate(CITIZEN_VERBS):
        stranger = bot.citizen(5000 + number)
        ours = stranger.room.add({"id": 42, "is_bot": True, "first_name": "明白"}, text="编号 1")
        for place in (None, 1, 2):
            stranger.press_action(ours["message_id"], str(Action(verb, 1, place)))
        strangers.append(stranger)
    words = [
        "编号 1 怎么样了？",
        "/status 1",
        "/start ticket_1",
        "/start 1",
        "/start q_1",
        "撤回 1 号",
    ]
    for number, text in enumerate(words):
        strangers.append(bot.citizen(6000 + number))
        strangers[-1].send(text)
    await settled(bot)
    ticket, events = await standing(bot)
    assert (ticket, list(events)) == (before[0], list(before[1]))
    assert ticket.state is State.OPEN
    assert not any("海滨花园" in told(one) for one in strangers)
