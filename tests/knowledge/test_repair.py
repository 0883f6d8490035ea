from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.gbk import of_bytes, to_bytes
from knowledge.readers.base import Page
from knowledge.repair import Change, Damage, Repaired, repair, repair_page
from knowledge.types import Heading

GLOSSED = "財(cái)政務(wù)服務(wù)強(qiáng)化。"  # three and more: a machine's work
MISREAD, SHIFTED, PINYIN, PUNCTUATION, PRIVATE_USE, INVISIBLE, BLANKS, FURNITURE, UNREADABLE = (
    Damage
)


def found(text: str) -> list[tuple[Damage, int]]:
    return [(change.damage, change.count) for change in repair(text).changes]


# Pinyin


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("財(cái)政", "財政"),
        ("財（cái）政", "財政"),
        ("財( cái )政", "財政"),
        ("財(cái)政務(wù)公開工作要點(diǎn)", "財政務公開工作要點"),
        ("旅(lǚ)行", "旅行"),
        ("綠(lǜ)色", "綠色"),
        ("中國(guó)", "中國"),
        ("創(chuàng)業(yè)", "創業"),
        ("嗯(ńg)", "嗯(ńg)"),  # no syllable of the scheme
    ],
)
def test_pinyin_with_its_tone_goes(text: str, mended: str) -> None:
    assert repair(text).text == mended


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("我們(men)", "我們(men)"),  # one alone may be meant
        (GLOSSED + "我們(men)了(le)", "財政務服務強化。我們了"),
        (GLOSSED + "甲(a)乙(e)", "財政務服務強化。甲(a)乙(e)"),
        (GLOSSED + "表(Excel)", "財政務服務強化。表(Excel)"),
        (GLOSSED + "表(xls)", "財政務服務強化。表(xls)"),
        (GLOSSED + "醫院(CT)", "財政務服務強化。醫院(CT)"),
        (GLOSSED + "(lán)", "財政務服務強化。(lán)"),
    ],
)
def test_pinyin_without_tone_goes_where_a_machine_set_it(text: str, mended: str) -> None:
    assert repair(text).text == mended


def test_a_rare_character_keeps_its_only_gloss() -> None:
    assert repair("犇(bēn)牛村") == Repaired("犇(bēn)牛村")
    assert repair("犇(bēn)牛村" + GLOSSED).text == "犇牛村財政務服務強化。"


def test_the_report_counts_and_shows_the_first_place() -> None:
    assert repair(GLOSSED + "字\u200b字\u200b字").changes == (
        Change(PINYIN, 4, "財(cái)", "財"),
        Change(INVISIBLE, 2, "\u200b", ""),
    )


# Half-width punctuation, which comes from the same converter


def test_punctuation_beside_glosses_becomes_full_width() -> None:
    text = f"{GLOSSED}\n(二)總體要求是:以人為本,便民,在2021年,共12,345元(含稅);完成!見www.gov.cn,第3(2)項"
    assert repair(text).text == (
        "財政務服務強化。\n（二）總體要求是：以人為本，便民，在2021年，共12,345元（含稅）；完成！見www.gov.cn，第3(2)項"
    )


@pytest.mark.parametrize("text", ["以人為本,便民(含稅)", f"{GLOSSED}以人為本,便民，服務(含稅)"])
def test_punctuation_elsewhere_stays(text: str) -> None:
    assert PUNCTUATION not in dict(found(text))


# Furniture


@pytest.mark.parametrize(
    "line",
    [
        "字体：大 中 小 打印",
        "字體大小: 打印",
        "【字体：大 中 小】 【打印】 【关闭】",
        "字号：[大] [中] [小]",
        "【字号 大|中|小】",
        "字体：",
        "打印本页 关闭窗口",
        "【打印】【关闭】",
        "[打印]",
        "打印",
        "分享到：微信 微博",
        "扫一扫在手机打开当前页",
        "掃一掃在手機打開當前頁",
        "相关附件",
        "上一篇：关于防汛的通知",
        "下一篇 没有了",
        "浏览次数：123",
        "版权所有：临潮市人民政府",
    ],
)
def test_furniture_goes(line: str) -> None:
    assert repair(f"甲。\n　{line} \n乙。") == Repaired(
        "甲。\n乙。", (Change(FURNITURE, 1, f"　{line} ", ""),)
    )


@pytest.mark.parametrize(
    "line",
    [
        "字号由两个以上汉字组成。",
        "字号：临财规〔2025〕1号",
        "字体使用管理办法",
        "打印机补贴",
        "打印、复印的费用由申请人承担。",
        "关闭煤矿的补偿",
        "分享到的收益，由村民共有。",
        "相关附件见下。",
        "版权保护条例",
    ],
)
def test_lines_that_only_look_like_furniture_stay(line: str) -> None:
    assert repair(line) == Repaired(line)


# Blanks, invisible and private characters


@pytest.mark.parametrize(
    ("text", "mended", "damage"),
    [
        ("甲  乙", "甲 乙", BLANKS),
        ("甲 \t\u00a0 乙", "甲 乙", BLANKS),
        ("甲\u200b乙\ufeff丙\u2060丁\u00ad", "甲乙丙丁", INVISIBLE),
        ("甲\u200c乙\u200d丙", "甲乙丙", INVISIBLE),
        ("甲\x07乙\x0bbar\x0cfoo", "甲乙 bar foo", INVISIBLE),
        ("甲\ue5e5乙\uf0b7", "甲乙", PRIVATE_USE),
        ("甲\U000f0000乙", "甲乙", PRIVATE_USE),
    ],
)
def test_what_only_disturbs_goes(text: str, mended: str, damage: Damage) -> None:
    assert (repair(text).text, [one.damage for one in repair(text).changes]) == (mended, [damage])


@pytest.mark.parametrize(
    "text",
    [
        "　　第一条　　为了",
        "  甲",
        "甲  ",
        "签字：　　　　年　　月　　日",
        "👩‍👩‍👧 👍🏽 ❤️",
        "क्‍ष",
        "a\tb",
        "a\rb",
    ],
)
def test_what_is_meant_stays(text: str) -> None:
    assert repair(text) == Repaired(text)


# GB18030 read one byte late


def shifted(text: str) -> str:
    """Damage a text as the sites did: all bytes read one late, the lost halves a "?"."""
    data = text.encode("gb18030")
    out, at = "?", 1
    while at < len(data):
        pair = data[at : at + 2]
        read = of_bytes(pair) if len(pair) == 2 else None
        if read is not None and len(read) == 1:
            out += read
            at += 2
        else:
            out += "?"
            at += 2
    return out


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        (
            " ?。ㄒ唬┨峁┱\ue479咦稍兎\ue848?wù)\n財(cái)政務(wù)公開",
            "（一）提供政策咨詢服務\n財政務公開",
        ),
        (
            " ?。ㄈ\ue40c┨峁┱\ue48a窕\ue689?dòng)服務(wù)\n推動(dòng)",
            "（三）提供政民互動服務\n推動",
        ),
        # A letter that took the place of a second byte ends the run:
        (" ?。ㄒ唬┤\ue0a3湕l加強(qiáng)政府信息管理", "（一）全鏈條加強政府信息管理"),
        (
            " ?。ㄈ\ue40c┤\ue074轿患訌?qiáng)輿情回應(yīng)\n強(qiáng)化",
            "（三）全方位加強輿情回應\n強化",
        ),
    ],
)
def test_a_shifted_heading_is_read_again(text: str, mended: str) -> None:
    assert repair(text).text == mended
    assert dict(found(text))[SHIFTED] == 1


def test_a_character_that_cannot_be_known_stays_visible() -> None:
    text = " ?。ㄒ唬┨峁┱\ue479咦稍兎\ue848?wù)"  # no other 務(wù) tells which one
    assert repair(text) == Repaired(
        "（一）提供政策咨詢服\ufffd(wù)",
        (
            Change(SHIFTED, 1, text[1:], "（一）提供政策咨詢服\ufffd(wù)"),
            Change(
                UNREADABLE, 1, "（一）提供政策咨詢服\ufffd(wù)", "（一）提供政策咨詢服\ufffd(wù)"
            ),
        ),
    )


def test_a_run_that_lost_more_bytes_is_left_alone() -> None:
    text = " ?。ㄒ唬┨峁┱咦稍兎?wù)\n財(cái)政務(wù)公開"  # without 策: read late it says 者
    assert repair(text).text == " ?。ㄒ唬┨峁┱咦稍兎?wù)\n財政務公開"


@pytest.mark.parametrize(
    "text",
    [
        "　（一）提供政策咨询服务",
        "　（二）加强组织领导",
        "　（三）完善工作机制",
        "　（十）强化监督检查",
        "　第十一条　本办法由市财政局负责解释",
    ],
)
def test_runs_shifted_here(text: str) -> None:
    mended = repair(shifted(text) + "\n后文。").text
    # The last character lost its second byte for good.
    assert mended == text.strip()[:-1] + "\ufffd\n后文。"


@pytest.mark.parametrize(
    "text",
    [
        "什么?我们不知道。",
        "是吗?(一)提供政策咨询",
        "?ㄅㄆㄇㄈ",
        "┌──┬──┐ ?甲乙丙",
        "?│姓名│住址│",
        "能否申请?谁可以申请?怎么申请?",
    ],
)
def test_a_question_mark_is_no_damage(text: str) -> None:
    assert SHIFTED not in dict(found(text))


# UTF-8 read as GBK


def misread(text: str) -> str:
    return of_bytes(text.encode()) or ""


def test_the_bytes_of_windows() -> None:
    assert to_bytes("一a€\ue479\ue689\ue848") == b"\xd2\xbba\x80\xfe\xb2\xa5\x84\xfe\x84"
    assert to_bytes("한") is None
    assert to_bytes("\ud800") is None


@pytest.mark.parametrize(
    ("text", "mended"),
    [
        ("涓\ue15f枃", "中文"),
        ("鏀跨瓥娉曡\ue749鍜ㄨ\ue1d7", "政策法规咨询"),
        ("鎶€鏈\ue21a紓鍖栫幇璞¤繘琛屾繁搴﹀垎鏋愮殑", "技术异化现象进行深度分析的"),
        ("# 鍟嗕笟妯″紡鐨凙I鎶€鑳斤紝", "# 商业模式的AI技能，"),
    ],
)
def test_misread_text_is_read_again(text: str, mended: str) -> None:
    assert repair(text).text == mended


@pytest.mark.parametrize("text", ["政策法规咨询服务", "申請書を提出する", "政務公開工作要點"])
def test_text_misread_here(text: str) -> None:
    assert repair(misread(text)).text == text


def test_a_lost_last_byte_stays_visible() -> None:
    text = "# 寮傚寲鐜拌薄鍒嗘瀽鎶€鑳?(Analysis)"
    assert repair(text).text == "# 异化现象分析技\ufffd(Analysis)"
    assert found(text) == [(MISREAD, 1), (UNREADABLE, 1)]


def test_replacement_characters_that_were_misread_are_unreadable() -> None:
    assert repair("甲锟斤拷乙").text == "甲\ufffd\ufffd乙"
    assert found("锟斤拷锟斤拷") == [(MISREAD, 1), (UNREADABLE, 4)]


# Pages


def test_a_page_keeps_its_headings_on_their_lines() -> None:
    page = Page(
        text="財(cái)政\n打印\n一、務(wù)實(shí)\n正文。\n",
        headings=(Heading(0, 7, 1), Heading(11, 24, 2)),
        declared={"title": "財(cái)政", "number": "1"},
    )
    assert page.text[11:24] == "一、務(wù)實(shí)"
    mended, changes = repair_page(page)
    assert mended == Page(
        text="財政\n一、務實\n正文。\n",
        headings=(Heading(0, 2, 1), Heading(3, 7, 2)),
        declared={"title": "財政", "number": "1"},
    )
    assert [(one.damage, one.count) for one in changes] == [(PINYIN, 4), (FURNITURE, 1)]


def test_a_heading_is_no_furniture() -> None:
    page = Page(text="相关附件\n甲。\n", headings=(Heading(0, 4, 1),))
    assert repair_page(page) == (page, ())


# Properties

WORDS = {
    "Simplified": "第一条|为了|规范|补贴|发放|，|。|；|《办法》|〔2025〕|（一）|一、|1.|\n|　|“|”|什么?|财政局|镕|犇|渡船",
    "Traditional": "第一條|為了|規範|補貼|發放|，|。|；|《辦法》|（一）|一、|\n|　|「|」|財政局|什麼？|瀾港市|醫療保險",
    "English": "Section 3|the|fees|are|paid|.|,|;|\n|(a)|\"|'|?|naïve|café|resume(s)|– |1,000|No. 5|—",
    "Japanese": "申請|書|を|提出|する|。|、|「|」|\n|テスト|・|ー|手続き|（一）|駅|々|〜|？",
    "Korean": "주민 등록|등본|발급|.|,|\n|신청|(서류)|大韓民國|제1조|?|“|”",
}
HEALTHY = st.sampled_from(sorted(WORDS)).flatmap(
    lambda language: st.lists(st.sampled_from(WORDS[language].split("|")), max_size=40).map(
        "".join
    )
)
HAN = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), max_size=30)
ANY = st.one_of(
    st.text(),
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    *(
                        "?。ㄒ唬┨峁┱\ue479咦稍兎\ue848?wù)",
                        "財(cái)政",
                        "我們(men)",
                        "(",
                        ")",
                        "（",
                        "?",
                    ),
                    *(
                        "鏀跨瓥娉曡\ue749",
                        "涓\ue15f枃",
                        "€",
                        "锟斤拷",
                        "  ",
                        "\u200b",
                        "\n",
                        "打印",
                        ",",
                        "\ufffd",
                    ),
                    *("\ue0a3", "湕l", "ㄒ", "┨", "甲", "A", "\r", "\u2028"),
                ]
            ),
            HAN,
        ),
        max_size=30,
    ).map("".join),
)


@given(HEALTHY)
def test_healthy_text_stays_as_it_is(text: str) -> None:
    assert repair(text) == Repaired(text)


@given(HAN.filter(lambda text: "锟斤拷" not in text))  # hypothesis knows that one
def test_any_characters_stay_as_they_are(text: str) -> None:
    assert repair(text) == Repaired(text)


@given(ANY)
def test_repair_of_anything_ends_and_is_the_same_twice(text: str) -> None:
    once = repair(text)
    assert repair(text) == once
    assert len(once.text) <= len(text) * 2  # nothing is made up


@given(
    st.sampled_from(
        ["政策咨询服务", "加强组织领导", "完善工作机制", "全面贯彻落实", "推动信息公开"]
    ),
    st.sampled_from("一二三四五六七八九十"),
)
def test_shifted_headings_come_back(words: str, number: str) -> None:
    text = f"　（{number}）{words}"
    assert repair(shifted(text)).text == text.strip()[:-1] + "\ufffd"


@pytest.mark.parametrize(
    "text",
    [
        "財(cái)政" * 20_000,
        "?。ㄒ唬" * 20_000,
        "?" * 100_000,
        "鍩轰簬" * 20_000,
        "(" * 100_000,
        " " * 100_000 + "甲",
        "甲 " * 50_000,
        "打印 " * 20_000,
    ],
)
def test_long_lines_take_no_time(text: str) -> None:
    start = time.perf_counter()
    repair(text)
    assert time.perf_counter() - start < 3
