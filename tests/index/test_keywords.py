"""The keyword leg's tables."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
import pytest

from index.keywords import K1, B, Columns, Rows, Vocabulary, bm25

# Three texts of 3, 1 and 2 terms, 2 on average.
TEXTS = (("fund", "fund", "rent"), ("fund",), ("tax", "rent"))


def idf(texts: int) -> float:
    """Of a term in so many of three texts, as Lucene has it."""
    return log(1 + (3 - texts + 0.5) / (texts + 0.5))


def weight(texts: int, *, times: int, length: int) -> float:
    return idf(texts) * times / (times + K1 * (1 - B + B * length / 2))


def columns(texts: Sequence[Sequence[str]] = TEXTS) -> Columns:
    vocabulary = Vocabulary()
    numbers = [vocabulary.learn(text) for text in texts]
    return Columns(vocabulary, bm25(numbers, len(vocabulary)))


def rows(texts: Sequence[Sequence[str]] = TEXTS) -> Rows:
    vocabulary = Vocabulary()
    numbers = [vocabulary.learn(text) for text in texts]
    return Rows(bm25(numbers, len(vocabulary)).tocsr())


def test_bm25_is_what_the_formula_says() -> None:
    expected = [
        [weight(2, times=2, length=3), weight(2, times=1, length=3), 0],
        [weight(2, times=1, length=1), 0, 0],
        [0, weight(2, times=1, length=2), weight(1, times=1, length=2)],
    ]
    numbers = [np.array(one, dtype=np.int32) for one in ([0, 0, 1], [0], [2, 1])]
    assert np.allclose(bm25(numbers, 3).toarray(), expected, rtol=1e-6)


def test_bm25_by_hand() -> None:
    """Two texts of one term each, one term in both: ln(1.2) / 2.2 with k1 1.2 and b 0.75."""
    numbers = [np.array([0], dtype=np.int32), np.array([0], dtype=np.int32)]
    assert np.allclose(bm25(numbers, 1).toarray(), [[0.0828734], [0.0828734]], atol=1e-6)


def test_scores_are_weighted_sums() -> None:
    found = columns().scores({"fund": 2.0, "tax": 1.0, "unknown": 5.0})
    expected = [
        2 * weight(2, times=2, length=3),
        2 * weight(2, times=1, length=1),
        weight(1, times=1, length=2),
    ]
    assert np.allclose(found, expected, rtol=1e-6)
    assert columns().scores({}).tolist() == [0, 0, 0]


def test_how_often_and_where() -> None:
    documents = columns()
    assert [documents.frequency(term) for term in ("fund", "rent", "tax", "x")] == [2, 2, 1, 0]
    assert ("tax" in documents, "x" in documents) == (True, False)
    assert documents.among("rent", np.array([False, True, False])) is False
    assert documents.among("rent", np.array([False, False, True])) is True
    assert documents.among("x", np.array([True, True, True])) is False
    assert [documents.idf(n) for n in (0, 2)] == pytest.approx([2.0794415, 0.4700036])


def test_which_terms_come_together() -> None:
    assert columns().together(["fund", "rent", "tax", "x"]).tolist() == [
        [2, 1, 0, 0],
        [1, 2, 1, 0],
        [0, 1, 1, 0],
        [0, 0, 0, 0],
    ]


def test_rows_are_scored_and_covered_by_bags() -> None:
    bags = columns().bags([{"fund": 2.0, "x": 9.0}, {"rent": 1.0}, {}])
    found = rows().scores(np.array([2, 0]), bags)
    expected = [
        [0, weight(2, times=1, length=2), 0],
        [2 * weight(2, times=2, length=3), weight(2, times=1, length=3), 0],
    ]
    assert np.allclose(found, expected, rtol=1e-6)
    assert rows().shares(np.array([2, 0]), bags).tolist() == [[0, 1, 0], [2, 1, 0]]


@pytest.mark.parametrize("texts", [TEXTS, (("a",), (), ("a", "b")), ((), ())])
def test_what_is_saved_is_what_is_loaded(
    tmp_path: Path, texts: tuple[tuple[str, ...], ...]
) -> None:
    columns(texts).save(tmp_path / "columns")
    rows(texts).save(tmp_path / "rows")
    loaded = Columns.load(tmp_path / "columns")
    terms = {term: 1.0 for text in texts for term in text}
    assert loaded.size == len(texts)
    assert np.array_equal(loaded.scores(terms), columns(texts).scores(terms))
    everything = np.arange(len(texts))
    assert np.array_equal(
        Rows.load(tmp_path / "rows").scores(everything, loaded.bags([terms])),
        rows(texts).scores(everything, columns(texts).bags([terms])),
    )


def test_terms_keep_their_numbers(tmp_path: Path) -> None:
    vocabulary = Vocabulary()
    assert vocabulary.learn(["公", "fund", "公"]).tolist() == [0, 1, 0]
    vocabulary.save(tmp_path)
    assert Vocabulary.load(tmp_path).learn(["new", "fund"]).tolist() == [2, 1]
