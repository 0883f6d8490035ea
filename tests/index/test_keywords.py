"""The keyword leg's tables."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from pathlib import Path

import numpy as np
import pytest

from index import postings
from index.keywords import K1, Columns, Rows
from index.occurrences import keys_of
from index.postings import B
from index.vocabulary import Learning, Vocabulary
from tests.index import tables

# Three texts of 3, 1 and 2 terms, 2 on average.
TEXTS = (("fund", "fund", "rent"), ("fund",), ("tax", "rent"))


def idf(texts: int) -> float:
    """Of a term in so many of three texts, as Lucene has it."""
    return log(1 + (3 - texts + 0.5) / (texts + 0.5))


def weight(texts: int, *, times: int, length: int) -> float:
    return idf(texts) * times / (times + K1 * (1 - B + B * length / 2))


def columns(texts: Sequence[Sequence[str]] = TEXTS) -> Columns:
    return tables.columns(texts)


@pytest.fixture
def rows(tmp_path: Path) -> Rows:
    return tables.write(tmp_path, TEXTS)[1]


def test_bm25_by_hand() -> None:
    """Two texts of one term each, one term in both: ln(1.2) / 2.2 with k1 1.2 and b 0.75."""
    found = columns([("fund",), ("fund",)]).scores({"fund": 1.0})
    assert found.tolist() == pytest.approx([0.0828734, 0.0828734], abs=1e-6)


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


def test_rows_are_scored_and_covered_by_bags(rows: Rows) -> None:
    bags = columns().bags([{"fund": 2.0, "x": 9.0}, {"rent": 1.0}, {}])
    found = rows.scores(np.array([2, 0]), bags)
    expected = [
        [0, weight(2, times=1, length=2), 0],
        [2 * weight(2, times=2, length=3), weight(2, times=1, length=3), 0],
    ]
    assert np.allclose(found, expected, rtol=1e-6)
    assert rows.shares(np.array([2, 0]), bags).tolist() == [[0, 1, 0], [2, 1, 0]]
    assert rows.scores(np.array([1, 2]), bags).shape == (2, 3)  # side by side on disk
    assert np.array_equal(rows.scores(np.array([1, 2]), bags)[1], found[0])
    assert rows.scores(np.zeros(0, dtype=np.int64), bags).shape == (0, 3)
    assert rows.shares(np.array([0]), columns().bags([{"x": 1.0}])).tolist() == [[0]]


def test_which_terms_the_rows_have(rows: Rows) -> None:
    numbers = columns().numbers(["fund", "rent", "tax", "x"])
    assert numbers.tolist()[3] == -1
    assert rows.having(np.array([0, 2]), numbers).tolist() == [True, True, True, False]
    assert rows.having(np.array([1]), numbers).tolist() == [True, False, False, False]


@pytest.mark.parametrize("texts", [(("a",), (), ("a", "b")), ((), ()), ()])
def test_texts_without_terms(tmp_path: Path, texts: tuple[tuple[str, ...], ...]) -> None:
    documents, windows = tables.write(tmp_path, texts)
    assert documents.size == len(texts)
    found = documents.scores({"a": 1.0, "b": 1.0})
    assert [score > 0 for score in found.tolist()] == [bool(text) for text in texts]
    everything = np.arange(len(texts))
    bags = documents.bags([{"a": 1.0, "b": 1.0}])
    assert np.allclose(windows.scores(everything, bags)[:, 0], found)


@pytest.mark.parametrize("block", [1, 2, 3, 1000])
def test_the_size_of_a_block_changes_nothing(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postings, "BLOCK", block)
    texts = [("a", "b", "b"), (), ("c", "a"), ("b",)]
    names = {"a": 1.0, "b": 2.0, "c": 4.0}
    found = columns(texts).scores(names)
    monkeypatch.undo()
    assert np.array_equal(found, columns(texts).scores(names))


def test_terms_keep_their_numbers(tmp_path: Path) -> None:
    vocabulary = Learning()
    first = np.sort(keys_of(["公", "fund"]))
    assert vocabulary.learn(first).tolist() == [0, 1]
    both = np.sort(keys_of(["公", "fund", "new", "公积"]))
    assert sorted(vocabulary.learn(both).tolist()) == [0, 1, 2, 3]
    assert vocabulary.learn(first).tolist() == [0, 1]
    vocabulary.save(tmp_path)
    loaded = Vocabulary.load(tmp_path)
    assert len(loaded) == 4
    assert loaded.numbers(["公", "none", "fund"]).tolist() == [0, -1, 1]


def test_an_empty_vocabulary(tmp_path: Path) -> None:
    Learning().save(tmp_path)
    assert Vocabulary.load(tmp_path).numbers(["a"]).tolist() == [-1]
