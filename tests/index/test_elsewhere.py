"""What holds in another city is not in this library."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build, load
from index.elsewhere import elsewhere
from index.searcher import Searcher
from knowledge.fold import fold
from tests.index.fake import Hashed
from tests.index.library import FUND, LIBRARY, TODAY, document


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("elsewhere")
    macau = document("macau", "澳门居民参保通知", "在澜港就业的澳门居民应当参加社会保险。\n")
    manifest = build([*LIBRARY, macau], folder, encoder=Hashed.fit, calibrate=False)
    return load(folder / manifest.name, encoder=Hashed.load)


@pytest.mark.parametrize(
    ("question", "away"),
    [
        ("北京的公积金租房能提多少？", True),
        ("廣州租房提取公積金多少", True),
        ("How much rent can I withdraw in Beijing?", True),
        ("临潮市的公积金怎么提取？", True),
        ("呼和浩特公积金租房提多少", True),
        ("澜港市的公积金怎么提取？", False),
        ("澳门居民怎么参保？", False),  # a document knows them
        ("市民怎么提取公积金？", False),
        ("租房能提多少公积金？", False),
        ("菜市场摊位要交什么费？", False),
    ],
)
def test_a_place_that_no_document_knows(searcher: Searcher, question: str, away: bool) -> None:  # noqa: FBT001 - a table
    assert elsewhere(fold(question), searcher.legs.documents) is away


def test_another_citys_question_is_not_answered_from_here(searcher: Searcher) -> None:
    here = searcher("职工租房每月可以提取住房公积金多少元？", TODAY)
    there = searcher("北京职工租房每月可以提取住房公积金多少元？", TODAY)
    assert here.answer is not None
    assert there.answer is None
    assert there.hits[0].document.id in {FUND.id, *(hit.document.id for hit in here.hits)}


def test_a_document_that_is_named_answers_all_the_same(searcher: Searcher) -> None:
    found = searcher("北京职工看《澜港市住房公积金提取管理办法》第二条", TODAY)
    assert found.hits[0].exact


def test_a_folder_without_documents_of_places(tmp_path: Path) -> None:
    manifest = build([FUND], tmp_path, encoder=Hashed.fit, calibrate=False)
    searcher = load(tmp_path / manifest.name, encoder=Hashed.load)
    assert elsewhere("上海怎么办", searcher.legs.documents)
