"""A release is hashed once on a machine, and again after anything was done to its files."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from index import release as releases
from index import verified
from index.build import build, load
from index.errors import ReleaseBroken
from index.release import MANIFEST, read_manifest
from tests.index.fake import Hashed
from tests.index.library import FOREIGN, FUND


@pytest.fixture
def release(tmp_path: Path) -> Path:
    manifest = build([FUND, FOREIGN], tmp_path, encoder=Hashed.fit, calibrate=False)
    return tmp_path / manifest.name


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Names of the files that are hashed from now on."""
    names: list[str] = []
    sha256 = releases.sha256

    def counting(path: Path) -> str:
        names.append(path.name)
        return sha256(path)

    monkeypatch.setattr(releases, "sha256", counting)
    return names


def verify(folder: Path) -> None:
    verified.verify(folder, read_manifest(folder))


def test_what_was_built_here_is_not_hashed_again(release: Path, hashed: list[str]) -> None:
    load(release, encoder=Hashed.load)
    assert hashed == []


def test_what_was_not_noted_is_hashed_once(release: Path, hashed: list[str]) -> None:
    shutil.rmtree(release.parent / verified.FOLDER)
    verify(release)
    assert sorted(hashed) == sorted(Path(path).name for path in read_manifest(release).files)
    hashed.clear()
    verify(release)
    assert hashed == []


def _byte(path: Path) -> None:
    """Change a byte, and set size and times back."""
    before = path.stat()
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _in_place(path: Path) -> None:
    before = path.stat()
    with path.open("r+b") as file:
        file.seek(-1, os.SEEK_END)
        last = file.read(1)[0]
        file.seek(-1, os.SEEK_END)
        file.write(bytes([last ^ 1]))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def _replaced(path: Path) -> None:
    """Another file under its name, with the same size and times."""
    before = path.stat()
    other = path.with_name("other")
    other.write_bytes(bytes(len(path.read_bytes())))
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(path)


@pytest.mark.parametrize("damage", [_byte, _in_place, _truncated, _replaced, Path.unlink])
@pytest.mark.parametrize("name", ["folded.bin", "vectors.faiss", "windows/terms.npy"])
def test_a_file_that_was_touched_is_hashed_and_refused(
    release: Path, name: str, damage: Callable[[Path], None]
) -> None:
    verify(release)
    damage(release / name)
    for _ in range(2):  # the second time, too
        with pytest.raises(ReleaseBroken, match=name):
            load(release, encoder=Hashed.load)


def test_an_edit_right_after_the_build_is_seen(tmp_path: Path) -> None:
    """Times of change are as coarse as the kernel's clock: the note waits for the next tick."""
    for _ in range(5):
        manifest = build([FUND], tmp_path, encoder=Hashed.fit, calibrate=False)
        _in_place(tmp_path / manifest.name / "calibration.json")
        with pytest.raises(ReleaseBroken):
            verify(tmp_path / manifest.name)


def test_an_edited_manifest_is_refused(release: Path) -> None:
    path = release / MANIFEST
    path.write_text(path.read_text(encoding="utf-8").replace('"hashed"', '"hushed"'), "utf-8")
    with pytest.raises(ReleaseBroken, match="manifest"):
        verify(release)


def test_touched_and_not_changed_it_is_as_good(release: Path, hashed: list[str]) -> None:
    os.utime(release / "folded.bin")
    verify(release)
    assert "folded.bin" in hashed


def test_a_copied_folder_is_hashed(release: Path, tmp_path: Path, hashed: list[str]) -> None:
    other = tmp_path / "other"
    shutil.copytree(tmp_path, other, ignore=shutil.ignore_patterns("other"))  # with its notes
    verify(other / release.name)
    assert "vectors.faiss" in hashed
    _byte(other / release.name / "prior.npy")
    with pytest.raises(ReleaseBroken):
        verify(other / release.name)
    verify(release)


@pytest.mark.parametrize("text", ["", "{", "[]", "3", '{"manifest.json": []}'])
def test_a_note_that_cannot_be_read_costs_time_only(
    release: Path, text: str, hashed: list[str]
) -> None:
    (release.parent / verified.FOLDER / f"{release.name}.json").write_text(text, "utf-8")
    verify(release)
    assert hashed
    hashed.clear()
    verify(release)
    assert hashed == []


def test_where_no_note_can_be_written_each_start_hashes(release: Path, hashed: list[str]) -> None:
    shutil.rmtree(release.parent / verified.FOLDER)
    (release.parent / verified.FOLDER).write_text("in the way", "utf-8")
    for _ in range(2):
        hashed.clear()
        load(release, encoder=Hashed.load)
        assert "vectors.faiss" in hashed


def test_notes_of_releases_that_are_gone_go_too(release: Path) -> None:
    notes = release.parent / verified.FOLDER
    shutil.rmtree(release)
    time.sleep(0.01)
    again = build([FUND], release.parent, encoder=Hashed.fit, calibrate=False)
    assert [path.name for path in notes.iterdir()] == [f"{again.name}.json"]
