"""Vectors of text that an earlier release holds already: encoded once, never again."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index import release as releases
from index import verified
from index.arrays import read_array
from index.errors import ReleaseError
from index.stores import Kept, Store
from index.types import Encoder, Vectors

DIGESTS: Final = "pieces.npy"  # uint8 (rows, 16): of the text behind each vector
SIZE: Final = 16


def digests(texts: Sequence[str]) -> npt.NDArray[np.uint8]:
    """BLAKE2b of each text, shape (texts, 16)."""
    joined = b"".join(hashlib.blake2b(text.encode(), digest_size=SIZE).digest() for text in texts)
    return np.frombuffer(joined, dtype=np.uint8).reshape(-1, SIZE)


@dataclass(frozen=True, slots=True)
class Known:
    """Vectors by the digest of their text."""

    sorted: npt.NDArray[np.bytes_]  # digests, ascending
    rows: npt.NDArray[np.int64]  # of those
    index: Kept | None

    def find(self, wanted: npt.NDArray[np.uint8]) -> npt.NDArray[np.int64]:
        """The row of each of these digests, -1 for what is not known."""
        names = _names(wanted)
        if not len(self.sorted):
            return np.full(len(names), -1, dtype=np.int64)
        places = np.minimum(np.searchsorted(self.sorted, names), len(self.sorted) - 1)
        return np.where(self.sorted[places] == names, self.rows[places], -1)

    def vectors(self, rows: Sequence[int]) -> Vectors:
        assert self.index is not None
        return self.index.vectors(rows)


NOTHING: Final = Known(np.zeros(0, dtype=f"S{SIZE}"), np.zeros(0, dtype=np.int64), None)


def known(root: Path, encoder: Encoder, store: Store) -> Known:
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
        verified.verify(folder, manifest)
        names = _names(read_array(folder / DIGESTS))
        order = np.argsort(names, kind="stable")
        return Known(names[order], order, store.open(folder))
    except (ReleaseError, OSError):
        return NOTHING


def _names(found: npt.NDArray[np.uint8]) -> npt.NDArray[np.bytes_]:
    """Digests as byte strings, which numpy sorts."""
    return np.ascontiguousarray(found).view(f"S{SIZE}").ravel()
