"""Personal data is masked, and nothing that a policy is cited by."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from bot.privacy import Personal, mask, masks_in, without_masks

ID = Personal.IDENTITY.value
CARD = Personal.CARD.value
PASSPORT = Personal.PASSPORT.value
PLATE = Personal.PLATE.value
MAIL = Personal.MAIL.value
ADDRESS = Personal.ADDRESS.value
PHONE = Personal.PHONE.value


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("身份证110101199003078515，查退费", f"身份证{ID}，查退费"),
        ("身份证 110101 19900307 8515", f"身份证 {ID}"),
        ("１１０１０１１９９００３０７８５１５", ID),
        ("卡号6222 0212 3456 7890 128", f"卡号{CARD}"),
        ("打我13800138000", f"打我{PHONE}"),
        ("+86 138-0013-8000", PHONE),
        ("写信到 wang.fang@example.com 吧", f"写信到 {MAIL} 吧"),
        ("护照E12345678", f"护照{PASSPORT}"),
        ("护照号：AB1234567", f"护照号：{PASSPORT}"),
        ("my passport number is X1234567", f"my passport number is {PASSPORT}"),
        ("我的车粤B12345要补贴", f"我的车{PLATE}要补贴"),
        ("沪A·D12345", PLATE),
        (
            "我住在澜港市港东区人民路12号3栋2单元501室，怎么办",
            f"我住在澜港市港东区{ADDRESS}，怎么办",
        ),
        ("家在解放路88号", f"家在{ADDRESS}"),
        ("大湾村3组18号的房子", f"{ADDRESS}的房子"),
        ("阳光花园5号楼301，加装电梯", f"{ADDRESS}，加装电梯"),
        ("中山路三段25巷3弄7號4樓", ADDRESS),
        ("I live at 12 Main Street Apt 3, can I", f"I live at {ADDRESS}, can I"),
        ("Room 501, Building 3, 12 Renmin Road", ADDRESS),
        ("at 12 main street apt 3", f"at {ADDRESS}"),
        ("항구로 12, 101동 502호", ADDRESS),
        ("港町1丁目2番3号", ADDRESS),
    ],
)
def test_what_is_personal_is_masked(text: str, masked: str) -> None:
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    [
        "第14号公告",
        "澜财规〔2025〕1号",
        "财政部令第102号",
        "澜港务规〔2025〕2号第九条",
        "12345",
        "拨打12345或者96110",
        "5月12号到账吗",
        "每月10号",
        "国道107号改造",
        "高速公路12号文件",
        "坐地铁2号线",
        "中山路办事大厅",
        "解放路街道12号文",
        "2栋楼加装电梯",
        "统一社会信用代码 91310000775785552L",
        "电话0571-88776655",
        "2 people in one place",
        "5 hours by road",
        "2 days of street cleaning",
        "제1호 서식",
        "별지 제3호",
        "第2号様式",
        "up:12",
        "社保缴费基数24567元",
        "营业额 98765432 元的小微企业",
        "注册资本61234567元",
        "年收入¥ 61234567能领吗",
    ],
)
def test_what_is_of_a_policy_or_an_office_stays(text: str) -> None:
    assert mask(text) == text


STREETS: Final = st.sampled_from(
    ["人民路", "解放大道", "中山街", "柳巷", "滨海大街", "建設路", "学府路", "民生弄"]
)
NUMBERS: Final = st.integers(1, 9999)


@given(STREETS, NUMBERS, st.sampled_from(["", "3栋2单元501室", "5号楼301", "之2", "2单元1204"]))
def test_a_door_number_is_masked_with_its_street(street: str, number: int, inside: str) -> None:
    text = f"我住在港东区{street}{number}号{inside}，能申请吗？"
    assert mask(text) == f"我住在港东区{ADDRESS}，能申请吗？"


@given(
    st.sampled_from(
        ["第{}号", "澜财规〔2025〕{}号", "国务院令第{}号", "第{}条", "本月{}号", "{}号线"]
    ),
    st.integers(1, 999),
)
def test_a_number_of_a_document_is_never_masked(form: str, number: int) -> None:
    text = f"请问{form.format(number)}的规定是什么"
    assert mask(text) == text


@given(st.text(max_size=60))
def test_masking_twice_changes_nothing_more(text: str) -> None:
    assert mask(mask(text)) == mask(text)


@given(
    st.integers(100_000, 999_999),
    st.dates(date(1900, 1, 1), date(2099, 12, 31)),
    st.integers(0, 999),
)
def test_a_number_with_a_birthday_and_its_check_digit_is_an_identity_number(
    place: int, born: date, serial: int
) -> None:
    number = f"{place}{born:%Y%m%d}{serial:03d}"
    digit = ric.calc_check_digit(f"{number}0")
    assert mask(f"号码{number}{digit}") == f"号码{ID}"
    for wrong in set("0123456789X") - {digit}:
        assert ID not in mask(f"号码{number}{wrong}")


@given(st.integers(0, 10**17 - 1))
def test_no_number_breaks_the_intake(number: int) -> None:
    text = f"{number:017d}"
    mask(text + ric.calc_check_digit(text + "0"))


@given(st.integers(10**6, 10**9 - 1))
def test_the_number_of_an_organisation_is_not_personal(number: int) -> None:
    body = f"91310000{number:09d}"
    text = body + uscc.calc_check_digit(body)
    assert mask(text) == text


def test_the_citizen_can_be_told_what_was_masked() -> None:
    text = mask("我是110101199003078515，电话13800138000，住人民路12号，备用13900139000")
    assert masks_in(text) == [Personal.IDENTITY, Personal.ADDRESS, Personal.PHONE]
    assert masks_in("失业金怎么领") == []


def test_a_search_does_not_see_the_words_of_a_mask() -> None:
    assert without_masks(mask("打我13800138000问失业金")) == "打我 问失业金"


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ("我的邮箱是wang@langang.example，会计要修多少学分？", "会计要修多少学分？"),
        ("本人手机号13800138000，怎么领失业金", "怎么领失业金"),
        ("怎么领失业金？電話：13800138000", "怎么领失业金？"),
        ("My e-mail is ann@langang.example. How do I renew my card?", "How do I renew my card?"),
        ("我的手机坏了，怎么领失业金", "我的手机坏了，怎么领失业金"),
    ],
)
def test_words_that_only_say_what_was_masked_are_not_asked(said: str, asked: str) -> None:
    assert without_masks(mask(said)).strip() == asked
