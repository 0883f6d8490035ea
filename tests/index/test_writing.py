"""What a build reads of documents, and that its batches leave no trace."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from index import counting
from index.build import build
from index.keywords import Columns
from index.occurrences import keys_of
from index.reading import read
from index.shelf import Shelf
from index.tokens import tokens
from index.windows import windows
from knowledge.fold import fold
from knowledge.passages import passages
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, document

MIXED = document(
    "mixed",
    "",
    "第一條 職工租房的，每月可以提取ＡＢＣ公積金1500元。 The Fund pays. Of the rent; no more！\n\n"
    "  \n第二條 " + "沒有句號的長句" * 90 + "\n第三條\u3000退休\u3000的，註銷。",
)


@pytest.mark.parametrize("one", [*LIBRARY, MIXED, document("bare", "題_目", "")])
def test_it_is_folded_and_cut_as_each_part_would(one: object) -> None:
    assert isinstance(one, type(MIXED))
    reading = read(one)
    cut = passages(one)
    assert list(reading.passages) == cut
    assert reading.body == fold(one.text)
    assert reading.title == fold(one.title.replace("_", " "))
    assert list(reading.addresses) == [fold("\n".join(passage.address)) for passage in cut]
    assert list(reading.texts) == [fold(passage.text) for passage in cut]
    for passage, begin, spans in zip(cut, reading.starts, reading.spans, strict=True):
        assert reading.body[begin:].startswith(fold(passage.text))
        assert [reading.body[start:end] for start, end in spans] == [
            fold(passage.text[start:end]) for start, end in windows(passage.text)
        ]


def test_a_text_that_holds_our_separator_is_folded_too() -> None:
    odd = document("odd", "A\x1fB", "甲\x1f乙。\x1f")
    assert (read(odd).title, read(odd).body) == ("a\x1fb", "甲\x1f乙。\x1f")


def test_a_long_text_without_a_title_is_led_by_its_first_words() -> None:
    assert read(MIXED).lead == fold(MIXED.text[:80])
    assert read(document("short", "", "甲。")).lead == ""


@pytest.mark.parametrize("batch", [1, 60, 1 << 20])
def test_batches_leave_no_trace(
    tmp_path: Path, batch: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "BATCH", batch)
    manifest = build(LIBRARY, tmp_path, encoder=Hashed.fit, calibrate=False)
    columns = Columns.load(tmp_path / manifest.name / "documents")
    terms = [Counter([*tokens(one.title), *tokens(one.text)]) for one in LIBRARY]
    for term in sorted(set().union(*terms)):
        assert columns.frequency(term) == sum(term in one for one in terms), term
    mean = sum(sum(one.values()) for one in terms) / len(terms)
    for term in ("住房公积金"[2:4], "foreign", "pension insur", "20"):
        expected = [
            columns.idf(columns.frequency(term))
            * one[term]
            / (one[term] + 1.2 * (0.25 + 0.75 * sum(one.values()) / mean))
            for one in terms
        ]
        assert np.allclose(columns.scores({term: 1.0}), expected, rtol=1e-6), term


def test_nothing_is_left_of_the_scratch_folder(tmp_path: Path) -> None:
    manifest = build(LIBRARY, tmp_path, encoder=Hashed.fit, calibrate=False)
    folder = tmp_path / manifest.name
    assert not (folder / "scratch").exists()
    assert {path.split("/")[0] for path in manifest.files if "/" in path} == {
        "documents",
        "encoder",
        "keys",
        "windows",
    }
    assert Shelf.open(folder).documents == len(LIBRARY)
    assert len(set(keys_of(["公", "fund"]).tolist())) == 2
