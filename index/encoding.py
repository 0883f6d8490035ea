"""Passages to vectors on disk: what an earlier release holds is copied, the rest is encoded."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index import reuse
from index.arrays import ArrayWriter
from index.types import Encoder, Vectors

OWNERS: Final = "row_passage.npy"  # int32 (rows,): the passage of each vector
BLOCK: Final = 512  # pieces that are looked up at one go

Progress = Callable[[int], None]  # passages done


def encode(
    texts: Iterable[str],
    folder: Path,
    scratch: Path,
    encoder: Encoder,
    known: reuse.Known,
    progress: Progress,
) -> Vectors:
    """
    Write which pieces there are to `folder`; return their vectors, shape (pieces, dimension).

    They are mapped from a file in `scratch`. New pieces are encoded in the batches that the
    encoder asks for, whatever stands between them.
    """
    path = scratch / "vectors.bin"
    with _Pieces(folder, path, encoder, known) as pieces:
        done = 0
        for done, text in enumerate(texts, start=1):
            pieces.add(done - 1, encoder.pieces(text))
            if done % BLOCK == 0:
                progress(done)
        pieces.finish()
        progress(done)
    shape = (pieces.count, encoder.dimension)
    if not pieces.count:  # numpy refuses to map an empty file
        return np.zeros(shape, dtype=np.float32)
    return np.memmap(path, dtype=np.float32, mode="r", shape=shape)


@dataclass(frozen=True, slots=True)
class _New:
    row: int
    text: str


class _Pieces(ExitStack):
    """What the encoder reads whole, looked up block by block."""

    def __init__(self, folder: Path, path: Path, encoder: Encoder, known: reuse.Known) -> None:
        super().__init__()
        self._encoder = encoder
        self._known = known
        self._waiting: list[str] = []
        self._new: list[_New] = []
        self.count = 0
        with ExitStack() as stack:
            self._owners = stack.enter_context(ArrayWriter(folder / OWNERS, np.int32))
            self._digests = stack.enter_context(
                ArrayWriter(folder / reuse.DIGESTS, np.uint8, width=reuse.SIZE)
            )
            self._vectors = stack.enter_context(path.open("wb"))
            self.push(stack.pop_all())

    def add(self, passage: int, pieces: Iterable[str]) -> None:
        before = len(self._waiting)
        self._waiting += pieces
        self._owners.append([passage] * (len(self._waiting) - before))
        if len(self._waiting) >= BLOCK:
            self._look_up()

    def finish(self) -> None:
        self._look_up()
        while self._new:
            self._encode()

    def _look_up(self) -> None:
        found = reuse.digests(self._waiting)
        self._digests.append(found)
        rows = self._known.find(found)
        places = np.flatnonzero(rows >= 0)
        if len(places):
            self._put(self.count + places, self._known.vectors(rows[places].tolist()))
        self._new += [
            _New(self.count + place, self._waiting[place])
            for place in np.flatnonzero(rows < 0).tolist()
        ]
        self.count += len(self._waiting)
        self._waiting = []
        while len(self._new) >= self._encoder.batch:
            self._encode()

    def _encode(self) -> None:
        batch, self._new = self._new[: self._encoder.batch], self._new[self._encoder.batch :]
        vectors = self._encoder.encode_passages([one.text for one in batch])
        self._put(np.asarray([one.row for one in batch]), vectors)

    def _put(self, rows: npt.NDArray[np.int64], vectors: Vectors) -> None:
        """Write vectors to their rows, those that follow each other at one go."""
        size = self._encoder.dimension * np.dtype(np.float32).itemsize
        for run in np.split(np.arange(len(rows)), np.flatnonzero(np.diff(rows) != 1) + 1):
            self._vectors.seek(int(rows[run[0]]) * size)
            self._vectors.write(np.ascontiguousarray(vectors[run], dtype=np.float32).data)
