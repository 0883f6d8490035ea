"""
What a file gave, kept by the digest of its bytes: an unchanged file is not parsed again.

The key holds all that the result depends on: the bytes, the file's id, what the source says of
it, whether pictures can be read, and the code that reads. An entry is one file, a JSON line a
document and the digest of them all; one that is not whole is made anew. Entries are written and
read line by line: a table may have more rows than memory holds.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Generator, Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Final, Self

from knowledge.codec import document_of, row_of
from knowledge.documents import Made
from knowledge.repair import Change, Damage
from knowledge.unused import remove_unused, used

_HERE: Final = Path(__file__).parent
_CHUNK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Read:
    """One document of a file, or what is wrong with a part of it."""

    where: str
    made: Made | None = None
    problem: str = ""
    bad: bool = False  # the document could not be made; else a trouble of the reader


class Cache:
    """Entries below a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def key(self, path: Path, *context: object) -> str | None:
        """Name of the entry of a file; None for one that cannot be read."""
        try:
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, _hash)
        except OSError:
            return None
        digest.update(repr((str(path), *context, _code())).encode())
        return digest.hexdigest()

    def get(self, key: str) -> Iterator[Read] | None:
        """Return what the entry holds, to be read at once; None where there is no whole one."""
        try:
            file = self._path(key).open("rb")
        except OSError:
            return None
        if _is_sealed(file):
            used(self._path(key))
            return _reads(file)
        file.close()
        return None

    def keep(self, key: str, found: Iterable[Read]) -> Generator[Read]:
        """Yield what is found and write it down; where that stops halfway, nothing is kept."""
        with _Draft(self._path(key)) as draft:
            for one in found:
                draft.add(one)
                yield one
            draft.publish()

    def tidy(self) -> None:
        """Remove the entries that were not read for long, such as those of earlier readers."""
        remove_unused(self.folder.glob("*/*"))

    def _path(self, key: str) -> Path:
        return self.folder / key[:2] / f"{key}.jsonl"


class _Draft:
    """An entry that is being written; a full disk only costs the next build time."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_suffix(f".{os.getpid()}")
        self._digest = _hash()
        self._file: BinaryIO | None = None

    def __enter__(self) -> Self:
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._draft.open("wb")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._close()
        with suppress(OSError):  # where not even the folder could be made
            self._draft.unlink(missing_ok=True)

    def add(self, one: Read) -> None:
        text = json.dumps(_row(one), ensure_ascii=False)
        line = text.encode("utf-8", "surrogatepass") + b"\n"
        self._digest.update(line)
        self._write(line)

    def publish(self) -> None:
        self._write(self._digest.hexdigest().encode())
        if self._close():
            with suppress(OSError):
                self._draft.replace(self._path)

    def _write(self, data: bytes) -> None:
        if self._file is not None:
            try:
                self._file.write(data)
            except OSError:
                self._close()

    def _close(self) -> bool:
        """Close the draft; return whether all of it was written."""
        file, self._file = self._file, None
        if file is None:
            return False
        try:
            file.close()
        except OSError:
            return False
        return True


def _hash() -> hashlib.blake2b:
    return hashlib.blake2b(digest_size=20)


def _is_sealed(file: BinaryIO) -> bool:
    """Whether the digest at the end of an entry is that of its lines. Leaves it at its start."""
    digest = _hash()
    try:
        left = os.fstat(file.fileno()).st_size - 2 * digest.digest_size
        while left > 0 and (chunk := file.read(min(left, _CHUNK))):
            digest.update(chunk)
            left -= len(chunk)
        whole = left == 0 and file.read() == digest.hexdigest().encode()
        file.seek(0)
    except OSError:
        return False
    return whole


def _reads(file: BinaryIO) -> Iterator[Read]:
    with file:
        for line in file:
            if line.endswith(b"\n"):  # the digest has none
                yield _read(json.loads(line))


@cache
def _code() -> str:
    """Digest of this package's sources: a mended reader reads everything anew."""
    digest = hashlib.blake2b(digest_size=16)
    for path in sorted(_HERE.rglob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()


def _row(one: Read) -> dict[str, Any]:
    row: dict[str, Any] = {"where": one.where, "problem": one.problem, "bad": one.bad}
    if one.made is not None:
        row["document"] = row_of(one.made.document)
        row["changes"] = [asdict(change) for change in one.made.changes]
        row["undisclosed"] = one.made.undisclosed
    return row


def _read(row: dict[str, Any]) -> Read:
    made = None
    if "document" in row:
        changes = (Change(**{**c, "damage": Damage(c["damage"])}) for c in row["changes"])
        made = Made(document_of(row["document"]), tuple(changes), row["undisclosed"])
    return Read(row["where"], made, row["problem"], row["bad"])
