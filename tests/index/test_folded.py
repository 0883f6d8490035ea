"""Folded text on disk."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.folded import Folded


@pytest.mark.parametrize("texts", [["公积金", "", "fund 😀"], [""], ["", ""], []])
def test_each_text_comes_back(tmp_path: Path, texts: list[str]) -> None:
    written = Folded.write(tmp_path, texts)
    opened = Folded(tmp_path)
    for number, text in enumerate(texts):
        assert written.of(number).decode() == text
        assert opened.of(number).decode() == text
