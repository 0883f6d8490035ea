"""Lists of results, and two texts as one."""

from __future__ import annotations

import pytest

from index.diff import LONGEST, Run, Side, runs
from index.searcher import Searcher
from tests.index.library import TODAY


def test_a_list_is_longer_than_an_answer_and_has_no_passage_twice(searcher: Searcher) -> None:
    listed = searcher.listed("公积金", TODAY, ended=True, limit=50)
    assert len(listed) > 5
    assert len({hit.passage.id for hit in listed}) == len(listed)
    assert len(searcher.listed("公积金", TODAY, ended=True, limit=3)) == 3


def test_a_list_has_what_binds_and_with_ended_everything(searcher: Searcher) -> None:
    usual = searcher.listed("公积金提取", TODAY, ended=False, limit=50)
    everything = searcher.listed("公积金提取", TODAY, ended=True, limit=50)
    assert usual
    assert all(hit.document.standing(TODAY).binding for hit in usual)
    assert any(not hit.document.standing(TODAY).binding for hit in everything)


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("每人3元。", "每人12元。", "=每人 -3 +12 =元。"),
        ("", "新的", "+新的"),
        ("旧的", "", "-旧的"),
        ("一样", "一样", "=一样"),
        ("pay 8% monthly", "pay 10% monthly", "=pay · -8 +10 =%·monthly"),
    ],
)
def test_two_texts_as_one(old: str, new: str, told: str) -> None:
    signs = {Side.BOTH: "=", Side.OLD: "-", Side.NEW: "+"}
    found = runs(old, new)
    shown = " ".join(signs[run.side] + run.text.replace(" ", "·") for run in found)
    assert shown == told.replace("pay ·", "pay·")
    assert "".join(run.text for run in found if run.side is not Side.NEW) == old
    assert "".join(run.text for run in found if run.side is not Side.OLD) == new


def test_very_long_texts_are_told_whole() -> None:
    long = "长" * (LONGEST + 1)
    assert runs(long, "短") == (Run(Side.OLD, long), Run(Side.NEW, "短"))
