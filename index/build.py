"""Documents to a release, and a release to a searcher."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index import release as releases
from index import shelf as shelves
from index.calibration import DEFAULT, FEWEST, Calibration, features, stack
from index.errors import NothingToIndex, ReleaseMismatch
from index.exact import Keys
from index.keywords import Keywords
from index.made import Made, made_questions
from index.ranking import Evidence, Legs, gather, rank
from index.release import Manifest
from index.searcher import Searcher
from index.shelf import Shelf
from index.tokens import tokens
from index.types import Encoder, Vectors
from index.vectors import FlatIndex
from index.windows import windows
from knowledge.passages import passages as cut
from knowledge.types import Document, Passage

BATCH: Final = 512  # passages encoded between two steps of the progress bar
WEIGHTS: Final = (0.0, 0.1, 0.25, 0.5, 1.0)  # of the vector leg, tried on made questions
Progress = Callable[[str, int, int], None]  # step, done, of how many
Fit = Callable[[Sequence[str]], Encoder]
Load = Callable[[Manifest, Path], Encoder]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is made of the documents before it is written."""

    documents: Sequence[Document]
    passages: Sequence[Sequence[Passage]]  # of each document

    @property
    def flat(self) -> list[Passage]:
        return [passage for one in self.passages for passage in one]


def build(
    documents: Sequence[Document],
    root: Path,
    *,
    encoder: Fit,
    progress: Progress = lambda _step, _done, _total: None,
    at: datetime | None = None,
) -> Manifest:
    """
    Build a release below `root` and make it current.

    `encoder` is given all passages and returns an encoder, fitted on them or not. Raise
    NothingToIndex if there is no text.
    """
    parts = Parts(documents=documents, passages=[cut(one) for one in documents])
    flat = parts.flat
    if not flat:
        raise NothingToIndex(
            "there is no document to index; see the reasons above, or name another --source"
        )
    with releases.draft(root) as folder:
        shelves.write(folder, zip(parts.documents, parts.passages, strict=True))
        made = _write_legs(parts, folder, encoder, progress)
        shelf = Shelf.open(folder)
        calibration = _calibrate(made, shelf, flat, progress)
        calibration.save(folder)
        manifest = Manifest(
            encoder=made.encoder.name,
            revision=made.encoder.revision,
            dimension=made.encoder.dimension,
            documents=len(documents),
            passages=len(flat),
        )
        return releases.publish(root, folder, manifest, at=at or datetime.now(UTC))


def _write_legs(parts: Parts, folder: Path, fit: Fit, progress: Progress) -> Legs:
    flat = parts.flat
    texts = [passage.text for passage in flat]
    progress("terms", 0, len(flat))
    documents = Keywords.build(tokens(f"{d.title}\n{d.text}") for d in parts.documents)
    documents.save(folder / "documents")
    window_passage, spans = _windows(flat)
    by_window = Keywords.build(_window_terms(parts, window_passage, spans))
    by_window.save(folder / "windows")
    np.save(folder / "window_passage.npy", window_passage)
    progress("terms", len(flat), len(flat))
    encoder = fit(texts)
    rows, row_passage = _encode(texts, encoder, progress)
    np.save(folder / "row_passage.npy", row_passage)
    index = FlatIndex.build(rows)
    index.save(folder / "vectors.faiss")
    encoder.save(folder / "encoder")
    owners = np.repeat(np.arange(len(parts.passages)), [len(one) for one in parts.passages])
    return Legs(
        documents=documents,
        windows=by_window,
        window_passage=window_passage,
        owner=owners.astype(np.int32),
        encoder=encoder,
        vectors=index,
        row_passage=row_passage,
    )


def _windows(flat: Sequence[Passage]) -> tuple[npt.NDArray[np.int32], list[tuple[int, int]]]:
    owners: list[int] = []
    spans: list[tuple[int, int]] = []
    for number, passage in enumerate(flat):
        found = windows(passage.text)
        owners += [number] * len(found)
        spans += found
    return np.asarray(owners, dtype=np.int32), spans


def _window_terms(
    parts: Parts, owners: npt.NDArray[np.int32], spans: Sequence[tuple[int, int]]
) -> Iterator[list[str]]:
    """A window is read with its title and address: they say what it is about."""
    heads = [
        tokens("\n".join((document.title, *passage.address)))
        for document, passages in zip(parts.documents, parts.passages, strict=True)
        for passage in passages
    ]
    flat = parts.flat
    for owner, (start, end) in zip(owners.tolist(), spans, strict=True):
        yield heads[owner] + tokens(flat[owner].text[start:end])


def _encode(
    texts: Sequence[str], encoder: Encoder, progress: Progress
) -> tuple[Vectors, npt.NDArray[np.int32]]:
    pieces: list[str] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        parts = encoder.pieces(text)
        pieces += parts
        owners += [number] * len(parts)
    rows: list[Vectors] = []
    for start in range(0, len(pieces), BATCH):
        progress("vectors", start, len(pieces))
        rows.append(encoder.encode_passages(pieces[start : start + BATCH]))
    progress("vectors", len(pieces), len(pieces))
    return np.vstack(rows), np.asarray(owners, dtype=np.int32)


def _calibrate(
    legs: Legs, shelf: Shelf, flat: Sequence[Passage], progress: Progress
) -> Calibration:
    """Fit on made questions, each with its document present and removed."""
    questions = made_questions(flat)
    everything = np.ones(shelf.documents, dtype=bool)
    evidence: list[tuple[Made, Evidence]] = []
    for done, made in enumerate(questions, start=1):
        evidence.append((made, gather(made.question, legs)))
        progress("calibration", done, len(questions))
    weight = _vector_weight(evidence, legs)
    if len(questions) < FEWEST:
        return DEFAULT
    values, right = [], []
    for made, found in evidence:
        owner = int(legs.owner[made.passage])
        without = everything.copy()
        without[_family(shelf, owner)] = False
        for allowed in (everything, without):
            ranked = rank(found, legs, allowed=allowed, vector_weight=weight)
            values.append(features(ranked))
            right.append(bool(len(ranked.owners)) and int(ranked.owners[0]) == owner)
    correct = np.asarray(right)
    if correct.all() or not correct.any():
        return DEFAULT
    return Calibration.fit(stack(values), correct, vector_weight=weight)


def _family(shelf: Shelf, number: int) -> list[int]:
    """A document and those it interprets, or that interpret it: they say the same."""
    document = shelf.document(number)
    related = {document.id, *document.interprets, *document.amends, *document.repeals}
    return [
        place
        for place, other in enumerate(shelf.all_documents())
        if other.id in related or document.id in other.interprets
    ]


def _vector_weight(evidence: Sequence[tuple[Made, Evidence]], legs: Legs) -> float:
    """The weight under which the made questions find their passages best (mean 1/rank)."""

    def quality(weight: float) -> float:
        total = 0.0
        for made, found in evidence:
            everything = np.ones(int(legs.owner[-1]) + 1, dtype=bool)
            ranked = rank(found, legs, allowed=everything, vector_weight=weight)
            places = np.flatnonzero(ranked.passages == made.passage)
            total += 1 / (1 + int(places[0])) if len(places) else 0.0
        return total

    return max(WEIGHTS, key=lambda weight: (round(quality(weight), 6), -weight))


def load(folder: Path, *, encoder: Load, expect: str | None = None) -> Searcher:
    """
    Open a release; every file is checked against the manifest first.

    `expect` is the encoder of the settings: another one in the release is a ReleaseMismatch,
    because questions and passages would be compared in two different spaces.
    """
    manifest = releases.read_manifest(folder)
    if expect is not None and manifest.encoder != expect:
        raise ReleaseMismatch(
            "encoder",
            expected=expect,
            found=manifest.encoder,
            mend=f"set ENCODER={manifest.encoder}, or build the index again",
        )
    releases.verify(folder, manifest)
    shelf = Shelf.open(folder)
    legs = Legs(
        documents=Keywords.load(folder / "documents"),
        windows=Keywords.load(folder / "windows"),
        window_passage=np.load(folder / "window_passage.npy", mmap_mode="r"),
        owner=shelf.owners(),
        encoder=encoder(manifest, folder / "encoder"),
        vectors=FlatIndex.load(folder / "vectors.faiss"),
        row_passage=np.load(folder / "row_passage.npy", mmap_mode="r"),
    )
    keys = Keys.build(shelf.all_documents())
    return Searcher(manifest.name, shelf, legs, Calibration.load(folder), keys)


def prune(root: Path, *, keep: int) -> list[str]:
    """Remove all but the newest releases, never the current one; return their names."""
    now = releases.current(root)
    names = [manifest.name for manifest in releases.releases(root)]
    gone = [name for name in names[:-keep] if name != now]
    for name in gone:
        shutil.rmtree(root / name)
    return gone
