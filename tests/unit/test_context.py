"""Which questions lean on what was said before, by their form; and what that was."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.actions import Action, Verb
from bot.context import Form, core, form_of, names_aspect, topic_of, words_of
from bot.decide import cite
from bot.store.base import Past
from bot.types import Address, Message, Outcome, Result, Topic
from knowledge.types import Lang
from tests.unit.shelf import RENT, TODAY
from tests.unit.talk import NOON

LIMIT = timedelta(minutes=30)
BERTHS = Topic(
    document_id="berths",
    title="澜港市港务局关于印发《澜港市游船泊位管理办法》的通知",
    words="泊位月租",
    clause="第九条",
)


@pytest.mark.parametrize(
    ("question", "form"),
    [
        ("那需要什么材料？", Form.LEANS),
        ("多少钱呢", Form.LEANS),
        ("第二条呢", Form.LEANS),
        ("那第三款怎么规定", Form.LEANS),
        ("什么时候发", Form.LEANS),
        ("打到哪里？", Form.LEANS),
        ("What documents do I need?", Form.LEANS),
        ("How long does it take?", Form.LEANS),
        ("그럼 서류는요?", Form.LEANS),
        ("언제까지 신청해야 하나요?", Form.LEANS),
        ("では必要書類は？", Form.LEANS),
        ("那要準備什麼材料？", Form.LEANS),
        ("外地人呢？", Form.HALF),
        ("實習生呢？", Form.HALF),
        ("and for companies?", Form.HALF),
        ("외국인은요?", Form.HALF),
        ("外国人は？", Form.HALF),
        ("那失业金一个月多少？", Form.MAYBE),
        ("这个补贴外地人能领吗", Form.MAYBE),
        ("养狗要办什么证？", Form.WHOLE),
        ("失业金一个月发多少？", Form.WHOLE),
        ("How do I get a dog licence?", Form.WHOLE),
        ("那" + "很长的问题" * 15 + "呢", Form.WHOLE),
    ],
)
def test_the_form_tells_whether_a_question_leans(question: str, form: Form) -> None:
    assert form_of(question) is form


@pytest.mark.parametrize(
    ("question", "rest"),
    [
        ("那外地人呢？", "外地人"),
        ("What about hospitals?", "hospitals?"),
        ("그럼 서류는요?", "서류"),
        ("では必要書類は？", "必要书类"),
    ],
)
def test_what_joins_a_question_to_the_one_before_is_no_part_of_it(
    question: str, rest: str
) -> None:
    assert core(question) == rest


def test_a_verb_alone_names_no_aspect() -> None:
    named = [names_aspect(one) for one in ("需要什么材料", "第二条呢", "怎么领", "how long?")]
    assert named == [True, True, False, False]


def past(outcome: Outcome) -> Past:
    message = Message(
        id="m1", address=Address("telegram", "1"), sender="1", text="泊位月租多少？", at=NOON
    )
    return Past(id=7, message=message, outcome=outcome)


RENT_CITED = cite(RENT, on=TODAY)
ANSWERED = Outcome(result=Result.ANSWERED, language=Lang.ZH_HANS, citations=(RENT_CITED,))


def test_the_topic_is_what_was_cited_with_the_words_that_it_shares() -> None:
    assert topic_of(past(ANSWERED), None, at=NOON + LIMIT, limit=LIMIT) == BERTHS


def test_the_topic_has_a_time_limit() -> None:
    late = NOON + LIMIT + timedelta(seconds=1)
    assert topic_of(past(ANSWERED), None, at=late, limit=LIMIT) is None


def test_a_question_that_leaned_hands_its_topic_on_answered_or_not() -> None:
    kept = replace(BERTHS, words="押金")
    answered = replace(ANSWERED, topic=kept)
    assert topic_of(past(answered), None, at=NOON, limit=LIMIT) == kept
    unresolved = Outcome(result=Result.UNRESOLVED, language=Lang.ZH_HANS, topic=kept)
    assert topic_of(past(unresolved), None, at=NOON, limit=LIMIT) == kept
    aside = replace(unresolved, topic=None, before=kept)
    assert topic_of(past(aside), None, at=NOON, limit=LIMIT) == kept


def test_a_whole_question_without_an_answer_leaves_no_topic() -> None:
    unresolved = Outcome(result=Result.UNRESOLVED, language=Lang.ZH_HANS)
    assert topic_of(past(unresolved), None, at=NOON, limit=LIMIT) is None


@pytest.mark.parametrize(
    ("expected", "topic"),
    [
        (Action(Verb.PICK, 7, 1), BERTHS),
        (Action(Verb.PICK, 7), None),  # nothing chosen yet
        (Action(Verb.PICK, 7, 0), None),  # none of them
        (Action(Verb.PICK, 8, 1), None),  # of another offer
    ],
)
def test_what_was_chosen_of_an_offer_is_the_topic(expected: Action, topic: Topic | None) -> None:
    offered = Outcome(result=Result.CLARIFY, language=Lang.ZH_HANS, choices=(RENT_CITED,))
    assert topic_of(past(offered), expected, at=NOON, limit=LIMIT) == topic


def test_a_question_that_shares_no_word_is_its_own_topic() -> None:
    assert words_of("How much per metre?", RENT_CITED) == "How much per metre?"
