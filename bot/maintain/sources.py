"""The folders that the index is built from, and the files in them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from bot.maintain.disk import reason_of
from knowledge.source import FILE
from knowledge.walk import Missed, walk


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    name: str  # below its folder
    bytes: int
    at: datetime

    @property
    def is_document(self) -> bool:
        """Else it says what the documents beside it are."""
        return PurePosixPath(self.name).name != FILE


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
        try:
            files.append(_file(one.path, path))
        except OSError as error:  # a link to nothing, or removed since the walk
            missed.append(_missed(one.path, error))
    return Folder(
        path=path,
        files=files,
        problems=[f"{one.path}: {one.problem}" for one in missed],
        is_folder=_is_folder(path),
    )


def _file(path: Path, root: Path) -> File:
    stat = path.stat()
    inside = path.relative_to(root).as_posix() if path != root else root.name
    at = datetime.fromtimestamp(stat.st_mtime, UTC)
    return File(name=inside, bytes=stat.st_size, at=at)


def _missed(path: Path, error: OSError) -> Missed:
    reason = f"cannot be read ({reason_of(error)}); check the path and its permissions"
    return Missed(str(path), reason)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:
        return False
