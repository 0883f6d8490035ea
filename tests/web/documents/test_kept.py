"""All releases that are kept are looked through for versions; each is read once."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot.web.documents.reader import Reader, Version
from index.build import build
from index.release import Manifest, current
from index.verified import verify
from tests.index.fake import Hashed
from tests.web.library import FERRY

KEPT = 6  # `index build` keeps five by itself


def names(versions: Sequence[Version]) -> list[str]:
    return [one.release for one in versions]


@pytest.mark.slow  # builds six releases
async def test_releases_are_read_once_however_many_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whole releases are read to be verified: pages would be slow for all who ask for them."""
    for number in range(KEPT):
        text = FERRY.text.replace("每人3元", f"每人{number}元")
        build([replace(FERRY, text=text)], tmp_path, encoder=Hashed.fit, calibrate=False)
    read: list[str] = []

    def counting(folder: Path, manifest: Manifest) -> None:
        read.append(folder.name)
        verify(folder, manifest)

    monkeypatch.setattr("bot.web.documents.reader.verify", counting)
    reader = Reader(tmp_path, lambda: current(tmp_path))
    versions = await reader.versions(FERRY.id)
    assert len(versions) == KEPT
    for _ in range(2):
        assert await reader.versions(FERRY.id) == versions
    assert read == names(versions)
    gone = versions[0].release
    shutil.rmtree(tmp_path / gone)
    assert names(await reader.versions(FERRY.id)) == names(versions)[1:]
