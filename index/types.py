"""The ports of this package, and what they exchange."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Protocol, TypeAlias

import numpy as np
import numpy.typing as npt

from knowledge.types import Document, Passage

Vectors: TypeAlias = npt.NDArray[np.float32]  # shape (rows, dimension); rows have length 1
Scores: TypeAlias = npt.NDArray[np.float32]  # shape (passages,)
Rows: TypeAlias = npt.NDArray[np.int64]  # row numbers, best first


class Encoder(Protocol):
    """Text to unit vectors. Questions and passages may be encoded differently."""

    @property
    def name(self) -> str:
        """As in the settings: "builtin", a hub name or a folder."""

    @property
    def revision(self) -> str:
        """Tells two models of one name apart; "" where there is only one."""

    @property
    def dimension(self) -> int: ...

    @property
    def lasting(self) -> bool:
        """Whether the same text has the same vector in the next release."""

    @property
    def batch(self) -> int:
        """How many passages it is best given at once."""

    def pieces(self, text: str, /) -> Sequence[str]:
        """Cut a text into parts that the model reads whole; never empty."""

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        """Return shape (len(texts), dimension)."""

    def encode_question(self, text: str, /) -> Vectors:
        """Return one row, shape (1, dimension)."""

    def save(self, folder: Path, /) -> None:
        """Write what loading needs; nothing for a model that lives elsewhere."""


class Away(StrEnum):
    """What a release was built with and searches go on without, while it does not answer."""

    VECTORS = "vectors"
    RERANKER = "reranker"


class VectorIndex(Protocol):
    """Nearest rows by cosine similarity: higher is nearer, 1.0 is equal."""

    def __len__(self) -> int: ...

    @property
    def away(self) -> bool:
        """Whether the last search found nothing because the vectors could not be reached."""

    def search(self, question: Vectors, /, *, limit: int) -> tuple[Rows, Scores]:
        """Return at most `limit` rows and their similarities, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A passage that bears on a question."""

    passage: Passage
    document: Document
    score: float  # fused; comparable within one result only
    keyword: float  # share of the question's weight that the passage covers, 0 to 1
    vector: float  # cosine similarity, -1 to 1
    probability: float  # calibrated: that this passage answers the question
    successor: Document | None = None  # what took the place of a superseded document
    exact: bool = False  # the question names it outright; its probability is 1
    family: int = -1  # documents that say the same have the same number; -1: not known
    answering: tuple[int, int] = (0, 0)  # where in the passage the answer stands; empty: unknown


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a search returns. Hits in force, best first, and what is no longer in force."""

    hits: tuple[Hit, ...]
    outdated: tuple[Hit, ...] = ()
    release: str = ""
    line: float = 1.0  # the refusal line: a probability at or below it is no answer
    clarify: float | None = None  # above it passages may be offered; None: not measured
    as_of: date | None = None  # the day that the question asks for, if it is not today
    no_such_clause: bool = False  # it names a clause that its document has not
    # The first hit and one that tells another figure for the same thing: neither answers alone.
    conflict: tuple[Hit, Hit] | None = None

    @property
    def answer(self) -> Hit | None:
        """The first hit, if it is sure enough to answer with and nothing in force disagrees."""
        ruled_out = self.no_such_clause or self.conflict is not None
        best = self.hits[0] if self.hits and not ruled_out else None
        return best if best and best.probability > self.line else None
