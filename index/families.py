"""Which documents say the same: a policy, its interpretations, its amendments and copies."""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from index.copies import Sketches
from index.lookup import Lookup, hashed
from knowledge.types import Document


class Families:
    """Meets documents one by one and remembers their links and a sample of their texts."""

    def __init__(self) -> None:
        self._ids = array("Q")
        self._linking = array("i")  # numbers of documents that name others
        self._linked = array("Q")  # the ids that they name
        self._sketches = Sketches()

    def add(self, document: Document, text: str) -> None:
        """With its folded text."""
        number = len(self._ids)
        self._ids.append(hashed(document.id))
        for name in (*document.interprets, *document.amends, *document.repeals):
            self._linking.append(number)
            self._linked.append(hashed(name))
        self._sketches.add(text)

    def numbers(self) -> npt.NDArray[np.int32]:
        """
        Number of the family of each document, shape (documents,).

        A policy, its interpretations, its amendments and what it replaced; and copies.
        """
        size = len(self._ids)
        to = Lookup.of(self._ids, np.arange(size)).first(np.asarray(self._linked, np.uint64))
        links = np.stack([np.asarray(self._linking, np.int64), to], axis=1)[to >= 0]
        pairs = np.concatenate([links, self._sketches.copies()])
        ones = np.ones(len(pairs), dtype=np.int8)
        graph = csr_matrix((ones, (pairs[:, 0], pairs[:, 1])), shape=(size, size))
        return np.asarray(connected_components(graph, directed=False)[1], dtype=np.int32)
