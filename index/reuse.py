"""Vectors of text that an earlier release holds already: encoded once, never again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index import release as releases
from index.arrays import read_array
from index.errors import ReleaseError
from index.types import Encoder, Vectors
from index.vectors import FlatIndex

DIGESTS: Final = "pieces.npy"  # uint8 (rows, 16): of the text behind each vector
_SIZE: Final = 16


def digests(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """BLAKE2b of each text, shape (texts, 16)."""
    joined = b"".join(_digest(text) for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, _SIZE)


def _digest(text: str) -> bytes:
    return hashlib.blake2b(text.encode(), digest_size=_SIZE).digest()


@dataclass(frozen=True, slots=True)
class Known:
    """Vectors by the digest of their text."""

    rows: Mapping[bytes, int]
    index: FlatIndex | None

    def split(self, texts: Sequence[str]) -> tuple[list[int], list[int]]:
        """Places of the texts whose vectors are known, and their rows."""
        places: list[int] = []
        rows: list[int] = []
        for place, text in enumerate(texts):
            row = self.rows.get(_digest(text))
            if row is not None:
                places.append(place)
                rows.append(row)
        return places, rows

    def vectors(self, rows: Sequence[int]) -> Vectors:
        assert self.index is not None
        return self.index.vectors(rows)


NOTHING: Final = Known({}, None)


def known(root: Path, encoder: Encoder) -> Known:
    """
    What the current release knows, if the same encoder made it.

    The builtin encoder is fitted anew for each release, so none of its vectors keeps. A release
    that is damaged or of another format is passed over: encoding again is always right.
    """
    if not encoder.lasting:
        return NOTHING
    try:
        folder = releases.locate(root)
        manifest = releases.read_manifest(folder)
        same = (manifest.encoder, manifest.revision, manifest.dimension) == (
            encoder.name,
            encoder.revision,
            encoder.dimension,
        )
        if not same:
            return NOTHING
        releases.verify(folder, manifest)
        rows = {row.tobytes(): number for number, row in enumerate(read_array(folder / DIGESTS))}
        return Known(rows, FlatIndex.load(folder / "vectors.faiss"))
    except (ReleaseError, OSError):
        return NOTHING
