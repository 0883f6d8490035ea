"""The keyword leg's tables of some short texts, for tests."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from index.counting import Table
from index.keywords import K1, VOCABULARY, Columns, Rows
from index.occurrences import keys_of
from index.postings import write_columns, write_rows
from index.vocabulary import Learning


def write(folder: Path, texts: Sequence[Sequence[str]]) -> tuple[Columns, Rows]:
    """The texts, given as their terms, as documents and as windows."""
    vocabulary = Learning()
    for name, writer in (("columns", write_columns), ("rows", write_rows)):
        counted = folder / "counted" / name
        with Table(counted, np.uint16) as table:
            for text in texts:
                keys, counts = np.unique(keys_of(text), return_counts=True)
                owners = np.zeros(len(keys), dtype=np.int64)
                table.add(1, owners, vocabulary.learn(keys), counts)
        writer(counted, folder / name, table.among(len(vocabulary)), k1=K1)
    vocabulary.save(folder / "columns" / VOCABULARY)
    return Columns.load(folder / "columns"), Rows.load(folder / "rows")


def columns(texts: Sequence[Sequence[str]]) -> Columns:
    """As `write`; the files are gone, and stay open."""
    with TemporaryDirectory() as folder:
        return write(Path(folder), texts)[0]
