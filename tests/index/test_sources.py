"""Which documents are pieces of one source, and which sources matter more."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np

from index.sources import Finder, Sources


def find_sources(titles: Sequence[str], texts: Sequence[str]) -> Sources:
    finder = Finder()
    for title, text in zip(titles, texts, strict=True):
        finder.add(title, text)
    return finder.sources()


def test_clauses_of_one_law_are_one_source() -> None:
    found = find_sources(
        ["会计法第一条", "会计法第十二条之一", "预算法第3条", "会计法第一条的说明"], [""] * 4
    )
    assert found.source.tolist() == [0, 0, 1, 2]
    assert found.grouped


def test_a_source_gains_by_its_clauses_and_by_who_cites_it() -> None:
    found = find_sources(
        ["会计法第一条", "会计法第二条", "中华人民共和国预算法", "通知", "公告"],
        ["依据《会计法》", "", "", "见《预算法》和《预算法》", "见《中华人民共和国预算法》"],
    )
    clauses, cited = 1 + 0.1 * log(2), 1 + 0.1 * log(3)  # itself is nobody who cites it
    assert np.allclose(found.prior, [clauses, clauses, cited, 1, 1])


def test_without_clauses_nothing_is_grouped() -> None:
    assert not find_sources(["甲", "乙"], ["", ""]).grouped
    assert not find_sources([], []).grouped


def test_documents_without_a_title_are_cited_by_nobody() -> None:
    assert find_sources(["", ""], ["《》", "《x》"]).prior.tolist() == [1, 1]
