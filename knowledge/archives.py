"""What is in a ZIP archive: its files with their names as they were meant."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from knowledge.readers.packed import DAMAGED, LIMITS, Limits, opened
from knowledge.readers.reading import Note

_UTF8: Final = 0x800  # flag: the name is UTF-8
_ENCRYPTED: Final = 0x1
_LITTER: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    name: str  # with "/" between folders, never upwards
    data: bytes


def members(stream: BinaryIO, *, largest: int, limits: Limits = LIMITS) -> Iterator[Member | Note]:
    """
    Yield the files sorted by name, also of archives that lie in it, one level deep.

    Nothing is written anywhere. A file that cannot be read, or should not, is noted.
    """
    return _Opener(largest, limits).read(stream, "")


class _Opener:
    """Opens archives; those inside share what the outer one leaves of the limits."""

    def __init__(self, largest: int, limits: Limits) -> None:
        self._largest = largest
        self._limits = limits

    def read(self, stream: BinaryIO, folder: str) -> Iterator[Member | Note]:
        with opened(stream, self._limits) as packed:
            self._spend(packed.infolist())
            for name, entry in sorted(
                ((_name(entry), entry) for entry in packed.infolist()), key=lambda one: one[0]
            ):
                if not entry.is_dir() and not _is_litter(name):
                    yield from self._member(packed, entry, name, folder)

    def _spend(self, entries: list[zipfile.ZipInfo]) -> None:
        self._limits = replace(
            self._limits,
            entries=self._limits.entries - len(entries),
            unpacked=self._limits.unpacked - sum(entry.file_size for entry in entries),
        )

    def _member(
        self, packed: zipfile.ZipFile, entry: zipfile.ZipInfo, name: str, folder: str
    ) -> Iterator[Member | Note]:
        problem = _problem(name, entry, self._largest)
        data = b""
        if not problem:
            try:
                data = packed.read(entry)
            except DAMAGED as error:  # NotImplementedError is a RuntimeError
                problem = f"it is damaged ({error})"
            except RuntimeError:
                problem = "it is protected by a password"
        if problem:
            yield Note(folder + name, problem)
        elif name.lower().endswith(".zip"):
            yield from self._inner(data, folder, name)
        else:
            yield Member(folder + name, data)

    def _inner(self, data: bytes, folder: str, name: str) -> Iterator[Member | Note]:
        if folder:
            yield Note(folder + name, "an archive in an archive in an archive is not opened")
            return
        try:
            yield from self.read(BytesIO(data), f"{name}/")
        except ValueError as error:
            yield Note(name, str(error))


def _name(entry: zipfile.ZipInfo) -> str:
    """Undo the encoding that zipfile supposes where the archive names none."""
    name = entry.filename
    if not entry.flag_bits & _UTF8:
        written = _bytes(name)
        for encoding in ("utf-8", "gb18030"):
            try:
                name = written.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return name.replace("\\", "/")


def _bytes(name: str) -> bytes:
    try:
        return name.encode("cp437")
    except UnicodeEncodeError:
        return name.encode("utf-8")


def _problem(name: str, entry: zipfile.ZipInfo, largest: int) -> str:
    if stat.S_ISLNK(entry.external_attr >> 16):
        return "it is a link"
    if name.startswith("/") or name[1:2] == ":" or ".." in PurePosixPath(name).parts:
        return "its name leads out of the archive"
    if entry.flag_bits & _ENCRYPTED:
        return "it is protected by a password"
    if entry.file_size > largest:
        return f"larger than {largest} bytes"
    return ""


def _is_litter(name: str) -> bool:
    hidden = (part.startswith(".") and part not in {".", ".."} for part in name.split("/"))
    return any(hidden) or not _LITTER.isdisjoint(name.split("/"))
