"""What is in a ZIP archive: its files with their names as they were meant."""

from __future__ import annotations

import stat
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePosixPath
from typing import BinaryIO, Final

from knowledge.readers.packed import LIMITS, Limits, opened
from knowledge.readers.reading import Note

_UTF8: Final = 0x800  # flag: the name is UTF-8
_ENCRYPTED: Final = 0x1
_LITTER: Final = frozenset({"__MACOSX", "Thumbs.db", "desktop.ini"})


@dataclass(frozen=True, slots=True)
class Member:
    name: str  # with "/" between folders, never upwards
    data: bytes


def members(
    stream: BinaryIO, *, largest: int, limits: Limits = LIMITS, nested: bool = True
) -> Iterator[Member | Note]:
    """
    Yield the files sorted by name, also of archives that lie in it, one level deep.

    Nothing is written anywhere. A file that cannot be read, or should not, is noted.
    """
    with opened(stream, limits) as packed:
        entries = sorted((_name(entry), entry) for entry in packed.infolist())
        for name, entry in entries:
            if entry.is_dir() or _is_litter(name):
                continue
            problem = _problem(name, entry, largest)
            if problem:
                yield Note(name, problem)
                continue
            try:
                data = packed.read(entry)
            except (zipfile.BadZipFile, OSError, EOFError, NotImplementedError, ValueError) as error:
                yield Note(name, f"it is damaged ({error})")
                continue
            except RuntimeError:
                yield Note(name, "it is protected by a password")
                continue
            if name.lower().endswith(".zip"):
                yield from _inner(name, data, largest, limits, nested=nested)
            else:
                yield Member(name, data)


def _inner(
    name: str, data: bytes, largest: int, limits: Limits, *, nested: bool
) -> Iterator[Member | Note]:
    if not nested:
        yield Note(name, "an archive in an archive in an archive is not opened")
        return
    try:
        for found in members(BytesIO(data), largest=largest, limits=limits, nested=False):
            if isinstance(found, Member):
                yield Member(f"{name}/{found.name}", found.data)
            else:
                yield Note(f"{name}/{found.where}", found.problem)
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
    return any(part in _LITTER or part.startswith(".") and set(part) != {"."} for part in name.split("/"))
