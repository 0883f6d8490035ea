"""What a question asks for, before anything is searched: its day, and what it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Final

import numpy as np

from index.asof import asked_day
from index.exact import Keys, Named
from index.legs import Mask
from index.shelf import Shelf

DAYS: Final = 4  # of which it is remembered what binds: most questions are about today


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A question as it is searched. The masks have shape (documents,)."""

    text: str  # without the day
    on: date  # the day that it asks for
    named: Named
    binding: Mask  # what answers: it binds on that day
    gone: Mask  # what did before it

    @property
    def in_force(self) -> bool:
        """Whether something that it names binds on that day."""
        return bool(self.binding[list(self.named.documents)].any())

    @property
    def only_gone(self) -> bool:
        """Whether what it names does not bind any more."""
        return not self.in_force and bool(self.gone[list(self.named.documents)].any())

    @property
    def may_answer(self) -> Mask:
        """What is named, if it binds; nothing where what is named does not bind any more."""
        if self.only_gone:
            return np.zeros_like(self.binding)
        return _among(self.binding, self.named.documents)

    @property
    def may_be_outdated(self) -> Mask:
        """What does not bind any more: what is named, if that is among it."""
        return _among(self.gone, self.named.documents)


class QueryReader:
    """Reads questions to one release."""

    def __init__(self, shelf: Shelf, keys: Keys) -> None:
        self._keys = keys
        self._binding = lru_cache(maxsize=DAYS)(shelf.binding)
        self._bound = lru_cache(maxsize=DAYS)(shelf.bound)
        self._gone = lru_cache(maxsize=DAYS)(shelf.gone)

    def __call__(self, question: str, on: date) -> Query:
        """`on` is today; the question may ask for another day."""
        asked = asked_day(question, on)
        day = asked.day if asked else on
        text = asked.rest if asked else question
        return Query(
            text=text,
            on=day,
            named=self._keys.named(text),
            binding=self._bound(day) if day < on else self._binding(day),
            gone=self._gone(day),
        )


def _among(allowed: Mask, named: Sequence[int]) -> Mask:
    """Only the documents that the question names, if any of them is allowed."""
    only = np.zeros_like(allowed)
    only[list(named)] = True
    only &= allowed
    return only if only.any() else allowed
