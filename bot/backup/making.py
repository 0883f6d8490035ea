"""Making the file: the database as it is at one moment, and the files that go with it."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final
from zipfile import ZIP_DEFLATED, ZipFile

from bot.backup.archive import CHUNK, MANIFEST, Copied, Kept, Manifest, line, table_name
from bot.errors import BackupError
from bot.store.moving.copying import snapshot
from bot.store.moving.rows import Connection, Sheet, last_number, read, revision, sheets

OURS_ONLY: Final = 0o600  # it holds what citizens wrote


@dataclass(frozen=True, slots=True, kw_only=True)
class Files:
    """What lies beside the database."""

    sources: tuple[Path, ...] = ()
    release: Path | None = None  # the folder of the release that is served
    glossary: Path | None = None
    roster: Path | None = None

    def each(self) -> Iterator[tuple[str, Path]]:
        """The name in the file, and where it lies."""
        for place, source in enumerate(self.sources):
            yield from _under(f"files/sources/{place}", source)
        if self.release is not None:
            yield from _under(f"files/release/{self.release.name}", self.release)
        if self.glossary is not None:
            yield "files/glossary", self.glossary
        if self.roster is not None:
            yield "files/roster", self.roster


def _under(name: str, path: Path) -> Iterator[tuple[str, Path]]:
    if path.is_file():
        yield f"{name}/{path.name}", path
        return
    if not path.is_dir():
        raise BackupError(f"{path} is not there; mend SOURCES, or the folder of releases")
    for folder, folders, files in os.walk(path):
        folders.sort()
        for file in sorted(files):
            found = Path(folder) / file
            if found.is_file():  # a link that leads nowhere is none
                yield f"{name}/{found.relative_to(path).as_posix()}", found


async def make(database_url: str, to: Path, *, files: Files, at: datetime) -> Manifest:
    """
    Write the file; the bot may serve meanwhile. Return what is in it.

    Raise BackupError if something is there already, or a file changed while it was read;
    StoreError if the database cannot be read. Then there is no file.
    """
    with _whole(to) as file, ZipFile(file, "w", ZIP_DEFLATED) as archive:
        async with snapshot(database_url) as connection:
            tables = [await _table(connection, archive, sheet) for sheet in sheets()]
            found = await revision(connection)
        # Behind it: a server ends a transaction in which nothing is asked for a minute.
        manifest = Manifest(
            at=at.isoformat(timespec="seconds"),
            revision=found,
            release=files.release.name if files.release else "",
            tables=tuple(tables),
            files=tuple(_file(archive, name, path) for name, path in files.each()),
        )
        archive.writestr(MANIFEST, manifest.as_json())
    return manifest


@contextmanager
def _whole(path: Path) -> Iterator[BinaryIO]:
    """A new file that is there once it is written, all of it on the disk."""
    if path.exists():
        raise BackupError(f"{path} is there already; name another file")
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    try:
        with os.fdopen(
            os.open(part, os.O_RDWR | os.O_CREAT | os.O_EXCL, OURS_ONLY), "w+b"
        ) as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
    finally:
        part.unlink(missing_ok=True)


async def _table(connection: Connection, archive: ZipFile, sheet: Sheet) -> Kept:
    rows, digest = 0, hashlib.sha256()
    with archive.open(table_name(sheet.name), "w", force_zip64=True) as file:
        async for batch in read(connection, sheet):
            text = b"".join(map(line, batch))
            file.write(text)
            digest.update(text)
            rows += len(batch)
    last = await last_number(connection, sheet)
    return Kept(sheet=sheet, rows=rows, last=last, sha256=digest.hexdigest())


def _file(archive: ZipFile, name: str, path: Path) -> Copied:
    size, digest = 0, hashlib.sha256()
    with path.open("rb") as given, archive.open(name, "w", force_zip64=True) as file:
        before = os.fstat(given.fileno())
        while chunk := given.read(CHUNK):
            file.write(chunk)
            digest.update(chunk)
            size += len(chunk)
        after = os.fstat(given.fileno())
    if (before.st_mtime_ns, before.st_size) != (after.st_mtime_ns, size):
        raise BackupError(f"{path} changed while it was read; begin again")
    return Copied(name, size, digest.hexdigest())
