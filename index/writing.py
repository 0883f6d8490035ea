"""
The files of a release, written in bounded memory.

Documents are read once, one after the other, and handed to each part of the index; what a part
remembers of a document is some bytes. Counts of terms and vectors go through files in a scratch
folder, which is gone when the release is written.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Final

import numpy as np

from index import encoding, reuse
from index.arrays import ArrayWriter, read_array
from index.counting import Counter, Table
from index.errors import NothingToIndex
from index.exact import Keys, Met
from index.families import Families
from index.folded import Folded, FoldedWriter
from index.glossary import of_release
from index.keywords import K1, VOCABULARY, WINDOW_K1, Columns, Rows
from index.legs import Legs
from index.postings import write_columns, write_rows
from index.reading import Reading, read
from index.shelf import Shelf, ShelfWriter, Texts
from index.sources import Finder, Sources
from index.stores import Store
from index.tokens import folded_tokens
from index.types import Encoder, VectorIndex
from index.vocabulary import Learning
from knowledge.types import Document

EVERY: Final = 512  # documents between two steps of the progress bar
_SCRATCH: Final = "scratch"

Progress = Callable[[str, int, int], None]  # step, done, of how many
Fit = Callable[[Sequence[str]], Encoder]


def write_legs(
    documents: Sequence[Document],
    folder: Path,
    root: Path,
    fit: Fit,
    store: Store,
    progress: Progress,
) -> Legs:
    """
    Write everything but the calibration and the manifest to `folder`, and open it.

    The current release below `root` may know vectors already. Raise NothingToIndex if there is
    no text.
    """
    with _scratch(folder) as scratch:
        _read_all(documents, folder, scratch, progress)
        texts = Texts(Shelf.open(folder))
        encoder = fit(texts)
        vectors = encoding.encode(
            texts,
            folder,
            scratch,
            encoder,
            reuse.known(root, encoder, store),
            lambda done: progress("vectors", done, len(texts)),
        )
        index = store.write(vectors, folder)
    encoder.save(folder / "encoder")
    return open_legs(folder, encoder, index)


def open_legs(folder: Path, encoder: Encoder, vectors: VectorIndex) -> Legs:
    """Open in place what `write_legs` wrote."""
    return Legs(
        shelf=Shelf.open(folder),
        folded=Folded(folder),
        documents=Columns.load(folder / "documents"),
        windows=Rows.load(folder / "windows"),
        first_window=read_array(folder / "first_window.npy", in_place=True),
        window_span=read_array(folder / "window_span.npy", in_place=True),
        sources=Sources.of(read_array(folder / "source.npy"), read_array(folder / "prior.npy")),
        family=read_array(folder / "family.npy"),
        encoder=encoder,
        vectors=vectors,
        row_passage=read_array(folder / encoding.OWNERS, in_place=True),
        glossary=of_release(folder),
    )


def open_keys(folder: Path) -> Keys:
    return Keys.load(folder / "keys")


def _read_all(
    documents: Sequence[Document], folder: Path, scratch: Path, progress: Progress
) -> None:
    """Write all that is told by the words."""
    vocabulary, met, finder, families = Learning(), Met(), Finder(), Families()
    says_something = False
    with ExitStack() as stack:
        shelf = stack.enter_context(ShelfWriter(folder))
        folded = stack.enter_context(FoldedWriter(folder))
        spans = stack.enter_context(_Spans(folder))
        columns = stack.enter_context(Table(scratch / "documents", np.uint16))
        rows = stack.enter_context(Table(scratch / "windows", np.uint8))
        counter = Counter(vocabulary, columns, rows)
        for reading in _readings(documents, progress):
            shelf.add(reading.document, reading.passages)
            for text in reading.texts:
                folded.add(text)
            spans.add(reading)
            met.add(reading.document)
            finder.add(reading.title, reading.body)
            families.add(reading.document, reading.body)
            counter.add(reading)
            says_something = says_something or bool(folded_tokens(reading.body))
        counter.flush()
    if not says_something:
        raise NothingToIndex(
            "there is no document to index; see the reasons above, or name another --source"
        )
    met.save(folder / "keys")
    sources = finder.sources()
    np.save(folder / "source.npy", sources.source, allow_pickle=False)
    np.save(folder / "prior.npy", sources.prior, allow_pickle=False)
    np.save(folder / "family.npy", families.numbers(), allow_pickle=False)
    terms = len(vocabulary)
    write_columns(scratch / "documents", folder / "documents", columns.among(terms), k1=K1)
    write_rows(scratch / "windows", folder / "windows", rows.among(terms), k1=WINDOW_K1)
    vocabulary.save(folder / "documents" / VOCABULARY)


def _readings(documents: Sequence[Document], progress: Progress) -> Iterator[Reading]:
    total = len(documents)
    for done, document in enumerate(documents, start=1):
        yield read(document)
        if done % EVERY == 0 or done == total:
            progress("terms", done, total)


class _Spans(ExitStack):
    """Where the windows of each passage are, and which of them are whose."""

    def __init__(self, folder: Path) -> None:
        super().__init__()
        with ExitStack() as stack:
            self._first = stack.enter_context(ArrayWriter(folder / "first_window.npy", np.int64))
            self._spans = stack.enter_context(
                ArrayWriter(folder / "window_span.npy", np.int32, width=2)
            )
            self._first.append([0])
            self.push(stack.pop_all())

    def add(self, reading: Reading) -> None:
        for start, windows in zip(reading.starts, reading.spans, strict=True):
            self._spans.extend((first - start, end - start) for first, end in windows)
            self._first.extend([len(self._spans)])


@contextmanager
def _scratch(folder: Path) -> Iterator[Path]:
    """A folder on the disk of the release, for as long as it is written."""
    scratch = folder / _SCRATCH
    scratch.mkdir()
    yield scratch
    shutil.rmtree(scratch)
