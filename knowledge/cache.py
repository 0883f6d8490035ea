"""
What a file gave, kept by the digest of its bytes: an unchanged file is not parsed again.

The key holds all that the result depends on: the bytes, the file's id, what the source says of
it, and the code that reads. One JSON file an entry; one that cannot be read is made anew.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from knowledge.codec import document_of, row_of
from knowledge.documents import Made
from knowledge.repair import Change, Damage

LARGEST: Final = 20_000_000  # bytes; a larger file is read row by row and not kept
_HERE: Final = Path(__file__).parent


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
        self._folder = folder

    def key(self, path: Path, *context: object) -> str | None:
        """Name of the entry of a file; None for one that is too large or cannot be read."""
        try:
            if path.stat().st_size > LARGEST:
                return None
            digest = hashlib.blake2b(path.read_bytes(), digest_size=20)
        except OSError:
            return None
        digest.update(repr((str(path), *context, _code())).encode())
        return digest.hexdigest()

    def get(self, key: str) -> list[Read] | None:
        try:
            rows = json.loads(self._path(key).read_text(encoding="utf-8"))
            return [_read(row) for row in rows]
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: str, found: Sequence[Read]) -> None:
        """Write an entry whole or not at all; a full disk only costs the next build time."""
        path = self._path(key)
        draft = path.with_suffix(f".{os.getpid()}")
        text = json.dumps([_row(one) for one in found], ensure_ascii=False)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft.write_text(text, encoding="utf-8")
            draft.replace(path)
        except (OSError, ValueError):
            with suppress(OSError):  # where not even the folder could be made
                draft.unlink(missing_ok=True)

    def _path(self, key: str) -> Path:
        return self._folder / key[:2] / f"{key}.json"


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
