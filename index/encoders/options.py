"""How a model is asked. Imports nothing heavy: the settings are read with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Precision: TypeAlias = Literal["float32", "float16", "bfloat16"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What a model needs is in its model card."""

    query_prompt: str = ""
    passage_prompt: str = ""
    length: int | None = None  # tokens that it reads at once; None: as many as it can
    precision: Precision = "float32"
    batch_size: int = 32
    device: str = "cpu"

    @property
    def mark(self) -> str:
        """
        What of these makes other vectors of the same text, for the revision; "" for the defaults.

        The size of a batch and the device change no more than the last bits.
        """
        told = {
            "length": self.length,
            "precision": None if self.precision == "float32" else self.precision,
            "query": self.query_prompt or None,
            "passage": self.passage_prompt or None,
        }
        return "".join(f" {name}={value!r}" for name, value in told.items() if value is not None)
