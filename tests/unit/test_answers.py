"""What an answer looks like, what is checked before it leaves, and the ways on from it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answer_page import Ways, answer, body, whole_clause
from bot.decide import cite
from bot.errors import Misquoted
from bot.store.memory import MemoryStore
from bot.types import Outcome, Reason, Result, Span, Style, Topic
from bot.verified import check_citation, check_page
from index.types import Found, Hit
from knowledge.types import Lang, Passage
from tests.unit.shelf import BERTHS, LINE, TODAY, Shelf, hit
from tests.unit.talk import Talk

FEES = hit(
    BERTHS,
    "第九条　泊位月租为每米120元。电费按照实际用量另行收取。押金为一个月租金，退租后退还。",
    "第九条",
    place=9,
    probability=0.9,
)
ELECTRIC = "电费按照实际用量另行收取。"
DOCUMENT = "《澜港市港务局关于印发〈澜港市游船泊位管理办法〉的通知》"


def answering(one: Hit, words: str) -> Hit:
    start = one.passage.text.index(words)
    return replace(one, answering=(start, start + len(words)))


def outcome_of(one: Hit, *, topic: Topic | None = None) -> Outcome:
    return Outcome(
        result=Result.ANSWERED,
        language=Lang.ZH_HANS,
        citations=(cite(one, on=TODAY),),
        release="first",
        topic=topic,
    )


def test_the_words_that_answer_come_first_and_are_marked_in_the_quotation() -> None:
    spans = body(outcome_of(answering(FEES, ELECTRIC)))
    assert spans[:2] == (Span(ELECTRIC, Style.BOLD), Span("\n\n"))
    quoted = [span for span in spans if span.style in {Style.QUOTE, Style.MARK}]
    assert quoted == [
        Span("第九条　泊位月租为每米120元。", Style.QUOTE),
        Span(ELECTRIC, Style.MARK),
        Span("押金为一个月租金，退租后退还。", Style.QUOTE),
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("第九条　泊位月租为每米120元。电费另收。", "泊位月租为每米120元。"),  # two sentences
        ("甲乙。丁戊。" + "丙" * 20 + "。", "丙" * 20 + "。"),  # most of it
        ("甲。" + "乙" * 110 + "。" + "丙。" * 60, "乙" * 110 + "。"),  # no short line
        ("有下列情形之一的：\n（一）退租的；\n（二）转租的；\n（三）欠费的。", "（二）转租的；"),
    ],
)
def test_a_short_passage_a_long_sentence_and_one_of_several_are_marked_only(
    text: str, words: str
) -> None:
    spans = body(outcome_of(answering(hit(BERTHS, text), words)))
    assert spans[0] == Span("政策原文：", Style.BOLD)
    assert Span(words, Style.MARK) in spans


def test_what_answers_as_a_whole_is_not_marked() -> None:
    one = hit(BERTHS, "泊位月租为每米120元。")
    spans = body(outcome_of(answering(one, one.passage.text)))
    assert [span.style for span in spans if span.text == one.passage.text] == [Style.QUOTE]


def test_a_follow_up_says_what_it_is_about_and_offers_a_new_start() -> None:
    topic = Topic(document_id="berths", title=BERTHS.title, words="泊位")
    page = answer(outcome_of(FEES, topic=topic), Ways(asked=4, answer=5, longer=True))
    assert page.body[0] == Span("接上文《澜港市游船泊位管理办法》\n\n", Style.ITALIC)
    assert [[button.label for button in row] for row in page.buttons] == [
        ["查看原文", "转人工"],
        ["看整条", "换个新问题"],
        ["有帮助", "没有帮助"],
    ]


def test_the_whole_clause_is_its_passages_in_order() -> None:
    page = whole_clause(
        cite(FEES, on=TODAY), ["第九条　甲。\n\n", "（一）乙；\n（二）丙。\n"], Lang.ZH_HANS
    )
    quoted = [span.text for span in page.body if span.style is Style.QUOTE]
    assert quoted == ["第九条　甲。\n（一）乙；\n（二）丙。"]


# Before it leaves


def clause(text: str) -> tuple[Passage, ...]:
    return (replace(FEES.passage, text=text),)


def test_a_quote_is_what_the_release_holds() -> None:
    citation = cite(FEES, on=TODAY)
    check_citation(citation, clause(FEES.passage.text + "\n"))
    with pytest.raises(Misquoted, match=r"https://langang.example/berths: .*quoted wrongly"):
        check_citation(citation, clause(FEES.passage.text.replace("120", "12")))
    with pytest.raises(Misquoted, match="not in the release"):
        check_citation(citation, ())


def test_a_page_shows_every_character_of_its_quotations() -> None:
    outcome = outcome_of(answering(FEES, ELECTRIC))
    texts = [("berths", outcome.citations[0].quote)]
    page = list(body(outcome))
    check_page(tuple(page), texts)
    place = next(n for n, span in enumerate(page) if span.style is Style.MARK)
    with pytest.raises(Misquoted, match="does not show the passage"):
        check_page((*page[:place], *page[place + 1 :]), texts)
    with pytest.raises(Misquoted, match="1 quotations are shown for 2 passages"):
        check_page(tuple(page), [*texts, ("ferries", "轮渡")])


SURE = "泊位月租多少？"


class Damaged(Shelf):
    """Its disk has another text than its search."""

    async def clause(self, passage_id: str, /) -> tuple[str, tuple[Passage, ...]]:
        release, passages = await super().clause(passage_id)
        return release, tuple(replace(one, text="第九条　泊位免费。") for one in passages)


async def test_a_quotation_that_is_not_in_the_release_goes_to_staff() -> None:
    talk = Talk(MemoryStore(), Damaged({SURE: Found(hits=(FEES,), line=LINE)}))
    outcome, told = await talk.says(SURE)
    assert (outcome.result, outcome.reason) == (Result.ERROR, Reason.FAILED)
    assert "120元" not in told.plain
    assert [ticket.question for ticket in await talk.tickets()] == [SURE]


class Swapping(Shelf):
    """Another release is served from the first answer on; searches then find in that one."""

    searches = 0

    async def search(self, question: str, /, *, on: object) -> Found | None:
        del on
        self.searches += 1
        found = await super().search(question, on=TODAY)
        return replace(found, release="second") if found and self.searches > 1 else found

    async def clause(self, passage_id: str, /) -> tuple[str, tuple[Passage, ...]]:
        return "second", (await super().clause(passage_id))[1]


async def test_a_release_that_changes_in_between_is_searched_again() -> None:
    talk = Talk(MemoryStore(), Swapping({SURE: Found(hits=(FEES,), line=LINE)}))
    outcome, _ = await talk.says(SURE)
    assert (outcome.result, outcome.release) == (Result.ANSWERED, "second")


# The ways on


class Asking(Shelf):
    async def questions(self, document_id: str, /, *, on: object) -> tuple[str, ...]:
        del on
        return ("怎样退租？", "泊位能转租吗？", "要多少钱？") if document_id == "berths" else ()


RETURN = hit(BERTHS, "问：怎样退租？\n答：提前10日书面告知。", place=3, probability=0.9)
OTHER = hit(BERTHS, "第八条　泊位不得转租。", "第八条", place=8, probability=0.9)
RELATED = {
    SURE: Found(hits=(FEES,), line=LINE),
    "怎样退租？": Found(hits=(RETURN,), line=LINE),
    "泊位能转租吗？": Found(hits=(OTHER,), line=LINE),  # answered, but not where it is asked
}


async def test_only_questions_that_are_answered_where_they_are_asked_are_related() -> None:
    talk = Talk(MemoryStore(), Asking(dict(RELATED)))
    outcome, told = await talk.says(SURE)
    assert outcome.related == ("怎样退租？",)
    answered, again = await talk.presses(told, "怎样退租？")
    assert [one.passage_id for one in answered.citations] == ["berths#3"]
    assert answered.question == "怎样退租？"
    assert answered.related == ()  # what the answer itself shows is not asked again
    await talk.presses(again, "转人工")
    assert [ticket.question for ticket in await talk.tickets()] == ["怎样退租？"]


async def test_not_helpful_offers_a_person() -> None:
    talk = Talk(MemoryStore(), Shelf(dict(RELATED)))
    _, told = await talk.says(SURE)
    _, sorry = await talk.presses(told, "没有帮助")
    outcome, passed_on = await talk.presses(sorry, "转人工")
    assert (outcome.result, outcome.reason) == (Result.HUMAN_REQUESTED, Reason.LOW_RATING)
    assert passed_on.plain.startswith("很抱歉，刚才的答复没有帮到您。")
    [ticket] = await talk.tickets()
    assert (ticket.question, ticket.reason) == (SURE, Reason.LOW_RATING)
    answered = [lead.passage_id for lead in ticket.evidence.leads if lead.offered]
    assert answered == ["berths#9"]  # what was no help


async def test_a_new_question_leans_on_nothing() -> None:
    talk = Talk(MemoryStore(), Shelf({SURE: Found(hits=(FEES,), line=LINE)}))
    await talk.says(SURE)
    _, told = await talk.says("那需要什么材料？")
    assert "接上文" in told.plain
    [ticket] = await talk.tickets()
    assert ticket.question == "关于《澜港市游船泊位管理办法》：那需要什么材料？"
    await talk.forges("fresh")
    _, told = await talk.says("那需要什么材料？")
    assert "接上文" not in told.plain


@pytest.mark.parametrize(
    "action", ["clause:99", "clause", "related:1:9", "related:99:1", "fresh:1"]
)
async def test_a_forged_way_on_says_nothing_of_others(action: str) -> None:
    talk = Talk(MemoryStore(), Shelf(dict(RELATED)))
    await talk.says(SURE)
    outcome, told = await talk.forges(action, chat="1002", sender="1002")
    assert outcome.result is Result.SMALL_TALK
    assert "120元" not in told.plain


def test_a_quotation_in_another_language_than_the_citizens_is_said_to_be() -> None:
    told = "".join(span.text for span in body(replace(outcome_of(FEES), language=Lang.EN)))
    assert "quoted in Simplified Chinese" in told
    same = "".join(span.text for span in body(replace(outcome_of(FEES), language=Lang.ZH_HANT)))
    assert "引文" not in same
    assert "澜港市港务局 · 2025-03-01 · 現行有效" in same


class Longer(Shelf):
    """Every passage is the first part of a clause of two."""

    async def clause(self, passage_id: str, /) -> tuple[str, tuple[Passage, ...]]:
        release, passages = await super().clause(passage_id)
        rest = (replace(one, id=f"{one.id}-2", text="（二）丙。") for one in passages)
        return release, (*passages, *rest)


async def test_the_rest_of_a_clause_is_a_button_away() -> None:
    talk = Talk(MemoryStore(), Longer({SURE: Found(hits=(FEES,), line=LINE)}))
    _, told = await talk.says(SURE)
    _, whole = await talk.presses(told, "看整条")
    [quoted] = [span.text for span in whole.body if span.style is Style.QUOTE]
    assert quoted == f"{FEES.passage.text}（二）丙。"
    talk.shelf.gone.add("berths#9")
    _, changed = await talk.presses(told, "看整条")
    assert changed.plain == "这次答复之后文件有了变化，请重新提问。"


async def test_in_a_group_nobody_leans_on_what_another_asked() -> None:
    talk = Talk(MemoryStore(), Shelf({SURE: Found(hits=(FEES,), line=LINE)}))
    await talk.says(SURE, chat="-55", sender="1001")
    outcome, _ = await talk.says("那需要什么材料？", chat="-55", sender="1002")
    assert outcome.topic is None
    await talk.says(SURE, chat="-55", sender="1001")
    outcome, _ = await talk.says("那需要什么材料？", chat="-55", sender="1001")
    assert outcome.topic is not None
