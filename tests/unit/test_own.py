"""A citizen's own questions with staff: looked at, asked for and withdrawn, without a platform."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.commands import own_pages
from bot.desk.tickets import Agent, Deadlines, State, Ticket
from bot.render import Bureau
from bot.store.memory import MemoryStore
from bot.types import Address, Delivery, Reason
from knowledge.types import Lang
from tests.unit.shelf import Shelf
from tests.unit.talk import NOON, Talk

WANG = Agent("telegram:9", "王芳")


@pytest.fixture
def talk() -> Talk:
    return Talk(MemoryStore(), Shelf())


def labels(delivery: Delivery) -> list[list[str]]:
    return [[button.label for button in row] for row in delivery.buttons]


async def test_status_shows_what_waits_first_with_its_day_and_its_buttons(talk: Talk) -> None:
    await talk.says("/human 居住证多久能办好")
    await talk.says("/human 押金两个月没有退")
    await talk.desk.reply(2, WANG, "请先与房东协商。")
    await sent(talk)
    _, said = await talk.says("/status")
    lines = said.plain.split("\n")
    assert lines[1].startswith("编号 1（等待处理）：居住证")
    assert lines[2] == "最迟 2026-11-25 回复。"
    assert lines[3].startswith("编号 2（已回复）")
    assert len(lines) == 4
    assert labels(said) == [["催办 1 号", "撤回 1 号"]]


async def test_a_press_is_noted_once_a_day(talk: Talk) -> None:
    await talk.says("/human 居住证多久能办好")
    _, status = await talk.says("/status")
    _, said = await talk.presses(status, "催办 1 号")
    assert said.plain == "编号 1 已催办，工作人员已看到。\n最迟 2026-11-25 回复。"
    _, said = await talk.presses(status, "催办 1 号")
    assert said.plain == "编号 1 今天已经催办过，工作人员已知悉。\n最迟 2026-11-25 回复。"
    [ticket] = await talk.tickets()
    assert ticket.deadlines.presses == 1


@pytest.mark.parametrize("words", ["催办", "怎么还没回复？", "any news?", "返事はまだですか"])
async def test_words_ask_for_the_one_that_waits(talk: Talk, words: str) -> None:
    await talk.says("/human 居住证多久能办好")
    await talk.says(words)
    [ticket] = await talk.tickets()
    assert ticket.deadlines.presses == 1


async def test_of_several_the_citizen_names_one(talk: Talk) -> None:
    await talk.says("/human 居住证多久能办好")
    await talk.says("/human 押金两个月没有退")
    _, said = await talk.says("催一下")
    assert labels(said) == [["催办 2 号", "撤回 2 号"], ["催办 1 号", "撤回 1 号"]]
    assert [one.deadlines.presses for one in await talk.tickets()] == [0, 0]


async def test_who_has_asked_nothing_presses_nothing(talk: Talk) -> None:
    _, said = await talk.says("怎么还没回复")
    assert said.plain == "您目前没有交由工作人员处理的问题。"


async def test_a_question_is_withdrawn_after_a_yes_only(talk: Talk) -> None:
    await talk.says("/human 居住证多久能办好")
    _, status = await talk.says("/status")
    _, confirm = await talk.presses(status, "撤回 1 号")
    assert confirm.plain == "要撤回编号 1 吗？撤回后工作人员不再答复。"
    _, said = await talk.presses(confirm, "否，保留")
    assert said.plain == "好的，编号 1 继续由工作人员办理。"
    assert [one.state for one in await talk.tickets()] == [State.OPEN]
    _, said = await talk.presses(confirm, "是，撤回")
    assert said.plain == "编号 1 已撤回。有问题随时可以再问。"
    assert await talk.tickets() == []
    _, said = await talk.presses(confirm, "是，撤回")
    assert said.plain.startswith("编号 1 已不在办理中：")


@pytest.mark.parametrize("action", ["press:1", "withdraw:1:1"])
async def test_nobody_moves_what_another_one_asked(talk: Talk, action: str) -> None:
    await talk.says("/human 居住证多久能办好")
    before = await talk.tickets()
    _, said = await talk.forges(action, chat="1002", sender="1002")
    assert said.plain == "没有编号为 1 的问题。"
    assert await talk.tickets() == before
    _, said = await talk.forges(action.replace(":1", ":77", 1))
    assert said.plain == "没有编号为 77 的问题。"


@pytest.mark.parametrize("action", ["press:1", "withdraw:1:1"])
async def test_in_a_group_nobody_is_known_to_have_asked(talk: Talk, action: str) -> None:
    await talk.says("/human 居住证多久能办好", chat="-55")
    before = await talk.tickets()
    _, said = await talk.forges(action, chat="-55", sender="1002")
    assert "当众" in said.plain
    assert await talk.tickets() == before


# What staff merged into somebody else's

OTHER = {"chat": "1002", "sender": "1002"}


async def merged(talk: Talk) -> None:
    """No. 2, of 1002, is answered with No. 1."""
    await talk.says("/human 居住证多久能办好")
    await talk.says("/human 居住证几天办好", **OTHER)
    await talk.desk.merge(2, 1, WANG)
    await sent(talk)


async def test_what_was_merged_has_the_day_of_the_one_that_it_is_answered_with(
    talk: Talk,
) -> None:
    await merged(talk)
    await talk.desk.claim(1, WANG)
    await sent(talk)
    _, said = await talk.says("/status", **OTHER)
    assert said.plain.split("\n")[1:] == [
        "编号 2（处理中）：居住证几天办好",
        "最迟 2026-11-25 回复。",
    ]
    assert labels(said) == [["催办 2 号"]]


async def test_what_was_merged_shows_the_reply_that_the_other_one_got(talk: Talk) -> None:
    await merged(talk)
    _, status = await talk.says("/status", **OTHER)
    await talk.desk.reply(1, WANG, "五个工作日。\n请带收据来取。")
    await sent(talk)
    _, said = await talk.says("/status", **OTHER)
    assert said.plain.split("\n")[1:] == [
        "编号 2（已回复）：居住证几天办好",
        "五个工作日。 请带收据来取。",
    ]
    assert labels(said) == []
    _, said = await talk.presses(status, "催办 2 号", **OTHER)
    assert said.plain == "编号 2 已不在办理中：已回复。\n五个工作日。\n请带收据来取。"


async def test_what_another_one_thinks_of_the_reply_is_not_told(talk: Talk) -> None:
    await merged(talk)
    await talk.desk.reply(1, WANG, "五个工作日。")
    await sent(talk)
    await talk.forges("rate:1:3")
    assert (await talk.desk.look(1))[0].state is State.RATED
    _, said = await talk.says("/status", **OTHER)
    assert "编号 2（已回复）" in said.plain


async def test_whoever_asked_the_same_asks_for_it_too(talk: Talk) -> None:
    await merged(talk)
    await talk.says("催办")
    _, said = await talk.says("催办", **OTHER)
    assert said.plain == "编号 2 已催办，工作人员已看到。\n最迟 2026-11-25 回复。"
    [ticket] = await talk.tickets()
    assert (ticket.id, ticket.deadlines.presses) == (1, 1)


async def test_what_was_merged_is_pressed_for_where_it_is_answered(talk: Talk) -> None:
    await merged(talk)
    await talk.says("催办", **OTHER)
    [ticket] = await talk.tickets()
    assert (ticket.id, ticket.deadlines.presses) == (1, 1)


async def test_what_was_merged_is_not_withdrawn_for_others(talk: Talk) -> None:
    await merged(talk)
    _, said = await talk.forges("withdraw:2:1", **OTHER)
    assert said.plain == (
        "编号 2 与他人提出的相同问题合并办理，一并答复，无法单独撤回。\n最迟 2026-11-25 回复。"
    )
    assert [one.id for one in await talk.tickets()] == [1]


async def sent(talk: Talk) -> None:
    """What staff said is on its way to nobody any more."""
    async with talk.store.begin() as work:
        for queued in await work.outbox.due(at=NOON):
            await work.outbox.sent(queued.id, platform_id=f"x{queued.id}", at=NOON)


def ticket(due: datetime | None, state: State = State.OPEN, *, paused: bool = False) -> Ticket:
    return Ticket(
        id=1,
        state=state,
        message_id="m1",
        asked_from=Address("telegram", "1001"),
        question="养狗要办什么证？",
        language=Lang.EN,
        reason=Reason.UNSURE,
        opened=NOON,
        changed=NOON,
        deadlines=Deadlines(resolution=due, paused=NOON if paused else None),
    )


def test_the_day_is_the_one_at_the_bureau() -> None:
    new_york = ZoneInfo("America/New_York")
    due = datetime(2026, 11, 25, 23, 59, 59, tzinfo=new_york).astimezone(UTC)  # the 26th in UTC
    line = own_pages.due_line(Lang.EN, ticket(due), Bureau(), NOON.astimezone(new_york))
    assert line == "Reply by 2026-11-25."


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            ticket(NOON - timedelta(days=1)),
            "The reply was due by 2026-11-22. We are sorry; you can also call 12345.",
        ),
        (
            ticket(NOON, State.ASKED, paused=True),
            "Our staff asked you something, and go on when you answer.",
        ),
        (ticket(NOON, paused=True), "Our staff wait for others who are asked about it."),
        (ticket(None), "You will have a reply here."),
    ],
)
def test_a_day_is_named_only_where_there_is_one(one: Ticket, line: str) -> None:
    assert own_pages.due_line(Lang.EN, one, Bureau(), NOON) == line


async def test_what_is_promised_is_what_the_clock_has(talk: Talk) -> None:
    _, said = await talk.says("/human 居住证多久能办好")
    assert "2 个工作日" in said.plain
    _, asked = await talk.says("我要投诉：小区物业乱收停车费，没有人管")
    _, said = await talk.presses(asked, labels(asked)[0][0])
    assert "您的投诉" in said.plain
    assert "5 个工作日" in said.plain
