"""Where the vectors of releases are kept: among the other files, or in Milvus."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

from index.errors import ReleaseMismatch
from index.milvus import PLACE, MilvusStore
from index.types import VectorIndex, Vectors
from index.vectors import build_index, load_index

FILE: Final = "vectors.faiss"


class Kept(VectorIndex, Protocol):
    """Vectors that can be searched, and read again by their rows."""

    def vectors(self, rows: Sequence[int], /) -> Vectors:
        """Return shape (len(rows), dimension)."""


class Store(Protocol):
    """
    Keeps the vectors of releases.

    Raises VectorsMissing if it cannot be reached or does not hold what a release names. Only a
    search in what `open` returned never does: it finds nothing then, for the keywords find
    most answers without it.
    """

    def write(self, vectors: Vectors, folder: Path, /) -> Kept:
        """Keep the vectors of the release that is drafted in `folder`, and note there where."""

    def open(self, folder: Path, /) -> Kept:
        """Return the vectors of the release in `folder`."""

    def sweep(self, root: Path, /) -> None:
        """Remove what no release below `root` needs any more."""


class Files:
    """FAISS, in the folder of the release."""

    def write(self, vectors: Vectors, folder: Path, /) -> Kept:
        index = build_index(vectors)
        index.save(folder / FILE)
        return index

    def open(self, folder: Path, /) -> Kept:
        if (folder / PLACE).is_file():
            raise ReleaseMismatch(
                "vector store",
                expected="files",
                found="Milvus",
                mend="set INDEX_URL as it was, or build it again",
            )
        return load_index(folder / FILE)

    def sweep(self, root: Path, /) -> None:
        """Nothing: the vectors go with the folder."""


FILES: Final = Files()


class Remote:
    """Milvus for new releases; one whose vectors are files is still opened."""

    def __init__(self, milvus: MilvusStore) -> None:
        self._milvus = milvus

    def write(self, vectors: Vectors, folder: Path, /) -> Kept:
        return self._milvus.write(vectors, folder)

    def open(self, folder: Path, /) -> Kept:
        store: Store = self._milvus if (folder / PLACE).is_file() else FILES
        return store.open(folder)

    def sweep(self, root: Path, /) -> None:
        self._milvus.sweep(root)


def store_at(url: str, *, token: str = "", timeout_s: float = 2.0) -> Store:
    """
    Return the store of an INDEX_URL; "" is the release's own folder.

    `timeout_s` is how long a question waits for Milvus.
    """
    return Remote(MilvusStore(url, token=token, timeout_s=timeout_s)) if url else FILES
