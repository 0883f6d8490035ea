"""
Uploaded files, beside the sources and not among them, until a maintainer takes them over.

Nothing here is read by a build. A file is here whole or not at all: it is written under a hidden
name and renamed. Names come from `safe_name`, and a file is found by comparing names with those
that are listed, so what a browser sends is never a path.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from bot.errors import MaintenanceRefused
from bot.maintain.disk import COPY, erase, put, sweep, writing
from knowledge.intake import most_bytes

MOST_FILES: Final = 200
MOST_BYTES: Final = 4_000_000_000  # of all that waits here
_DRAFT: Final = ".part-"
_READABLE: Final = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    name: str
    bytes: int
    at: datetime


class Receiving:
    """A file that is being uploaded."""

    def __init__(self, path: Path, draft: IO[bytes], most: int) -> None:
        self.name = path.name
        self._path = path
        self._draft = draft
        self._left = self._most = most

    def write(self, data: bytes) -> None:
        """Raise MaintenanceRefused once there is more than a reader, or the disk, takes."""
        self._left -= len(data)
        if self._left < 0:
            raise MaintenanceRefused(
                "{name} is too large: {most} MB at most, and {all} GB for all that waits.",
                name=self.name,
                most=self._most // 1_000_000,
                all=MOST_BYTES // 1_000_000_000,
            )
        with writing():
            self._draft.write(data)

    def keep(self) -> None:
        """It is whole. Waits for the disk. Raise MaintenanceRefused."""
        with writing():
            self._draft.flush()
            os.fchmod(self._draft.fileno(), _READABLE)
            os.fsync(self._draft.fileno())
            Path(self._draft.name).replace(self._path)


class Staging:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> Sequence[Staged]:
        """By name."""
        found: list[Staged] = []
        for path in self._files():
            with suppress(FileNotFoundError):  # discarded meanwhile
                stat = path.stat()
                at = datetime.fromtimestamp(stat.st_mtime, UTC)
                found.append(Staged(name=path.name, bytes=stat.st_size, at=at))
        return found

    @contextmanager
    def receiving(self, name: str) -> Iterator[Receiving]:
        """
        Take a file in while the block runs; what it does not `keep` is gone.

        `name` is one of `safe_name`. One of the same name that waits already is replaced. Raise
        MaintenanceRefused.
        """
        with writing():
            self.folder.mkdir(parents=True, exist_ok=True)
            sweep(self.folder, _DRAFT)
        others = [one for one in self.listed() if one.name != name]
        if len(others) >= MOST_FILES:
            raise MaintenanceRefused(
                "{count} files wait already. Take them over, or discard them, first.",
                count=len(others),
            )
        room = MOST_BYTES - sum(one.bytes for one in others)
        most = min(most_bytes(Path(name).suffix.lower()) or 0, max(0, room))
        with writing():
            draft = NamedTemporaryFile(dir=self.folder, prefix=_DRAFT, delete=False)  # noqa: SIM115 - renamed, not deleted
        try:
            yield Receiving(self.folder / name, draft, most)
        finally:
            with suppress(OSError):  # a full disk, once more: what was not kept need not be whole
                draft.close()
            with suppress(OSError):
                Path(draft.name).unlink()

    def discard(self, name: str) -> None:
        """Erase it. Raise MaintenanceRefused."""
        erase(self._path(name))

    def take_over(self, name: str, folder: Path, *, replace: bool) -> None:
        """
        Move it into a folder of sources, by one rename there. Raise MaintenanceRefused.

        Without `replace` a document of that name stays as it is.
        """
        path = self._path(name)
        with writing():
            if (folder / name).is_dir():
                raise MaintenanceRefused(
                    "A folder among the sources is named {name}. Give the file another name.",
                    name=name,
                )
            sweep(folder, COPY)
            try:
                put(path, folder / name, replace=replace)
            except FileNotFoundError:
                raise _gone() from None
            except FileExistsError:
                raise MaintenanceRefused(
                    "{name} is among the sources already. Tick “replace” to put this one there.",
                    name=name,
                ) from None
        erase(path)

    def _path(self, name: str) -> Path:
        for path in self._files():
            if path.name == name:
                return path
        raise _gone()

    def _files(self) -> Sequence[Path]:
        if not self.folder.is_dir():
            return []
        found = (path for path in self.folder.iterdir() if path.is_file())
        return sorted(path for path in found if not path.name.startswith("."))


def _gone() -> MaintenanceRefused:
    return MaintenanceRefused("That file does not wait here any more.")
