"""Spans of two sentences."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.windows import LONGEST, windows


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", [""]),
        ("一。", ["一。"]),
        ("一。二。", ["一。二。"]),
        ("一。二。三。", ["一。二。", "二。三。"]),
        ("甲；乙！丙？", ["甲；乙！", "乙！丙？"]),
        (
            "“甲。”乙。丙。",
            ["“甲。”乙。", "乙。丙。"],
        ),  # the closing quote stays with its sentence
        ("One. Two 2.5 m. Three.", ["One. Two 2.5 m. ", "Two 2.5 m. Three."]),
        ("首行\n次行\n末行", ["首行\n次行\n", "次行\n末行"]),
    ],
)
def test_two_sentences_at_a_time(text: str, shown: list[str]) -> None:
    assert [text[start:end] for start, end in windows(text)] == shown


def test_a_sentence_without_an_end_is_cut() -> None:
    assert windows("长" * 1000) == [(0, 400), (200, 600), (400, 1000)]


@given(st.text(alphabet="公a 。.！\n”5；", max_size=60) | st.text(max_size=40))
def test_every_word_is_in_a_window(text: str) -> None:
    spans = windows(text)
    covered = {place for start, end in spans for place in range(start, end)}
    assert {place for place, one in enumerate(text) if not one.isspace()} <= covered
    assert spans == sorted(set(spans))
    assert all(0 <= start <= end <= len(text) for start, end in spans)


@given(st.text(alphabet="长a。", min_size=1, max_size=30), st.integers(1, 80))
def test_no_window_is_longer_than_two_sentences(text: str, times: int) -> None:
    spans = windows(text * times)
    if len(spans) > 1:
        assert max(end - start for start, end in spans) <= 2 * LONGEST
