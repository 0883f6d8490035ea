"""What staff send to the room besides plain words: nothing of it is lost without a word."""

from __future__ import annotations

import pytest
import pytest_asyncio

from bot.actions import Verb
from bot.desk.tickets import State
from bot.errors import WordsMissing
from bot.store.memory import MemoryStore
from bot.types import Input
from knowledge.types import Lang
from tests.unit.desk.office import ROSTER, WANG
from tests.unit.desk.room import Room


@pytest_asyncio.fixture
async def room() -> Room:
    return Room(MemoryStore(), ROSTER)


@pytest.mark.parametrize("caption", ["", "见附图"])
async def test_a_picture_as_a_reply_is_told_that_it_went_to_nobody(
    room: Room, caption: str
) -> None:
    ticket = await room.opens()
    card, prompt = await room.card(ticket.id), await room.press(WANG, Verb.REPLY, ticket.id)
    await room.citizen_heard()
    for shown in (card, prompt):
        said = await room.sends(WANG, Input.UNSUPPORTED, shown, caption)
        assert said.startswith("Only text is passed on")
    assert await room.citizen_heard() == []
    await room.say(WANG, "每米120元。", prompt)
    assert (await room.office.ticket(ticket.id)).reply == "每米120元。", "the prompt still waits"


async def test_a_picture_among_colleagues_is_their_own(room: Room) -> None:
    ticket = await room.opens()
    await room.press(WANG, Verb.CLAIM, ticket.id)
    note = await room.say(WANG, "/ticket 404")
    assert await room.sends(WANG, Input.UNSUPPORTED, None) == ""
    assert await room.sends(WANG, Input.UNSUPPORTED, note) == ""


async def test_a_reply_to_a_message_that_is_not_known_is_told_that_it_went_to_nobody(
    room: Room,
) -> None:
    """A card is there twice where nobody could know that the first one had arrived."""
    ticket = await room.opens()
    card = await room.card(ticket.id)
    await room.citizen_heard()
    told = room.read(await room.say(WANG, "每米120元。", "another message"))
    assert told.startswith("The message that you replied to is not known any more")
    assert await room.citizen_heard() == []
    await room.say(WANG, "每米120元。", card)
    assert (await room.office.ticket(ticket.id)).reply == "每米120元。"


async def test_who_edits_a_reply_is_told_to_reply_again(room: Room) -> None:
    """To a card, and to a prompt that has its answer already."""
    ticket = await room.opens()
    prompt = await room.press(WANG, Verb.REPLY, ticket.id)
    await room.say(WANG, "每米120元。", prompt)
    await room.citizen_heard()
    for shown in (prompt, await room.card(ticket.id)):
        said = await room.sends(WANG, Input.EDITED, shown, "每米150元。")
        assert said.startswith("What is edited is not passed on")
    assert await room.citizen_heard() == []
    assert (await room.office.ticket(ticket.id)).reply == "每米120元。"


@pytest.mark.parametrize("blank", [" ", "\u3164", "\u200b\u2060", "\u2800 \u202e"])
async def test_a_reply_in_which_nothing_can_be_read_does_not_go_out(
    room: Room, blank: str
) -> None:
    ticket = await room.opens()
    note = await room.say(WANG, blank, await room.card(ticket.id))
    assert room.read(note).startswith("There are no words in that")
    assert await room.citizen_heard() == []
    for job in (room.office.desk.reply, room.office.desk.ask):
        with pytest.raises(WordsMissing):
            await job(ticket.id, WANG, blank)
    assert (await room.office.ticket(ticket.id)).state is State.OPEN


async def test_what_hides_in_a_reply_does_not_reach_the_citizen(room: Room) -> None:
    ticket = await room.opens()
    await room.say(WANG, "每米\u202e021\u202c元。\x07\n👍", await room.card(ticket.id))
    assert (await room.office.ticket(ticket.id)).reply == "每米021元。\n👍"


async def test_a_reply_as_long_as_telegram_takes_arrives_and_may_have_been_cut(
    room: Room,
) -> None:
    ticket = await room.opens()
    said = await room.say(WANG, "长" * 4096, await room.card(ticket.id))
    assert room.read(said).startswith("Telegram cuts long messages")
    [heard] = [one for one in await room.citizen_heard() if "长" in one]
    assert heard.count("长") == 4096


async def test_a_rare_refusal_is_in_the_language_of_staff(room: Room) -> None:
    room.office.desk.language = Lang.ZH_HANS
    ticket = await room.opens()
    prompt = await room.press(WANG, Verb.EXTEND, ticket.id)
    refused = await room.say(WANG, "等专家意见", prompt)
    assert room.read(refused) == "编号 1：该类事项不能延期。"
    refused = await room.press(WANG, Verb.APPROVE, 9)
    assert room.read(refused) == "没有复核 9。"
