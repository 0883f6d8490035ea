"""Documents to a release, and a release to a searcher."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from index import release as releases
from index import reuse
from index import shelf as shelves
from index.arrays import read_array
from index.calibration import DEFAULT, FEWEST, Calibration, Features, features
from index.copies import copies
from index.encoders.choice import BUILTIN
from index.errors import NothingToIndex, ReleaseMismatch
from index.exact import Keys
from index.folded import Folded
from index.keywords import WINDOW_K1, Columns, Rows, Vocabulary, bm25
from index.made import Made, made_questions
from index.questions import understand
from index.ranking import Evidence, Legs, Mask, gather, rank
from index.release import Manifest
from index.searcher import Searcher
from index.shelf import Shelf
from index.sources import Sources, find_sources
from index.tokens import tokens
from index.types import Encoder, Vectors
from index.vectors import FlatIndex
from index.windows import windows
from knowledge.fold import fold
from knowledge.passages import passages as cut
from knowledge.types import Document, Passage

SAYS_THE_SAME: Final = 0.9  # share of a made question that a passage covers which says it too
LEAD: Final = 80  # characters that stand for the title of a long text without one
BATCH: Final = 512  # passages encoded between two steps of the progress bar
WEIGHTS: Final = (0.0, 0.1, 0.25, 0.5, 1.0)  # of the vector leg, tried on made questions
# Of the builtin encoder, as measured on five sets: 0.1 gave up to +0.01 recall@1 and harmed
# none, more gave less. Made questions, being fragments of the text, would overrate it.
BUILTIN_WEIGHT: Final = 0.1
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
    calibrate: bool = True,
    at: datetime | None = None,
) -> Manifest:
    """
    Build a release below `root` and make it current.

    `encoder` is given all passages and returns an encoder, fitted on them or not. Without
    `calibrate` the cautious default decides about refusal. Raise NothingToIndex if there is no
    text.
    """
    parts = Parts(documents=documents, passages=[cut(one) for one in documents])
    flat = parts.flat
    if not any(tokens(passage.text) for passage in flat):
        raise NothingToIndex(
            "there is no document to index; see the reasons above, or name another --source"
        )
    with releases.draft(root) as folder:
        shelves.write(folder, zip(parts.documents, parts.passages, strict=True))
        legs = _write_legs(parts, folder, root, encoder, progress)
        _calibrate(legs, flat, progress, refusal=calibrate).save(folder)
        manifest = Manifest(
            encoder=legs.encoder.name,
            revision=legs.encoder.revision,
            dimension=legs.encoder.dimension,
            documents=len(documents),
            passages=len(flat),
        )
        return releases.publish(root, folder, manifest, at=at or datetime.now(UTC))


def _write_legs(parts: Parts, folder: Path, root: Path, fit: Fit, progress: Progress) -> Legs:
    texts = [passage.text for passage in parts.flat]
    documents, rows, first_window, span = _keywords(parts, progress)
    documents.save(folder / "documents")
    rows.save(folder / "windows")
    np.save(folder / "first_window.npy", first_window)
    np.save(folder / "window_span.npy", span)
    heads = [fold(document.title.replace("_", " ")) for document in parts.documents]
    bodies = [fold(document.text) for document in parts.documents]
    sources = find_sources(heads, bodies)
    np.save(folder / "source.npy", sources.source)
    np.save(folder / "prior.npy", sources.prior)
    family = _families(parts.documents, bodies)
    np.save(folder / "family.npy", family)
    folded = Folded.write(folder, (f"{h}\n{b}" for h, b in zip(heads, bodies, strict=True)))
    encoder = fit(texts)
    pieces, row_passage = _pieces(texts, encoder)
    np.save(folder / "row_passage.npy", row_passage)
    np.save(folder / reuse.DIGESTS, reuse.digests(pieces))
    vectors = _encode(pieces, encoder, reuse.known(root, encoder), progress)
    index = FlatIndex.build(vectors)
    index.save(folder / "vectors.faiss")
    encoder.save(folder / "encoder")
    return Legs(
        shelf=Shelf.open(folder),
        folded=folded,
        documents=documents,
        windows=rows,
        first_window=first_window,
        window_span=span,
        sources=sources,
        family=family,
        encoder=encoder,
        vectors=index,
        row_passage=row_passage,
    )


def _keywords(
    parts: Parts, progress: Progress
) -> tuple[Columns, Rows, npt.NDArray[np.int64], npt.NDArray[np.int32]]:
    """Terms of documents and of windows; a window is read with its title and its address."""
    vocabulary = Vocabulary()
    by_document: list[npt.NDArray[np.int32]] = []
    by_window: list[npt.NDArray[np.int32]] = []
    first = [0]
    spans: list[tuple[int, int]] = []
    total = len(parts.documents)
    for done, (document, passages) in enumerate(
        zip(parts.documents, parts.passages, strict=True), start=1
    ):
        title = vocabulary.learn(tokens(document.title.replace("_", " ")))
        by_document.append(np.concatenate([title, vocabulary.learn(tokens(document.text))]))
        if not document.title and len(document.text) > 5 * LEAD:
            title = vocabulary.learn(tokens(document.text[:LEAD]))
        for passage in passages:
            head = np.concatenate([title, vocabulary.learn(tokens("\n".join(passage.address)))])
            for start, end in windows(passage.text):
                body = vocabulary.learn(tokens(passage.text[start:end]))
                by_window.append(np.concatenate([head, body]))
                spans.append((start, end))
            first.append(len(spans))
        if done % BATCH == 0 or done == total:
            progress("terms", done, total)
    size = len(vocabulary)
    return (
        Columns(vocabulary, bm25(by_document, size)),
        Rows(bm25(by_window, size, k1=WINDOW_K1).tocsr()),
        np.asarray(first, dtype=np.int64),
        np.asarray(spans, dtype=np.int32),
    )


def _pieces(texts: Sequence[str], encoder: Encoder) -> tuple[list[str], npt.NDArray[np.int32]]:
    """What the encoder reads whole, and of which passage each piece is."""
    pieces: list[str] = []
    owners: list[int] = []
    for number, text in enumerate(texts):
        parts = encoder.pieces(text)
        pieces += parts
        owners += [number] * len(parts)
    return pieces, np.asarray(owners, dtype=np.int32)


def _encode(
    pieces: Sequence[str], encoder: Encoder, known: reuse.Known, progress: Progress
) -> Vectors:
    """Encode what the release before does not hold; shape (pieces, dimension)."""
    vectors = np.empty((len(pieces), encoder.dimension), dtype=np.float32)
    places, rows = known.split(pieces)
    if places:
        vectors[places] = known.vectors(rows)
    new = sorted(set(range(len(pieces))) - set(places))
    for start in range(0, len(new), BATCH):
        progress("vectors", len(places) + start, len(pieces))
        batch = new[start : start + BATCH]
        vectors[batch] = encoder.encode_passages([pieces[place] for place in batch])
    progress("vectors", len(pieces), len(pieces))
    return vectors


def _calibrate(
    legs: Legs, flat: Sequence[Passage], progress: Progress, *, refusal: bool
) -> Calibration:
    """Fit on made questions, each with its document present and removed."""
    builtin = legs.encoder.name == BUILTIN
    default = replace(DEFAULT, vector_weight=BUILTIN_WEIGHT if builtin else DEFAULT.vector_weight)
    if builtin and not refusal:
        return default
    everything = np.ones(legs.shelf.documents, dtype=bool)
    questions = made_questions(flat)
    asked: list[tuple[Made, Evidence]] = []
    for done, made in enumerate(questions, start=1):
        asked.append((made, gather(understand(made.question, legs.documents), legs)))
        progress("calibration", done, len(questions))
    if len(questions) < FEWEST:
        return default
    weight = BUILTIN_WEIGHT if builtin else _vector_weight(asked, legs, everything)
    if not refusal:
        return replace(DEFAULT, vector_weight=weight)
    rows = [
        row
        for made, evidence in asked
        for row in _trials(made, evidence, legs, everything, weight=weight)
    ]
    values, right, absent = (np.asarray(column) for column in zip(*rows, strict=True))
    if right.all() or not right.any() or not absent.any():
        return replace(DEFAULT, vector_weight=weight)
    return Calibration.fit(values, right, absent, vector_weight=weight)


def _trials(
    made: Made, evidence: Evidence, legs: Legs, everything: Mask, *, weight: float
) -> Iterator[tuple[Features, bool, bool]]:
    """Features, whether the first passage is right, and whether the document was removed."""
    own = legs.family[legs.shelf.document_of(np.asarray([made.passage]))[0]]
    for allowed in (everything, legs.family != own):
        ranked = rank(evidence, legs, allowed=allowed, vector_weight=weight)
        some = bool(len(ranked.owners))
        # Another document may say the same, word for word: that is an answer too.
        same = some and float(ranked.said[0]) >= SAYS_THE_SAME
        absent = allowed is not everything
        if not (absent and same):
            right = same or (some and bool(legs.family[ranked.owners[0]] == own))
            yield features(evidence.question, ranked, legs.family), right, absent


def _families(documents: Sequence[Document], texts: Sequence[str]) -> npt.NDArray[np.int32]:
    """
    Number of the family of each document: those that say the same.

    A policy, its interpretations, its amendments and what it replaced; and copies.
    """
    places = {document.id: place for place, document in enumerate(documents)}
    links = [
        (place, places[name])
        for place, document in enumerate(documents)
        for name in (*document.interprets, *document.amends, *document.repeals)
        if name in places
    ]
    pairs = np.asarray([*links, *copies(texts)], dtype=np.int32).reshape(-1, 2)
    ones = np.ones(len(pairs), dtype=np.int8)
    size = len(documents)
    graph = csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
    return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)


def _vector_weight(asked: Sequence[tuple[Made, Evidence]], legs: Legs, everything: Mask) -> float:
    """The weight under which the made questions find their passages best (mean 1/rank)."""

    def quality(weight: float) -> float:
        total = 0.0
        for made, evidence in asked[::2]:
            ranked = rank(evidence, legs, allowed=everything, vector_weight=weight)
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
        shelf=shelf,
        folded=Folded(folder),
        documents=Columns.load(folder / "documents"),
        windows=Rows.load(folder / "windows"),
        first_window=read_array(folder / "first_window.npy"),
        window_span=read_array(folder / "window_span.npy", in_place=True),
        sources=Sources(
            source=read_array(folder / "source.npy"), prior=read_array(folder / "prior.npy")
        ),
        family=read_array(folder / "family.npy"),
        encoder=encoder(manifest, folder / "encoder"),
        vectors=FlatIndex.load(folder / "vectors.faiss"),
        row_passage=read_array(folder / "row_passage.npy", in_place=True),
    )
    keys = Keys.build(shelf.all_documents())
    return Searcher(manifest.name, legs, Calibration.load(folder), keys)


def prune(root: Path, *, keep: int) -> list[str]:
    """Remove all but the newest releases, never the current one; return their names."""
    now = releases.current(root)
    names = [manifest.name for manifest in releases.releases(root)]
    gone = [name for name in names[:-keep] if name != now]
    for name in gone:
        shutil.rmtree(root / name)
    return gone
