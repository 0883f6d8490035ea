"""Documents to a release, and a release to a searcher."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import numpy as np

from index import glossary as glossaries
from index import release as releases
from index import reliability, rerank, verified
from index.calibration import DEFAULT, FEWEST, Calibration, Features, features
from index.drafts import draft
from index.encoders.choice import BUILTIN
from index.errors import ReleaseMismatch
from index.legs import Evidence, Legs, Mask, gather
from index.made import Made, made_questions
from index.outside import NOTHING, Outside
from index.provenance import counts, summary
from index.ranking import Ranked, rank
from index.release import Manifest, Origin
from index.rerank import Fitted, Look, Reranker
from index.searcher import Searcher
from index.shelf import Texts
from index.types import Encoder
from index.writing import Fit, Progress, open_keys, open_legs, write_legs
from knowledge.types import Document

SAYS_THE_SAME: Final = 0.9  # share of a made question that a passage covers which says it too
WEIGHTS: Final = (0.0, 0.1, 0.25, 0.5, 1.0)  # of the vector leg, tried on made questions
# Of the builtin encoder, as measured on five sets: 0.1 gave up to +0.01 recall@1 and harmed
# none, more gave less. Made questions, being fragments of the text, would overrate it.
BUILTIN_WEIGHT: Final = 0.1
Load = Callable[[Manifest, Path], Encoder]
Asked = Sequence[tuple[Made, Evidence]]
NOBODY: Final = Origin()


def build(
    documents: Sequence[Document],
    root: Path,
    *,
    encoder: Fit,
    progress: Progress = lambda _step, _done, _total: None,
    calibrate: bool = True,
    at: datetime | None = None,
    outside: Outside = NOTHING,
) -> Manifest:
    """Build a release below `root` and make it current. See `prepare`."""
    manifest = prepare(
        documents,
        root,
        encoder=encoder,
        progress=progress,
        calibrate=calibrate,
        at=at,
        outside=outside,
    )
    releases.switch(root, manifest.name)
    return manifest


def prepare(  # noqa: PLR0913 - each has a name, and most a default
    documents: Sequence[Document],
    root: Path,
    *,
    encoder: Fit,
    progress: Progress = lambda _step, _done, _total: None,
    calibrate: bool = True,
    at: datetime | None = None,
    origin: Origin = NOBODY,
    outside: Outside = NOTHING,
    glossary: Path | None = None,
) -> Manifest:
    """
    Build a release below `root`; the current one stays current.

    `encoder` is given all passages and returns an encoder, fitted on them or not. Without
    `calibrate` the cautious default decides about refusal. `glossary` is the bureau's own, which
    becomes part of the release. Raise NothingToIndex if there is no text, BadGlossary, and
    VectorsMissing if the store outside does not take the vectors.
    """
    reranking = outside.reranking
    model = reranking.model() if reranking.name else None  # first: it may not be there
    with draft(root) as folder:
        if glossary is not None:
            glossaries.keep(glossary, folder)
        legs = write_legs(documents, folder, root, encoder, outside.store, progress)
        measured = calibrate or model is not None or legs.encoder.name != BUILTIN
        asked = _asked(legs, progress) if measured else ()
        calibration = _calibrate(legs, asked, folder, refusal=calibrate)
        calibration.save(folder)
        if model is not None:
            _fit_reranker(model, reranking.top, legs, asked, calibration, folder).save(folder)
        manifest = Manifest(
            encoder=legs.encoder.name,
            revision=legs.encoder.revision,
            dimension=legs.encoder.dimension,
            documents=len(documents),
            passages=legs.shelf.passages,
            counts=counts(documents),
            calibration=summary(calibration),
            origin=origin,
        )
        whole = releases.publish(root, folder, manifest, at=at or datetime.now(UTC))
    verified.note(root / whole.name, whole)
    return whole


def _asked(legs: Legs, progress: Progress) -> Asked:
    """Made questions, with what the legs say of them."""
    asked: list[tuple[Made, Evidence]] = []
    questions = made_questions(Texts(legs.shelf))
    for done, made in enumerate(questions, start=1):
        asked.append((made, gather(legs.understand(made.question), legs)))
        progress("calibration", done, len(questions))
    return asked if len(asked) >= FEWEST else ()


def _calibrate(legs: Legs, asked: Asked, folder: Path, *, refusal: bool) -> Calibration:
    """Fit on made questions, each with its document present and removed."""
    if legs.encoder.name == BUILTIN:
        weight = BUILTIN_WEIGHT
    else:
        weight = _vector_weight(asked, legs) if asked else DEFAULT.vector_weight

    def look(evidence: Evidence, allowed: Mask) -> tuple[Ranked, Features]:
        ranked = rank(evidence, legs, allowed=allowed, vector_weight=weight)
        return ranked, features(evidence.question, ranked, legs.family)

    default = replace(DEFAULT, vector_weight=weight)
    return _fit(legs, asked, look, default, folder) if refusal else default


def _fit_reranker(
    model: Reranker, top: int, legs: Legs, asked: Asked, plain: Calibration, folder: Path
) -> Fitted:
    """The same with the reranker in place: its weight, and the calibration of what it gives."""
    unfitted = replace(
        plain,
        weights=(*DEFAULT.weights, 0.0),
        bias=DEFAULT.bias,
        line=DEFAULT.line,
        clarify=DEFAULT.clarify,
    )
    return rerank.fit(
        model,
        [(made.passage, evidence) for made, evidence in asked],
        legs,
        top=top,
        vector_weight=plain.vector_weight,
        calibrate=lambda look: (
            _fit(legs, asked, look, unfitted, folder) if plain.questions else unfitted
        ),
    )


def _fit(legs: Legs, asked: Asked, look: Look, default: Calibration, folder: Path) -> Calibration:
    """
    Return `default` if there are no questions, or all end in the same way.

    How far the probabilities hold is written to the folder: at last those that decide.
    """
    rows = [
        (number, *row)
        for number, (made, evidence) in enumerate(asked)
        for row in _trials(made, evidence, legs, look)
    ]
    if not rows:
        return default
    numbers, values, right, absent = (np.asarray(column) for column in zip(*rows, strict=True))
    if right.all() or not right.any() or not absent.any():
        return default
    reliability.keep(folder, reliability.measured(values, right, absent, numbers))
    return Calibration.fit(values, right, absent, vector_weight=default.vector_weight)


def _trials(
    made: Made, evidence: Evidence, legs: Legs, look: Look
) -> Iterator[tuple[Features, bool, bool]]:
    """Features, whether the first passage is right, and whether the document was removed."""
    own = legs.family[legs.shelf.document_of(np.asarray([made.passage]))[0]]
    for absent in (False, True):
        ranked, values = look(evidence, (legs.family != own) | (not absent))
        some = bool(len(ranked.owners))
        # Another document may say the same, word for word: that is an answer too.
        same = some and float(ranked.said[0]) >= SAYS_THE_SAME
        if not (absent and same):
            right = same or (some and bool(legs.family[ranked.owners[0]] == own))
            yield values, right, absent


def _vector_weight(asked: Asked, legs: Legs) -> float:
    """The weight under which the made questions find their passages best (mean 1/rank)."""
    everything = np.ones(legs.shelf.documents, dtype=bool)

    def quality(weight: float) -> float:
        total = 0.0
        for made, evidence in asked[::2]:
            ranked = rank(evidence, legs, allowed=everything, vector_weight=weight)
            places = np.flatnonzero(ranked.passages == made.passage)
            total += 1 / (1 + int(places[0])) if len(places) else 0.0
        return total

    return max(WEIGHTS, key=lambda weight: (round(quality(weight), 6), -weight))


def load(
    folder: Path,
    *,
    encoder: Load,
    expect: str | None = None,
    outside: Outside = NOTHING,
) -> Searcher:
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
    verified.verify(folder, manifest)
    vectors = outside.store.open(folder)
    legs = open_legs(folder, encoder(manifest, folder / "encoder"), vectors)
    keys = open_keys(folder)
    return Searcher(
        manifest.name, legs, Calibration.load(folder), keys, second=outside.reranking.load(folder)
    )
