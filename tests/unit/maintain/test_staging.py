"""Files beside the sources, until somebody takes them over."""

from __future__ import annotations

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
