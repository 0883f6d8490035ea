"""Copies of a notice, and families of documents."""

from __future__ import annotations

import random

import pytest

from index import copies
from index.copies import Sketches
from index.families import Families
from tests.index.library import document

WORDS = "澜港市住房公积金提取申请材料窗口办理时限条件对象标准范围流程依据责任监督"


def text(seed: int, length: int = 900) -> str:
    chance = random.Random(seed)  # noqa: S311 - not for secrets
    return "".join(chance.choices(WORDS, k=length))


def found(*texts: str) -> list[list[int]]:
    sketches = Sketches()
    for one in texts:
        sketches.add(one)
    return sorted(sketches.copies().tolist())


def test_a_text_that_holds_another_is_its_copy() -> None:
    assert found(text(1), text(2), text(3) + text(1), text(4)) == [[0, 2]]
    assert found(text(1), f"第一条 {text(1)[:400]}，\n{text(1)[400:]}") == [[0, 1]]


def test_a_third_of_a_text_makes_no_copy() -> None:
    assert found(text(1) + text(2) + text(3), text(1) + text(4) + text(5)) == []


def test_texts_that_are_too_short_tell_nothing() -> None:
    assert found("公积金提取", "公积金提取", "", "") == []
    assert found() == []


def test_a_phrase_of_the_trade_makes_no_copies() -> None:
    assert found(*[text(1)] * (copies.COMMON + 1)) == []
    assert len(found(*[text(1)] * 4)) == 6


@pytest.mark.parametrize("batch", [1, 1000, 2000])
def test_sampling_texts_together_changes_nothing(
    batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    texts = [text(1), "", text(2), text(1) + "，" + text(3), text(2) * 2, "公积金", text(1)]
    whole = found(*texts)
    monkeypatch.setattr(copies, "BATCH", batch)
    assert found(*texts) == whole == [[0, 3], [0, 6], [2, 4], [3, 6]]


def test_an_8_gram_does_not_reach_into_the_next_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(copies, "SAMPLE", 1)
    pieces = [text(1)[place : place + 7] for place in range(0, 700, 7)]
    assert found(*pieces, *pieces) == []
    assert found(text(1), text(1)) == [[0, 1]]


@pytest.mark.parametrize("pairs", [1, 7, 1000])
def test_counting_in_parts_changes_nothing(pairs: int, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [text(1), text(2), text(1) + text(3), text(2), text(1)]
    whole = found(*texts)
    monkeypatch.setattr(copies, "PAIRS", pairs)
    assert found(*texts) == whole == [[0, 2], [0, 4], [1, 3], [2, 4]]


def test_a_family_is_what_is_linked_or_copied() -> None:
    families = Families()
    for one in (
        document("a", "甲", text(1)),
        document("b", "乙", text(2), interprets=("a", "gone")),
        document("c", "丙", text(3)),
        document("d", "丁", text(2) + text(4)),
        document("e", "戊", text(5), repeals=("c",)),
    ):
        families.add(one, one.text)
    assert families.numbers().tolist() == [0, 0, 1, 0, 1]


def test_no_documents_have_no_families() -> None:
    assert Families().numbers().tolist() == []
