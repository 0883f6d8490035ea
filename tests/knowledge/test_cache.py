"""An unchanged file is not parsed again, and gives the same."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from knowledge.cache import Cache, Read
from knowledge.library import read_library
from knowledge.readers import ocr
from knowledge.types import Disclosure

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample"


def test_the_second_reading_gives_the_same(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    first = read_library([SAMPLE], cache=cache)
    entries = {path: path.stat().st_ino for path in tmp_path.rglob("*.jsonl")}
    assert len(entries) == 39
    assert read_library([SAMPLE], cache=cache) == first == read_library([SAMPLE])
    assert {path: path.stat().st_ino for path in tmp_path.rglob("*.jsonl")} == entries


def test_a_hit_is_not_parsed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = tmp_path / "policies"
    source.mkdir()
    (source / "a.md").write_text(
        "---\ndisclosure: open\n---\n# 甲\n第一条 一。\n", encoding="utf-8"
    )
    first = read_library([source], cache=Cache(tmp_path / "cache"))

    def broken(*_: object) -> None:
        raise AssertionError("it was parsed again")

    monkeypatch.setattr("knowledge.library.take", broken)
    assert read_library([source], cache=Cache(tmp_path / "cache")) == first


def test_an_entry_that_stops_halfway_is_not_kept(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    reading = cache.keep("ab" * 20, (Read(f"row {number}") for number in range(3)))
    assert next(reading) == Read("row 0")
    reading.close()
    assert cache.get("ab" * 20) is None
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []


def test_an_entry_with_a_changed_letter_is_made_anew(tmp_path: Path) -> None:
    cache = Cache(tmp_path)
    kept = list(cache.keep("ab" * 20, [Read("row 1", problem="甲"), Read("row 2")]))
    assert list(cache.get("ab" * 20) or ()) == kept
    [path] = tmp_path.rglob("*.jsonl")
    path.write_text(path.read_text(encoding="utf-8").replace("甲", "乙"), encoding="utf-8")
    assert cache.get("ab" * 20) is None


def test_an_entry_that_was_not_read_for_long_leaves(tmp_path: Path) -> None:
    cache = Cache(tmp_path / "cache")
    (tmp_path / "a.txt").write_text("甲办法\n第一条 一。\n", encoding="utf-8")
    (tmp_path / "cache" / "00").mkdir(parents=True)
    for age_days, name in ((179, "00/young.jsonl"), (181, "00/old.json")):
        (tmp_path / "cache" / name).write_text("")
        last = time.time() - age_days * 86_400
        os.utime(tmp_path / "cache" / name, (last, last))
    read_library([tmp_path / "a.txt"], cache=cache)
    [entry] = (tmp_path / "cache").rglob("*[0-9a-f].jsonl")
    os.utime(entry, (0, 0))
    read_library([tmp_path / "a.txt"], cache=cache)  # its use counts, not its age
    left = {path.name for path in (tmp_path / "cache").rglob("*.json*")}
    assert left == {"young.jsonl", entry.name}


@pytest.mark.parametrize("damage", ["{", "[{}]", '[{"where": 1, "document": {}}]', ""])
def test_a_damaged_entry_is_made_anew(tmp_path: Path, damage: str) -> None:
    cache = Cache(tmp_path)
    first = read_library([SAMPLE], cache=cache)
    for path in tmp_path.rglob("*.jsonl"):
        path.write_text(damage, encoding="utf-8")
    assert read_library([SAMPLE], cache=cache) == first


def test_a_file_is_parsed_again_once_pictures_of_pages_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = tmp_path / "a.txt"
    source.write_text("甲办法\n第一条 一。\n", encoding="utf-8")
    for there in (False, True, True):
        monkeypatch.setattr(ocr, "available", lambda there=there: there)
        read_library([source], disclosure=Disclosure.OPEN, cache=Cache(tmp_path / "cache"))
    assert len(list((tmp_path / "cache").rglob("*.jsonl"))) == 2


def test_another_word_on_disclosure_is_another_entry(tmp_path: Path) -> None:
    source = tmp_path / "a.txt"
    source.write_text("甲办法\n第一条 一。\n", encoding="utf-8")
    cache = Cache(tmp_path / "cache")
    assert read_library([source], cache=cache).documents == ()
    opened = read_library([source], disclosure=Disclosure.OPEN, cache=cache)
    assert [one.id for one in opened.documents] == ["a"]


def test_a_changed_file_is_read_and_a_removed_one_leaves(tmp_path: Path) -> None:
    source = tmp_path / "policies"
    source.mkdir()
    cache = Cache(tmp_path / "cache")
    for name in ("a", "b"):
        (source / f"{name}.txt").write_text(f"{name}\n第一条 一。\n", encoding="utf-8")
    read_library([source], disclosure=Disclosure.OPEN, cache=cache)
    (source / "a.txt").write_text("a\n第一条 二。\n", encoding="utf-8")
    os.utime(source / "a.txt", (0, 0))  # the time of a file proves nothing
    (source / "b.txt").unlink()
    [made] = read_library([source], disclosure=Disclosure.OPEN, cache=cache).documents
    assert "二" in made.text
