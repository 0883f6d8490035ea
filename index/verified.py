"""
Releases that this machine has checked already: hashing gigabytes at each start takes long.

After every digest was compared, size, times, inode and device of each file are noted beside the
releases, in `.verified/NAME.json`. As long as all of them are the same, nobody has written to the
files: an edit that sets size and time of modification back still leaves a later time of change,
which no program can set. Anything else than the same, and every file is hashed again. The manifest
is one of them, so what it says was checked, too.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Final, TypeAlias

from index import release as releases
from index.release import MANIFEST, Manifest

FOLDER: Final = ".verified"
# Two writes within one tick of the kernel's clock have the same time of change.
TICK_NS: Final = 20_000_000

Marks: TypeAlias = Mapping[str, list[int]]  # path in the folder -> what tells of a change


def verify(folder: Path, manifest: Manifest) -> None:
    """Raise ReleaseBroken unless every file is as it was written; hash only what is not noted."""
    marks = _marks(folder, manifest)
    if marks is not None and marks == _noted(folder):
        return
    releases.verify(folder, manifest)
    if marks is not None and marks == _marks(folder, manifest):  # nobody wrote meanwhile
        _note(folder, marks)


def note(folder: Path, manifest: Manifest) -> None:
    """Note a release whose files were hashed just now, by who wrote them."""
    marks = _marks(folder, manifest)
    if marks is not None:
        _note(folder, marks)


def _marks(folder: Path, manifest: Manifest) -> Marks | None:
    try:
        return {path: _mark(folder / path) for path in (*manifest.files, MANIFEST)}
    except OSError:
        return None


def _mark(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev]


def _noted(folder: Path) -> Marks | None:
    try:
        noted: Marks = json.loads(_place(folder).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return None
    return noted


def _note(folder: Path, marks: Marks) -> None:
    """Write the marks down; where that cannot be, the next start takes longer."""
    place = _place(folder)
    last = max(changed for _, _, changed, _, _ in marks.values())
    with suppress(OSError):
        time.sleep(max(0, last + TICK_NS - time.time_ns()) / 1e9 if _recent(last) else 0)
        place.parent.mkdir(exist_ok=True)
        for old in place.parent.iterdir():
            if not (folder.parent / old.stem).is_dir():  # of a release that is gone
                old.unlink()
        draft = place.with_name(f"{place.name}-{os.getpid()}")
        draft.write_text(json.dumps(marks), encoding="utf-8")
        draft.replace(place)


def _recent(changed: int) -> bool:
    return abs(time.time_ns() - changed) < TICK_NS


def _place(folder: Path) -> Path:
    return folder.parent / FOLDER / f"{folder.name}.json"
