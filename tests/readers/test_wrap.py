from __future__ import annotations

import pytest

from knowledge.readers.wrap import join


@pytest.mark.parametrize(
    ("first", "second", "joined"),
    [
        ("根据有关", "规定", "根据有关规定"),
        ("自2024", "年起", "自2024年起"),
        ("根据", "2024年", "根据2024年"),
        ("the subsidy is", "paid monthly", "the subsidy is paid monthly"),
        ("所称“补贴”", "是指", "所称“补贴”是指"),
        ("called “GDPR”", "means", "called “GDPR” means"),
        ("지원금은", "매월", "지원금은 매월"),
        ("the appli-", "cant", "the applicant"),
        ("a third-", "party", "a third-party"),
        ("", "一", "一"),
        ("一", "", "一"),
        ("one ", "two", "one two"),
    ],
)
def test_lines_of_a_paragraph(first: str, second: str, joined: str) -> None:
    assert join(first, second, {"third-party"}) == joined
