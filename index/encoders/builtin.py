"""
The default encoder: needs no download, is fitted on the corpus and saved with the release.

TF-IDF over the keyword terms, then truncated SVD: latent semantic analysis (Deerwester et al.,
"Indexing by Latent Semantic Analysis", JASIS 1990), wrapped as a SentenceTransformer module.
The only module that imports threadpoolctl.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt
import torch
from scipy.sparse import csr_matrix
from sentence_transformers.base.modules import InputModule
from sklearn.decomposition import TruncatedSVD
from sklearn.feature_extraction.text import CountVectorizer
from threadpoolctl import threadpool_limits

from index.arrays import read_array
from index.lookup import Lookup
from index.occurrences import keys_of, occurrences
from index.tokens import tokens
from knowledge.fold import fold

DIMENSION: Final = 256
TERMS: Final = 60_000  # the most frequent ones; more gave nothing
COUNTED: Final = 200_000  # texts that vocabulary and idf are learnt from
SAMPLE: Final = 30_000  # texts that the SVD is fitted on; all of them are embedded
SEED: Final = 0
_FILE: Final = "lsa.json"


class LatentSemantics(InputModule):
    """A SentenceTransformer module: texts in, unit vectors of `dimension` out."""

    def __init__(
        self,
        vocabulary: Sequence[str],
        weights: npt.NDArray[np.float32],
        components: npt.NDArray[np.float32],
    ) -> None:
        """`weights` are the terms' idf, shape (terms,); `components` (terms, dimension)."""
        super().__init__()  # type: ignore[no-untyped-call]
        self._vocabulary = list(vocabulary)
        self._lookup = Lookup.of(keys_of(self._vocabulary), np.arange(len(self._vocabulary)))
        self._weights = weights
        self._components = components
        # A SentenceTransformer asks its modules for a device; one parameter tells it.
        self.anchor = torch.nn.Parameter(torch.zeros(1), requires_grad=False)

    @classmethod
    def fit(cls, texts: Sequence[str], *, dimension: int = DIMENSION) -> Self:
        """Learn vocabulary, idf and projection from a sample. Deterministic."""
        texts = texts[:: -(-len(texts) // COUNTED)]
        counter = CountVectorizer(
            analyzer=tokens, max_features=TERMS, min_df=2 if len(texts) > SAMPLE // 10 else 1
        )
        counts = counter.fit_transform(texts).astype(np.float32)
        frequency = np.asarray((counts > 0).sum(axis=0)).ravel()
        weights = np.log((1 + counts.shape[0]) / (1 + frequency)).astype(np.float32) + 1
        size = min(dimension, min(counts.shape) - 1)
        step = -(-counts.shape[0] // SAMPLE)
        if size < 1:  # one text or one term: nothing to decompose
            components = np.ones((counts.shape[1], 1), dtype=np.float32)
        else:
            svd = TruncatedSVD(size, random_state=SEED)
            # One thread: sums are split among threads, and their last bits are in the digest.
            # And equal texts: 0/0 of the variance is explained.
            with threadpool_limits(1), np.errstate(invalid="ignore"):
                svd.fit(_weighted(counts[::step], weights))
            components = np.ascontiguousarray(svd.components_.T, dtype=np.float32)
        return cls(counter.get_feature_names_out().tolist(), weights, components)

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
        folded = [fold(text) for text in texts]
        sizes = np.asarray([len(text) + 1 for text in folded], dtype=np.int64)
        ends = np.cumsum(sizes)
        found = occurrences("\n".join(folded))
        counted = found.count(ends - sizes, ends - 1, np.arange(len(texts)))
        terms = self._lookup.first(found.keys)[counted.terms]
        known = terms >= 0
        return csr_matrix(
            (counted.counts[known].astype(np.float32), (counted.owners[known], terms[known])),
            shape=(len(texts), len(self._vocabulary)),
        )

    def get_embedding_dimension(self) -> int:
        return int(self._components.shape[1])

    def save(self, output_path: str, *_: Any, safe_serialization: bool = True, **__: Any) -> None:
        """Write plain arrays and JSON: a release never holds a pickle."""
        del safe_serialization  # both ways are safe
        folder = Path(output_path)
        (folder / _FILE).write_text(
            json.dumps(self._vocabulary, ensure_ascii=False), encoding="utf-8"
        )
        np.save(folder / "weights.npy", self._weights, allow_pickle=False)
        np.save(folder / "components.npy", self._components, allow_pickle=False)

    @classmethod
    def load(cls, folder: str, **_: Any) -> Self:  # type: ignore[override]  # only local folders
        path = Path(folder)
        return cls(
            json.loads((path / _FILE).read_text(encoding="utf-8")),
            read_array(path / "weights.npy"),
            read_array(path / "components.npy", in_place=True),
        )


def _weighted(counts: csr_matrix, weights: npt.NDArray[np.float32]) -> csr_matrix:
    """Sublinear term frequency times idf, each row of length 1."""
    weighted = counts.copy()
    weighted.data = (1 + np.log(weighted.data)) * weights[weighted.indices]
    lengths = np.sqrt(np.asarray(weighted.multiply(weighted).sum(axis=1)).ravel())
    lengths[lengths == 0] = 1
    weighted.data /= np.repeat(lengths, np.diff(weighted.indptr))
    return weighted
