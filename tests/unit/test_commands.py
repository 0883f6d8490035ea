"""The table of commands: complete in five languages, and every row does something."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.commands import pages
from bot.commands.command import Command
from bot.commands.pages import OWN_NAMES
from bot.commands.table import COMMANDS, menu, menus
from bot.intents import Intent, recognise
from bot.store.memory import MemoryStore
from bot.texts import SOURCE, catalogue, say
from bot.types import Result
from index.types import Found
from knowledge.types import Lang
from tests.unit.shelf import FARE, LINE, RENT, Shelf
from tests.unit.talk import Talk

ANSWERED_BY_THE_CONVERSATION = {Intent.HUMAN}
RENTING = "泊位月租是多少？"


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command.name)
def test_a_command_is_recognised_and_has_a_handler(command: Command) -> None:
    assert recognise(f"/{command.name}") is command.intent
    assert recognise(f" /{command.name.upper()} ") is command.intent
    assert (command.handler is None) == (command.intent in ANSWERED_BY_THE_CONVERSATION)


@pytest.mark.parametrize("language", Lang)
def test_every_command_has_help_in_every_language(language: Lang) -> None:
    if language is not SOURCE:
        assert {c.help for c in COMMANDS} <= catalogue(language).keys()
    lines = menu(language)
    assert [name for name, _ in lines] == [command.name for command in COMMANDS]
    assert len({text for _, text in lines}) == len(lines)
    for name, text in lines:
        assert re.fullmatch(r"[a-z0-9_]{1,32}", name)
        assert 1 <= len(text) <= 40, "one line of a small phone"


@pytest.mark.parametrize("language", Lang)
def test_help_lists_every_command(language: Lang) -> None:
    page = pages.listed(language, COMMANDS)
    text = "".join(span.text for span in page.body)
    for command in COMMANDS:
        assert f"\n/{command.name}  {say(language, command.help)}" in text


def test_a_menu_for_each_language_that_telegram_can_name() -> None:
    assert list(menus(Lang.EN)) == ["", "zh", "en", "ko", "ja"]
    assert menus(Lang.EN)[""] == menus(Lang.EN)["en"]
    assert menus(Lang.ZH_HANT)["zh"] == menu(Lang.ZH_HANT)
    assert menus(Lang.KO)["zh"] == menu(Lang.ZH_HANS)


def test_every_language_is_offered_by_its_own_name() -> None:
    labels = [button.label for row in pages.languages(Lang.JA).buttons for button in row]
    assert labels == ["简体中文", "繁體中文", "English", "한국어", "日本語"]
    assert OWN_NAMES.keys() == set(Lang)


@pytest.mark.parametrize("typed", ["/dance", "/etc/hosts", "/askme about rent"])
async def test_an_unknown_command_brings_help(typed: str) -> None:
    outcome, delivery = await Talk(MemoryStore(), Shelf()).says(typed)
    assert outcome.result is Result.SMALL_TALK
    assert delivery.plain.startswith(
        (say(outcome.language, "I do not know this command."), "没有这个命令。")
    )
    assert "/help" in delivery.plain


async def test_the_bare_command_asks_for_the_question_and_opens_no_ticket() -> None:
    talk = Talk(MemoryStore(), Shelf())
    _, delivery = await talk.says("/ask")
    assert delivery.plain == "请用一条消息写下您的问题。"
    assert await talk.tickets() == []


@pytest.mark.parametrize("lines", [(f"/human {RENTING}",), ("/human", RENTING)])
async def test_who_wants_a_person_is_not_answered_but_staff_see_what_came_near(
    lines: tuple[str, ...],
) -> None:
    sure = Found(hits=(replace(RENT, probability=0.95), FARE), line=LINE)
    talk = Talk(MemoryStore(), Shelf({RENTING: sure}))
    for line in lines[:-1]:
        await talk.says(line)
    outcome, said = await talk.says(lines[-1])
    assert outcome.result is Result.HUMAN_REQUESTED
    assert RENT.passage.text not in said.plain
    [ticket] = await talk.tickets()
    assert [lead.quote for lead in ticket.evidence.leads] == [
        RENT.passage.text,
        FARE.passage.text,
    ]


async def test_what_follows_human_is_what_staff_get() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.says("泊位怎么租？")
    await talk.says("/human 我的押金两个月没有退")
    assert [one.question for one in await talk.tickets()] == [
        "泊位怎么租？",
        "我的押金两个月没有退",
    ]


async def test_cancel_drops_what_the_next_message_was_for() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.says("/human")
    _, said = await talk.says("/cancel")
    assert said.plain == "好的，已取消。有问题随时再问。"
    outcome, _ = await talk.says("你好")
    assert outcome.result is Result.SMALL_TALK
    _, said = await talk.says("/cancel")
    assert said.plain == "现在没有要取消的。有问题随时可以问。"


async def test_a_chosen_language_wins_over_the_one_that_is_written() -> None:
    talk = Talk(MemoryStore(), Shelf())
    _, offered = await talk.says("/language")
    _, said = await talk.presses(offered, "한국어")
    assert said.plain == "이제부터 한국어(으)로 답변드립니다."
    outcome, _ = await talk.says("泊位一个月要多少钱？")
    assert outcome.language is Lang.KO
    _, offered = await talk.restarted().says("/language")
    await talk.presses(offered, "English")
    outcome, _ = await talk.says("泊位一个月要多少钱？")
    assert outcome.language is Lang.EN


async def test_a_forged_language_changes_nothing() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.forges("lang:9")
    outcome, _ = await talk.says("泊位一个月要多少钱？")
    assert outcome.language is Lang.ZH_HANS


@pytest.mark.parametrize("command", ["/status", "/mydata", "/forget"])
async def test_what_concerns_one_person_is_not_shown_in_a_group(command: str) -> None:
    talk = Talk(MemoryStore(), Shelf())
    _, said = await talk.says(command, chat="-55")
    assert said.plain == "这是您个人的信息，不便当众显示。请与我单独对话，再发送一次。"
    assert said.buttons == ()
    assert said.attachment is None


async def test_a_button_to_erase_does_nothing_in_a_group() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.says("泊位一个月要多少钱？", chat="-55")
    _, said = await talk.forges("forget", chat="-55")
    assert "当众" in said.plain


async def test_a_person_asked_for_in_a_group_never_gets_the_question_of_another() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.says("我家的低保停了吗", chat="-55", sender="1001")
    before = await talk.tickets()
    outcome, said = await talk.says("/human", chat="-55", sender="1002")
    assert outcome.result is Result.HUMAN_REQUESTED
    assert said.ticket_id is None
    assert await talk.tickets() == before


async def test_only_whoever_was_asked_is_waited_for_in_a_group() -> None:
    talk = Talk(MemoryStore(), Shelf())
    await talk.says("/human", chat="-55", sender="1001")
    outcome, _ = await talk.says("你好", chat="-55", sender="1002")
    assert outcome.result is Result.SMALL_TALK
    await talk.says("/human", chat="-55", sender="1001")
    outcome, _ = await talk.says("轮渡几点开", chat="-55", sender="1002")
    assert outcome.result is Result.UNRESOLVED
