"""Two documents in force that disagree: what the citizen is told, and what staff get."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.decide import decide
from bot.desk.cards import card
from bot.store.memory import MemoryStore
from bot.types import Outcome, Reason, Result, Style
from index.types import Found, Hit
from knowledge.types import Lang
from tests.unit.shelf import BERTHS, LINE, RELEASE, TODAY, Shelf, document, hit
from tests.unit.talk import Talk

QUESTION = "泊位月租每米多少钱？"
RULE = hit(BERTHS, "第九条　泊位月租为每米120元。", "第九条", place=9, probability=0.95)
NOTICE = hit(
    document("notice", "关于泊位收费的通知"), "一、泊位月租为每米150元。", probability=0.7
)
NEARER = hit(document("map", "游船泊位分布"), "泊位设在东堤和西堤。", probability=0.8)


def found(*hits: Hit) -> Found:
    return Found(hits=hits, line=LINE, release=RELEASE, conflict=(RULE, NOTICE))


DISAGREEING = found(RULE, NEARER, NOTICE)


@pytest.fixture
def talk() -> Talk:
    return Talk(MemoryStore(), Shelf({QUESTION: DISAGREEING}))


def decided(of: Found) -> Outcome:
    return decide(of, language=Lang.ZH_HANS, on=TODAY)


def test_what_disagrees_is_no_answer_and_both_are_cited() -> None:
    outcome = decided(DISAGREEING)
    assert (outcome.result, outcome.reason) == (Result.UNRESOLVED, Reason.CONFLICT)
    assert [one.document_id for one in outcome.citations] == ["berths", "notice"]
    assert decided(replace(DISAGREEING, conflict=None)).result is Result.ANSWERED


async def test_the_citizen_sees_both_word_for_word_and_that_a_person_will_say(talk: Talk) -> None:
    outcome, said = await talk.says(QUESTION)
    assert outcome.reason is Reason.CONFLICT
    text = said.plain
    assert text.startswith("对此有两份现行文件说法不一致。")
    quoted = [span.text for span in said.body if span.style is Style.QUOTE]
    assert [one for one in quoted if one] == [RULE.passage.text, NOTICE.passage.text]
    assert "《关于泊位收费的通知》" in text
    assert "不再有效" not in text
    assert "编号 1" in text


async def test_staff_get_the_reason_and_both_passages_first(talk: Talk) -> None:
    await talk.says(QUESTION)
    [ticket] = await talk.tickets()
    assert ticket.reason is Reason.CONFLICT
    leads = [lead.passage_id for lead in ticket.evidence.leads]
    assert leads == ["berths#9", "notice#0", "map#0"]
    shown = "".join(span.text for span in card(ticket, language=Lang.ZH_HANS).body)
    assert "两份现行文件说法不一致" in shown
    assert shown.index("120元") < shown.index("150元") < shown.index("东堤")


async def test_a_passage_that_is_not_as_it_was_is_not_shown_and_the_ticket_is_opened() -> None:
    changed = replace(NOTICE, passage=replace(NOTICE.passage, text="一、泊位月租另行通知。"))
    shelf = Shelf({QUESTION: DISAGREEING}, rewritten={"notice#0": changed})
    talk = Talk(MemoryStore(), shelf)
    outcome, said = await talk.says(QUESTION)
    assert outcome.reason is Reason.CONFLICT
    assert not any(span.style is Style.QUOTE for span in said.body)
    assert len(await talk.tickets()) == 1


async def test_a_question_that_names_nothing_is_not_called_a_conflict() -> None:
    talk = Talk(MemoryStore(), Shelf({"多少钱": DISAGREEING}))
    outcome, _ = await talk.says("那多少钱")
    assert outcome.reason is not Reason.CONFLICT
