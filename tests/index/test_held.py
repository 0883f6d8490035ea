"""What the first document has of a question, and what it lacks: evidence for refusing."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.build import build, load
from index.glossary import Glossary
from index.legs import gather
from index.questions import understand
from index.ranking import Ranked, rank
from index.searcher import Searcher
from tests.index.fake import Hashed
from tests.index.library import document

NO_GLOSSARY = Glossary(same=(), seeks=())
LETTERS = Glossary(same=(("牡丹卡", "市民卡"),), seeks=())
TEXTS = ("甲乙丙", "甲乙丁", "市民卡", "card holders pay fees")


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("held")
    documents = [document(f"d{n}", "", text) for n, text in enumerate(TEXTS)]
    manifest = build(documents, folder, encoder=Hashed.fit, calibrate=False)
    return load(folder / manifest.name, encoder=Hashed.load)


def ranked(
    searcher: Searcher, question: str, of: Sequence[int], glossary: Glossary = NO_GLOSSARY
) -> Ranked:
    legs = searcher.legs
    allowed = np.isin(np.arange(len(TEXTS)), of)
    evidence = gather(understand(question, legs.documents, glossary), legs)
    return rank(evidence, legs, allowed=allowed, vector_weight=0.0)


def test_a_document_that_has_every_word_lacks_nothing(searcher: Searcher) -> None:
    found = ranked(searcher, "甲乙丙", of=[0, 1])
    assert (found.owners[0], found.held, found.missing) == (0, 1.0, 0.0)


def test_what_it_lacks_counts_as_much_as_it_tells(searcher: Searcher) -> None:
    found = ranked(searcher, "甲乙丙", of=[1])
    assert found.missing == pytest.approx(found_in(searcher, "甲乙丙", "丙"))
    assert 0 < found.held < 1


def test_a_word_that_no_document_has_is_lacking_too(searcher: Searcher) -> None:
    found = ranked(searcher, "甲，癸", of=[0])
    assert found.missing == 1.0


def test_another_word_for_a_thing_is_as_good(searcher: Searcher) -> None:
    without = ranked(searcher, "牡丹卡", of=[2])
    with_it = ranked(searcher, "牡丹卡", of=[2], glossary=LETTERS)
    assert without.held < 1.0
    assert (with_it.held, with_it.missing) == (1.0, 0.0)


def test_the_order_of_words_is_no_lack(searcher: Searcher) -> None:
    found = ranked(searcher, "fees card", of=[3])
    assert (found.held, found.missing) == (1.0, 0.0)


def found_in(searcher: Searcher, question: str, term: str) -> float:
    return understand(question, searcher.legs.documents, NO_GLOSSARY).sought[term]
