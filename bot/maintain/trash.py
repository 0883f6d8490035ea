"""
Documents that a maintainer took out of the sources: kept apart, and put back where they lay.

Each has a folder of its own with the file and a note. The file is kept whole before it leaves the
sources, so whatever is killed between the two, one of them has it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

from bot.desk.tickets import Agent
from bot.errors import MaintenanceRefused
from bot.maintain.disk import erase, put, writing
from bot.maintain.sources import Folder

_NOTE: Final = "note.json"
_FILE: Final = "file"  # the name that it had stands in the note


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    name: str  # below its folder
    folder: str  # of sources
    by: str  # a name
    at: str  # ISO 8601
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Removed:
    id: str
    note: Note
    bytes: int

    @property
    def at(self) -> datetime:
        return datetime.fromisoformat(self.note.at)

    @property
    def folder(self) -> Path:
        return Path(self.note.folder)


class Trash:
    def __init__(self, folder: Path, *, clock: Callable[[], datetime]) -> None:
        self._folder = folder
        self._clock = clock

    def listed(self) -> Sequence[Removed]:
        """What was removed last comes first; what cannot be read is left out."""
        found = (_read(path) for path in sorted(self._folder.glob("*"), reverse=True))
        return [one for one in found if one is not None]

    def remove(self, folder: Folder, name: str, agent: Agent, *, why: str) -> None:
        """Take a file that is listed there out of the sources. Raise MaintenanceRefused."""
        require(folder, name)
        at = self._clock()
        note = Note(name=name, folder=str(folder.path), by=agent.name, at=at.isoformat(), why=why)
        with writing():
            kept = self._entry(at)
            (kept / _NOTE).write_text(json.dumps(asdict(note), ensure_ascii=False), "utf-8")
            put(folder.path / name, kept / _FILE)
        erase(folder.path / name)

    def put_back(self, number: str, folders: Sequence[Folder]) -> Removed:
        """
        Where it lay; `folders` are the sources of today. Raise MaintenanceRefused.

        A document that took its place stays.
        """
        one = next((one for one in self.listed() if one.id == number), None)
        if one is None:
            raise MaintenanceRefused("That file is not among the removed ones any more.")
        if one.folder not in {folder.path for folder in folders if folder.is_folder}:
            raise MaintenanceRefused(
                "{folder} is no folder of the sources any more.", folder=one.folder
            )
        kept, target = self._folder / one.id, one.folder / one.note.name
        try:
            with writing():
                target.parent.mkdir(parents=True, exist_ok=True)
                put(kept / _FILE, target)
        except FileExistsError:
            raise MaintenanceRefused(
                "{name} is among the sources already. Remove that one first.", name=one.note.name
            ) from None
        erase(kept / _NOTE)  # from here on it is listed no more
        erase(kept / _FILE)
        with writing():
            kept.rmdir()
        return one

    def _entry(self, at: datetime) -> Path:
        """A new folder; its name tells when."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for number in count(1):
            path = self._folder / f"{at:%Y%m%d-%H%M%S}-{number}"
            if not path.exists():
                path.mkdir()
                return path
        raise AssertionError("there is always another number")


def require(folder: Folder, name: str) -> None:
    """Raise MaintenanceRefused unless it is listed: what a browser sends is never a path."""
    if name not in {one.name for one in folder.files if one.is_document}:
        raise MaintenanceRefused("{name} is not among the sources any more.", name=name)


def _read(path: Path) -> Removed | None:
    try:
        note = Note(**json.loads((path / _NOTE).read_text(encoding="utf-8")))
        return Removed(id=path.name, note=note, bytes=(path / _FILE).stat().st_size)
    except (OSError, ValueError, TypeError):
        return None
