"""Everyday words and official terms."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.glossary import SHIPPED, BadGlossary, Glossary, shipped
from knowledge.fold import fold

GLOSSARY = """
[[same]]
words = ["公積金", "住房公积金", "Housing Fund", "fund"]
[[seeks]]
asks = ["怎么办理", "how"]
tells = ["窗口", "counter"]
[[seeks]]
asks = ["在哪"]
tells = ["地址", "窗口"]
"""


@pytest.fixture
def glossary(tmp_path: Path) -> Glossary:
    return _read(tmp_path, GLOSSARY)


@pytest.mark.parametrize(
    ("question", "word", "others"),
    [
        ("公积金呢", "公积金", ("住房公积金", "housing fund", "fund")),
        ("公積金呢", "公积金", ("住房公积金", "housing fund", "fund")),
        ("住房公积金呢", "住房公积金", ("housing fund", "fund")),  # the longest word counts
        ("my HOUSING FUND", "housing fund", ("公积金", "住房公积金")),
        ("fund公", "fund", ("公积金", "住房公积金", "housing fund")),
    ],
)
def test_other_words_for_what_a_question_names(
    glossary: Glossary, question: str, word: str, others: tuple[str, ...]
) -> None:
    [named] = glossary.meant(fold(question)).named
    assert (named.word, named.others) == (word, others)


@pytest.mark.parametrize("question", ["refunds", "funding", "积金", "", "housing"])
def test_latin_words_are_whole_words(glossary: Glossary, question: str) -> None:
    assert glossary.meant(fold(question)).named == ()


@pytest.mark.parametrize(
    ("question", "tells"),
    [
        ("怎么办理", ("窗口", "counter")),
        ("怎麼辦理，在哪？", ("窗口", "counter", "地址")),  # each word once
        ("show me", ()),
        ("公积金", ()),
    ],
)
def test_words_in_which_an_answer_is_told(
    glossary: Glossary, question: str, tells: tuple[str, ...]
) -> None:
    assert glossary.meant(fold(question)).tells == tells


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("[[same]", "Expected"),
        ("[[same]]\nword = ['a']", "'words'"),
        ("[[same]]\nwords = 'a'", "no list of words"),
        ("[[same]]\nwords = ['a', 1]", "no list of words"),
        ("[[same]]\nwords = ['a', ' ']", "empty word"),
        ("[[seeks]]\nasks = ['a']", "'tells'"),
        ("same = 3", "not iterable"),
        ("same = ['a']", "indices"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(BadGlossary) as caught:
        _read(tmp_path, text)
    assert str(tmp_path / "glossary.toml") in str(caught.value)
    assert problem in str(caught.value)


def test_a_file_in_another_encoding_is_named(tmp_path: Path) -> None:
    path = tmp_path / "glossary.toml"
    path.write_bytes("words = '公积金'".encode("gbk"))
    with pytest.raises(BadGlossary, match="glossary"):
        Glossary.read(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadGlossary, match=r"none\.toml cannot be read"):
        Glossary.read(tmp_path / "none.toml")


def test_each_group_of_ours_offers_a_choice() -> None:
    assert shipped() == Glossary.read(SHIPPED)
    for group in shipped().same:
        assert len(set(group)) == len(group)
        assert len(group) > 1


def _read(folder: Path, text: str) -> Glossary:
    path = folder / "glossary.toml"
    path.write_text(text, encoding="utf-8")
    return Glossary.read(path)
