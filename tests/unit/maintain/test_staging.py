"""Files beside the sources, until somebody takes them over."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from bot.errors import MaintenanceRefused
from bot.maintain.staging import Staging


@pytest.fixture
def staging(tmp_path: Path) -> Staging:
    return Staging(tmp_path / "staged")


def put(staging: Staging, name: str, text: str) -> None:
    with staging.receiving(name) as file:
        file.write(text.encode())
        file.keep()


def cut_off(staging: Staging, name: str) -> None:
    with staging.receiving(name) as file:
        file.write(b"half")
        raise ConnectionError


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_an_upload_that_fails_leaves_nothing(staging: Staging) -> None:
    put(staging, "a.md", "渡轮")
    with pytest.raises(ConnectionError):
        cut_off(staging, "b.md")
    assert names(staging.folder) == ["a.md"]


def test_more_than_a_reader_takes_is_refused(staging: Staging) -> None:
    with pytest.raises(MaintenanceRefused):
        put(staging, "a.md", " " * 50_000_001)
    assert names(staging.folder) == []


def test_a_table_may_be_larger_than_a_text(staging: Staging) -> None:
    with staging.receiving("a.csv") as file:
        for _ in range(51):
            file.write(b" " * 1_000_000)
        file.keep()
    assert [one.bytes for one in staging.listed()] == [51_000_000]


def test_what_is_taken_over_is_there_whole_and_gone_here(staging: Staging, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    put(staging, "a.md", "渡轮")
    staging.take_over("a.md", sources, replace=False)
    assert (sources / "a.md").read_text() == "渡轮"
    assert names(sources) == ["a.md"]
    assert staging.listed() == []


def test_a_document_is_replaced_only_on_purpose(staging: Staging, tmp_path: Path) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.md").write_text("old")
    put(staging, "a.md", "new")
    with pytest.raises(MaintenanceRefused):
        staging.take_over("a.md", sources, replace=False)
    assert (sources / "a.md").read_text() == "old"
    assert [one.name for one in staging.listed()] == ["a.md"]
    staging.take_over("a.md", sources, replace=True)
    assert (sources / "a.md").read_text() == "new"


def test_a_name_from_a_browser_is_never_a_path(staging: Staging, tmp_path: Path) -> None:
    put(staging, "a.md", "渡轮")
    (tmp_path / "secret.md").write_text("x")
    for name in ("../secret.md", str(tmp_path / "secret.md"), ".part-x", ""):
        with pytest.raises(MaintenanceRefused):
            staging.discard(name)
    assert (tmp_path / "secret.md").exists()


def test_what_is_not_kept_is_gone(staging: Staging) -> None:
    with staging.receiving("a.md") as file:
        file.write(b"half")
    assert names(staging.folder) == []


def test_taking_over_writes_into_no_file_that_is_there(staging: Staging, tmp_path: Path) -> None:
    """Such as the draft of somebody who takes over at the same time, linked to its document."""
    sources = tmp_path / "sources"
    sources.mkdir()
    (sources / "a.md").write_text("old")
    (sources / ".part-a.md").hardlink_to(sources / "a.md")
    put(staging, "a.md", "new")
    with pytest.raises(MaintenanceRefused, match="already"):
        staging.take_over("a.md", sources, replace=False)
    assert (sources / "a.md").read_text() == "old"


def test_a_draft_of_a_taking_over_that_was_killed_is_swept(
    staging: Staging, tmp_path: Path
) -> None:
    sources = tmp_path / "sources"
    sources.mkdir()
    for name, at in ((".taken-over-1", 0.0), (".taken-over-2", time.time())):
        (sources / name).write_text("x")
        os.utime(sources / name, (at, at))
    put(staging, "a.md", "渡轮")
    staging.take_over("a.md", sources, replace=False)
    assert names(sources) == [".taken-over-2", "a.md"]


@pytest.mark.parametrize("replace", [True, False])
def test_what_the_disk_refuses_is_told_and_the_file_still_waits(
    staging: Staging, tmp_path: Path, *, replace: bool
) -> None:
    put(staging, "a.md", "渡轮")
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(MaintenanceRefused, match="could not be written"):
        staging.take_over("a.md", tmp_path / "file", replace=replace)
    (tmp_path / "sources" / "a.md").mkdir(parents=True)
    with pytest.raises(MaintenanceRefused, match="A folder among the sources"):
        staging.take_over("a.md", tmp_path / "sources", replace=replace)
    assert names(tmp_path / "sources") == ["a.md"]
    assert [one.name for one in staging.listed()] == ["a.md"]


def test_a_staging_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(MaintenanceRefused, match="could not be written"):
        put(Staging(tmp_path / "file" / "staged"), "a.md", "x")
