"""txtai: FAISS and its own BM25, fused (hybrid=True)."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from txtai import Embeddings

from benchmarks.measure import peak_mib, resident_mib, size_mib
from benchmarks.peers.work import PASSAGES, Vectors, Work


class Transform:
    """Vectors of passages in their order while building; after that, of questions."""

    def __init__(self, work: Work) -> None:
        self._rows = work.vectors
        self._next = 0
        self._encode = work.encoder()

    def __call__(self, texts: Sequence[str]) -> Vectors:
        if self._next < len(self._rows):
            first, self._next = self._next, self._next + len(texts)
            return np.asarray(self._rows[first : self._next])
        return np.asarray([self._encode(text) for text in texts])


def main(folder: Path) -> None:
    work = Work.load(folder)
    vectors = Transform(work)

    def transform(texts: Sequence[str]) -> Vectors:  # txtai takes a plain function only
        return vectors(texts)

    settings: dict[str, Any] = {"method": "external", "transform": transform, "hybrid": True}
    started = time.perf_counter()
    index = Embeddings(**settings, content=False)
    index.index(rows(work))
    built = time.perf_counter() - started
    index.save(str(folder / "txtai"))
    index.close()
    peak = peak_mib()

    started = time.perf_counter()
    index = Embeddings(transform=transform)
    index.load(str(folder / "txtai"), config={"transform": transform})
    loaded = time.perf_counter() - started

    def search(question: str) -> list[str]:
        return [work.ids[number] for number, _ in index.search(question, PASSAGES)]

    work.report(
        search,
        build_s=round(built, 2),
        load_s=round(loaded, 2),
        peak_mib=peak,
        resident_mib=resident_mib(),
        size_mib=size_mib(folder / "txtai"),
    )


def rows(work: Work) -> Iterator[tuple[int, str, None]]:
    return ((number, text, None) for number, text in enumerate(work.texts))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
