"""
Uploaded files, beside the sources and not among them, until a maintainer takes them over.

Nothing here is read by a build. A file is here whole or not at all: it is written under a hidden
name and renamed. Names come from `safe_name`, and a file is found by comparing names with those
that are listed, so what a browser sends is never a path.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Final

from bot.errors import MaintenanceRefused
from knowledge.intake import most_bytes

MOST_FILES: Final = 200
MOST_BYTES: Final = 4_000_000_000  # of all that waits here
OLD_S: Final = 24 * 3600  # a draft of an upload that was killed
_DRAFT: Final = ".part-"
_READABLE: Final = 0o644


@dataclass(frozen=True, slots=True, kw_only=True)
class Staged:
    name: str
    bytes: int
    at: datetime


class Receiving:
    """A file that is being uploaded."""

    def __init__(self, name: str, draft: IO[bytes], most: int) -> None:
        self.name = name
        self._draft = draft
        self._left = self._most = most

    def write(self, data: bytes) -> None:
        """Raise MaintenanceRefused once there is more than a reader takes."""
        self._left -= len(data)
        if self._left < 0:
            raise MaintenanceRefused(
                "{name} is too large: {most} MB at most, and {all} GB for all that waits.",
                name=self.name,
                most=self._most // 1_000_000,
                all=MOST_BYTES // 1_000_000_000,
            )
        self._draft.write(data)


class Staging:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def listed(self) -> Sequence[Staged]:
        """By name."""
        return [
            Staged(
                name=path.name,
                bytes=path.stat().st_size,
                at=datetime.fromtimestamp(path.stat().st_mtime, UTC),
            )
            for path in self._files()
        ]

    @contextmanager
    def receiving(self, name: str) -> Iterator[Receiving]:
        """
        Take a file in while the block runs; if the block fails, nothing stays.

        `name` is one of `safe_name`. One of the same name that waits already is replaced. Raise
        MaintenanceRefused.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self._sweep()
        others = [path for path in self._files() if path.name != name]
        if len(others) >= MOST_FILES:
            raise MaintenanceRefused(
                "{count} files wait already. Take them over, or discard them, first.",
                count=len(others),
            )
        room = MOST_BYTES - sum(path.stat().st_size for path in others)
        most = min(most_bytes(Path(name).suffix.lower()) or 0, max(0, room))
        draft = NamedTemporaryFile(dir=self.folder, prefix=_DRAFT, delete=False)  # noqa: SIM115 - renamed, not deleted
        try:
            with draft:
                yield Receiving(name, draft, most)
                draft.flush()
                os.fchmod(draft.fileno(), _READABLE)
                os.fsync(draft.fileno())
            Path(draft.name).replace(self.folder / name)
        finally:
            Path(draft.name).unlink(missing_ok=True)

    def discard(self, name: str) -> None:
        """Erase it. Raise MaintenanceRefused."""
        self._path(name).unlink()

    def take_over(self, name: str, folder: Path, *, replace: bool) -> None:
        """
        Move it into a folder of sources, by one rename there. Raise MaintenanceRefused.

        Without `replace` a document of that name stays as it is.
        """
        path = self._path(name)
        draft = folder / f"{_DRAFT}{name}"  # hidden: no build reads it; maybe on another disk
        try:
            with path.open("rb") as source, draft.open("wb") as copy:
                shutil.copyfileobj(source, copy)
                copy.flush()
                os.fsync(copy.fileno())
            if replace:
                draft.replace(folder / name)
            else:
                (folder / name).hardlink_to(draft)  # fails where there is one: a rename would not
        except FileExistsError:
            raise MaintenanceRefused(
                "{name} is among the sources already. Tick “replace” to put this one there.",
                name=name,
            ) from None
        finally:
            draft.unlink(missing_ok=True)
        path.unlink()

    def _path(self, name: str) -> Path:
        for path in self._files():
            if path.name == name:
                return path
        raise MaintenanceRefused("That file does not wait here any more.")

    def _files(self) -> Sequence[Path]:
        if not self.folder.is_dir():
            return []
        found = (path for path in self.folder.iterdir() if path.is_file())
        return sorted(path for path in found if not path.name.startswith("."))

    def _sweep(self) -> None:
        for path in self.folder.glob(f"{_DRAFT}*"):
            if path.stat().st_mtime < time.time() - OLD_S:
                path.unlink(missing_ok=True)
