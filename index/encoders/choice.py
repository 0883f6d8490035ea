"""The encoder that the settings name, fitted or loaded. Imports torch only when called."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from index.errors import ReleaseMismatch
from index.release import Manifest
from index.types import Encoder

if TYPE_CHECKING:
    from index.encoders.sentence import SentenceEncoder

BUILTIN: Final = "builtin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """An encoder by name, with how it is asked."""

    name: str = BUILTIN
    query_prompt: str = ""
    passage_prompt: str = ""
    batch_size: int = 32
    device: str = "cpu"

    def fit(self, texts: Sequence[str]) -> Encoder:
        """The encoder for a new release of these texts."""
        from index.encoders.sentence import SentenceEncoder  # noqa: PLC0415 - takes seconds

        if self.name == BUILTIN:
            return SentenceEncoder.fit(texts)
        encoder = self._model()
        encoder.require_reads(texts[:: max(1, len(texts) // 200)])
        return encoder

    def load(self, manifest: Manifest, folder: Path) -> Encoder:
        """The encoder that a release was built with; raise ReleaseMismatch for another."""
        from index.encoders.sentence import SentenceEncoder  # noqa: PLC0415 - takes seconds

        if manifest.encoder == BUILTIN:
            return SentenceEncoder.builtin(folder)
        encoder = self._model()
        for field, found, expected in (
            ("revision", manifest.revision, encoder.revision),
            ("dimension", manifest.dimension, encoder.dimension),
        ):
            if found != expected:
                raise ReleaseMismatch(
                    f"encoder {field}", expected=expected, found=found, mend="build it again"
                )
        return encoder

    def _model(self) -> SentenceEncoder:
        from index.encoders.sentence import Options, SentenceEncoder  # noqa: PLC0415

        options = Options(
            query_prompt=self.query_prompt,
            passage_prompt=self.passage_prompt,
            batch_size=self.batch_size,
            device=self.device,
        )
        return SentenceEncoder.load(self.name, options=options)
