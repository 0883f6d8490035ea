"""Text that the release before holds is not encoded again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from index import release as releases
from index import vectors
from index.build import build
from index.types import Vectors
from index.vectors import load_index
from tests.index.fake import Hashed
from tests.index.library import LIBRARY


@dataclass(frozen=True)
class Counting(Hashed):
    """Remembers what it was asked to encode."""

    seen: list[str] = field(default_factory=list)

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        self.seen.extend(texts)
        return Hashed.encode_passages(self, texts)

    def encode_question(self, text: str, /) -> Vectors:
        return Hashed().encode_passages([text])


def test_only_new_text_is_encoded(tmp_path: Path) -> None:
    build(LIBRARY[:-1], tmp_path, encoder=lambda _texts: Hashed(), calibrate=False)
    encoder = Counting()
    manifest = build(LIBRARY, tmp_path, encoder=lambda _texts: encoder, calibrate=False)
    new = LIBRARY[-1].text
    passages = [text for text in encoder.seen if text.strip()]
    assert passages
    assert [text for text in passages if text not in new] == []
    whole = tmp_path / "whole"
    other = build(LIBRARY, whole, encoder=lambda _texts: Hashed(), calibrate=False)
    ours = load_index(tmp_path / manifest.name / "vectors.faiss")
    theirs = load_index(whole / other.name / "vectors.faiss")
    rows = list(range(len(theirs)))
    assert np.array_equal(ours.vectors(rows), theirs.vectors(rows))
    assert manifest.digest == other.digest


def test_codes_of_new_and_of_known_vectors_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "FLAT", 5)
    build(LIBRARY[2:], tmp_path, encoder=lambda _texts: Hashed(), calibrate=False)
    encoder = Counting()
    manifest = build(LIBRARY, tmp_path, encoder=lambda _texts: encoder, calibrate=False)
    whole = tmp_path / "whole"
    other = build(LIBRARY, whole, encoder=lambda _texts: Hashed(), calibrate=False)
    assert len(encoder.seen) < other.passages
    assert manifest.digest == other.digest


@pytest.mark.parametrize("batch", [1, 3, 1000])
def test_new_text_is_encoded_in_the_batches_that_the_encoder_asks_for(
    tmp_path: Path, batch: int
) -> None:
    """Whatever is known between them: so last bits that hang on the batch are the same."""

    @dataclass(frozen=True)
    class Batches(Counting):
        sizes: list[int] = field(default_factory=list)

        def encode_passages(self, texts: Sequence[str], /) -> Vectors:
            self.sizes.append(len(texts))
            return Counting.encode_passages(self, texts)

    build(LIBRARY[2:4], tmp_path, encoder=lambda _texts: Hashed(), calibrate=False)
    encoder = Batches(batch=batch)
    build(LIBRARY, tmp_path, encoder=lambda _texts: encoder, calibrate=False)
    assert set(encoder.sizes[:-1]) <= {batch}
    assert 0 < encoder.sizes[-1] <= batch


def test_vectors_of_another_revision_are_not_used(tmp_path: Path) -> None:
    build(LIBRARY, tmp_path, encoder=lambda _texts: Hashed(), calibrate=False)
    encoder = Counting(revision="2")
    build(LIBRARY, tmp_path, encoder=lambda _texts: encoder, calibrate=False)
    assert len(encoder.seen) > len(LIBRARY)


def test_vectors_of_a_damaged_release_are_not_used(tmp_path: Path) -> None:
    manifest = build(LIBRARY, tmp_path, encoder=lambda _texts: Hashed(), calibrate=False)
    path = tmp_path / manifest.name / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[-1] ^= 1
    path.write_bytes(bytes(data))
    encoder = Counting()
    build(LIBRARY, tmp_path, encoder=lambda _texts: encoder, calibrate=False)
    assert len(encoder.seen) > len(LIBRARY)
    assert releases.current(tmp_path) != manifest.name
