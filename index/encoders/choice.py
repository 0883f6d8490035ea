"""The encoder that the settings name, fitted or loaded. Imports torch only when called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from index.encoders.options import Options
from index.errors import ReleaseMismatch
from index.release import Manifest
from index.types import Encoder

BUILTIN: Final = "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Options):
    """An encoder by name, with how it is asked. The builtin one needs no options."""

    name: str = BUILTIN

    def fit(self, texts: Sequence[str]) -> Encoder:
        """The encoder for a new release of these texts."""
        from index.encoders.sentence import SentenceEncoder  # noqa: PLC0415 - takes seconds

        if self.name == BUILTIN:
            return SentenceEncoder.fit(texts)
        encoder = SentenceEncoder.load(self.name, options=self)
        encoder.require_reads(texts[:: max(1, len(texts) // 200)])
        return encoder

    def load(self, manifest: Manifest, folder: Path) -> Encoder:
        """The encoder that a release was built with; raise ReleaseMismatch for another."""
        from index.encoders.builtin import REVISION  # noqa: PLC0415 - takes seconds
        from index.encoders.sentence import SentenceEncoder  # noqa: PLC0415

        if manifest.encoder == BUILTIN:
            _require("revision", REVISION, found=manifest.revision)
            return SentenceEncoder.builtin(folder)
        encoder = SentenceEncoder.load(self.name, options=self)
        _require("revision", encoder.revision, found=manifest.revision)
        _require("dimension", encoder.dimension, found=manifest.dimension)
        return encoder


def _require(field: str, expected: object, *, found: object) -> None:
    if found != expected:
        raise ReleaseMismatch(
            f"encoder {field}",
            expected=expected,
            found=found,
            mend="set model and ENCODER_ settings as they were, or build it again",
        )
