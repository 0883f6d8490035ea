"""Terms as numbers are the terms of tokens.py."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.occurrences import keys_of, occurrences
from index.tokens import folded_tokens
from knowledge.fold import fold

LETTERS = st.text(alphabet="公积金的提取的ab12.é_ 、。?;:\n의サthe", max_size=40)


def counts(text: str, *spans: tuple[int, int]) -> Counter[int]:
    """How often each term occurs in these spans together."""
    found = occurrences(text)
    starts, ends = np.asarray(spans, dtype=np.int64).reshape(-1, 2).T
    counted = found.count(starts, ends, np.zeros(len(spans), dtype=np.int64))
    return Counter(
        dict(zip(found.keys[counted.terms].tolist(), counted.counts.tolist(), strict=True))
    )


def expected(text: str) -> Counter[int]:
    return Counter(keys_of(folded_tokens(text)).tolist())


@settings(deadline=None)  # the first call makes a table
@given(st.text(max_size=60) | LETTERS)
@example("职工的住房公积金 of the Fund 2.5%，的确。Tax law; new tax")
@example("的的的")
@example("a的b 甲的的乙")
def test_the_same_terms_as_often(text: str) -> None:
    folded = fold(text)
    assert counts(folded, (0, len(folded))) == expected(folded)


@settings(deadline=None)
@given(st.lists(LETTERS, max_size=5))
def test_lines_have_no_terms_in_common(texts: list[str]) -> None:
    folded = [fold(text) for text in texts]
    whole = "\n".join(folded)
    assert counts(whole, (0, len(whole))) == sum(map(expected, folded), Counter())


def test_only_what_lies_within_a_span_is_counted() -> None:
    text = "公积金 tax law 提取"
    assert counts(text, (1, 8)) == expected("积金 tax")
    assert counts(text, (1, 11)) == expected("积金 tax law")
    assert counts(text, (3, 10)) == expected("tax")
    assert counts(text, (3, 4)) == Counter()
    assert counts(text) == Counter()


def test_spans_of_one_owner_add_up_and_owners_are_told_apart() -> None:
    text = "公积金"
    found = occurrences(text)
    counted = found.count(np.array([0, 1, 0]), np.array([2, 3, 1]), np.array([4, 4, 2]))
    rows = zip(counted.owners, found.keys[counted.terms], counted.counts, strict=True)
    expected_rows = [
        (2, "公", 1),
        (4, "公", 1),
        (4, "公积", 1),
        (4, "积", 2),
        (4, "积金", 1),
        (4, "金", 1),
    ]
    assert sorted((int(a), int(k), int(n)) for a, k, n in rows) == sorted(
        (owner, int(keys_of([term])[0]), count) for owner, term, count in expected_rows
    )


@pytest.mark.parametrize(
    "terms", [["公", "公积", "积公", "tax", "tax law", "law", "2.5", "한", "ア"]]
)
def test_different_terms_have_different_numbers(terms: list[str]) -> None:
    assert len(set(keys_of(terms).tolist())) == len(terms)
