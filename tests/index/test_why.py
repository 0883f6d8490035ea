"""`explain` tells what the search did, not what it might have done."""

from __future__ import annotations

from collections.abc import Callable
from math import exp, isclose
from typing import Final

import pytest

from index.explanation import Explanation
from index.searcher import Searcher
from index.why import explain
from tests.index.library import TODAY

QUESTIONS: Final = (
    "职工租房每月可以提取多少住房公积金？",
    "生育津貼按什麼計發",
    "When may an employee withdraw the personal account?",
    "澜公积金规〔2025〕3号规定退休能提取什么",
    "澜公积金规〔2025〕3号第二条",
    "家电以旧换新冰箱补贴多少",
    "月亮上的天气",
    "？？",
)

Explain = Callable[[str], Explanation]


@pytest.fixture
def why(searcher: Searcher) -> Explain:
    return lambda question: explain(searcher, question, TODAY)


@pytest.mark.parametrize("question", QUESTIONS)
def test_it_ends_as_the_search_does(searcher: Searcher, question: str, why: Explain) -> None:
    told, found = why(question), searcher(question, TODAY)
    assert [one.passage for one in told.candidates] == [hit.passage.id for hit in found.hits]
    assert [one.probability for one in told.candidates] == [hit.probability for hit in found.hits]
    assert [one.passage for one in told.outdated] == [hit.passage.id for hit in found.outdated]
    assert (told.line, told.answers) == (found.line, found.answer is not None)
    for one, hit in zip(told.candidates, found.hits, strict=True):
        assert isclose(one.keywords + one.vector + one.covered + one.said, hit.score, abs_tol=1e-9)
        assert one.keywords >= -1e-9


@pytest.mark.parametrize("question", [QUESTIONS[0], QUESTIONS[2], QUESTIONS[6]])
def test_the_features_give_the_probability(question: str, why: Explain) -> None:
    told = why(question)
    total = told.bias + sum(one.value * one.weight for one in told.features)
    assert isclose(1 / (1 + exp(-total)), told.by_features, rel_tol=1e-9)
    assert told.by_features == told.probability


def test_the_question_is_shown_as_it_is_read(why: Explain) -> None:
    asked = why("请问退休能提多少公积金？").asked
    assert asked.language == "zh-Hans"
    assert "请问" in asked.left_out
    assert {"退休", "公积"} <= {one.term for one in asked.terms}
    (fund,) = [one for one in asked.things if "公积金" in one.word]
    assert "住房公积金" in fund.others
    assert asked.named == ()


def test_what_a_question_names_is_told(why: Explain) -> None:
    told = why("澜公积金规〔2025〕3号第二条")
    assert (told.asked.named, told.asked.places) == (("fund-2025",), 1)
    assert told.candidates[0].named
    assert (told.candidates[0].score, told.candidates[0].keywords) == (0.0, 0.0)


def test_each_leg_tells_what_binds(why: Explain) -> None:
    told = why("家电以旧换新冰箱补贴多少")
    assert (told.documents[0].id, told.documents[0].binds) == ("trade-in", False)
    assert [one.score for one in told.documents] == sorted(
        (one.score for one in told.documents), reverse=True
    )
    assert len(told.nearest) == 5
    (first, *_) = told.outdated
    assert (first.passage, first.standing.value) == ("trade-in#0", "expired")


def test_a_near_miss_tells_what_it_lacks(why: Explain) -> None:
    told = why("职工退休的可以提取全部余额吗")
    first, second = told.candidates[:2]
    assert first.passage == "fund-2025#2"
    assert not {"退休", "余额"} & {one.term for one in first.lacks}
    assert {"退休", "余额"} <= {one.term for one in second.lacks}
    masses = [one.mass for one in second.lacks]
    assert masses == sorted(masses, reverse=True)


def test_another_word_for_a_thing_is_not_lacking(why: Explain) -> None:
    told = why("housing provident fund withdrawal 退休")
    assert told.asked.things
    lacking = {one.term for one in told.candidates[0].lacks}
    assert told.candidates[0].passage.startswith("fund-2025")
    assert not {"hous", "provid", "fund", "provid fund"} & lacking
    assert "fund withdraw" in lacking  # no word for a thing: a pair of two


def test_nothing_found_is_told_too(why: Explain) -> None:
    told = why("？？")
    assert (told.answers, told.asked.terms, told.asked.language) == (False, (), "")
