"""A real transformer on real questions: no worse than what needs no download."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from index.build import build, load
from index.encoders.choice import Choice
from index.evaluation.finding import DEPTH, find
from index.evaluation.sets import read_documents, read_questions
from tests.index.models import minilm, needs_minilm

SETS: Final = Path(__file__).parents[3] / "shared" / "eval"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.slow,
    needs_minilm,
    pytest.mark.skipif(not SETS.is_dir(), reason="needs ../shared/eval"),
]


@pytest.mark.parametrize("name", ["orsharc_dev", "xquad_en"])
def test_a_transformer_finds_as_much_as_the_builtin_encoder(name: str, tmp_path: Path) -> None:
    builtin = found_first(SETS / name, Choice(), tmp_path / "builtin")
    transformer = found_first(SETS / name, Choice(name=minilm()), tmp_path / "transformer")
    assert builtin > 0.5
    assert transformer >= builtin - 0.01  # two questions of two hundred


def found_first(folder: Path, choice: Choice, root: Path) -> float:
    manifest = build(read_documents(folder), root, encoder=choice.fit, calibrate=False)
    searcher = load(root / manifest.name, encoder=choice.load, expect=choice.name)
    questions = read_questions(folder, limit=200)
    found = find(questions, lambda text: searcher.documents(text, limit=DEPTH))
    return float((found.ranks == 1).mean())
