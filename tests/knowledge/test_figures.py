"""Figures are equal however they are written."""

from __future__ import annotations

import pytest

from knowledge.figures import DATE, Figure, figures, figures_of
from knowledge.fold import fold


@pytest.mark.parametrize(
    ("writings", "figure"),
    [
        (
            ("30000元", "30,000元", "３万元", "三万元", "RMB 30,000", "¥30000"),
            Figure("30000", "元"),
        ),
        (("5%", "百分之五", "5 percent", "5퍼센트", "5パーセント"), Figure("5", "%")),
        (("20만 원", "200,000원", "KRW 200,000"), Figure("200000", "원")),
        (("3万円", "30,000円", "JPY 30000"), Figure("30000", "円")),
        (
            ("15个工作日", "十五个工作日", "15 working days", "15 business days"),
            Figure("15", "工作日"),
        ),
        (("2周", "two weeks or 2 weeks"), Figure("2", "周")),
        (
            ("2026年3月1日", "2026-03-01", "二〇二六年三月一日", "2026년 3월 1일"),
            Figure("2026-3-1", DATE),
        ),
        (("$30", "USD 30"), Figure("30", "$")),
    ],
)
def test_other_writings_of_a_figure_are_the_same(
    writings: tuple[str, ...], figure: Figure
) -> None:
    assert [list(figures(one)) for one in writings] == [[figure]] * len(writings)


def test_figures_come_in_their_order_and_where_they_stand() -> None:
    folded = fold("自２０２６年３月１日起，每月三万元，为期6个月。")
    found = [folded[one.start : one.end] for one in figures_of(folded)]
    assert found == ["2026年3月1日", "三万元", "6个月"]
