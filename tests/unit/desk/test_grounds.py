"""A draft beside its passages: what is word for word, and which figures are from elsewhere."""

from __future__ import annotations

import pytest

from bot.desk.grounds import Part, compare

RENT = "第三章 收费\n\n第九条　泊位月租为每米120元，按季度预付，逾期三十日的收回泊位。"
RULES = "Article 4. A berth is let for at most twelve months and may be renewed once."


def test_a_draft_is_cut_where_a_quotation_begins_and_ends() -> None:
    draft = "您好：泊位月租为每米120元，\n按季度预付。谢谢！"
    assert compare(draft, [RENT]).parts == (
        Part("您好：", quoted=False),
        Part("泊位月租为每米120元，\n按季度预付", quoted=True),
        Part("。谢谢！", quoted=False),
    )


def test_a_few_words_in_common_are_no_quotation() -> None:
    draft = "每米120元是旧价，a berth is let yearly."
    assert compare(draft, [RENT, RULES]).parts == (Part(draft, quoted=False),)


def test_words_of_several_passages_are_all_found() -> None:
    draft = "A berth is let for at most a year. 逾期三十日的收回泊位。May be."
    assert [part.text for part in compare(draft, [RENT, RULES]).parts if part.quoted] == [
        "A berth is let for at most",
        "逾期三十日的收回泊位。",
    ]


def test_the_parts_are_the_draft() -> None:
    draft = " \n泊位月租为每米120元，按季度预付 \n\n好的 "
    assert "".join(part.text for part in compare(draft, [RENT]).parts) == draft
    assert compare("", [RENT]).parts == ()


@pytest.mark.parametrize(
    ("draft", "unfounded"),
    [
        ("每米120元，30日内缴纳，至多12个月", ()),
        ("每米１２０元，三十天内缴纳", ()),
        ("每米150元", ("150元",)),
        ("30个月内缴纳", ("30个月",)),
        ("2026年3月1日起", ("2026年3月1日",)),
        ("三万元以下的罚款，百分之五", ("三万元", "百分之五")),
        ("一般来说，统一办理，十分方便", ()),
        ("150元，再交150元", ("150元",)),
        ("no numbers", ()),
    ],
)
def test_numbers_and_dates_of_no_passage_are_named(draft: str, unfounded: tuple[str, ...]) -> None:
    assert compare(draft, [RENT, RULES, "至多十二个月"]).unfounded == unfounded


@pytest.mark.parametrize(
    ("draft", "passage"),
    [
        ("30000元", "三万元"),
        ("3,000元", "3000元"),
        ("1.5亿元", "150000000元"),
        ("5%", "百分之五"),
        ("2026-03-01", "2026年3月1日"),
        ("二〇二六年三月一日", "2026年3月1日"),
        ("twelve days: 12 days", "12日"),
        ("3개월", "三个月"),
        ("15个工作日", "十五个工作日"),
    ],
)
def test_a_figure_may_be_written_in_another_way(draft: str, passage: str) -> None:
    assert compare(draft, [passage]).unfounded == ()


@pytest.mark.parametrize(
    ("draft", "passage"),
    [
        ("3日", "3个工作日"),
        ("3月1日", "2026年3月1日"),
        ("2026年3月2日", "2026年3月1日，2日"),
        ("5元", "5%"),
        ("3元", "三万元"),
    ],
)
def test_a_figure_of_something_else_is_another_one(draft: str, passage: str) -> None:
    assert compare(draft, [passage]).unfounded == (draft,)


def test_a_long_draft_is_compared_in_time() -> None:
    passages = [RENT * 40] * 8
    draft = (RENT + "另行通知。") * 60
    assert any(part.quoted for part in compare(draft, passages).parts)
