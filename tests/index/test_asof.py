"""The day that a question asks for."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.asof import AsOf, asked_day

TODAY = date(2026, 11, 23)
DAY = date(2019, 5, 1)


@pytest.mark.parametrize(
    ("question", "day", "rest"),
    [
        ("2019年5月1日时公积金提取怎么规定", DAY, "公积金提取怎么规定"),
        ("二〇一九年五月一日时的租房补贴标准", DAY, "租房补贴标准"),
        ("截至2019年5月1日有效的公积金提取规定", DAY, "公积金提取规定"),
        ("截至2019-05-01，租房能提多少？", DAY, "租房能提多少？"),
        ("2019/5/1那天租房能提多少", DAY, "租房能提多少"),
        ("按照2019年5月1日的规定，租房能提多少", DAY, "规定，租房能提多少"),
        ("截止2019年5月1日租房能提多少", DAY, "租房能提多少"),
        ("２０１９年５月１日时怎么规定提取", DAY, "怎么规定提取"),
        ("2019年5月1日時公積金提取怎麼規定", DAY, "公積金提取怎麼規定"),
        ("截至2019年5月1日，公積金可以提多少", DAY, "公積金可以提多少"),
        ("as of 2019-05-01, how much can I withdraw?", DAY, "how much can I withdraw?"),
        ("How much can I get as at May 1st, 2019", DAY, "How much can I get"),
        ("rent rules in force on 1 May 2019", DAY, "rent rules"),
        ("2019년 5월 1일 기준 인출 한도는?", DAY, "인출 한도는?"),
        ("2019년 5월 1일 당시 규정은?", DAY, "규정은?"),
        ("2019年5月1日時点で家賃はいくら引き出せますか", DAY, "家賃はいくら引き出せますか"),
        ("2019年5月1日現在の規定", DAY, "規定"),
        ("2024年3月时提取怎么规定", date(2024, 3, 31), "提取怎么规定"),
        ("2024年底时租房补贴政策", date(2024, 12, 31), "租房补贴政策"),
        ("截至2024年的租房补贴政策", date(2024, 12, 31), "租房补贴政策"),
        ("截至2026年的租房补贴政策", TODAY, "租房补贴政策"),
        ("截至2027年3月1日有效的缴费规定", date(2027, 3, 1), "缴费规定"),
        ("去年的公积金提取规定", date(2025, 12, 31), "公积金提取规定"),
        ("明年的医保缴费政策", date(2027, 1, 1), "医保缴费政策"),
        ("last year's housing fund rules", date(2025, 12, 31), "housing fund rules"),
        ("작년 규정에서 한도는?", date(2025, 12, 31), "규정에서 한도는?"),
        ("昨年の規定ではいくらですか", date(2025, 12, 31), "規定ではいくらですか"),
    ],
)
def test_a_day_that_is_asked_for(question: str, day: date, rest: str) -> None:
    assert asked_day(question, TODAY) == AsOf(day, rest)


@pytest.mark.parametrize(
    "question",
    [
        "2023年的标准是多少",
        "2023年度补贴标准",
        "2019年5月1日出生的孩子能领津贴吗",
        "2025年8月1日施行的办法",
        "2025年之前参保的怎么办",
        "截至2025年12月31日未满60岁怎么领",
        "报名截止到2026年12月20日吗",
        "去年我交了社保，今年怎么办",
        "2019年5月1日时间怎么安排",
        "2024년 기준 중위소득은?",
        "I came to the city in 2019, can I withdraw?",
        "I was born on 1 May 2019",
        "昨年退職しましたが受け取れますか",
        "2019年2月30日时怎么规定",  # no such day
        "2023年5月1日时和2025年5月1日时的规定有什么不同",  # two days
        "as of 2019-05-01",  # nothing is asked
        "",
    ],
)
def test_a_date_that_is_part_of_the_topic(question: str) -> None:
    assert asked_day(question, TODAY) is None


DAYS = st.dates(date(1950, 1, 1), date(2099, 12, 31))
WRITTEN = st.sampled_from(
    [
        "截至{0.year}年{0.month}月{0.day}日，",
        "截至{0:%Y-%m-%d}",
        "{0.year}年{0.month}月{0.day}日当时的",
        "{0.year}年{0.month}月{0.day}日當時的",
        "as of {0:%Y-%m-%d} ",
        "as of {0:%B} {0.day}, {0.year}: ",
        "{0.year}년 {0.month}월 {0.day}일 기준 ",
        "{0.year}年{0.month}月{0.day}日時点の",
    ]
)


@given(DAYS, WRITTEN, st.text("公积金提取津贴？abc ", min_size=1))
def test_any_day_is_read_and_the_topic_left_whole(day: date, written: str, topic: str) -> None:
    asked = asked_day(written.format(day) + topic, TODAY)
    if any(map(str.isalnum, topic)):
        assert asked == AsOf(day, topic.strip())
    else:
        assert asked is None  # nothing is asked


@given(st.text("2019年5月1日时截至的规定去-/ asof기준時点"), DAYS)
def test_what_is_left_asks_for_no_other_day(question: str, today: date) -> None:
    asked = asked_day(question, today)
    assert asked is None or any(map(str.isalnum, asked.rest))
