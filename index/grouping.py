"""
Questions about one matter, whatever words they use: groups of them, and which they were before.

The builtin encoder is fitted on the questions themselves. That of the release knows the words of
its documents, and what is asked in vain is mostly about something else: of 120 made questions on
12 matters outside the sample it put 3 pairs in 10 rightly together at best, this one 8 to 9.
Groups are made by average linkage (Sokal and Michener, 1958). The line is drawn by the questions
too: with many of them fewer dimensions hold more, and all cosines grow. Deterministic.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import pdist

from index.types import Vectors

FEWEST: Final = 3  # questions of a group
# Robust standard deviations that a group's mean cosine lies above the median of all pairs. With
# eight, groups are of one matter to 92, 92, 85 and 62 % among 120, 520, 1,320 and 3,900 questions.
# Few questions have hardly a word in common: then the lowest cosine decides.
_ABOVE: Final = 8.0
_LOWEST: Final = 0.1
_HIGHEST: Final = 0.5  # where most ask the same, the median is one of theirs
_MAD: Final = 1.4826  # of a normal distribution: from the median of deviations to the standard one

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Group:
    members: tuple[int, ...]  # places in the texts, the most central first
    known: int | None = None  # place among the known matters, of the one that it continues


def group(texts: Sequence[str], known: Sequence[Sequence[str]] = ()) -> tuple[Group, ...]:
    """
    Group texts by what they are about, the largest group first; most are in none.

    `known` are examples of each matter that was found before: a group continues the nearest one,
    if that is as near as its own members are, and no other group is nearer to it. Takes seconds
    and 8 bytes for each pair of texts.
    """
    if len(texts) < FEWEST:
        return ()
    from index.encoders.sentence import SentenceEncoder  # noqa: PLC0415 - takes seconds

    examples = [text for matter in known for text in matter]
    every = [*texts, *examples]
    vectors = SentenceEncoder.fit(every).encode_passages(every).astype(np.float64)
    return grouped(vectors[: len(texts)], _split(vectors[len(texts) :], known))


def grouped(vectors: Vectors | Floats, known: Sequence[Floats] = ()) -> tuple[Group, ...]:
    """The same for vectors of length 1, shape (texts, dimension); `known` is one such each."""
    distances = np.clip(pdist(vectors, "cosine"), 0, 2)
    line = _line(1 - distances)
    owners = fcluster(linkage(distances, "average"), 1 - line, "distance")
    found = [np.flatnonzero(owners == owner) for owner in np.unique(owners)]
    large = [rows for rows in found if len(rows) >= FEWEST]
    large.sort(key=lambda rows: (-len(rows), int(rows[0])))
    ordered = [_central_first(rows, vectors) for rows in large]
    continued = _continued([vectors[rows].mean(axis=0) for rows in large], known, line)
    return tuple(
        Group(tuple(int(row) for row in rows), continued.get(place))
        for place, rows in enumerate(ordered)
    )


def _line(similarities: Floats) -> float:
    """The mean cosine from which on questions are about the same."""
    middle = float(np.median(similarities))
    spread = _MAD * float(np.median(np.abs(similarities - middle)))
    return min(_HIGHEST, max(_LOWEST, middle + _ABOVE * spread))


def _central_first(rows: npt.NDArray[np.int64], vectors: Vectors | Floats) -> list[int]:
    nearness = vectors[rows] @ vectors[rows].mean(axis=0)
    return [int(rows[place]) for place in np.argsort(-nearness, kind="stable")]


def _continued(middles: Sequence[Floats], known: Sequence[Floats], line: float) -> dict[int, int]:
    """For groups by place, the known matter that each continues; the nearest pairs first."""
    pairs = sorted(
        (-float(middle @ matter.mean(axis=0)), place, other)
        for place, middle in enumerate(middles)
        for other, matter in enumerate(known)
        if len(matter)
    )
    found: dict[int, int] = {}
    for away, place, other in pairs:
        if -away >= line and place not in found and other not in found.values():
            found[place] = other
    return found


def _split(vectors: Floats, known: Sequence[Sequence[str]]) -> list[Floats]:
    ends = np.cumsum([len(matter) for matter in known]).astype(int)
    return list(np.split(vectors, ends[:-1])) if len(known) else []
