"""Which source a question is for."""

from __future__ import annotations

import numpy as np
import pytest

from index.glossary import Glossary
from index.keywords import Columns
from index.questions import Question, understand
from index.routing import ALWAYS, routed
from index.sources import Sources
from tests.index import tables

NO_GLOSSARY = Glossary(same=(), seeks=())
POOLS = [["泳"], ["泳", "馆"], ["泳"], ["馆"]]
TAXES = [["税"], ["税", "馆"], ["税"], ["表"]]
ALL = np.arange(8)


def corpus(titles: str) -> tuple[Columns, Sources]:
    return tables.columns([*POOLS, *TAXES]), sources_of(titles)


def sources_of(titles: str) -> Sources:
    source = np.asarray([sorted(set(titles)).index(title) for title in titles], dtype=np.int32)
    return Sources.of(source, np.ones(len(titles), dtype=np.float32))


def asked(text: str, documents: Columns) -> Question:
    return understand(text, documents, NO_GLOSSARY)


def test_the_source_that_uses_the_words_is_likelier() -> None:
    documents, sources = corpus("甲甲甲甲乙乙乙乙")
    found = routed(asked("税", documents), documents, sources, ALL)
    assert len(set(found[:4])) == len(set(found[4:])) == 1
    # 3 of 4 and 0 of 4, mixed with 3 documents of which 3/8 have it: odds 33 / 9, to the 1/2
    assert found[4] / found[0] == pytest.approx((33 / 9) ** 0.5)
    assert found[0] + found[4] == pytest.approx(1.0)


def test_a_word_that_both_use_alike_decides_nothing() -> None:
    documents, sources = corpus("甲甲甲甲乙乙乙乙")
    found = routed(asked("馆，表，泳", documents), documents, sources, ALL)
    assert found[0] > found[4]
    none = routed(asked("癸", documents), documents, sources, ALL)
    assert none.tolist() == [0.5] * 8


def test_of_two_sources_that_say_as_much_the_larger_one_is_likelier() -> None:
    documents, sources = corpus("甲甲甲甲甲甲乙乙")
    found = routed(asked("癸", documents), documents, sources, ALL)
    assert found[0] / found[7] == pytest.approx(3**0.5)


def test_only_sources_of_candidates_share_the_probability() -> None:
    documents, sources = corpus("甲甲甲甲乙乙乙乙")
    found = routed(asked("税", documents), documents, sources, np.array([1, 0, 1]))
    assert found.tolist() == [1.0] * 3
    none = routed(asked("税", documents), documents, sources, np.zeros(0, dtype=np.int64))
    assert none.shape == (0,)


def test_a_word_of_most_documents_tells_nothing() -> None:
    half = ALWAYS // 2 + 1
    documents = tables.columns([*[["税"]] * 2 * half, *[["表"]] * 2])
    sources = sources_of("甲" * (half + 1) + "乙" * (half + 1))
    owners = np.array([0, 2 * half + 1])
    assert routed(asked("税", documents), documents, sources, owners).tolist() == [0.5, 0.5]
    assert routed(asked("表", documents), documents, sources, owners)[1] > 0.5


@pytest.mark.parametrize("titles", ["甲乙丙丁戊己庚辛", "甲甲甲乙乙乙丙丙", "甲" * 8])
def test_sources_of_few_documents_are_no_choice(titles: str) -> None:
    documents, sources = corpus(titles)
    assert routed(asked("税", documents), documents, sources, ALL).tolist() == [0.0] * 8
