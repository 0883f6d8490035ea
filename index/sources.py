"""
Documents that are pieces of one source, and which sources matter more.

A law filed clause by clause, the answers of one bureau, the sections of one handbook: their
titles are the same less "第N条". A source of many clauses, or one that other sources cite by
name, is likelier to be the one that a question means.
"""

from __future__ import annotations

import re
from array import array
from dataclasses import dataclass
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from index.lookup import Lookup, hashed

CLAUSES: Final = 0.1  # times the log of the number of clauses
CITED: Final = 0.1  # times the log of 1 + the number of sources that cite it
_CLAUSE: Final = re.compile(
    r"第[一二三四五六七八九十百千零〇0-9]+条(?:之[一二三四五六七八九十]+)?$"
)
_NAMED: Final = re.compile("《([^《》]{2,40})》")
_STATE: Final = "中华人民共和国"  # cited with and without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The first two have shape (documents,)."""

    source: npt.NDArray[np.int32]  # number of the source
    prior: npt.NDArray[np.float32]  # factor on the keyword scores, 1 or more
    sizes: npt.NDArray[np.int64]  # (sources,): how many documents each has

    @classmethod
    def of(cls, source: npt.NDArray[np.int32], prior: npt.NDArray[np.float32]) -> Self:
        return cls(source=source, prior=prior, sizes=np.bincount(source))

    @property
    def grouped(self) -> bool:
        """Whether there are sources of several documents, and more than one of them."""
        return 1 < len(self.sizes) < len(self.source)


class Finder:
    """Meets documents one by one and remembers some bytes of each."""

    def __init__(self) -> None:
        self._names = array("Q")  # of each document, without the clause
        self._short = array("Q")  # likewise, without the state
        self._is_clause = array("b")
        self._citing = array("i")  # numbers of documents that cite
        self._cited = array("Q")  # the names that they cite

    def add(self, title: str, text: str) -> None:
        """Both folded."""
        name = _CLAUSE.sub("", title)
        number = len(self._names)
        self._names.append(hashed(name))
        self._short.append(hashed(_short(name)) if name else 0)
        self._is_clause.append(name != title)
        for cited in dict.fromkeys(_NAMED.findall(text)):
            self._citing.append(number)
            self._cited.append(hashed(_short(cited)))

    def sources(self) -> Sources:
        if not self._names:
            return Sources.of(np.zeros(0, np.int32), np.zeros(0, np.float32))
        source, first = _numbered(np.asarray(self._names))
        clauses = np.bincount(source, weights=np.asarray(self._is_clause), minlength=len(first))
        citing = self._cited_by(source, first)
        prior = 1 + CLAUSES * np.log(np.maximum(1, clauses)) + CITED * np.log1p(citing)
        return Sources.of(source.astype(np.int32), prior.astype(np.float32)[source])

    def _cited_by(
        self, source: npt.NDArray[np.int64], first: npt.NDArray[np.int64]
    ) -> npt.NDArray[np.int64]:
        """For each source how many other sources name it in 《》."""
        short = np.asarray(self._short)[first]
        # Of two sources with the same short name the later one is cited.
        known = Lookup.of(short[::-1], np.arange(len(first))[::-1])
        cited = known.first(np.asarray(self._cited))
        citing = source[np.asarray(self._citing, dtype=np.int64)]
        other = (cited >= 0) & (cited != citing)
        pairs = np.unique(np.stack([cited[other], citing[other]]), axis=1)
        return np.bincount(pairs[0], minlength=len(first))


def _numbered(
    names: npt.NDArray[np.uint64],
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Numbers of the names in the order of their first places, and those places."""
    _, first, inverse = np.unique(names, return_index=True, return_inverse=True)
    order = np.argsort(first)
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    return rank[inverse], first[order]


def _short(name: str) -> str:
    return name.replace(_STATE, "")
