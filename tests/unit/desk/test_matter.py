"""Whether a message is about the matter of a ticket, and what citizens are told of who has it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk.handover import told
from bot.desk.matter import concerns, is_open
from bot.desk.roster import Roster
from bot.desk.tickets import Evidence, Lead, State, Ticket
from bot.render import Bureau, Page
from tests.unit.desk.office import LI, ROSTER, WANG
from tests.unit.desk.test_moves import TICKET, in_state


def about(question: str) -> Ticket:
    return replace(TICKET, question=question)


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ("养狗要办什么证？", "养狗证在哪里办？"),
        ("养狗要办什么证？", "请问养狗的证件丢了怎么补办"),
        ("泊位一个月要多少钱？", "那泊位租金一年多少钱呢"),
        ("渔船年检要带哪些材料", "漁船年檢可以網上辦嗎"),
        ("How do I register a fishing boat?", "Where can I register my fishing boat"),
    ],
)
def test_the_same_words_are_the_same_matter(asked: str, then: str) -> None:
    assert concerns(about(asked), then)
    assert concerns(about(then), asked)


@pytest.mark.parametrize(
    ("asked", "then"),
    [
        ("养狗要办什么证？", "养猫要办什么证？"),
        ("泊位租金多少钱", "泊位押金退吗"),
        ("渔船年检要带哪些材料", "船员证要带哪些材料"),
        ("How do I register a fishing boat?", "How do I register a company?"),
        ("养狗要办什么证？", "谢谢"),
        ("怎么办？", "怎么办？"),
    ],
)
def test_words_that_fit_every_policy_make_no_matter(asked: str, then: str) -> None:
    assert not concerns(about(asked), then)


def test_what_the_citizen_was_shown_before_is_the_same_matter() -> None:
    lead = Lead(passage_id="p1", document_id="d", title="t", address="第一条", quote="q")
    ticket = replace(TICKET, evidence=Evidence(leads=(replace(lead, offered=True),)))
    assert concerns(ticket, "摊位怎么收费", passages={"p1"})
    assert not concerns(ticket, "摊位怎么收费", passages={"p2"})
    only_near = replace(TICKET, evidence=Evidence(leads=(lead,)))
    assert not concerns(only_near, "摊位怎么收费", passages={"p1"})


@pytest.mark.parametrize(
    "text",
    ["谢谢", "还有吗", "那怎么办", "好的", "你好", "需要什么材料？", "thanks", "ok", "감사합니다"],
)
def test_some_messages_say_nothing_of_what_they_are_about(text: str) -> None:
    assert is_open(text)


@pytest.mark.parametrize("text", ["养狗要办证吗", "人工", "/help", "催办", "你是谁", "着火了"])
def test_others_do_or_are_for_the_bot(text: str) -> None:
    assert not is_open(text)


def after_move(
    before: Ticket, after: Ticket, *, names: bool = False, roster: Roster = ROSTER
) -> str:
    page: Page | None = told(
        before, after, names=names, roster=roster, bureau=Bureau(name="港务局")
    )
    return "" if page is None else "".join(span.text for span in page.body)


OPEN, CLAIMED = in_state(State.OPEN), replace(in_state(State.CLAIMED), department="")


def test_who_takes_it_over_is_named_as_the_bureau_wants() -> None:
    assert "由港务局人工处理" in after_move(OPEN, CLAIMED)
    assert "由住房科人工处理" in after_move(OPEN, replace(CLAIMED, department="housing"))
    assert "由王芳人工处理" in after_move(OPEN, CLAIMED, names=True)


def test_it_is_said_once_while_the_same_one_has_it() -> None:
    for state in (State.CONSULTING, State.ASKED, State.REVIEWING):
        assert after_move(CLAIMED, replace(CLAIMED, state=state)) == ""
        assert after_move(replace(CLAIMED, state=state), CLAIMED) == ""
    other = replace(CLAIMED, holder=LI)
    assert after_move(CLAIMED, other) == ""
    assert "由李雷人工处理" in after_move(CLAIMED, other, names=True)


@pytest.mark.parametrize("state", [State.OPEN, State.TRIAGED])
def test_that_it_waits_again_is_said(state: State) -> None:
    assert "重新等待" in after_move(CLAIMED, replace(in_state(state), department="housing"))


@pytest.mark.parametrize("state", [State.ANSWERED, State.ARCHIVED, State.WITHDRAWN, State.MERGED])
def test_what_is_done_is_told_by_what_did_it(state: State) -> None:
    assert after_move(CLAIMED, in_state(state)) == ""
    assert after_move(OPEN, in_state(state)) == ""


def test_nobody_is_named_who_holds_nothing() -> None:
    assert after_move(OPEN, replace(OPEN, department="housing", state=State.TRIAGED)) == ""
    assert after_move(OPEN, replace(OPEN, assigned=WANG)) == ""
