from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fold import fold, fold_all, simplified, traditional
from knowledge.language import detect
from knowledge.types import Lang

HANS = """\
请问疫情期间餐馆什么时候复工
你好
人工
公积金怎么提取
社保
户口
生育津贴 maternity
iPhone 补贴
补贴subsidy申请application
什么是housing fund
第十四条
你
后台
皇后
台湾居民怎么参保
只有身份证可以吗
著作权
干部
𠮷野家在哪里
２０２５年的补贴"""
HANT = """\
公積金怎樣提取
生育津貼
醫保
為什麼
我要人工服務
臺灣居民
後台
著作權登記
第十四條
吃飯補助
請問怎麼申請
瞭解一下
係唔係要預約
網上辦理"""
EN = """\
hi
OK
thanks
How do I withdraw my housing fund?
Can I get 补贴?
How do I apply for 公积金?
ｈｅｌｌｏ
a
Where is the office
social insurance card lost"""
JA = """\
住宅補助金の申請方法を教えて
申請書はどこ
国民健康保険の手続
住民票の写し
ありがとう
テスト
ﾃｽﾄ
申込み
駅
手続
有効期限
これは社会保険の手続きについての質問です
児童手当"""
KO = """\
주민등록 등본 발급
안녕하세요
감사
한
大韓民國 헌법 제1조
基礎年金 신청
기초연금 신청 자격 2025"""
NOTHING = """\
123
😀
👩‍👩‍👧
！？
??? 12345
1. 2.
ㄅㄆㄇ
привет
γειά
ภาษาไทย
Comment obtenir une carte de résident à Canton ?
Wie kann ich eine Wohnung in dieser Stadt beantragen?
¿Cómo puedo solicitar una tarjeta de residencia en China?
Как получить субсидию на жильё?
كيف أحصل على بطاقة"""
TABLE = [
    (text, language)
    for texts, language in (
        *((HANS, Lang.ZH_HANS), (HANT, Lang.ZH_HANT), (EN, Lang.EN), (JA, Lang.JA), (KO, Lang.KO)),
        (NOTHING, None),
    )
    for text in texts.split("\n")
]


@pytest.mark.parametrize(("text", "language"), TABLE)
def test_detect(text: str, language: Lang | None) -> None:
    assert detect(text) == language


@pytest.mark.parametrize("text", ["", " ", "\n", "\u200b", "\0", "\ud800"])
def test_nothing_tells_nothing(text: str) -> None:
    assert detect(text) is None


def test_half_a_surrogate_pair_beside_chinese_does_no_harm() -> None:
    assert detect("\ud88c公积金怎么提取") == Lang.ZH_HANS


@given(st.text(st.characters()))
def test_any_message_has_a_language_or_none(text: str) -> None:
    found = detect(text)
    assert found is None or isinstance(found, Lang)
    assert detect(text) == found


def test_a_long_document_is_told_by_its_beginning() -> None:
    assert detect("公积金怎么提取。" * 1000 + "The end." * 100_000) == Lang.ZH_HANS


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("ＡＢＣ１２３（一）", "abc123(一)"),
        ("Housing FUND", "housing fund"),
        ("公積金怎樣提取", "公积金怎样提取"),
        ("ﾃｽﾄ", "テスト"),
        ("　全角　", " 全角 "),
        ("①", "1"),
        ("Straße", "strasse"),
        ("", ""),
    ],
)
def test_fold(text: str, folded: str) -> None:
    assert fold(text) == folded


def test_characters_both_ways() -> None:
    assert simplified("網上辦理醫療保險，皇后") == "网上办理医疗保险，皇后"
    assert traditional("网上办理医疗保险") == "網上辦理醫療保險"
    assert simplified("already ｆｕｌｌ") == "already ｆｕｌｌ"


@given(st.text())
def test_any_text_folds(text: str) -> None:
    assert fold(text) == fold(text)


@given(
    st.text(alphabet="，：；（）！？％＋－．／～\u3000甲ａＡ①㎡ﬁ\u0338\u0301\u3099カ", max_size=12)
)
def test_folding_is_nfkc_whatever_is_replaced_before_it(text: str) -> None:
    assert fold(text) == simplified(unicodedata.normalize("NFKC", text).casefold())


@given(st.lists(st.text()))
def test_texts_folded_together_are_as_each_alone(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]


def test_folding_together_joins_neither_letters_nor_phrases() -> None:
    texts = ["乾", "隆皇后", "e", "\u0301", "甲\x1f乙", ""]
    assert fold_all(texts) == [fold(text) for text in texts]
