"""Folded text on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.folded import Folded, FoldedWriter


@pytest.mark.parametrize("texts", [["公积金", "", "fund 😀"], [""], ["", ""], []])
def test_each_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    with FoldedWriter(tmp_path) as writer:
        for text in texts:
            writer.add(text)
    opened = Folded(tmp_path)
    for number, text in enumerate(texts):
        assert opened.of(number) == text
