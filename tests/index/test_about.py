"""What a conversation is about: what may answer a question that leans on it, and how surely."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from index.about import About
from index.build import load
from index.encoders.choice import Choice
from index.release import locate
from index.searcher import Searcher
from index.types import Found

TODAY = date(2026, 11, 23)
RENT = "talent-rent-subsidy-2025"
Ask = Callable[..., Found]


@pytest.fixture(scope="module")
def searcher(releases: Path) -> Searcher:
    return load(locate(releases), encoder=Choice().load, expect="builtin")


@pytest.fixture(scope="module")
def ask(searcher: Searcher) -> Ask:
    def ask(question: str, *, document: str = RENT, clause: str = "", on: date = TODAY) -> Found:
        about = About(document=document, topic="人才租房补贴", clause=clause)
        return searcher.follow(question, about, on)

    return ask


def addresses(found: Found) -> list[str]:
    return [hit.passage.address[-1] for hit in found.hits]


def test_a_clause_is_that_of_the_document(ask: Ask) -> None:
    found = ask("第五条")
    assert (addresses(found), found.hits[0].exact) == (["第五条"], True)


def test_the_clauses_of_an_interpretation_are_those_of_its_policy(ask: Ask) -> None:
    found = ask("第五条", document=f"{RENT}-interpretation")
    assert [hit.document.id for hit in found.hits] == [RENT]


def test_a_part_is_one_of_the_clause_that_was_quoted(ask: Ask) -> None:
    assert addresses(ask("第二项", clause="第四条")) == ["第四条"]
    assert ask("第九项", clause="第四条").no_such_clause


def test_a_clause_that_is_not_there_is_not_found_elsewhere(ask: Ask) -> None:
    found = ask("第九十条")
    assert (found.hits, found.no_such_clause) == ((), True)


def test_only_the_document_and_its_family_are_found(ask: Ask) -> None:
    found = ask("需要什么材料")
    assert found.hits
    assert {hit.document.id.removesuffix("-interpretation") for hit in found.hits} == {RENT}


def test_what_does_not_speak_of_the_question_is_below_the_line(ask: Ask) -> None:
    found = ask("可以带宠物入住吗")
    assert found.answer is None
    assert all(hit.probability < found.line for hit in found.hits)


def test_a_question_that_names_another_document_is_not_about_this_one(ask: Ask) -> None:
    assert ask("《澜港市财政信息公开办法》第五条").hits == ()


@pytest.mark.parametrize(
    ("document", "on"), [("no-such-document", TODAY), (RENT, date(2029, 1, 1))]
)
def test_a_document_that_is_not_here_or_does_not_bind_answers_nothing(
    ask: Ask, document: str, on: date
) -> None:
    assert ask("第五条", document=document, on=on).hits == ()


def test_a_clause_is_all_its_passages_word_for_word(searcher: Searcher) -> None:
    parts = searcher.clause("foreign-employee-social-insurance-2025#12")
    assert [one.address[0] for one in parts] == ["Section 6 Leaving China"] * 2
    text = "".join(one.text for one in parts)
    assert text.startswith("Section 6 Leaving China")
    assert "6.4 If the foreign employee dies" in text


@pytest.mark.parametrize("passage_id", ["no-such#0", f"{RENT}#999", f"{RENT}#x", "#", ""])
def test_a_passage_that_is_not_here_has_no_clause(searcher: Searcher, passage_id: str) -> None:
    assert searcher.clause(passage_id) == ()


def test_the_questions_around_a_document_are_those_of_its_interpretation(
    searcher: Searcher,
) -> None:
    asked = searcher.questions(RENT, TODAY)
    assert "年龄有要求吗？" in asked
    assert searcher.questions("no-such-document", TODAY) == ()
