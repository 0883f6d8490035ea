"""Dialogs that are no policy questions: what is said, and what reaches staff."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.tickets import TicketKind
from bot.privacy import mask
from bot.store.memory import MemoryStore
from bot.types import Reason, Result, Style
from tests.unit.shelf import RENT, THREE, UNSURE, Shelf
from tests.unit.talk import Talk

SURE = "泊位月租多少？"


@pytest.fixture
def talk() -> Talk:
    found = replace(THREE, hits=(replace(RENT, probability=0.95),))
    return Talk(MemoryStore(), Shelf(found={SURE: found, UNSURE: THREE}))


async def said(talk: Talk, text: str) -> tuple[Result, Reason | None, str]:
    outcome, delivery = await talk.says(text)
    return outcome.result, outcome.reason, delivery.plain


@pytest.mark.parametrize(
    ("text", "reply"),
    [
        ("今天天气怎么样？", "我只熟悉政策，这个我答不好。想问政策，随时告诉我。"),
        ("再见", "再见，祝您一切顺利。"),
        ("你真笨", "很抱歉没有帮上您。请换个说法再问一次，或者点按钮找工作人员。"),
        ("how are you?", "I only know my way about policies. Ask me about one whenever you like."),
    ],
)
async def test_small_talk_gets_a_line_and_no_ticket(talk: Talk, text: str, reply: str) -> None:
    assert await said(talk, text) == (Result.SMALL_TALK, None, reply)
    assert await talk.tickets() == []


async def test_a_complaint_is_shown_before_it_is_handed_over(talk: Talk) -> None:
    outcome, delivery = await talk.says("我要投诉三号窗口，跑了三趟都不给办")
    assert outcome.result is Result.SMALL_TALK
    assert delivery.plain == (
        "要把下面这段话作为投诉转交工作人员吗？您不同意，我就不转交。\n"
        "我要投诉三号窗口，跑了三趟都不给办"
    )
    assert [b.label for row in delivery.buttons for b in row] == ["是，转交", "不，查政策"]
    assert await talk.tickets() == []
    _, told = await talk.presses(delivery, "是，转交")
    assert "您的投诉已转交工作人员：编号 1。" in told.plain
    [ticket] = await talk.tickets()
    assert (ticket.kind, ticket.question) == (
        TicketKind.COMPLAINT,
        "我要投诉三号窗口，跑了三趟都不给办",
    )


async def test_a_typed_yes_hands_a_suggestion_over(talk: Talk) -> None:
    await talk.says("建议你们周末也开放大厅")
    _, told = await talk.says("好的")
    assert "您的建议已转交工作人员：编号 1。" in told.plain
    [ticket] = await talk.tickets()
    assert ticket.kind is TicketKind.SUGGESTION


async def test_what_is_written_after_the_announcement_is_handed_over(talk: Talk) -> None:
    _, asked = await talk.says("我要投诉")
    assert asked.plain == "请用一条消息写下您的投诉，我会原样转交工作人员。"
    await talk.says("三号窗口态度恶劣")
    [ticket] = await talk.tickets()
    assert (ticket.kind, ticket.question) == (TicketKind.COMPLAINT, "三号窗口态度恶劣")


async def test_a_complaint_may_be_taken_for_a_question_after_all(talk: Talk) -> None:
    talk.shelf.found["投诉泊位月租太贵"] = talk.shelf.found[SURE]
    _, delivery = await talk.says("投诉泊位月租太贵")
    outcome, answer = await talk.presses(delivery, "不，查政策")
    assert outcome.result is Result.ANSWERED
    assert "泊位月租为每米120元" in answer.plain
    assert await talk.tickets() == []


async def test_another_question_instead_of_a_yes_hands_nothing_over(talk: Talk) -> None:
    await talk.says("投诉三号窗口态度恶劣")
    assert (await said(talk, SURE))[0] is Result.ANSWERED
    assert (await said(talk, "好的"))[0] is Result.SMALL_TALK
    assert await talk.tickets() == []


@pytest.mark.parametrize("action", ["complain:1:1", "suggest:99:1", "complain:1", "complain"])
async def test_a_forged_hand_over_does_nothing(talk: Talk, action: str) -> None:
    await talk.says(SURE, chat="2002", sender="2002")
    await talk.forges(action)
    assert await talk.tickets() == []


async def test_an_emergency_is_the_first_line(talk: Talk) -> None:
    result, _, text = await said(talk, "救命！有人拿着刀在大厅里")
    assert result is Result.EMERGENCY
    assert text.startswith("如遇紧急情况，请立即拨打 110 / 119 / 120。\n")


async def test_beside_an_emergency_the_question_is_answered(talk: Talk) -> None:
    both = "我爸晕倒了叫不醒！泊位补贴怎么退？"
    talk.shelf.found[both] = talk.shelf.found[SURE]
    result, _, text = await said(talk, both)
    assert result is Result.ANSWERED
    assert text.startswith("如遇紧急情况，请立即拨打 110 / 119 / 120。\n")
    assert "泊位月租为每米120元" in text


FRAUD = "请注意，这可能是诈骗。\n我们从不在聊天或电话中要求转账"


async def test_a_fraud_is_warned_of_without_a_ticket(talk: Talk) -> None:
    result, reason, text = await said(talk, "有人说是社保局的，让我把钱转到安全账户")
    assert (result, reason) == (Result.BLOCKED, Reason.FRAUD)
    assert text.startswith(FRAUD)
    assert "96110" in text
    assert "12345" in text
    assert await talk.tickets() == []


async def test_beside_a_fraud_the_question_is_answered(talk: Talk) -> None:
    both = "有人让我先交手续费，泊位月租多少？"
    talk.shelf.found[both] = talk.shelf.found[SURE]
    result, _, text = await said(talk, both)
    assert result is Result.ANSWERED
    assert text.startswith(FRAUD)
    assert "泊位月租为每米120元" in text


async def test_what_no_bureau_answers_names_the_hotline_and_opens_no_ticket(talk: Talk) -> None:
    outcome, delivery = await talk.says("红烧肉怎么做？")
    assert (outcome.result, outcome.reason) == (Result.BLOCKED, Reason.OUT_OF_SCOPE)
    assert "请拨打 12345" in delivery.plain
    assert await talk.tickets() == []
    await talk.presses(delivery, "转人工")
    [ticket] = await talk.tickets()
    assert ticket.question == "红烧肉怎么做？"


async def test_what_the_index_answers_is_in_scope_and_what_it_would_offer_is_not(
    talk: Talk,
) -> None:
    recipe = "红烧肉怎么做？"
    talk.shelf.found[recipe] = talk.shelf.found[SURE]
    assert (await said(talk, recipe))[0] is Result.ANSWERED
    talk.shelf.found[recipe] = THREE
    assert (await said(talk, recipe))[0] is Result.BLOCKED


async def test_the_citizen_is_told_what_was_masked_once_and_last(talk: Talk) -> None:
    masked = mask("我的电话13800138000和13900139000，养鹦鹉要证吗")
    _, _, text = await said(talk, masked)
    assert text.endswith("\n\n为保护您的隐私，保存之前已隐去消息中的：电话号码。")
    assert text.count("隐去") == 1


async def test_a_mask_does_not_decide_the_language(talk: Talk) -> None:
    outcome, _ = await talk.says(mask("call me 13800138000"))
    assert outcome.language == "en"


async def test_the_same_question_waits_once(talk: Talk) -> None:
    for text in ("养鹦鹉要证吗", "养鹦鹉要证吗 ", "養鸚鵡要證嗎"):
        assert "编号 1" in (await said(talk, text))[2] or "編號 1" in (await said(talk, text))[2]
    assert len(await talk.tickets()) == 1


async def test_a_flood_of_questions_does_not_reach_staff(talk: Talk) -> None:
    replies = [await said(talk, f"第{number}只鹦鹉要证吗") for number in range(12)]
    assert len(await talk.tickets()) == 10
    assert replies[-1][:2] == (Result.BLOCKED, Reason.TOO_MANY)
    assert "一小时内已转交您的 10 个问题，这一条没有再转交。" in replies[-1][2]


async def test_simple_replies_are_the_rule_and_its_source(talk: Talk) -> None:
    _, full = await talk.says(SURE)
    await talk.says("/simple")
    outcome, short = await talk.says(SURE)
    assert outcome.result is Result.ANSWERED
    assert [(span.style, span.text.strip()) for span in short.body if span.text.strip()] == [
        (Style.QUOTE, "第三章 收费\n第九条　泊位月租为每米120元。"),
        (
            Style.PLAIN,
            (
                "《澜港市港务局关于印发〈澜港市游船泊位管理办法〉的通知》 澜港务规〔2025〕2号 "
                "第三章 收费 第九条 · 澜港市港务局 · 2025-03-01 · 现行有效"
            ),
        ),
    ]
    assert sum(len(row) for row in short.buttons) < sum(len(row) for row in full.buttons)
    await talk.says("/simple")
    assert (await talk.says(SURE))[1].body == full.body


async def test_a_simple_reply_does_not_tear_an_item_from_what_holds_for_it() -> None:
    text = "第九条　有下列情形之一的，不予退还押金：\n（一）提前退租的；\n（二）拖欠租金的。"
    item = (text.index("（一）"), text.index("\n（二）"))
    passage = replace(RENT.passage, text=text, end=len(text))
    hit = replace(RENT, passage=passage, probability=0.95, answering=item)
    talk = Talk(MemoryStore(), Shelf(found={SURE: replace(THREE, hits=(hit,))}))
    await talk.says("/simple")
    _, short = await talk.says(SURE)
    assert "不予退还押金" in short.plain
