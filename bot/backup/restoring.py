"""
Bringing an installation back from the file: all of it was read and compared before the first
row is written, and the database takes all rows or none. Nothing that is there is overwritten.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import Final
from zipfile import ZipFile

from bot.backup.archive import DAMAGED, UNREADABLE, Kept, Manifest, check, line, read_manifest, row
from bot.errors import BackupError
from bot.store.moving.copying import opened, refuse_rows
from bot.store.moving.rows import BATCH, Connection, Row, count_from, read, revision, write
from bot.store.sql import SqlStore

FILES: Final = "files"


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """Where the files go. Sources go to the place of the same number, else into `others`."""

    releases: Path
    others: Path
    sources: tuple[Path, ...] = ()
    glossary: Path | None = None
    roster: Path | None = None

    def of(self, name: str) -> Path:
        """Where a file of the archive goes."""
        _, what, *way = PurePosixPath(name).parts
        match what, way:
            case "release", _:
                return self.releases.joinpath(*way)
            case "sources", [place, *inner]:
                return self._source(int(place), inner)
            case "glossary", []:
                return self.glossary or self.others / "glossary.toml"
            case "roster", []:
                return self.roster or self.others / "roster.toml"
            case _:
                return self.others.joinpath(what, *way)

    def _source(self, place: int, inner: Sequence[str]) -> Path:
        if place >= len(self.sources):
            return self.others.joinpath("sources", str(place), *inner)
        path = self.sources[place]
        is_file = [path.name] == inner and not path.is_dir()
        return path if is_file else path.joinpath(*inner)


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    manifest: Manifest
    written: tuple[Path, ...]
    kept: tuple[Path, ...]  # were there, with other content

    @property
    def rows(self) -> int:
        return sum(one.rows for one in self.manifest.tables)


def look(path: Path) -> Manifest:
    """Read all of a file and compare it with its list. Raise BackupError."""
    with _opened(path) as archive:
        manifest = read_manifest(archive)
        check(archive, manifest)
    return manifest


async def restore(path: Path, database_url: str, places: Places) -> Restored:
    """
    Raise BackupError for a damaged file, StoreError for a database that holds rows or is of
    another revision; then nothing was written.
    """
    with _opened(path) as archive:
        manifest = read_manifest(archive)
        check(archive, manifest)
        async with opened(database_url, to=manifest.revision) as connection:
            await _refuse_others(connection, manifest)
            await refuse_rows(connection, [one.sheet for one in manifest.tables])
            for kept in manifest.tables:
                await _fill(connection, archive, kept)
        async with SqlStore.open(database_url):
            pass  # brings it to the tables of this program
        written, left = _unpack(archive, manifest, places)
    return Restored(manifest=manifest, written=tuple(written), kept=tuple(left))


def _opened(path: Path) -> ZipFile:
    try:
        return ZipFile(path)
    except (FileNotFoundError, PermissionError, IsADirectoryError):
        raise  # they say enough
    except UNREADABLE as error:
        raise BackupError(DAMAGED.format(archive=path, what=str(error))) from error


async def _refuse_others(connection: Connection, manifest: Manifest) -> None:
    found = await revision(connection)
    if found != manifest.revision:
        raise BackupError(
            f"the database has the tables of revision {found}, and the file those of"
            f" {manifest.revision}; name a new, empty database"
        )


async def _fill(connection: Connection, archive: ZipFile, kept: Kept) -> None:
    for rows in _batches(archive, kept):
        await write(connection, kept.sheet, rows)
    await count_from(connection, kept.sheet, kept.last)
    digest = hashlib.sha256()
    async for batch in read(connection, kept.sheet):
        digest.update(b"".join(map(line, batch)))
    if digest.hexdigest() != kept.sha256:
        raise BackupError(
            f"table {kept.sheet.name} is not in the database as it was written; nothing was"
            " restored. Please report this, with the version of the database."
        )


def _batches(archive: ZipFile, kept: Kept) -> Iterator[Sequence[Row]]:
    with archive.open(kept.name) as file:
        while lines := list(islice(file, BATCH)):
            try:
                yield [row(kept.sheet, one) for one in lines]
            except ValueError as error:
                what = f"{kept.name}: a line that is none of its rows ({error})"
                raise BackupError(DAMAGED.format(archive=archive.filename, what=what)) from error


def _unpack(archive: ZipFile, manifest: Manifest, places: Places) -> tuple[list[Path], list[Path]]:
    """What was written, and what was there with other content."""
    written, left = [], []
    for one in manifest.files:
        path = places.of(one.name)
        if path.exists():
            if _sha256(path) != one.sha256:
                left.append(path)
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_name(path.name + ".part")
        with archive.open(one.name) as given, part.open("wb") as file:
            shutil.copyfileobj(given, file)
            file.flush()
            os.fsync(file.fileno())
        part.rename(path)
        written.append(path)
    return written, left


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
