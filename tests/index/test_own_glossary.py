"""The bureau's own glossary, as part of the releases that are built with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.build import load, prepare
from index.glossary import BadGlossary, Glossary
from index.release import read_manifest
from index.searcher import Searcher
from index.why import explain
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, TODAY

NICKNAME = '[[same]]\nwords = ["小金库", "公积金"]\n'


def opened(root: Path, glossary: Path | None) -> Searcher:
    made = prepare(LIBRARY, root, encoder=Hashed.fit, calibrate=False, glossary=glossary)
    return load(root / made.name, encoder=lambda *_: Hashed())


def things(searcher: Searcher) -> dict[str, tuple[str, ...]]:
    found = explain(searcher, "小金库怎么提取？", TODAY).asked.things
    return {one.word: one.others for one in found}


@pytest.fixture
def glossary(tmp_path: Path) -> Path:
    path = tmp_path / "own.toml"
    path.write_text(NICKNAME, encoding="utf-8")
    return path


def test_its_words_count_in_the_release_that_was_built_with_it(
    tmp_path: Path, glossary: Path
) -> None:
    own, ours = opened(tmp_path / "own", glossary), opened(tmp_path / "ours", None)
    glossary.unlink()  # the release has its own
    assert "公积金" in things(own)["小金库"]
    assert "小金库" not in things(ours)


def test_it_is_part_of_what_is_verified(tmp_path: Path, glossary: Path) -> None:
    made = prepare(LIBRARY, tmp_path, encoder=Hashed.fit, calibrate=False, glossary=glossary)
    assert "glossary.toml" in read_manifest(tmp_path / made.name).files
    plain = prepare(LIBRARY, tmp_path, encoder=Hashed.fit, calibrate=False)
    assert plain.digest != made.digest


def test_a_mistake_in_it_leaves_no_release(tmp_path: Path, glossary: Path) -> None:
    glossary.write_text("[[same]]\n", encoding="utf-8")
    with pytest.raises(BadGlossary):
        prepare(LIBRARY, tmp_path / "r", encoder=Hashed.fit, glossary=glossary)
    assert [path.name for path in (tmp_path / "r").glob("[!.]*")] == []


def test_a_word_of_ours_is_counted_once_and_brings_what_ours_has_with_it() -> None:
    ours = Glossary(same=(("住房公积金", "公积金"), ("失业金", "失业保险金")), seeks=())
    own = Glossary(same=(("公积金", "公金"),), seeks=())
    both = ours.also(own)
    [named] = both.meant("公金怎么提取").named
    assert (named.word, named.others) == ("公金", ("住房公积金", "公积金"))
    assert len(both.meant("公积金怎么提取").named) == 1
    assert ("失业金", "失业保险金") in both.same
