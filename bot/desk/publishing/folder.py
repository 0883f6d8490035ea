"""
The folder of published answers: what `index build` takes along with its sources.

A file is there whole or not at all, and one that is there is never written over. Doing it twice
changes nothing, so what a crash left undone is done by the next `bring`.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from bot.errors import PublicationRefused
from bot.texts import say
from knowledge.types import Lang

TAKEN_OUT: Final = ".taken-out-"  # before the name: readers pass over hidden files
_READABLE: Final = 0o644


@dataclass(frozen=True, slots=True)
class Folder:
    path: Path

    def bring(
        self, wanted: Mapping[str, str], *, unwanted: Collection[str], language: Lang
    ) -> None:
        """
        See that the wanted files are there, by name, and the unwanted ones are not.

        Others are not ours and stay. What is taken out is kept under another name. Raise
        PublicationRefused for a file that was changed by hand, in `language`, and OSError.
        """
        if wanted:
            self.path.mkdir(parents=True, exist_ok=True)
        for name in unwanted:
            path = self.path / name
            if path.exists():
                path.replace(self.path / f"{TAKEN_OUT}{name}")
        for name, text in wanted.items():
            self._write(self.path / name, text.encode(), language)

    def _write(self, path: Path, data: bytes, language: Lang) -> None:
        if path.exists():
            _require_same(path, data, language)
            return
        with NamedTemporaryFile(dir=self.path, prefix=".draft-") as draft:
            draft.write(data)
            draft.flush()
            os.fchmod(draft.fileno(), _READABLE)
            os.fsync(draft.fileno())
            try:
                path.hardlink_to(draft.name)  # fails where the name is taken: a rename would not
            except FileExistsError:  # another process was first
                _require_same(path, data, language)


def _require_same(path: Path, data: bytes, language: Lang) -> None:
    if path.read_bytes() != data:
        text = "{path} was changed by hand; remove it, it is written again within a minute"
        raise PublicationRefused([say(language, text, path=path)])
