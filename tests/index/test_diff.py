"""What changed between two releases, told by clause."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from index.diff import Changes, ClauseChange, Edit, FieldChange, changes
from index.shelf import Shelf, ShelfWriter
from knowledge.passages import passages
from knowledge.types import Document, Status
from tests.index.library import FOREIGN, FUND, LIBRARY, MATERNITY, document


def compared(tmp_path: Path, old: Sequence[Document], new: Sequence[Document]) -> Changes:
    return changes(_shelf(tmp_path / "old", old), _shelf(tmp_path / "new", new))


def _shelf(folder: Path, documents: Sequence[Document]) -> Shelf:
    folder.mkdir()
    with ShelfWriter(folder) as writer:
        for one in documents:
            writer.add(one, passages(one))
    return Shelf.open(folder)


def clauses(tmp_path: Path, old: str, new: str) -> tuple[ClauseChange, ...]:
    found = compared(tmp_path, [document("a", "a", old)], [document("a", "a", new)])
    (change,) = found.changed
    return change.clauses


def places(found: Sequence[ClauseChange]) -> list[tuple[str, str]]:
    return [
        (one.old.address if one.old else "", one.new.address if one.new else "") for one in found
    ]


def test_nothing_changed(tmp_path: Path) -> None:
    found = compared(tmp_path, LIBRARY, LIBRARY[::-1])
    assert found == Changes(added=(), removed=(), changed=())


def test_documents_come_and_go_by_id(tmp_path: Path) -> None:
    found = compared(tmp_path, [FUND, FOREIGN], [MATERNITY, FOREIGN])
    assert (found.added, found.removed, found.changed) == ((MATERNITY,), (FUND,), ())


def test_fields_that_changed_are_told_in_words(tmp_path: Path) -> None:
    ended = replace(
        FUND,
        status=Status.SUPERSEDED,
        superseded_by="fund-2027",
        expires=date(2026, 12, 31),
        repeals=("fund-2022", "fund-2020"),
    )
    (change,) = compared(tmp_path, [FUND], [ended]).changed
    assert (change.old, change.new, change.clauses) == (FUND, ended, ())
    assert change.fields == (
        FieldChange("status", "in_force", "superseded"),
        FieldChange("expires", "", "2026-12-31"),
        FieldChange("superseded_by", "", "fund-2027"),
        FieldChange("repeals", "fund-2022", "fund-2022, fund-2020"),
    )


def test_a_figure_that_changed_is_told_whole(tmp_path: Path) -> None:
    (change,) = clauses(tmp_path, FUND.text, FUND.text.replace("1500", "900"))
    assert places([change]) == [("第二条", "第二条")]
    assert change.edits == (Edit("1500", "900"),)


BEFORE: Final = (
    "第一条 为规范津贴发放，制定本办法。\n"
    "第二条 职工每月领取津贴一百元。\n"
    "第三条 本办法由市财政局解释。\n"
)


def test_a_clause_put_in_renumbers_the_others_and_changes_none(tmp_path: Path) -> None:
    new = (
        "第一条 为规范津贴发放，制定本办法。\n"
        "第二条 灵活就业人员可以通过手机申请。\n"
        "第三条 职工每月领取津贴一百元。\n"
        "第四条 本办法由市财政局解释。\n"
    )
    found = clauses(tmp_path, BEFORE, new)
    assert places(found) == [("", "第二条"), ("第二条", "第三条"), ("第三条", "第四条")]
    assert [one.renumbered for one in found] == [False, True, True]


def test_a_clause_taken_out_is_not_mistaken_for_the_next_one(tmp_path: Path) -> None:
    new = "第一条 为规范津贴发放，制定本办法。\n第二条 本办法由市财政局和市民政局解释。\n"
    found = clauses(tmp_path, BEFORE, new)
    assert places(found) == [("第三条", "第二条"), ("第二条", "")]
    assert Edit("", "和市民政局") in found[0].edits


def test_a_clause_written_anew_keeps_its_place(tmp_path: Path) -> None:
    new = BEFORE.replace("职工每月领取津贴一百元", "申请人应当如实填报家庭收入和财产")
    found = clauses(tmp_path, BEFORE, new)
    assert places(found) == [("第二条", "第二条")]


def test_a_text_without_an_outline_is_one_clause(tmp_path: Path) -> None:
    (change,) = clauses(tmp_path, "税率为百分之三。", "税率为百分之五。")
    assert places([change]) == [("", "")]
    assert change.edits == (Edit("三", "五"),)


def test_the_end_of_a_line_is_no_change(tmp_path: Path) -> None:
    assert places(clauses(tmp_path, BEFORE, BEFORE + "第四条 自发布之日起施行。\n")) == [
        ("", "第四条")
    ]


@pytest.mark.parametrize("size", [1, 300])
def test_however_many_clauses_change(tmp_path: Path, size: int) -> None:
    old = "".join(f"第{n}条 甲{n}乙{n}丙{n}。\n" for n in range(1, size + 1))
    new = "".join(f"第{n}条 丁{n}戊{n}己{n}。\n" for n in range(1, size + 1))
    found = clauses(tmp_path, old, new)
    assert {old for old, _ in places(found)} == {new for _, new in places(found)}
