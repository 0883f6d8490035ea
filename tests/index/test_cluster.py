"""Encoding by several workers gives the release that one process gives."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
import pytest

from index.build import build
from index.cluster import spread
from index.encoders.choice import Choice
from index.errors import EncoderError
from index.types import Encoder, Vectors
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, document
from tests.index.models import minilm, needs_minilm

needs_ray = pytest.mark.skipif(
    importlib.util.find_spec("ray") is None, reason="needs Ray: pip install 'mingbai[cluster]'"
)
# Texts of many lengths: a transformer pads those of a batch, and rounds by that.
ENGLISH: Final = [
    document(
        f"leave-{number}",
        f"Circular {number} on paid leave",
        "".join(
            f"Article {n} An employee with {n} years of service has {n + number % 7} days of leave"
            f"{' and may carry them over' * (n % 5)}.\n"
            for n in range(1, 3 + number % 9)
        ),
    )
    for number in range(100)
]


class Failing(Hashed):
    """Fails at a text that no worker can read."""

    def encode_passages(self, texts: Sequence[str], /) -> Vectors:
        if "unreadable" in texts:
            raise MemoryError
        return Hashed.encode_passages(self, texts)


def test_without_ray_the_library_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ray", None)
    with (
        pytest.raises(EncoderError, match=r"run `pip install 'mingbai\[cluster\]'`"),
        spread(Hashed.fit, workers=2),
    ):
        pass


@needs_ray
@pytest.mark.slow
class TestTwoWorkers:
    def test_vectors_stand_in_order(self) -> None:
        texts = [f"第{number}条 职工每年休假{number}天。" for number in range(3000)]
        with spread(Hashed.fit, workers=2) as fit:
            encoder = fit(texts)
            assert encoder.batch == 4096
            assert np.array_equal(encoder.encode_passages(texts), _alone(texts))
            assert encoder.encode_passages([]).shape == (0, 32)

    def test_the_builtin_release_has_the_same_digest(self, tmp_path: Path) -> None:
        alone = build(LIBRARY, tmp_path / "alone", encoder=Choice().fit)
        with spread(Choice().fit, workers=2) as fit:
            together = build(LIBRARY, tmp_path / "together", encoder=fit)
        assert together.digest == alone.digest

    @needs_minilm
    def test_a_transformers_release_has_the_same_digest(self, tmp_path: Path) -> None:
        choice = Choice(name=minilm())
        alone = build(ENGLISH, tmp_path / "alone", encoder=choice.fit, calibrate=False)
        assert alone.passages > 512  # more than a block
        with spread(choice.fit, workers=2) as fit:
            together = build(ENGLISH, tmp_path / "together", encoder=fit, calibrate=False)
        assert together.digest == alone.digest

    def test_a_worker_that_fails_is_told_in_words(self) -> None:
        def fit(_texts: Sequence[str]) -> Encoder:
            return Failing()

        with spread(fit, workers=2) as spreading:
            encoder = spreading([])
            with pytest.raises(EncoderError, match="a worker of the cluster failed"):
                encoder.encode_passages(["fine", "unreadable"])
            assert encoder.encode_passages(["fine"]).shape == (1, 32)


@needs_ray
@pytest.mark.slow
def test_a_cluster_that_is_not_there_is_named() -> None:
    with (
        pytest.raises(EncoderError, match=r"Ray cannot be reached at 127\.0\.0\.1:1"),
        spread(Hashed.fit, workers=2, address="127.0.0.1:1"),
    ):
        pass


def _alone(texts: Sequence[str]) -> Vectors:
    return Hashed().encode_passages(texts)
