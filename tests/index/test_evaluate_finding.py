"""Ranking figures, computed by hand."""

from __future__ import annotations

import pytest

from index.evaluation.finding import (
    Finding,
    coverage,
    figures,
    find,
    interval,
    never_found,
)
from index.evaluation.sets import Questions


def asked(relevant: dict[str, dict[str, int]], found: dict[str, list[str]]) -> Finding:
    """Questions whose text is their id, and what is found for each."""
    questions = Questions(texts={name: name for name in relevant}, relevant=relevant)
    return find(questions, lambda text: found[text])


def test_figures_by_hand() -> None:
    """Found at 1, 2, 7, 11 and not at all: 1, 1/2, 1/7, 0 and 0 over five questions."""
    depths = {"a": 1, "b": 2, "c": 7, "d": 11, "e": 0}
    found = {}
    for name, depth in depths.items():
        found[name] = [f"wrong{n}" for n in range(12)]
        if depth:
            found[name][depth - 1] = "right"
    told = figures(asked({name: {"right": 1} for name in depths}, found))
    times = {told.pop("query_ms_p50"), told.pop("query_ms_p95")}
    bounds = told.pop("recall@1_low"), told.pop("recall@1_high")
    assert told == {
        "recall@1": 0.2,
        "recall@5": 0.4,
        "recall@10": 0.6,
        "mrr@10": 0.3286,
        "ndcg@10": 0.3929,  # 1, 1/log2(3), 1/log2(8), 0 and 0
    }
    assert bounds == (0.0, 0.6)
    assert all(time >= 0 for time in times)


def test_the_first_relevant_document_counts() -> None:
    told = figures(asked({"a": {"x": 1, "y": 1}}, {"a": ["z", "y", "x"]}))
    assert (told["recall@1"], told["recall@5"], told["mrr@10"]) == (0, 1, 0.5)


def test_gain_is_as_the_set_grades_it() -> None:
    """(1/log2(2) + 3/log2(3)) over the best order, (3/log2(2) + 1/log2(3))."""
    told = figures(asked({"a": {"some": 1, "much": 3}}, {"a": ["some", "much"]}))
    assert told["ndcg@10"] == 0.7967


def test_what_is_missing_lowers_the_gain() -> None:
    told = figures(asked({"a": {"x": 1, "y": 1}}, {"a": ["x", "z"]}))
    assert told["ndcg@10"] == 0.6131  # 1 of 1 + 1/log2(3)


def test_a_document_is_covered_by_the_best_of_its_questions() -> None:
    finding = asked(
        {"a": {"x": 1}, "b": {"x": 1}, "c": {"y": 1}, "d": {"z": 1}},
        {"a": ["y", "x"], "b": ["x"], "c": ["x", "z", "y"], "d": ["x"]},
    )
    assert coverage(finding) == {
        "documents_asked_for": 3,
        "found_first": 0.3333,
        "found_in_5": 0.6667,
        "never_found": 1,
    }
    assert never_found(finding) == ["z"]
    assert finding.asked == {"x": ["a", "b"], "y": ["c"], "z": ["d"]}


def test_a_later_miss_does_not_undo_a_find() -> None:
    finding = asked({"a": {"x": 1}, "b": {"x": 1}}, {"a": ["x"], "b": []})
    assert finding.documents == {"x": 1}


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    # Of a binomial distribution: mean, give or take 1.96 standard deviations.
    [(0.5, 100, 0.40, 0.60), (0.84, 675, 0.812, 0.867), (0.0, 10, 0.0, 0.0), (1.0, 10, 1.0, 1.0)],
)
def test_the_interval_is_the_bootstrap_one(
    share: float, count: int, low: float, high: float
) -> None:
    assert interval(share, count) == pytest.approx((low, high), abs=0.006)
    assert interval(share, count) == interval(share, count)
