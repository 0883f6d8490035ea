"""What comes of an offer, message by message."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby

import pytest

from bot.desk import cards
from bot.desk.tickets import Ticket, TicketKind
from bot.store.memory import MemoryStore
from bot.types import Delivery, Outcome, Reason, Result, Style
from index.types import Found
from knowledge.types import Lang
from tests.unit.shelf import ASKED, DEPOSIT, FARE, LINE, RENT, THREE, UNSURE, Shelf
from tests.unit.talk import Talk

NONE = "都不是，请人工回答"
SURE = "轮渡票多少钱？"
FERRY_UNSURE = "坐轮渡要花多少？"
REPHRASED = "租泊位贵不贵？"
FOUND = {
    UNSURE: THREE,
    SURE: Found(hits=(replace(FARE, probability=0.9),), line=LINE),
    FERRY_UNSURE: Found(hits=(FARE,), line=LINE),
    REPHRASED: Found(hits=(DEPOSIT, RENT), line=LINE),
}


@pytest.fixture
def talk() -> Talk:
    return Talk(MemoryStore(), Shelf(dict(FOUND)))


def quotes(delivery: Delivery) -> list[str]:
    """What is quoted, in one text for each run of quoted and marked spans."""
    groups = groupby(delivery.body, key=lambda span: span.style in {Style.QUOTE, Style.MARK})
    return ["".join(span.text for span in spans) for quoted, spans in groups if quoted]


async def offered(talk: Talk) -> Delivery:
    outcome, told = await talk.says(UNSURE)
    assert outcome.result is Result.CLARIFY
    assert len(outcome.choices) == 3
    return told


def answers_with_the_rent(outcome: Outcome, told: Delivery) -> None:
    assert outcome.result is Result.ANSWERED
    assert [one.passage_id for one in outcome.citations] == ["berths#9"]
    assert outcome.probability is None  # a person chose; nothing was measured
    assert outcome.picked is not None
    assert quotes(told) == ["第三章 收费\n第九条　泊位月租为每米120元。"]
    assert "澜港务规〔2025〕2号" in told.plain
    assert "现行有效" in told.plain


def told_staff(ticket: Ticket) -> str:
    return "\n".join(cards.evidence_lines(ticket.evidence, language=Lang.ZH_HANS))


async def test_a_choice_is_shown_as_any_answer_is(talk: Talk) -> None:
    told = await offered(talk)
    outcome, answer = await talk.presses(told, "1")
    answers_with_the_rent(outcome, answer)
    labels = [button.label for row in answer.buttons for button in row]
    assert labels == ["查看原文", "转人工", "有帮助", "没有帮助", "有变化时通知我"]
    assert await talk.tickets() == []


@pytest.mark.parametrize("words", ["1", "第一个", "the first", "1번", "一つ目", "第九条"])
async def test_a_choice_can_be_typed(talk: Talk, words: str) -> None:
    await offered(talk)
    answers_with_the_rent(*await talk.says(words))


async def test_the_record_tells_which_offer_a_passage_was_picked_from(talk: Talk) -> None:
    told = await offered(talk)
    outcome, _ = await talk.presses(told, "1")
    assert outcome.picked == int(told.buttons[0][0].action.split(":")[1])
    answered, _ = await talk.says(SURE)
    assert answered.picked is None


@pytest.mark.parametrize("way", ["不，查政策", "none fits"])
async def test_a_complaint_that_was_looked_up_first_stays_one(talk: Talk, way: str) -> None:
    complaint = "我要投诉泊位租金太贵"
    talk.shelf.found[complaint] = (
        Found(hits=(), line=LINE) if way == "不，查政策" else FOUND[UNSURE]
    )
    _, asked = await talk.says(complaint)
    outcome, told = await talk.presses(asked, "不，查政策")
    if outcome.result is Result.CLARIFY:
        await talk.presses(told, NONE)
    [ticket] = await talk.tickets()
    assert (ticket.kind, ticket.question) == (TicketKind.COMPLAINT, complaint)


async def test_another_choice_can_be_looked_at_afterwards(talk: Talk) -> None:
    told = await offered(talk)
    await talk.presses(told, "3")
    answers_with_the_rent(*await talk.says("1"))
    outcome, answer = await talk.presses(told, "2")
    assert outcome.citations[0].passage_id == "berths-explained#0"
    assert "先前的问题" not in answer.plain


async def test_pressing_twice_is_one_answer(talk: Talk) -> None:
    told = await offered(talk)
    await talk.presses(told, "1")
    outcome, answer = await talk.presses(told, "1")
    assert outcome.result is Result.SMALL_TALK
    assert answer.plain == "您刚选过这一条，内容就在上面。"


async def test_none_of_them_opens_one_ticket_that_tells_what_was_offered(talk: Talk) -> None:
    told = await offered(talk)
    outcome, answer = await talk.presses(told, NONE)
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, Reason.NONE_FITTED)
    assert "看来我没有找到您要问的内容。" in answer.plain
    assert "编号 1" in answer.plain
    [ticket] = await talk.tickets()
    assert (ticket.question, ticket.reason) == (UNSURE, Reason.NONE_FITTED)
    assert told_staff(ticket).split("\n") == [
        "已给市民看过的条文：",
        (
            "1. 澜港市港务局关于印发《澜港市游船泊位管理办法》的通知 第三章 收费 第九条: "
            "泊位月租为每米120元。"
        ),
        (
            "2. 《澜港市游船泊位管理办法》政策解读 问：租一个泊位多少钱？: "
            "三、问答 问：租一个泊位多少钱？ 答：每米每月120元，电费另算。"
        ),
        "3. 澜港市轮渡票价规定 第二条: 轮渡单程票价为4元。",
    ]
    await talk.presses(told, NONE)
    await talk.says("人工")
    assert [one.id for one in await talk.tickets()] == [1]


async def test_none_can_be_typed(talk: Talk) -> None:
    await offered(talk)
    outcome, _ = await talk.says("都不是")
    assert outcome.reason is Reason.NONE_FITTED
    assert len(await talk.tickets()) == 1


async def test_a_second_unsure_round_on_the_same_matter_is_a_ticket(talk: Talk) -> None:
    await offered(talk)
    outcome, answer = await talk.says(REPHRASED)
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, Reason.UNSURE)
    labels = [button.label for row in answer.buttons for button in row]
    assert labels == ["能回答时通知我"]
    [ticket] = await talk.tickets()
    assert ticket.question == REPHRASED
    assert "已给市民看过的条文：" in told_staff(ticket)
    assert "50% 澜港市港务局" in told_staff(ticket)  # and what came near this time


async def test_another_question_is_a_new_one_with_an_offer_of_its_own(talk: Talk) -> None:
    await offered(talk)
    outcome, told = await talk.says("游船展几点开门？")
    assert outcome.result is Result.UNRESOLVED
    outcome, told = await talk.says(FERRY_UNSURE)
    assert outcome.result is Result.CLARIFY
    assert "您要问的是这个吗？" in told.plain
    outcome, told = await talk.says("是")
    assert outcome.result is Result.ANSWERED
    assert quotes(told) == ["第二条　轮渡单程票价为4元。"]


async def test_after_a_choice_the_next_unsure_question_is_offered_choices_again(
    talk: Talk,
) -> None:
    await talk.presses(await offered(talk), "1")
    outcome, _ = await talk.says(REPHRASED)
    assert outcome.result is Result.CLARIFY


async def test_the_offer_ends_with_another_question_but_its_buttons_still_work(
    talk: Talk,
) -> None:
    told = await offered(talk)
    outcome, _ = await talk.says(SURE)
    assert outcome.result is Result.ANSWERED
    outcome, answer = await talk.says("1")  # no offer is open: one digit asks nothing
    assert outcome.result is Result.BLOCKED
    outcome, answer = await talk.presses(told, "1")
    answers_with_the_rent(outcome, answer)
    assert answer.plain.startswith(f"这一条对应您先前的问题：{UNSURE}\n\n")


async def test_an_old_offer_does_not_end_what_the_next_message_is_for(talk: Talk) -> None:
    told = await offered(talk)  # ledger id 1
    await talk.presses(told, NONE)  # ticket 1
    await talk.forges("more:1")
    _, answer = await talk.presses(told, "1")
    assert answer.plain.startswith("这一条对应您先前的问题：")
    _, answer = await talk.says("押金也请说明")
    assert "编号 1" in answer.plain
    assert [one.question for one in await talk.tickets()] == [UNSURE]


@pytest.mark.parametrize("between", ["谢谢", "/help", "😀"])
async def test_small_talk_in_between_does_not_end_an_offer(talk: Talk, between: str) -> None:
    await offered(talk)
    await talk.says(between)
    answers_with_the_rent(*await talk.says("1"))


async def test_an_offer_outlives_a_restart(talk: Talk) -> None:
    told = await offered(talk)
    answers_with_the_rent(*await talk.restarted().presses(told, "1"))
    outcome, _ = await talk.restarted().says("2")
    assert outcome.citations[0].passage_id == "berths-explained#0"


@pytest.mark.parametrize("how", ["gone", "rewritten"])
async def test_a_passage_that_changed_meanwhile_is_searched_again_never_shown(
    talk: Talk, how: str
) -> None:
    told = await offered(talk)
    if how == "gone":
        talk.shelf.gone.add("berths#9")
    else:
        newer = replace(RENT.passage, text="第九条　泊位月租为每米150元。")
        talk.shelf.rewritten["berths#9"] = replace(RENT, passage=newer)
    sure = replace(DEPOSIT, probability=0.9)
    talk.shelf.found[UNSURE] = Found(hits=(sure,), line=LINE)
    outcome, answer = await talk.presses(told, "1")
    assert outcome.result is Result.ANSWERED
    assert quotes(answer) == [DEPOSIT.passage.text]
    assert answer.plain.startswith("文件有了变化，刚才那一条不能再用，我重新查了一遍。\n\n")


async def test_searching_again_makes_no_second_offer(talk: Talk) -> None:
    told = await offered(talk)
    talk.shelf.gone.add("berths#9")
    talk.shelf.found[UNSURE] = Found(hits=(ASKED, FARE), line=LINE)
    outcome, _ = await talk.presses(told, "1")
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, Reason.UNSURE)
    [ticket] = await talk.tickets()
    assert ticket.question == UNSURE


async def test_without_a_release_a_choice_goes_to_staff(talk: Talk) -> None:
    told = await offered(talk)
    talk.shelf.loaded = False
    outcome, answer = await talk.presses(told, "1")
    assert outcome.reason is Reason.NOT_READY
    assert "文件有了变化" not in answer.plain
    assert len(await talk.tickets()) == 1


async def test_only_who_asked_may_choose_in_a_group(talk: Talk) -> None:
    _, told = await talk.says(UNSURE, chat="-55")
    outcome, note = await talk.presses(told, "1", chat="-55", sender="1002")
    assert outcome.result is Result.SMALL_TALK
    assert note.plain == "只有提问的人可以在这里选。您想问什么，请直接发给我。"
    outcome, note = await talk.presses(told, NONE, chat="-55", sender="1002")
    assert outcome.result is Result.SMALL_TALK
    outcome, _ = await talk.says("1", chat="-55", sender="1002")
    assert outcome.result is Result.BLOCKED
    assert await talk.tickets() == []
    answers_with_the_rent(*await talk.presses(told, "1", chat="-55"))


@pytest.mark.parametrize(
    "action", ["pick", "pick:1", "pick:1:9", "pick:99:1", "pick:2:1", "pick:1:1:1"]
)
async def test_a_forged_choice_does_nothing(talk: Talk, action: str) -> None:
    await offered(talk)
    await talk.says(SURE)  # ledger id 2: it has no choices
    outcome, told = await talk.forges(action)
    assert outcome.result is Result.SMALL_TALK
    assert "政策" in told.plain
    assert await talk.tickets() == []


async def test_a_choice_of_another_conversation_is_forged(talk: Talk) -> None:
    told = await offered(talk)
    outcome, answer = await talk.presses(told, "1", chat="1002", sender="1002")
    assert outcome.result is Result.SMALL_TALK
    assert quotes(answer) == []


async def test_a_person_can_be_asked_for_with_an_offer_or_after_a_choice(talk: Talk) -> None:
    told = await offered(talk)
    _, answer = await talk.presses(told, "1")
    outcome, _ = await talk.presses(answer, "转人工")
    assert outcome.result is Result.HUMAN_REQUESTED
    [ticket] = await talk.tickets()
    assert ticket.question == UNSURE
    assert "已给市民看过的条文：" in told_staff(ticket)
    await talk.says("人工")
    assert len(await talk.tickets()) == 1


async def test_the_ledger_counts_an_offer_and_then_an_answer(talk: Talk) -> None:
    told = await offered(talk)
    await talk.presses(told, "1")
    async with talk.store.begin() as work:
        results = [past.outcome.result for n in (1, 2) if (past := await work.inbox.get(n))]
    assert results == [Result.CLARIFY, Result.ANSWERED]
