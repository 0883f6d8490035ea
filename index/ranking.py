"""
How well each passage bears on a question: what the legs say, and how they are put together.

Keyword evidence is of two kinds: the document as a whole (is this the policy?) and the best
window of two sentences inside the passage (is this the place?).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.keywords import Keywords
from index.questions import topic, weights
from index.tokens import folded_tokens
from index.types import Encoder, Scores, VectorIndex

CANDIDATES: Final = 100  # passages looked at closely
Mask: TypeAlias = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The parts of a release that score."""

    documents: Keywords  # one text a document
    windows: Keywords  # one text a window
    window_passage: npt.NDArray[np.int32]  # the passage of each window, ascending
    owner: npt.NDArray[np.int32]  # the document of each passage, ascending
    encoder: Encoder
    vectors: VectorIndex
    row_passage: npt.NDArray[np.int32]  # the passage of each row of `vectors`


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranked:
    """Candidates, best first; all arrays have shape (candidates,)."""

    passages: npt.NDArray[np.int64]
    owners: npt.NDArray[np.int64]
    scores: npt.NDArray[np.float64]  # fused
    documents: npt.NDArray[np.float64]  # keyword score of the document
    windows: npt.NDArray[np.float64]  # keyword score of the best window
    cosines: npt.NDArray[np.float64]
    mass: float  # what the question's terms would weigh at most, for shares


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the legs say of all passages, before any is left out."""

    documents: Scores  # (documents,)
    windows: Scores  # (passages,)
    cosines: Scores  # (passages,), 0 where the vector leg did not look
    mass: float


def gather(question: str, legs: Legs) -> Evidence:
    """Score every document and passage."""
    terms = folded_tokens(topic(question))
    weight = weights(terms, legs.documents)
    by_window = legs.windows.scores(weight)
    by_passage = np.zeros(len(legs.owner), dtype=np.float32)
    if len(by_window):
        first = np.flatnonzero(np.diff(legs.window_passage, prepend=-1))
        by_passage[legs.window_passage[first]] = np.maximum.reduceat(by_window, first)
    return Evidence(
        documents=legs.documents.scores(weight),
        windows=by_passage,
        cosines=_cosines(question, legs),
        mass=legs.documents.mass(terms, weight),
    )


def rank(evidence: Evidence, legs: Legs, *, allowed: Mask, vector_weight: float) -> Ranked:
    """
    Order the passages of the allowed documents (shape (documents,)), best first.

    The fused score is the keyword score as a share of the best one, plus the cosine times
    `vector_weight`.
    """
    keyword = evidence.documents[legs.owner] + evidence.windows
    fine = allowed[legs.owner] & ((keyword > 0) | (evidence.cosines > 0))
    keyword = np.where(fine, keyword, -1.0)
    top = float(keyword.max(initial=0.0))
    fused = keyword / top if top > 0 else np.zeros_like(keyword)
    fused = fused + vector_weight * evidence.cosines
    fused[~fine] = -1.0
    count = min(CANDIDATES, int(fine.sum()))
    best = np.argpartition(-fused, count - 1)[:count] if count else np.empty(0, dtype=np.int64)
    best = best[np.lexsort((best, -fused[best]))]  # ties: as in the library
    owners = legs.owner[best].astype(np.int64)
    return Ranked(
        passages=best.astype(np.int64),
        owners=owners,
        scores=fused[best].astype(np.float64),
        documents=evidence.documents[owners].astype(np.float64),
        windows=evidence.windows[best].astype(np.float64),
        cosines=evidence.cosines[best].astype(np.float64),
        mass=evidence.mass,
    )


def _cosines(question: str, legs: Legs) -> Scores:
    rows, similarities = legs.vectors.search(
        legs.encoder.encode_question(question), limit=CANDIDATES
    )
    cosines = np.zeros(len(legs.owner), dtype=np.float32)
    np.maximum.at(cosines, legs.row_passage[rows], similarities)
    return cosines
