"""
The default encoder: needs no download, is fitted on the corpus and saved with the release.

TF-IDF over the keyword terms, then truncated SVD: latent semantic analysis (Deerwester et al.,
"Indexing by Latent Semantic Analysis", JASIS 1990), wrapped as a SentenceTransformer module.
The only module that imports threadpoolctl.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import torch
from scipy.sparse import csr_matrix
from sentence_transformers.base.modules import InputModule
from sklearn.utils.extmath import randomized_svd
from threadpoolctl import threadpool_limits

from index.arrays import read_array
from index.lookup import Lookup
from index.occurrences import Counted, Ints, Keys, occurrences
from index.vocabulary import Learning
from knowledge.fold import fold_all

DIMENSION: Final = 256
TERMS: Final = 60_000  # the most frequent ones; more gave nothing
SAMPLE: Final = 30_000  # texts that are learnt from; all of them are embedded
MANY: Final = 3_000  # texts; among so many a term of one text only is left out
ITERATIONS: Final = 5  # of the SVD; with 3 one question of ncp599 is lost
SEED: Final = 0
REVISION: Final = "2"  # raise when the files or their meaning change
BLOCK: Final = 512  # texts counted at one go
_VOCABULARY: Final = "vocabulary.npy"


class LatentSemantics(InputModule):
    """A SentenceTransformer module: texts in, unit vectors of `dimension` out."""

    def __init__(
        self,
        vocabulary: Keys,
        weights: npt.NDArray[np.float32],
        components: npt.NDArray[np.float32],
    ) -> None:
        """
        `vocabulary` has the terms as occurrences.py numbers them, ascending, shape (terms,).

        `weights` are their idf, of that shape; `components` is (terms, dimension).
        """
        super().__init__()  # type: ignore[no-untyped-call]
        self._vocabulary = vocabulary
        self._lookup = Lookup(vocabulary, np.arange(len(vocabulary), dtype=np.int32))
        self._weights = weights
        self._components = components
        # A SentenceTransformer asks its modules for a device; one parameter tells it.
        self.anchor = torch.nn.Parameter(torch.zeros(1), requires_grad=False)

    @classmethod
    def fit(cls, texts: Sequence[str], *, dimension: int = DIMENSION) -> Self:
        """Learn vocabulary, idf and projection from a sample. Deterministic."""
        counts, vocabulary = _frequent(*_learnt(texts[:: -(-len(texts) // SAMPLE) or 1]))
        frequency = np.bincount(counts.indices, minlength=len(vocabulary))
        weights = np.log((1 + counts.shape[0]) / (1 + frequency)).astype(np.float32) + 1
        size = min(dimension, min(counts.shape) - 1)
        if size < 1:  # one text or one term: nothing to decompose
            components = np.ones((len(vocabulary), 1), dtype=np.float32)
        else:
            # One thread: sums are split among threads, and their last bits are in the digest.
            with threadpool_limits(1):
                _, _, rows = randomized_svd(
                    _weighted(counts, weights), size, n_iter=ITERATIONS, random_state=SEED
                )
            components = np.ascontiguousarray(rows.T, dtype=np.float32)
        return cls(vocabulary, weights, components)

    def preprocess(
        self, inputs: Sequence[Any], prompt: str | None = None, **_: Any
    ) -> dict[str, Any]:
        counts = self._counts([f"{prompt or ''}{text}" for text in inputs])
        projected = _weighted(counts, self._weights) @ self._components
        return {"projected": torch.from_numpy(np.asarray(projected, dtype=np.float32))}

    def forward(self, features: dict[str, Any], **_: Any) -> dict[str, Any]:
        features["sentence_embedding"] = torch.nn.functional.normalize(
            features["projected"].to(self.anchor.device), dim=1
        )
        return features

    def _counts(self, texts: Sequence[str]) -> csr_matrix:
        """How often each text has each term, shape (texts, terms)."""
        keys, counted = _counted(texts)
        terms = self._lookup.first(keys)[counted.terms]
        known = terms >= 0
        return csr_matrix(
            (counted.counts[known].astype(np.float32), (counted.owners[known], terms[known])),
            shape=(len(texts), len(self._vocabulary)),
        )

    def get_embedding_dimension(self) -> int:
        return int(self._components.shape[1])

    def save(self, output_path: str, *_: Any, safe_serialization: bool = True, **__: Any) -> None:
        """Write plain arrays: a release never holds a pickle."""
        del safe_serialization  # both ways are safe
        folder = Path(output_path)
        np.save(folder / _VOCABULARY, self._vocabulary, allow_pickle=False)
        np.save(folder / "weights.npy", self._weights, allow_pickle=False)
        np.save(folder / "components.npy", self._components, allow_pickle=False)

    @classmethod
    def load(cls, folder: str, **_: Any) -> Self:  # type: ignore[override]  # only local folders
        path = Path(folder)
        return cls(
            read_array(path / _VOCABULARY),
            read_array(path / "weights.npy"),
            read_array(path / "components.npy", in_place=True),
        )


def _learnt(texts: Sequence[str]) -> tuple[csr_matrix, Keys]:
    """How often each text has each term, shape (texts, terms), and the key of each term."""
    learning = Learning()
    found: list[tuple[Ints, npt.NDArray[np.int32], Ints]] = []
    for start in range(0, len(texts), BLOCK):
        keys, counted = _counted(texts[start : start + BLOCK])
        terms = learning.learn(keys)[counted.terms]
        found.append((start + counted.owners, terms, counted.counts))
    owners, terms, counts = (np.concatenate(column) for column in zip(*found, strict=True))
    shape = (len(texts), len(learning))
    return csr_matrix((counts.astype(np.float32), (owners, terms)), shape=shape), learning.keys()


def _frequent(counts: csr_matrix, keys: Keys) -> tuple[csr_matrix, Keys]:
    """The most frequent terms, in the order of their keys; those met first among equals."""
    texts = np.bincount(counts.indices, minlength=len(keys))
    often = np.bincount(counts.indices, weights=counts.data, minlength=len(keys))
    often[texts < (2 if counts.shape[0] > MANY else 1)] = 0
    best = np.argsort(-often, kind="stable")[: min(TERMS, int((often > 0).sum()))]
    best = best[np.argsort(keys[best])]
    return counts[:, best], keys[best]


def _counted(texts: Sequence[str]) -> tuple[Keys, Counted]:
    """The terms that occur, and how often each text has each of them."""
    folded = fold_all(texts)
    sizes = np.asarray([len(text) + 1 for text in folded], dtype=np.int64)
    ends = np.cumsum(sizes)
    found = occurrences("\n".join(folded))
    return found.keys, found.count(ends - sizes, ends - 1, np.arange(len(texts)))


def _weighted(counts: csr_matrix, weights: npt.NDArray[np.float32]) -> csr_matrix:
    """Sublinear term frequency times idf, each row of length 1."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * weights[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    weighted.data /= np.repeat(lengths, np.diff(weighted.indptr))
    return weighted
