"""The bureau's own glossary on the disk: read, and written whole if nobody else has meanwhile."""

from __future__ import annotations

import fcntl
import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.errors import MaintenanceRefused
from bot.maintain.disk import writing
from bot.maintain.glossary_text import entries


@dataclass(frozen=True, slots=True)
class Version:
    text: str

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()


class GlossaryFile:
    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> Version:
        """An empty one where there is none yet. Raise MaintenanceRefused."""
        try:
            # newline="": what is not changed stays as it is, its line ends too.
            with self._path.open(encoding="utf-8", newline="") as file:
                return Version(file.read())
        except FileNotFoundError:
            return Version("")
        except (OSError, UnicodeDecodeError) as error:
            raise MaintenanceRefused(
                "The glossary cannot be read: {problem}", problem=str(error)
            ) from error

    def change(self, seen: str, edit: Callable[[str], str]) -> Version:
        """
        Write what `edit` makes of the text, if it is still that with the digest `seen`.

        Raise MaintenanceRefused; then the file is as it was.
        """
        with writing(), self._locked():
            now = self.read()
            if now.digest != seen:
                raise MaintenanceRefused(
                    "Somebody else changed the glossary meanwhile. Look at it again."
                )
            new = Version(edit(now.text))
            entries(new.text)
            self._write(new.text)
            return new

    def _write(self, text: str) -> None:
        draft = self._path.with_name(f".{self._path.name}-{os.getpid()}")
        try:
            with draft.open("w", encoding="utf-8", newline="") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(self._path)
        finally:
            draft.unlink(missing_ok=True)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """On the folder: the file itself is replaced."""
        self._path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(self._path.parent, os.O_RDONLY)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX)
            yield
        finally:
            os.close(handle)
