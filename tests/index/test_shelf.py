"""Documents and passages on disk."""

from __future__ import annotations

import shutil
from dataclasses import fields
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from index.shelf import Shelf, ShelfWriter, Texts
from knowledge.passages import passages
from knowledge.types import Disclosure, Document, Heading, Kind, Lang, Standing, Status
from tests.index.library import LIBRARY, document

EVERYTHING = Document(
    id="folder/名字",
    title='标题 😀 \u2028 "quoted"',
    text="第一章 总则\n第一条 甲。\n第二条 乙。\n",
    language=Lang.ZH_HANT,
    kind=Kind.ANSWER,
    source="https://example.test/?a=1&b=二",
    disclosure=Disclosure.ON_REQUEST,
    status=Status.AMENDED,
    issuer="澜港市财政局",
    number="澜财规〔2025〕1号",
    published=date(2025, 1, 2),
    effective=date(2025, 2, 3),
    expires=date(2030, 12, 31),
    superseded_by="other",
    interprets=("a", "b"),
    amends=("c",),
    repeals=("d",),
    cites=("0123abcd folder/b",),
    topics=("公积金", "租房"),
    headings=(Heading(0, 6, 1), Heading(7, 10, 2)),
)
BARE = document("bare", "", "")


def on_shelf(folder: Path, *documents: Document) -> Shelf:
    with ShelfWriter(folder) as writer:
        for one in documents:
            writer.add(one, passages(one))
    return Shelf.open(folder)


def test_every_field_comes_back(tmp_path: Path) -> None:
    shelf = on_shelf(tmp_path, BARE, EVERYTHING)
    assert list(shelf.all_documents()) == [BARE, EVERYTHING]
    plain = {one.name for one in fields(Document) if getattr(EVERYTHING, one.name) == one.default}
    assert plain == set()  # so that a new field is tried, too


def test_every_passage_comes_back(tmp_path: Path) -> None:
    shelf = on_shelf(tmp_path, *LIBRARY, EVERYTHING)
    cut = [passage for one in (*LIBRARY, EVERYTHING) for passage in passages(one)]
    assert [shelf.passage(number) for number in range(shelf.passages)] == cut
    said = [one.text for one in cut]
    assert list(Texts(shelf)) == said
    assert Texts(shelf)[::2] == said[::2]
    assert Texts(shelf)[-1] == said[-1]
    with pytest.raises(IndexError):
        Texts(shelf)[len(cut)]
    owners = shelf.document_of(np.arange(shelf.passages)).tolist()
    assert [shelf.document(owner).id for owner in owners] == [one.document_id for one in cut]


def test_documents_without_passages_stand_between_others(tmp_path: Path) -> None:
    shelf = on_shelf(tmp_path, BARE, EVERYTHING, BARE, EVERYTHING, BARE)
    each = len(passages(EVERYTHING))
    assert [len(shelf.numbers_of(number)) for number in range(5)] == [0, each, 0, each, 0]
    assert shelf.numbers_of(3).tolist() == list(range(each, 2 * each))
    assert shelf.passage(each).document_id == EVERYTHING.id


def test_the_passages_of_some_documents_side_by_side(tmp_path: Path) -> None:
    shelf = on_shelf(tmp_path, *LIBRARY, EVERYTHING)
    wanted = np.array([2, 0])
    apart = [shelf.numbers_of(int(number)) for number in wanted]
    assert shelf.numbers_of_all(wanted).tolist() == np.concatenate(apart).tolist()
    assert shelf.numbers_of_all(wanted[:0]).tolist() == []


@pytest.mark.parametrize("documents", [(), (BARE,)])
def test_a_shelf_without_passages(tmp_path: Path, documents: tuple[Document, ...]) -> None:
    shelf = on_shelf(tmp_path, *documents)
    assert (shelf.documents, shelf.passages) == (len(documents), 0)
    assert shelf.binding(date(2026, 1, 1)).tolist() == [True] * len(documents)


@pytest.mark.parametrize(
    ("status", "effective", "expires", "on", "binds"),
    [
        (Status.IN_FORCE, None, None, "2026-01-01", True),
        (Status.AMENDED, None, None, "2026-01-01", True),
        (Status.REPEALED, None, None, "2026-01-01", False),
        (Status.SUPERSEDED, "2020-01-01", "2030-01-01", "2026-01-01", False),
        (Status.IN_FORCE, "2026-01-01", None, "2025-12-31", False),
        (Status.IN_FORCE, "2026-01-01", None, "2026-01-01", True),
        (Status.IN_FORCE, None, "2026-01-01", "2026-01-01", True),  # the last day
        (Status.IN_FORCE, None, "2026-01-01", "2026-01-02", False),
        (Status.AMENDED, "2025-01-01", "2025-12-31", "2025-06-30", True),
        (Status.IN_FORCE, "0001-01-01", "9999-12-31", "9999-12-31", True),
    ],
)
def test_what_binds_on_a_day(
    tmp_path: Path,
    status: Status,
    effective: str | None,
    expires: str | None,
    on: str,
    *,
    binds: bool,
) -> None:
    made = document(
        "a",
        "标题",
        "第一条 甲。",
        status=status,
        superseded_by="b" if status is Status.SUPERSEDED else None,
        effective=date.fromisoformat(effective) if effective else None,
        expires=date.fromisoformat(expires) if expires else None,
    )
    day = date.fromisoformat(on)
    assert on_shelf(tmp_path, made).binding(day).tolist() == [binds]
    standing = made.standing(day)  # the two ways to tell agree
    assert (standing in {Standing.IN_FORCE, Standing.AMENDED}) is binds


def test_a_release_that_is_removed_under_a_reader_can_still_be_read(tmp_path: Path) -> None:
    shelf = on_shelf(tmp_path / _made(tmp_path), *LIBRARY)
    shutil.rmtree(tmp_path / "shelf")
    assert [one.id for one in shelf.all_documents()] == [one.id for one in LIBRARY]


def _made(folder: Path) -> str:
    (folder / "shelf").mkdir()
    return "shelf"
