"""What an English question names must stand in the passage that answers it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.build import build, load
from index.glossary import Glossary
from index.lacking import beside_the_point
from index.questions import understand
from index.searcher import Searcher
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, TODAY, document

BUS = Glossary(same=(("coach", "bus"),), seeks=())
LEAVING = "Whoever leaves Langang may write to the office and take the pension along."
TEXTS = {"leaving": LEAVING, "bus": "The bus carries dogs.", "pension": "A pension is paid."}


@pytest.fixture(scope="module")
def searcher(tmp_path_factory: pytest.TempPathFactory) -> Searcher:
    folder = tmp_path_factory.mktemp("lacking")
    english = [document(name, "", text) for name, text in TEXTS.items()]
    manifest = build([*LIBRARY, *english], folder, encoder=Hashed.fit, calibrate=False)
    return load(folder / manifest.name, encoder=Hashed.load)


@pytest.mark.parametrize(
    ("question", "text", "beside"),
    [
        ("Can you write a Python script for me?", LEAVING, True),
        ("Can I take my dog on the bus?", LEAVING, True),
        ("Can I take my pension along when I leave?", LEAVING, False),
        ("Can I get my pension back?", LEAVING, False),  # "get" and "back" name nothing
        ("Are dogs allowed on the coach?", TEXTS["bus"], False),  # in another word
        ("写一个程序", LEAVING, False),  # asked of words only
    ],
)
def test_a_passage_that_lacks_what_is_named(
    searcher: Searcher,
    question: str,
    text: str,
    beside: bool,  # noqa: FBT001 - a table
) -> None:
    understood = understand(question, searcher.legs.documents, BUS)
    assert beside_the_point(understood, (text,)) is beside


def test_the_title_counts_as_what_is_said(searcher: Searcher) -> None:
    question = understand("Which dogs may take the bus?", searcher.legs.documents)
    assert beside_the_point(question, ("Whoever wishes may.",))
    assert not beside_the_point(question, ("Whoever wishes may.", "Dogs on the bus"))


def test_what_lacks_it_does_not_answer_however_sure_the_figures_are(searcher: Searcher) -> None:
    searcher.judge.calibration = replace(searcher.calibration, bias=50.0)  # everything is certain
    assert searcher("Can I take my pension along when I leave?", TODAY).answer is not None
    found = searcher("Can you write a Python script for me?", TODAY)
    assert found.answer is None
    assert found.hits[0].document.id == "leaving"
