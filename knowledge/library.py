"""Folders and files of policies to documents, with a line for each that could not be read."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from knowledge.documents import Made, Origin, make
from knowledge.errors import Unreadable
from knowledge.readers import READERS
from knowledge.repair import Change
from knowledge.types import Disclosure, Document

LARGEST: Final = 50_000_000  # bytes; a larger file is not one policy
# Notes for people, beside the documents.
NOT_DOCUMENTS: Final = frozenset({"readme.md", "license.md", "changelog.md", "golden.jsonl"})


@dataclass(frozen=True, slots=True)
class Skipped:
    """A file that is not in the library, and why."""

    path: str
    reason: str


@dataclass(frozen=True, slots=True)
class Mended:
    """A file in the library whose text was damaged, and what was done about it."""

    path: str
    changes: tuple[Change, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What was read. `documents` holds open documents only, sorted by id."""

    documents: tuple[Document, ...]
    skipped: tuple[Skipped, ...]
    mended: tuple[Mended, ...] = ()


@dataclass(frozen=True, slots=True)
class _Found:
    path: Path
    root: Path  # what the maintainer named


def read_library(
    sources: Sequence[Path],
    *,
    disclosure: Disclosure | None = None,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Library:
    """
    Read every file below the sources.

    `disclosure` is what the maintainer says of files that say nothing themselves.
    `progress` is called with files done and files in all. Never raises for a file: what
    cannot be read is named in `skipped`, and the rest is read.
    """
    found, skipped = _walk(sources)
    documents: dict[str, tuple[Document, Path]] = {}
    mended: list[Mended] = []
    for done, file in enumerate(found, start=1):
        try:
            made = _read(file, disclosure)
            _admit(made.document, file, documents)
            if made.changes:
                mended.append(Mended(str(file.path), made.changes))
        except Unreadable as error:
            skipped.append(Skipped(str(error.path), f"{error.problem}; {error.mend}"))
        progress(done, len(found))
    kept = [made for made, _ in documents.values()]
    kept, orphans = _resolved(kept)
    skipped += orphans
    return Library(
        documents=tuple(sorted(kept, key=lambda made: made.id)),
        skipped=tuple(skipped),
        mended=tuple(mended),
    )


def _walk(sources: Iterable[Path]) -> tuple[list[_Found], list[Skipped]]:
    found: list[_Found] = []
    skipped: list[Skipped] = []
    seen: set[Path] = set()
    for source in sources:
        before = len(skipped)
        paths = sorted(_files(source, source, skipped))
        if not paths and len(skipped) == before:
            skipped.append(Skipped(str(source), "the folder holds no file; name one that does"))
        for path in paths:
            if path.resolve() not in seen:
                seen.add(path.resolve())
                found.append(_Found(path, source))
    return found, skipped


def _files(place: Path, root: Path, skipped: list[Skipped]) -> Iterator[Path]:
    """Yield the files below; a folder that cannot be read is named in `skipped`."""
    if place.is_file():
        yield place
        return
    try:
        paths = list(place.iterdir())
    except OSError as error:
        reason = f"cannot be read ({error.strerror}); check the path and its permissions"
        skipped.append(Skipped(str(place), reason))
        return
    for path in paths:
        if path.name.startswith(".") or path.name.lower() in NOT_DOCUMENTS:
            continue
        linked = path.is_symlink()
        if linked and (path.is_dir() or not path.resolve().is_relative_to(root.resolve())):
            continue  # out of the folder, it is not part of it; to a folder, it may run in rings
        if path.is_dir():
            yield from _files(path, root, skipped)
        elif linked or path.is_file():  # a link to nothing is named when it is read
            yield path


def _read(file: _Found, disclosure: Disclosure | None) -> Made:
    path = file.path
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        kind = path.suffix or "files without an ending"
        known = " ".join(sorted(READERS))
        raise Unreadable(path, f"no reader for {kind}", mend=f"use {known}")
    try:
        if path.stat().st_size > LARGEST:
            raise Unreadable(path, f"larger than {LARGEST} bytes", mend="split it by policy")
        origin = Origin(_id(file), path.stem, path.name, disclosure)
        return make(reader(path.read_bytes()), origin)
    except OSError as error:
        problem = f"cannot be read ({error.strerror})"
        raise Unreadable(path, problem, mend="check its permissions") from error
    except ValueError as error:
        raise Unreadable(path, str(error), mend="mend the file and build again") from error


def _id(file: _Found) -> str:
    """The path below the source, so that it is the same on every machine."""
    path = file.path
    inside = path.relative_to(file.root) if path != file.root else Path(path.name)
    return unicodedata.normalize("NFC", inside.with_suffix("").as_posix())


def _admit(made: Document, file: _Found, documents: dict[str, tuple[Document, Path]]) -> None:
    if made.disclosure is not Disclosure.OPEN:
        raise Unreadable(
            file.path,
            f"its disclosure attribute is {made.disclosure}",
            mend="if it is public, say `disclosure: open` in its front matter "
            "or build with --disclosure open",
        )
    if made.id in documents:
        problem = f"its id {made.id!r} is that of {documents[made.id][1]}"
        raise Unreadable(file.path, problem, mend="give it another")
    documents[made.id] = (made, file.path)


def _resolved(documents: Iterable[Document]) -> tuple[list[Document], list[Skipped]]:
    """Drop links to documents that are not in the library, such as withheld ones."""
    made = list(documents)
    known = {one.id for one in made}
    kept: list[Document] = []
    notes: list[Skipped] = []
    for one in made:
        linked = {*one.interprets, *one.amends, *one.repeals, one.superseded_by} - {None}
        missing = sorted(str(name) for name in linked if name not in known)
        if missing:
            notes.append(Skipped(one.id, f"link to {', '.join(missing)}, which is not published"))
        successor = one.superseded_by if one.superseded_by in known else None
        kept.append(
            replace(
                one,
                interprets=tuple(name for name in one.interprets if name in known),
                amends=tuple(name for name in one.amends if name in known),
                repeals=tuple(name for name in one.repeals if name in known),
                superseded_by=successor,
            )
        )
    return kept, notes
