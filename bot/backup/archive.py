"""
The file: a zip that says what is in it, so that a later version, or a person, can read it.

    tables/NAME.jsonl       a table's rows by their key, one JSON list a line, times in UTC
    files/sources/N/...     what the index is built from, by its place in SOURCES
    files/release/NAME/...  the release that is served
    files/glossary          if there is one, and so files/roster
    manifest.json           what was written, with counts and SHA-256; last, so that it is whole

Settings and secrets are not in it.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Any, Final, Self
from zipfile import BadZipFile, ZipFile

from bot.errors import BackupError
from bot.store.moving.rows import Form, Row, Sheet, Value

FORMAT: Final = 1
MANIFEST: Final = "manifest.json"
CHUNK: Final = 1 << 20  # bytes
LARGEST_MANIFEST: Final = 64 << 20  # bytes; some 400,000 files

# What zipfile and its decompressors raise for what is damaged; they promise none of it.
UNREADABLE: Final = (
    BadZipFile,
    EOFError,
    NotImplementedError,
    OSError,
    RuntimeError,
    ValueError,
    struct.error,
    zlib.error,
)
# As `make` gives them; what another hand wrote leads nowhere.
_NAME: Final = re.compile(
    r"tables/\w+\.jsonl|files/(?:sources/\d+/.|release/[^/]+/.|glossary\Z|roster\Z)[^\\\0]*"
)
DAMAGED: Final = "{archive}: {what}. The file is damaged; nothing was restored. Take another one."


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A table in the file."""

    sheet: Sheet
    rows: int
    last: int  # the highest number that it ever gave
    sha256: str

    @property
    def name(self) -> str:
        return table_name(self.sheet.name)


@dataclass(frozen=True, slots=True)
class Copied:
    """A file in the file."""

    name: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    at: str  # ISO 8601
    revision: str  # of the tables
    release: str  # that was served; empty if none
    tables: tuple[Kept, ...]
    files: tuple[Copied, ...]

    def as_json(self) -> str:
        told = {"format": FORMAT, **asdict(self)}
        return json.dumps(told, ensure_ascii=False, indent=1, default=dict)

    @classmethod
    def parse(cls, text: bytes) -> Self:
        """Raise ValueError, KeyError or TypeError for what is no manifest."""
        told = json.loads(text)
        if told["format"] != FORMAT:
            raise ValueError(f"format {told['format']} is not known here")
        return cls(
            at=str(told["at"]),
            revision=str(told["revision"]),
            release=str(told["release"]),
            tables=tuple(_kept(one) for one in told["tables"]),
            files=tuple(Copied(**one) for one in told["files"]),
        )


def _kept(told: Mapping[str, Any]) -> Kept:
    sheet = told["sheet"]
    columns = {str(name): Form(form) for name, form in sheet["columns"].items()}
    return Kept(
        sheet=Sheet(str(sheet["name"]), columns, tuple(sheet["key"])),
        rows=int(told["rows"]),
        last=int(told["last"]),
        sha256=str(told["sha256"]),
    )


def table_name(table: str) -> str:
    return f"tables/{table}.jsonl"


def line(row: Row) -> bytes:
    told = [one.isoformat() if isinstance(one, datetime) else one for one in row]
    return json.dumps(told, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def row(sheet: Sheet, text: bytes) -> Row:
    """Raise ValueError for a line that is none of that table's."""
    values = json.loads(text)
    if not isinstance(values, list) or len(values) != len(sheet.columns):
        raise ValueError(f"not {len(sheet.columns)} values")
    return tuple(
        _value(form, value) for form, value in zip(sheet.columns.values(), values, strict=True)
    )


def _value(form: Form, value: Value) -> Value:
    if form is Form.TIME and isinstance(value, str):
        return datetime.fromisoformat(value).astimezone(UTC)
    return value


def read_manifest(archive: ZipFile) -> Manifest:
    """Raise BackupError if there is none, or one that this program cannot read."""
    name = archive.filename
    try:
        told = archive.getinfo(MANIFEST)
        if told.file_size > LARGEST_MANIFEST:
            raise BackupError(DAMAGED.format(archive=name, what="its list is too long"))
        return Manifest.parse(archive.read(told))
    except KeyError as error:
        what = f"no {MANIFEST} in it, or not all of one ({error})"
        raise BackupError(DAMAGED.format(archive=name, what=what)) from error
    except (TypeError, AttributeError, *UNREADABLE) as error:
        what = f"{MANIFEST} cannot be read ({error})"
        raise BackupError(DAMAGED.format(archive=name, what=what)) from error


def check(archive: ZipFile, manifest: Manifest) -> None:
    """Read all of it. Raise BackupError for a name that leads elsewhere, or other bytes."""
    for name, sha256 in _told(manifest):
        if not _NAME.fullmatch(name) or ".." in PurePosixPath(name).parts:
            raise BackupError(
                DAMAGED.format(archive=archive.filename, what=f"{name!r} leads elsewhere")
            )
        if _sha256(archive, name) != sha256:
            raise BackupError(
                DAMAGED.format(archive=archive.filename, what=f"{name} is not as it was written")
            )


def _told(manifest: Manifest) -> Sequence[tuple[str, str]]:
    tables = [(one.name, one.sha256) for one in manifest.tables]
    return [*tables, *((one.name, one.sha256) for one in manifest.files)]


def _sha256(archive: ZipFile, name: str) -> str:
    """Of what lies under a name; empty if that cannot be read."""
    digest = hashlib.sha256()
    try:
        with archive.open(name) as file:
            while chunk := file.read(CHUNK):
                digest.update(chunk)
    except (KeyError, *UNREADABLE):
        return ""
    return digest.hexdigest()
