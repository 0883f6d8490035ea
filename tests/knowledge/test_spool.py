"""Documents whose texts are on disk: the same documents, in their order, as often as asked."""

from __future__ import annotations

import gc
import os
import sys
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from knowledge.catalogue import catalogue, linked
from knowledge.library import read_library
from knowledge.spool import Documents, Spool, SpoolDamaged, slim
from knowledge.types import Disclosure, Document, Heading, Kind, Lang
from knowledge.validity import inherit

TEXT = "第一条　甲。\n𠮷野家 “引号” \\n \u2028 \x1f end\n"


def made(name: str, text: str = TEXT, **more: Any) -> Document:
    return replace(
        Document(
            id=name,
            title=f"{name}办法",
            text=text,
            language=Lang.ZH_HANS,
            kind=Kind.POLICY,
            source=f"{name}.md",
            disclosure=Disclosure.OPEN,
        ),
        **more,
    )


WHOLE = (
    made("c", headings=(Heading(0, 7, 1), Heading(7, 9, 2)), published=date(2025, 1, 2)),
    made("a", topics=("住房", "医保"), issuer="某市某局"),
    made("b", text="半个字\ud800也在。"),
)


def spooled(documents: tuple[Document, ...], folder: Path) -> Documents:
    spool = Spool(folder)
    places = [spool.add(one, f"{one.id}.md") for one in documents]
    return Documents(map(slim, documents), places, spool)


def open_files(folder: Path) -> list[Path]:
    """What this process holds open below the folder; files without a name, too."""
    found = []
    for link in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # a thread of an earlier test closed it meanwhile
            if str(folder) in str(link.readlink()):
                found.append(link)
    return found


def test_they_come_back_whole_and_in_their_order(tmp_path: Path) -> None:
    kept = spooled(WHOLE, tmp_path)
    assert (len(kept), list(kept)) == (3, [*WHOLE])
    assert list(kept) == [*WHOLE], "a second time"
    assert [kept[0], kept[-1]] == [WHOLE[0], WHOLE[2]]
    assert [*kept[1:]] == [*WHOLE[1:]]
    assert kept == Documents.of(WHOLE)
    assert kept != Documents.of(WHOLE[:2])
    with pytest.raises(IndexError):
        kept[3]


def test_two_may_read_at_the_same_time(tmp_path: Path) -> None:
    kept = spooled(WHOLE, tmp_path)
    assert list(zip(kept, reversed(kept), strict=True)) == [*zip(WHOLE, WHOLE[::-1], strict=True)]


def test_in_memory_they_have_neither_text_nor_headings(tmp_path: Path) -> None:
    for kept in (spooled(WHOLE, tmp_path), Documents.of(WHOLE)):
        assert kept.slims == tuple(replace(one, text="", headings=()) for one in WHOLE)


def test_a_place_in_the_file_is_told_for_the_maintainer(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    assert [spool.add(one, f"{one.id}.csv row 7") for one in WHOLE] == [0, 1, 2]
    assert spool[1].where == "a.csv row 7"


def test_what_is_said_of_them_changes_and_their_texts_do_not(tmp_path: Path) -> None:
    for kept in (spooled(WHOLE, tmp_path), Documents.of(WHOLE)):
        over = kept.over(replace(one, superseded_by="z") for one in kept.slims)
        assert over == tuple(replace(one, superseded_by="z") for one in WHOLE)
        assert kept == WHOLE


def test_a_list_gives_what_a_spool_gives(tmp_path: Path) -> None:
    policy = made("p", "第一条 甲。", expires=date(2025, 1, 1))
    told = made("i", "甲。", title="《p办法》解读", kind=Kind.INTERPRETATION)
    kept = spooled((policy, told), tmp_path)
    expected = (policy, replace(told, interprets=("p",), expires=date(2025, 1, 1)))
    assert inherit(linked(kept)) == inherit(linked([policy, told])) == expected
    on = date(2026, 1, 1)
    assert catalogue(kept, on=on) == catalogue([policy, told], on=on)


def test_the_file_is_gone_with_the_last_that_refers_to_it(tmp_path: Path) -> None:
    kept = spooled(WHOLE, tmp_path)
    view = kept.over(kept.slims)[1:]
    del kept
    assert (len(open_files(tmp_path)), list(tmp_path.iterdir())) == (1, [])
    assert view[0] == WHOLE[1]
    del view
    gc.collect()
    assert open_files(tmp_path) == []


def test_a_file_that_was_cut_is_told(tmp_path: Path) -> None:
    kept = spooled(WHOLE, tmp_path)
    assert kept[2] == WHOLE[2]
    [link] = open_files(tmp_path)
    os.truncate(link, 10)
    with pytest.raises(SpoolDamaged, match="cannot be read back"):
        kept[2]


def test_where_the_folder_cannot_be_made_the_system_has_one(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    assert spooled(WHOLE, tmp_path / "file" / "folder") == WHOLE


def test_a_library_keeps_its_texts_on_disk(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("甲办法\n第一条 一。", encoding="utf-8")
    library = read_library([tmp_path], disclosure=Disclosure.OPEN)
    assert isinstance(library.documents, Documents)
    assert [(one.id, one.text) for one in library.documents.slims] == [("a", "")]
    assert [one.text for one in library.documents] == ["甲办法\n第一条 一。\n"]


MEASURE = r"""
import re, sys
from pathlib import Path
from knowledge.cache import Cache
from knowledge.catalogue import linked
from knowledge.library import read_library
from knowledge.types import Disclosure
from knowledge.validity import inherit

folder = Path(sys.argv[1])
for again in range(2):  # the second time from the cache
    library = read_library(
        [folder / "a.jsonl"], disclosure=Disclosure.OPEN, cache=Cache(folder / "cache")
    )
    documents = inherit(linked(library.documents))
    assert sum(len(one.text) for one in documents) > 0
    del library
# Not ru_maxrss: a child begins with that of its parent.
print(len(documents), *re.findall(r"VmHWM:\s*(\d+)", Path("/proc/self/status").read_text()))
"""


def peak_mib(folder: Path, rows: int) -> float:
    """Peak memory of a process that reads, links and goes through a table of that many rows."""
    folder.mkdir()
    text = "办理人应当在规定期限内提交申请材料。" * 1000
    with (folder / "a.jsonl").open("w", encoding="utf-8") as file:
        for row in range(rows):
            file.write(f'{{"title": "第{row}号", "text": "{row}{text}"}}\n')
    done = run(  # noqa: S603 - our own interpreter
        [sys.executable, "-c", MEASURE, str(folder)], capture_output=True, text=True, check=True
    )
    documents, kib = done.stdout.split()
    assert int(documents) == rows
    return int(kib) / 1024


def test_memory_does_not_grow_with_the_texts(tmp_path: Path) -> None:
    few, many = (peak_mib(tmp_path / str(rows), rows) for rows in (30, 120))
    in_memory_mib = 90 * 18_000 * 2 / 2**20  # two bytes a character
    assert many - few < in_memory_mib / 3
