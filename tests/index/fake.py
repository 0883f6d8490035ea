"""An encoder that needs no torch: an honest one, only not a good one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self
from zlib import crc32

import numpy as np

from index.errors import ReleaseMismatch
from index.release import Manifest
from index.tokens import tokens
from index.types import Vectors

DIMENSION: Final = 32
LONGEST: Final = 100  # characters that it reads
_FILE: Final = "hashed.txt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hashed:
    """Each term adds to one of the places of a vector."""

    name: str = "hashed"
    revision: str = "1"
    dimension: int = DIMENSION
    lasting: bool = True
    batch: int = 512

    @classmethod
    def fit(cls, _texts: Sequence[str]) -> Self:
        return cls()

    @classmethod
    def load(cls, manifest: Manifest, folder: Path) -> Self:
        if manifest.encoder != "hashed":
            raise ReleaseMismatch(
                "encoder", expected="hashed", found=manifest.encoder, mend="build it again"
            )
        return cls(dimension=int((folder / _FILE).read_text(encoding="utf-8")))

    def pieces(self, text: str, /) -> Sequence[str]:
        return [text[i : i + LONGEST] for i in range(0, len(text), LONGEST)] or [text]

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        vectors = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            for term in tokens(text):
                vectors[row, crc32(term.encode()) % self.dimension] += 1
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.asarray(vectors / np.where(lengths == 0, 1, lengths), dtype=np.float32)

    def encode_question(self, text: str, /) -> Vectors:
        return self.encode_passages([text])

    def save(self, folder: Path, /) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _FILE).write_text(str(self.dimension), encoding="utf-8")
