"""A release asked what it can answer and what it cannot."""

from __future__ import annotations

import pytest

from index.evaluation.sets import Questions
from index.evaluation.trials import BY_WORDS, LISTED, REMOVED, attempt
from index.searcher import Searcher
from tests.index.library import TODAY

QUESTIONS = Questions(
    texts={"rent": "职工租房每月可以提取多少住房公积金？", "fridge": "购买一级能效冰箱补贴多少？"},
    relevant={"rent": {"fund-2025": 1, "fund-2025-explained": 1}, "fridge": {"trade-in": 1}},
)


def strange(**texts: str) -> Questions:
    return Questions(texts=texts, relevant={name: {} for name in texts})


def test_what_would_be_quoted_is_kept(searcher: Searcher) -> None:
    tries = attempt(searcher, QUESTIONS, strange(dog="养狗要办什么证？"))
    fridge = tries.present[1]
    assert (fridge.name, fridge.document, fridge.right) == ("fridge", "trade-in", True)
    assert "一级能效冰箱" in fridge.passage
    assert [one.name for one in tries.strange] == ["dog"]
    assert tries.strange[0].probability < fridge.probability


def test_the_probability_is_what_the_bot_decides_by(searcher: Searcher) -> None:
    (tried,) = attempt(
        searcher,
        Questions(texts={"q": QUESTIONS.texts["fridge"]}, relevant={"q": {"trade-in": 1}}),
        strange(),
    ).present
    found = searcher(QUESTIONS.texts["fridge"], TODAY.replace(year=2025))
    assert found.hits[0].document.id == "trade-in"
    # Rivals that do not bind on that day are none for the bot: they tell in the fourth digit.
    assert tried.probability == pytest.approx(found.hits[0].probability, abs=0.001)


def test_with_the_document_its_family_is_removed(searcher: Searcher) -> None:
    """The old fund says nearly the same, the interpretation says it word for word."""
    removed = attempt(searcher, QUESTIONS, strange()).removed
    assert removed[0].document not in {"fund-2025", "fund-2025-explained", "fund-2022"}
    assert removed[1].document != "trade-in"
    assert not any(one.right for one in removed)


def test_trials_by_where_unanswerable_questions_come_from(searcher: Searcher) -> None:
    without = attempt(searcher, QUESTIONS, strange()).trials
    assert list(without) == [REMOVED]
    both = attempt(searcher, QUESTIONS, strange(a="养狗", b="天气", c="股票")).trials
    assert list(both) == [REMOVED, LISTED]
    assert [len(one.unanswerable) for one in both.values()] == [2, 3]
    assert both[REMOVED].right.tolist() == [True, True]


def test_a_document_that_the_set_lacks_removes_nothing(searcher: Searcher) -> None:
    questions = Questions(texts={"q": "冰箱补贴"}, relevant={"q": {"nowhere": 1}})
    tries = attempt(searcher, questions, strange())
    assert tries.present[0].right is False
    assert tries.removed[0].document == tries.present[0].document


def test_words_mend_the_labels(searcher: Searcher) -> None:
    """The set wants another document and lists a question, both of which the library answers."""
    rent = QUESTIONS.texts["rent"]
    wanted = Questions(
        texts={"rent": rent}, relevant={"rent": {"trade-in": 1}}, answers={"rent": "1 500 元"}
    )
    listed = Questions(
        texts={"fridge": QUESTIONS.texts["fridge"], "dog": "养狗要办什么证？"},
        relevant={"fridge": {}, "dog": {}},
        answers={"fridge": "最高２０００元", "dog": "犬证"},
    )
    trials = attempt(searcher, wanted, listed).trials
    assert list(trials) == [REMOVED, LISTED, BY_WORDS]
    assert [len(one.unanswerable) for one in trials.values()] == [1, 2, 1]
    assert [one.right.tolist() for one in trials.values()] == [[False], [False], [True]]
