"""Documents that were taken out of the sources, and what is put back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk.tickets import Agent
from bot.errors import MaintenanceRefused
from bot.maintain.sources import Folder, folders
from bot.maintain.trash import Trash

HAN = Agent("web:han", "韩梅")


def now() -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def trash(tmp_path: Path) -> Trash:
    return Trash(tmp_path / "removed", clock=now)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    folder = tmp_path / "policies"
    (folder / "2025").mkdir(parents=True)
    (folder / "2025" / "ferry.md").write_text("渡轮", encoding="utf-8")
    return folder


def listed(source: Path) -> Folder:
    return folders([source])[0]


def test_it_comes_back_to_where_it_lay_though_its_folder_is_gone(
    trash: Trash, source: Path
) -> None:
    trash.remove(listed(source), "2025/ferry.md", HAN, why="重复")
    (source / "2025").rmdir()
    [one] = trash.listed()
    assert (one.note.name, one.note.by, one.note.why, one.at) == (
        "2025/ferry.md",
        "韩梅",
        "重复",
        now(),
    )
    trash.put_back(one.id, [listed(source)])
    assert (source / "2025" / "ferry.md").read_text(encoding="utf-8") == "渡轮"
    assert trash.listed() == []


def test_the_same_name_is_kept_as_often_as_it_is_removed(trash: Trash, source: Path) -> None:
    for text in ("一", "二"):
        (source / "2025" / "ferry.md").write_text(text, encoding="utf-8")
        trash.remove(listed(source), "2025/ferry.md", HAN, why="x")
    assert len(trash.listed()) == 2


def test_what_took_its_place_stays(trash: Trash, source: Path) -> None:
    trash.remove(listed(source), "2025/ferry.md", HAN, why="x")
    (source / "2025" / "ferry.md").write_text("新的", encoding="utf-8")
    [one] = trash.listed()
    with pytest.raises(MaintenanceRefused, match="Remove that one first"):
        trash.put_back(one.id, [listed(source)])
    assert (source / "2025" / "ferry.md").read_text(encoding="utf-8") == "新的"
    assert trash.listed() == [one]


def test_nothing_is_put_where_no_sources_are_any_more(
    trash: Trash, source: Path, tmp_path: Path
) -> None:
    trash.remove(listed(source), "2025/ferry.md", HAN, why="x")
    [one] = trash.listed()
    other = tmp_path / "other"
    other.mkdir()
    with pytest.raises(MaintenanceRefused, match="no folder of the sources"):
        trash.put_back(one.id, [listed(other)])


def test_a_removal_that_was_killed_half_way_is_not_listed_and_hinders_none(
    trash: Trash, source: Path, tmp_path: Path
) -> None:
    half = tmp_path / "removed" / "20260302-090000-1"
    half.mkdir(parents=True)
    (half / "note.json").write_text("{")
    trash.remove(listed(source), "2025/ferry.md", HAN, why="x")
    assert [one.id for one in trash.listed()] == ["20260302-090000-2"]
