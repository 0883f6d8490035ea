"""
Encoders over sentence-transformers. The only module, with builtin.py, that imports it.

Importing it takes seconds, so nothing else may import this module before an encoder is needed.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import torch
from sentence_transformers import SentenceTransformer

from index.encoders.builtin import REVISION, LatentSemantics
from index.encoders.options import Options
from index.encoders.revision import revision_of
from index.errors import EncoderError
from index.types import Vectors

BUILTIN: Final = "builtin"
UNKNOWN_SHARE: Final = 0.3  # a model that reads more unknown tokens does not know the language
BLOCK: Final = 512  # passages that are sorted by length, so that a batch has those of one length
ROOM: Final = 8  # tokens of text that a model must read beside prompt and special tokens


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
        return cls._of(LatentSemantics.fit(texts))

    @classmethod
    def builtin(cls, folder: Path) -> Self:
        """The builtin encoder as saved in a release."""
        return cls._of(LatentSemantics.load(str(folder)))

    @classmethod
    def _of(cls, module: LatentSemantics) -> Self:
        """In whole blocks: a call for a few texts takes longer than the counting."""
        options = Options(batch_size=BLOCK)
        return cls(_wrap(module), name=BUILTIN, revision=REVISION, options=options)

    @classmethod
    def load(cls, name: str, *, options: Options = Options()) -> Self:
        """Any model by its hub name or folder; raise EncoderError with what to do."""
        try:
            model = SentenceTransformer(name, device=options.device)
            revision = revision_of(name, model)
        except Exception as error:
            raise EncoderError(
                f"the encoder {name!r} cannot be loaded ({type(error).__name__}: {error}); "
                f"check the name or the folder, whether the hub can be reached, whether this "
                f"machine has the device {options.device!r}, or set ENCODER=builtin"
            ) from error
        encoder = cls(model, name=name, revision=revision + options.mark, options=options)
        encoder._use_length()
        encoder._use_precision()
        return encoder

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

    @property
    def batch(self) -> int:
        return BLOCK

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

    def _use_length(self) -> None:
        length, own = self._options.length, self._model.max_seq_length
        if length is not None:
            if own is None or length > own:
                most = "has no length in tokens" if own is None else f"reads {own} tokens at most"
                raise EncoderError(
                    f"the encoder {self._name!r} {most}; lower ENCODER_LENGTH or leave it empty"
                )
            self._model.max_seq_length = length
        limit = self._limit()
        if limit is not None and limit < ROOM:
            raise EncoderError(
                f"the encoder {self._name!r} has no room for text beside the passage prompt; "
                "raise ENCODER_LENGTH or shorten ENCODER_PASSAGE_PROMPT"
            )

    def _use_precision(self) -> None:
        """Compute in that precision, if a first text shows that the device can."""
        precision = self._options.precision
        if precision == "float32":
            return
        try:
            self._model.to(getattr(torch, precision))
            fine = bool(np.isfinite(self.encode_passages(["1"])).all())
            problem = "not a number"
        except (RuntimeError, TypeError, NotImplementedError) as error:
            fine, problem = False, str(error)
        if not fine:
            raise EncoderError(
                f"the device {self._options.device!r} cannot compute the encoder {self._name!r} "
                f"in {precision} ({problem}); set ENCODER_PRECISION=float32"
            )

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        vectors = self._model.encode(
            list(texts),
            prompt=prompt or None,
            batch_size=self._options.batch_size,
            show_progress_bar=False,
            convert_to_numpy=True,
        )
        # Not by the model: in half precision its unit vectors are off by a thousandth.
        exact = np.ascontiguousarray(vectors, dtype=np.float32)
        lengths = np.linalg.norm(exact, axis=1, keepdims=True)
        return np.asarray(exact / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    def _tokenizer(self) -> Any:
        return None if self._name == BUILTIN else getattr(self._model, "tokenizer", None)

    def _limit(self) -> int | None:
        """Tokens of text that fit beside the prompt and the special tokens."""
        tokenizer, length = self._tokenizer(), self._model.max_seq_length
        if tokenizer is None or length is None:
            return None
        prompt = self._options.passage_prompt
        taken = self._count(prompt) if prompt else 0
        return int(length) - int(tokenizer.num_special_tokens_to_add()) - taken

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
