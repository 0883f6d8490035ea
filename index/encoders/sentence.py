"""
Encoders over sentence-transformers. The only module, with builtin.py, that imports it.

Importing it takes seconds, so nothing else may import this module before an encoder is needed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from index.encoders.builtin import LatentSemantics
from index.errors import EncoderError
from index.types import Vectors

BUILTIN: Final = "builtin"
UNKNOWN_SHARE: Final = 0.3  # a model that reads more unknown tokens does not know the language


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How a model is asked; what it needs is in its model card."""

    query_prompt: str = ""
    passage_prompt: str = ""
    batch_size: int = 32
    device: str = "cpu"


class SentenceEncoder:
    """A SentenceTransformer behind our port."""

    def __init__(
        self, model: SentenceTransformer, *, name: str, revision: str, options: Options = Options()
    ) -> None:
        self._model = model
        self._name = name
        self._revision = revision
        self._options = options

    @classmethod
    def fit(cls, texts: Sequence[str]) -> Self:
        """The builtin encoder, fitted on these texts."""
        module = LatentSemantics.fit(texts)
        return cls(_wrap(module), name=BUILTIN, revision="1")

    @classmethod
    def builtin(cls, folder: Path) -> Self:
        """The builtin encoder as saved in a release."""
        return cls(_wrap(LatentSemantics.load(str(folder))), name=BUILTIN, revision="1")

    @classmethod
    def load(cls, name: str, *, options: Options = Options()) -> Self:
        """Any model by its hub name or folder; raise EncoderError with what to do."""
        try:
            model = SentenceTransformer(name, device=options.device)
        except Exception as error:
            raise EncoderError(
                f"the encoder {name!r} cannot be loaded ({type(error).__name__}: {error}); "
                "check the name or the folder, whether the hub can be reached, "
                "or set ENCODER=builtin"
            ) from error
        return cls(model, name=name, revision=_revision(model), options=options)

    @property
    def name(self) -> str:
        return self._name

    @property
    def revision(self) -> str:
        return self._revision

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def lasting(self) -> bool:
        return self._name != BUILTIN

    def pieces(self, text: str, /) -> Sequence[str]:
        """Cut at white space or characters so that no part is longer than the model reads."""
        limit = self._limit()
        if limit is None or self._count(text) <= limit:
            return [text]
        middle = len(text) // 2
        space = text.rfind(" ", middle // 2, middle)
        cut = space + 1 if space > 0 else middle
        return [*self.pieces(text[:cut]), *self.pieces(text[cut:])]

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        return self._encode(texts, self._options.passage_prompt)

    def encode_question(self, text: str, /) -> Vectors:
        return self._encode([text], self._options.query_prompt)

    def save(self, folder: Path, /) -> None:
        if self._name == BUILTIN:
            folder.mkdir(parents=True, exist_ok=True)
            module = self._model[0]
            assert isinstance(module, LatentSemantics)
            module.save(str(folder))

    def require_reads(self, texts: Sequence[str]) -> None:
        """
        Raise EncoderError if the model does not know the script of these texts.

        An English model takes every Chinese character for the same unknown token, and finds
        any two texts of one length equal.
        """
        share = self._unknown_share(texts)
        if share > UNKNOWN_SHARE:
            raise EncoderError(
                f"the encoder {self._name!r} does not know {share:.0%} of the tokens of these "
                "documents: it was made for another language; choose a multilingual model "
                "or ENCODER=builtin"
            )

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            list(texts),
            prompt=prompt or None,
            batch_size=self._options.batch_size,
            normalize_embeddings=True,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        return np.ascontiguousarray(vectors, dtype=np.float32)

    def _tokenizer(self) -> Any:
        return None if self._name == BUILTIN else getattr(self._model, "tokenizer", None)

    def _limit(self) -> int | None:
        if self._tokenizer() is None:
            return None
        length = self._model.max_seq_length
        # The prompt and two special tokens share the model's window.
        return None if length is None else max(8, int(length) - 2 - self._prompt_tokens())

    def _prompt_tokens(self) -> int:
        return self._count(self._options.passage_prompt) if self._options.passage_prompt else 0

    def _count(self, text: str) -> int:
        return len(self._tokenizer().encode(text, add_special_tokens=False))

    def _unknown_share(self, texts: Sequence[str]) -> float:
        tokenizer = self._tokenizer()
        unknown = getattr(tokenizer, "unk_token_id", None)
        if unknown is None:
            return 0.0
        ids = [n for text in texts for n in tokenizer.encode(text, add_special_tokens=False)]
        return ids.count(unknown) / len(ids) if ids else 0.0


def _wrap(module: LatentSemantics) -> SentenceTransformer:
    # Built from modules: a saved custom module class would need trust_remote_code.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    return SentenceTransformer(modules=[module], device="cpu")


def _revision(model: SentenceTransformer) -> str:
    """The hub's commit, or a digest of the weights' shapes for a folder without one."""
    transformer = getattr(model[0], "auto_model", None) or getattr(model[0], "model", None)
    commit = getattr(getattr(transformer, "config", None), "_commit_hash", None)
    if commit:
        return str(commit)
    with torch.no_grad():
        total = sum(float(p.double().abs().sum()) for p in model.parameters())
    return f"sum-{total:.6g}"
