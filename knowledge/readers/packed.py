"""
ZIP files opened with care: archives, and the office formats that are ZIP files inside.

What an entry says of its size is binding, for zipfile reads no further than that; so a bomb is
told by its directory, before anything is unpacked.
"""

from __future__ import annotations

import lzma
import re
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO, Final

OLE: Final = bytes.fromhex("d0cf11e0a1b11ae1")  # old Office files, and new ones with a password
_OLE_HEAD: Final = 1_000_000  # bytes in which an encrypted file names its parts
_ENCRYPTED: Final = "EncryptedPackage".encode("utf-16-le")
_PROLOG: Final = 65_536  # bytes; longer than any honest part takes to reach its first element
_ROOT: Final = re.compile(rb"<[A-Za-z_]")
_DTD: Final = re.compile(rb"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
# What unpacking damaged data raises; RuntimeError is a password.
DAMAGED: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    NotImplementedError,
    EOFError,
    OSError,
    ValueError,
)


@dataclass(frozen=True, slots=True)
class Limits:
    entries: int = 5_000
    unpacked: int = 500_000_000  # bytes, of all entries together
    ratio: int = 200  # unpacked to packed; government text packs to a tenth
    small: int = 1_000_000  # bytes; an entry below this may have any ratio


LIMITS: Final = Limits()


@contextmanager
def opened(stream: BinaryIO, limits: Limits = LIMITS) -> Iterator[zipfile.ZipFile]:
    """Open a ZIP file that keeps the limits; raise ValueError for any other."""
    try:
        packed = zipfile.ZipFile(stream)
    except DAMAGED as error:
        raise ValueError(f"it is damaged or cut off ({error})") from error
    with packed:
        refuse_bomb(packed.infolist(), limits)
        yield packed


def refuse_bomb(entries: list[zipfile.ZipInfo], limits: Limits) -> None:
    if len(entries) > limits.entries:
        raise ValueError(f"it holds {len(entries)} files, more than {limits.entries}")
    unpacked = sum(entry.file_size for entry in entries)
    if unpacked > limits.unpacked:
        raise ValueError(f"it unpacks to {unpacked} bytes, more than {limits.unpacked}")
    for entry in entries:
        if entry.file_size > max(limits.small, limits.ratio * entry.compress_size):
            raise ValueError(
                f"{entry.filename!r} unpacks to more than {limits.ratio} times its size, "
                "as a zip bomb does"
            )


@contextmanager
def office(stream: BinaryIO, program: str) -> Iterator[zipfile.ZipFile]:
    """Open an office file; name one with a password, of an old version, or with a DTD."""
    head = stream.read(_OLE_HEAD)
    stream.seek(0)
    if head.startswith(OLE):
        if _ENCRYPTED in head:
            raise ValueError("it is protected by a password")
        raise ValueError(f"it is of an old version of {program}; save it in the new format")
    if not head.startswith(b"PK"):
        raise ValueError(f"it is no file of {program}")
    with opened(stream) as packed:
        refuse_dtd(packed)
        yield packed


def refuse_dtd(packed: zipfile.ZipFile) -> None:
    """Office programs write no DTD; one that is there reads files or fills the memory."""
    for entry in packed.infolist():
        if not entry.filename.lower().endswith((".xml", ".rels", ".vml")):
            continue
        prolog = _prolog(packed, entry)
        root = _ROOT.search(prolog)
        if _DTD.search(prolog[: root.start()] if root else prolog):
            raise ValueError(f"its part {entry.filename!r} declares entities (a DTD)")
        if root is None and len(prolog) == _PROLOG:
            raise ValueError(f"its part {entry.filename!r} is no XML")


def _prolog(packed: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    try:
        with packed.open(entry) as part:
            head = part.read(_PROLOG)
    except (*DAMAGED, RuntimeError) as error:
        raise ValueError(f"its part {entry.filename!r} is damaged ({error})") from error
    return head.replace(b"\0", b"")  # UTF-16 reads like ASCII then
