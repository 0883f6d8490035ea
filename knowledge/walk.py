"""Which files below the folders that a maintainer names may be documents."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

# Notes for people, beside the documents.
NOT_DOCUMENTS: Final = frozenset({"readme.md", "license.md", "changelog.md", "golden.jsonl"})


@dataclass(frozen=True, slots=True)
class Found:
    path: Path
    root: Path  # what the maintainer named

    @property
    def id(self) -> str:
        """The path below the source, so that it is the same on every machine."""
        inside = self.path.relative_to(self.root) if self.path != self.root else self.path.name
        return unicodedata.normalize("NFC", Path(inside).with_suffix("").as_posix())


@dataclass(frozen=True, slots=True)
class Missed:
    """A place that could not be looked at, and what to do."""

    path: str
    problem: str


def walk(sources: Iterable[Path]) -> tuple[list[Found], list[Missed]]:
    """Return the files below the sources, each once, and what could not be looked at."""
    found: list[Found] = []
    missed: list[Missed] = []
    seen: set[Path] = set()
    for source in sources:
        before = len(missed)
        paths = sorted(_files(source, source, missed))
        if not paths and len(missed) == before:
            missed.append(Missed(str(source), "the folder holds no file; name one that does"))
        for path in paths:
            if (shown := _shown(path)) != str(path):
                missed.append(Missed(shown, "its name is not UTF-8; give it another"))
            elif path.resolve() not in seen:
                seen.add(path.resolve())
                found.append(Found(path, source))
    return found, missed


def _shown(path: Path) -> str:
    """The path in characters that can be printed, whatever its bytes are."""
    return str(path).encode("utf-8", "backslashreplace").decode()


def _files(place: Path, root: Path, missed: list[Missed]) -> Iterator[Path]:
    """Yield the files below; what cannot be read is named in `missed`."""
    try:
        if place.is_file():
            yield place
            return
        paths = list(place.iterdir())
    except OSError as error:
        missed.append(_unreadable(place, error))
        return
    for path in paths:
        if path.name.startswith(".") or path.name.lower() in NOT_DOCUMENTS:
            continue
        try:  # whoever may list a folder may not always open what it lists
            yield from _below(path, root, missed)
        except (OSError, RuntimeError) as error:
            missed.append(_unreadable(path, error))


def _below(path: Path, root: Path, missed: list[Missed]) -> Iterator[Path]:
    """Raise OSError for what cannot be looked at, RuntimeError for a link that leads to itself."""
    if path.is_symlink():
        yield from _linked(path, root, missed)
    elif path.is_dir():
        yield from _files(path, root, missed)
    elif path.is_file():
        yield path


def _unreadable(path: Path, error: OSError | RuntimeError) -> Missed:
    why = "a link that leads to itself" if isinstance(error, RuntimeError) else error.strerror
    return Missed(_shown(path), f"cannot be read ({why}); check the path and its permissions")


def _linked(path: Path, root: Path, missed: list[Missed]) -> Iterator[Path]:
    """Yield a link to a file within the folder, and one to nothing: reading it names it."""
    if not path.resolve().is_relative_to(root.resolve()):
        reason = "a link out of the folder is not followed; copy what belongs here"
        missed.append(Missed(str(path), reason))
    elif not path.is_dir():  # what a folder holds is read where it lies; a link may run in rings
        yield path
