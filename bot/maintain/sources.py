"""The folders that the index is built from, and the files in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from knowledge.walk import walk


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str  # below its folder
    bytes: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    path: Path
    files: Sequence[File]  # by name
    problems: Sequence[str]
    is_folder: bool  # else a single file, which takes nothing in


def folders(paths: Sequence[Path]) -> Sequence[Folder]:
    return [_folder(path) for path in paths]


def _folder(path: Path) -> Folder:
    found, missed = walk([path])
    files: list[File] = []
    for one in found:
        stat = one.path.stat()
        inside = one.path.relative_to(path).as_posix() if one.path != path else path.name
        at = datetime.fromtimestamp(stat.st_mtime, UTC)
        files.append(File(name=inside, bytes=stat.st_size, at=at))
    return Folder(
        path=path,
        files=files,
        problems=[f"{one.path}: {one.problem}" for one in missed],
        is_folder=path.is_dir(),
    )
