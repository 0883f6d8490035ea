"""
Documents that are pieces of one source, and which sources matter more.

A law filed clause by clause, the answers of one bureau, the sections of one handbook: their
titles are the same less "第N条". A source of many clauses, or one that other sources cite by
name, is likelier to be the one that a question means.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

CLAUSES: Final = 0.1  # times the log of the number of clauses
CITED: Final = 0.1  # times the log of 1 + the number of sources that cite it
_CLAUSE: Final = re.compile(
    r"第[一二三四五六七八九十百千零〇0-9]+条(?:之[一二三四五六七八九十]+)?$"
)
_NAMED: Final = re.compile("《([^《》]{2,40})》")
_STATE: Final = "中华人民共和国"  # cited with and without it


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """Both of shape (documents,)."""

    source: npt.NDArray[np.int32]  # number of the source
    prior: npt.NDArray[np.float32]  # factor on the keyword scores, 1 or more

    @property
    def grouped(self) -> bool:
        """Whether there are sources of several documents, and more than one of them."""
        count = int(self.source.max(initial=-1)) + 1
        return 1 < count < len(self.source)


def find_sources(titles: Sequence[str], texts: Sequence[str]) -> Sources:
    """Titles and texts folded, one each a document."""
    names = [_CLAUSE.sub("", title) for title in titles]
    numbers: dict[str, int] = {}
    source = [numbers.setdefault(name, len(numbers)) for name in names]
    clauses = Counter(s for s, t, n in zip(source, titles, names, strict=True) if t != n)
    citing = _citing({_short(name): n for name, n in numbers.items() if name}, source, texts)
    prior = [
        1
        + CLAUSES * np.log(max(1, clauses[number]))
        + CITED * np.log1p(len(citing.get(number, ())))
        for number in range(len(numbers))
    ]
    where = np.asarray(source, dtype=np.int32)
    return Sources(source=where, prior=np.asarray(prior, dtype=np.float32)[where])


def _citing(
    names: dict[str, int], source: Sequence[int], texts: Sequence[str]
) -> dict[int, set[int]]:
    """For each source the other sources that name it in 《》."""
    citing: dict[int, set[int]] = defaultdict(set)
    for own, text in zip(source, texts, strict=True):
        for name in _NAMED.findall(text):
            cited = names.get(_short(name))
            if cited is not None and cited != own:
                citing[cited].add(own)
    return citing


def _short(name: str) -> str:
    return name.replace(_STATE, "")
