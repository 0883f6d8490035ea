"""What each part of a release says of a question, before any document is left out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.folded import Folded
from index.glossary import Glossary
from index.keywords import Bags, Columns, Rows
from index.parts import part
from index.questions import Question, understand
from index.said import Said, masses_of, weights_of
from index.shelf import Shelf
from index.sources import Sources
from index.types import Encoder, VectorIndex

NEAREST: Final = 50  # rows of the vector leg

Mask: TypeAlias = npt.NDArray[np.bool_]
Ints: TypeAlias = npt.NDArray[np.int64]
Floats: TypeAlias = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Legs:
    """The parts of a release that score."""

    shelf: Shelf
    folded: Folded
    documents: Columns
    windows: Rows
    first_window: npt.NDArray[np.int64]  # (passages + 1,): the windows of a passage are one run
    window_span: npt.NDArray[np.int32]  # (windows, 2): characters into the folded passage
    sources: Sources
    family: npt.NDArray[np.int32]  # (documents,): linked documents have the same number
    encoder: Encoder
    vectors: VectorIndex
    row_passage: npt.NDArray[np.int32]  # the passage of each row of `vectors`
    glossary: Glossary

    def understand(self, text: str) -> Question:
        """A question as the keyword leg sees it."""
        return understand(text, self.documents, self.glossary)


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What the legs say of everything, before any document is left out."""

    question: Question
    documents: Floats  # (documents,), with the prior
    weights: Bags  # of the question's terms (said.py)
    masses: Bags
    said: Said
    near: Ints  # passages that the vector leg found
    cosines: Floats  # of those


def gather(question: Question, legs: Legs) -> Evidence:
    with part("vectors"):
        rows, similarities = legs.vectors.search(
            legs.encoder.encode_question(question.text), limit=NEAREST
        )
    near = legs.row_passage[rows].astype(np.int64)
    with part("keywords"):
        keyword = legs.documents.scores(question.weights).astype(np.float64)
        for thing in question.things:
            own = legs.documents.scores(thing.own)
            others = [legs.documents.scores(other) for other in thing.others]
            keyword += np.maximum(np.maximum.reduce(others) - own, 0)
    return Evidence(
        question=question,
        weights=legs.documents.bags(weights_of(question)),
        masses=legs.documents.bags(masses_of(question)),
        said=Said(question),
        documents=keyword * legs.sources.prior,
        near=near,
        cosines=similarities.astype(np.float64),
    )
