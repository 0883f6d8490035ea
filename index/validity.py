"""
Which documents bind on a day, told for all of them at once.

validity.npy  int32 (documents, 4): code of the status; first and last day in force; first day of
              the wording that we have. Days are proleptic ordinals, 0 for none or not known.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from index.arrays import read_array
from knowledge.types import Document, Status

_FILE: Final = "validity.npy"
_CODES: Final = {status: code for code, status in enumerate(Status)}
_GONE: Final = (_CODES[Status.REPEALED], _CODES[Status.SUPERSEDED])

Mask = npt.NDArray[np.bool_]  # shape (documents,)


class Days:
    """Collects the days of documents, one after the other, to write them."""

    def __init__(self) -> None:
        self._ids: list[str] = []
        self._rows: list[tuple[int, int, int]] = []
        self._amended: set[str] = set()  # it is said that they were, and perhaps not when
        self._amenders: dict[str, list[int]] = {}

    def add(self, document: Document) -> None:
        first, last = _ordinal(document.begins), _ordinal(document.expires)
        self._ids.append(document.id)
        self._rows.append((_CODES[document.status], first, last))
        if document.status is Status.AMENDED:
            self._amended.add(document.id)
        for name in document.amends:
            self._amenders.setdefault(name, []).append(first)

    def save(self, folder: Path) -> None:
        rows = [
            (code, first, last, self._worded(name, first))
            for name, (code, first, last) in zip(self._ids, self._rows, strict=True)
        ]
        np.save(folder / _FILE, np.asarray(rows, dtype=np.int32).reshape(-1, 4))

    def _worded(self, name: str, first: int) -> int:
        """Since the last amendment; what it said before that is not in the library."""
        days = self._amenders.get(name, [0] if name in self._amended else [first])
        return 0 if 0 in days else max(first, *days)


class Validity:
    def __init__(self, folder: Path) -> None:
        self._rows = read_array(folder / _FILE)

    def binding(self, on: date) -> Mask:
        """Which documents bind on that day, for all that is known."""
        status, first, last, _ = self._rows.T
        day = on.toordinal()
        current = ~np.isin(status, _GONE)
        return np.asarray(current & (first <= day) & ((last == 0) | (last >= day)))

    def bound(self, on: date) -> Mask:
        """
        Which documents surely bound on a day that is over, and with the words that we have.

        Not those of which nothing tells when they began or when they were amended.
        """
        _, first, _, worded = self._rows.T
        known = (first > 0) & (worded > 0) & (worded <= on.toordinal())
        return np.asarray(self.binding(on) & known)

    def gone(self, on: date) -> Mask:
        """Which documents began by that day and do not bind on it any more."""
        _, first, _, _ = self._rows.T
        return np.asarray(~self.binding(on) & (first <= on.toordinal()))


def _ordinal(day: date | None) -> int:
    return day.toordinal() if day else 0
