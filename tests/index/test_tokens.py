"""What the keyword leg counts."""

from __future__ import annotations

import pytest

from index.tokens import folded_tokens, tokens


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        ("公积金", ["公", "积", "金", "公积", "积金"]),
        ("公積金", ["公", "积", "金", "公积", "积金"]),  # traditional
        ("金", ["金"]),
        ("税,费", ["税", "费"]),  # no pair across punctuation
        ("Withdrawals", ["withdraw"]),
        ("ＦＵＮＤ", ["fund"]),  # full width
        ("the", []),
        ("2.5", ["2.5"]),
        ("第3.2条", ["第", "3.2", "条"]),
        ("ABC123号", ["abc123", "号"]),
        ("年金の", ["年", "金", "の", "年金", "金の"]),
        ("연금", ["연", "금", "연금"]),
        ("提取提取", ["提", "取", "提", "取", "提取", "取提", "提取"]),  # as often as it occurs
        ("", []),
        ("！？——😀", []),
    ],
)
def test_terms(text: str, terms: list[str]) -> None:
    assert tokens(text) == terms


def test_folded_text_is_not_folded_again() -> None:
    assert folded_tokens("公積金") == ["公", "積", "金", "公積", "積金"]
