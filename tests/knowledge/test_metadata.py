from __future__ import annotations

from datetime import date

import pytest

from knowledge import metadata
from knowledge.types import Disclosure, Kind


@pytest.mark.parametrize(
    "line",
    [
        "临财规〔2025〕12号",
        "临财规[2025]12号",
        "临财规［2025］12号",
        "临财规（2025）12号",
        "临财规(2025)12号",
        "临财规【2025】12号",
        "临财规﹝2025﹞12号",
        "临财规〖2025〗12号",
        "临财规〈2025〉12号",
        "临财规 〔 2025 〕 12 号",
        "临财规〔2025〕第12号",
        "临财规〔2025〕012号",
        "　临财规〔2025〕12号　",
        "发文字号：临财规〔2025〕12号",
        "文 号: 临财规〔2025〕12号",
        "某通知\n\n临财规〔2025〕12号\n各区：",
    ],
)
def test_number(line: str) -> None:
    assert metadata.number(line) == "临财规〔2025〕12号"


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("臨財規〔2025〕12號", "臨財規〔2025〕12号"),
        ("根据临财规〔2025〕12号的规定", ""),  # another document's
        ("见《通知》（临财规〔2025〕12号）。", ""),
        ("临财规〔25〕12号", ""),
        ("临财规〔2025〕号", ""),
        ("〔2025〕12号", ""),
        ("一\n二\n三\n四\n五\n六\n七\n八\n临财规〔2025〕12号", ""),  # too far down
        ("", ""),
        ("临潮市人民政府令第179号", "临潮市人民政府令第179号"),
        ("（2021年3月1日临潮市人民政府令第179号公布）", "临潮市人民政府令第179号"),
        ("中华人民共和国国务院令\n第746号\n", "中华人民共和国国务院令第746号"),
        ("根据国务院令第746号的规定，", ""),
        ("第746号", ""),
    ],
)
def test_number_or_decree(text: str, number: str) -> None:
    assert metadata.number(text) == number


@pytest.mark.parametrize(
    ("title", "text", "issuer"),
    [
        ("临潮市财政局关于印发办法的通知", "", "临潮市财政局"),
        ("临潮市财政局 临潮市商务局关于换新的通知", "", "临潮市财政局 临潮市商务局"),
        ("臨潮市財政局關於印發辦法的通知", "", "臨潮市財政局"),
        ("临潮市财政局2021年政务公开工作要点", "", "临潮市财政局"),
        ("临潮市人民政府办公室关于放假的通知", "", "临潮市人民政府办公室"),
        ("一问一答关于渡船", "", ""),
        ("关于渡船的通知", "", ""),
        ("渡船办法", "正文。\n临潮市交通运输局\n2025年7月8日\n", "临潮市交通运输局"),
        ("渡船办法", "正文。\n临潮市交通运输局\n\n二〇二五年七月八日", "临潮市交通运输局"),
        ("渡船办法", "正文。\n以上由市交通局负责。\n2025年7月8日\n", ""),
        ("渡船办法", "临潮市交通运输局\n正文。\n", ""),
        ("渡船办法", "2025年7月8日\n", ""),
    ],
)
def test_issuer(title: str, text: str, issuer: str) -> None:
    assert metadata.issuer(title, text) == issuer


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2024-03-15", date(2024, 3, 15)),
        ("2024年3月15日", date(2024, 3, 15)),
        ("2024/3/15 08:00", date(2024, 3, 15)),
        ("2024.03.15", date(2024, 3, 15)),
        (" 2024 年 3 月 15 日", date(2024, 3, 15)),
        ("二〇二四年三月十五日", date(2024, 3, 15)),
        ("二零二四年十二月三十一日", date(2024, 12, 31)),
        ("二○二四年十月二十日", date(2024, 10, 20)),
        ("2024-02-29", date(2024, 2, 29)),
        ("2023-02-29", None),
        ("2024-13-01", None),
        ("1824-03-15", None),
        ("24-03-15", None),
        ("自2024年3月15日", None),
        ("", None),
    ],
)
def test_parse_date(text: str, day: date | None) -> None:
    assert metadata.parse_date(text) == day


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("临潮市办公室　2025年7月8日印发", date(2025, 7, 8)),
        ("2025年7月1日\n正文\n2025年7月8日印发", date(2025, 7, 8)),
        ("正文\n2025年7月8日\n", date(2025, 7, 8)),
        ("正文\n　二〇二五年七月八日　\n", date(2025, 7, 8)),
        ("发布日期 : 2025-07-08 来源", date(2025, 7, 8)),
        ("發佈時間：2025年7月8日", date(2025, 7, 8)),
        ("发布时间：2025-07-08\n正文\n2025年7月1日\n", date(2025, 7, 1)),
        ("本办法自2025年7月8日起施行。", None),
        ("2025年13月8日\n2025年7月8日", None),
        ("", None),
    ],
)
def test_issued(text: str, day: date | None) -> None:
    assert metadata.issued(text) == day


ISSUED = date(2025, 7, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2025年8月1日起施行。", date(2025, 8, 1)),
        ("自 2025 年 8 月 1 日起正式实施", date(2025, 8, 1)),
        ("自二〇二五年八月一日起执行", date(2025, 8, 1)),
        ("本辦法自2025年8月1日起實施", date(2025, 8, 1)),
        ("本办法自印发之日起施行", ISSUED),
        ("自公布之日起生效", ISSUED),
        ("第二条自2025年9月1日起执行。\n本办法自2025年8月1日起施行。", date(2025, 8, 1)),
        ("自2025年8月1日起施行，自2025年2月30日起执行", date(2025, 8, 1)),
        ("本办法自发布之日起30日后施行", None),
        ("申请人自2025年8月1日起可以申请", None),
        ("", None),
    ],
)
def test_effective(text: str, day: date | None) -> None:
    assert metadata.effective(text, published=ISSUED) == day


def test_effective_on_an_unknown_day_of_issue() -> None:
    assert metadata.effective("本办法自印发之日起施行", published=None) is None


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("本办法自2025年8月1日起施行，有效期五年。", date(2030, 7, 31)),
        ("本办法自印发之日起施行,有效期5年。", date(2030, 7, 31)),
        ("本通知有效期1年。", date(2026, 7, 31)),
        ("本办法的有效期为两年。", date(2027, 7, 31)),
        ("本办法自2025年8月1日起施行，有效期十年。", date(2035, 7, 31)),
        ("本办法自2025年8月1日起施行，有效期十五年。", date(2040, 7, 31)),
        ("本办法有效期至2027年12月31日。", date(2027, 12, 31)),
        ("现予重新发布，有效期调整至2026年12月31日。", date(2026, 12, 31)),
        ("本规定自2025年8月1日起施行，有效期到2026年1月1日。", date(2026, 1, 1)),
        ("本办法有效期三年。\n证书有效期一年。", date(2028, 7, 31)),
        # A permit's, or too little to be sure:
        ("许可证有效期为三年。", None),
        ("根据本办法取得的许可证有效期三年。", None),
        ("本办法施行前取得的证书有效期二年的，继续有效。", None),
        ("结果有效期三年", None),
        ("有效期5年", None),
        ("本办法施行后，合同在有效期内的可继续履行", None),
        ("本办法自2025年8月1日起施行，有效期2年6个月。", None),
        ("本办法有效期三个月。", None),
        ("", None),
    ],
)
def test_expires(text: str, day: date | None) -> None:
    assert metadata.expires(text, since=date(2025, 8, 1)) == day


def test_expires_without_a_first_day() -> None:
    assert metadata.expires("本办法施行，有效期五年。", since=None) is None


@pytest.mark.parametrize(
    ("since", "years", "last"),
    [
        (date(2024, 2, 29), "一", date(2025, 2, 28)),
        (date(2024, 2, 29), "四", date(2028, 2, 28)),
        (date(2024, 3, 1), "一", date(2025, 2, 28)),
        (date(2023, 3, 1), "一", date(2024, 2, 29)),
        (date(2025, 1, 1), "五", date(2029, 12, 31)),
    ],
)
def test_the_last_day_is_the_one_before_the_anniversary(
    since: date, years: str, last: date
) -> None:
    assert metadata.expires(f"本办法有效期{years}年。", since=since) == last


@pytest.mark.parametrize(
    ("day", "years", "later"),
    [
        (date(2024, 2, 29), 1, date(2025, 3, 1)),
        (date(2024, 2, 29), 4, date(2028, 2, 29)),
        (date(2025, 7, 1), 5, date(2030, 7, 1)),
    ],
)
def test_anniversary(day: date, years: int, later: date) -> None:
    assert metadata.anniversary(day, years) == later


@pytest.mark.parametrize(
    ("text", "site", "disclosure"),
    [
        ("公开方式：主动公开", "", Disclosure.OPEN),
        ("信息公开属性: 依申请公开", "", Disclosure.ON_REQUEST),
        ("公开类别：不予公开", "市政府网站", Disclosure.WITHHELD),
        ("公開方式：主動公開", "", Disclosure.OPEN),
        ("公開屬性：依申請公開", "", Disclosure.ON_REQUEST),
        ("公开方式：内部\n公开方式：主动公开", "", Disclosure.OPEN),
        ("公开方式：内部", "", None),
        ("依法应当主动公开的信息", "", None),
        ("发布日期：2025-07-08", "", Disclosure.OPEN),
        ("正文", "市政府网站", Disclosure.OPEN),
        ("", "", None),
    ],
)
def test_disclosure(text: str, site: str, disclosure: Disclosure | None) -> None:
    assert metadata.disclosure(text, site=site) == disclosure


@pytest.mark.parametrize(
    ("title", "column", "kind"),
    [
        ("《渡船办法》政策解读", "", Kind.INTERPRETATION),
        ("《渡船辦法》政策解讀", "", Kind.INTERPRETATION),
        ("渡船补贴问答", "", Kind.INTERPRETATION),
        ("一图读懂渡船补贴", "", Kind.INTERPRETATION),
        ("渡船常见问题解答", "", Kind.INTERPRETATION),
        ("渡船补贴怎么领", "政策解读", Kind.INTERPRETATION),
        ("渡船办法", "政策及解读", Kind.POLICY),
        ("渡船办法", "", Kind.POLICY),
    ],
)
def test_kind(title: str, column: str, kind: Kind) -> None:
    assert metadata.kind(title, column) == kind


EXPLAINING = [
    "渡船补贴2025年度热点13问",
    "渡船补贴三十问三十答",
    "渡船补贴十问十答（2025年版）",
    "渡船補貼50問",
    "图解：澜港市渡船补贴办法",
    "【图解】澜港市渡船补贴办法",
    "一图读懂澜港市渡船补贴办法",
    "一张图看懂《澜港市渡船补贴办法》",
    "【政策解读】澜港市渡船补贴办法（试行）",
    "政策解读丨澜港市渡船补贴办法",
    "解读《澜港市渡船补贴办法》",
    "《关于印发〈澜港市渡船补贴办法〉的通知》解读",
    "澜港市渡船局局长就《澜港市渡船补贴办法》答问",
    "渡船补贴政策明白卡",
    "渡船补贴常见问题（2025年）",
]
RULING = [
    "澜港市政策解读工作办法",
    "关于进一步做好政策解读工作的通知",
    "关于印发《澜港市渡船补贴政策问答》的通知",
    "澜港市渡船问责办法",
    "关于渡船安全十个突出问题的整改方案",
    "澜港市2025年问卷调查管理规定（试行）",
]


@pytest.mark.parametrize("title", EXPLAINING)
@pytest.mark.parametrize("number", ["", "澜渡规〔2025〕3号"])
def test_a_title_that_says_it_explains(title: str, number: str) -> None:
    assert metadata.kind(title, "", number) is Kind.INTERPRETATION


@pytest.mark.parametrize("title", RULING)
def test_a_title_of_rules_about_explaining(title: str) -> None:
    assert metadata.kind(title, "") is Kind.POLICY


@pytest.mark.parametrize(
    "title",
    [
        "渡船补贴申请指引",
        "渡船补贴办事指南（2025年）",
        "澜港市渡船备案攻略",
        "渡船补贴怎么领？",
        "渡船补贴如何申领？一文说清",
    ],
)
def test_a_guide_is_a_policy_only_with_a_number_of_its_own(title: str) -> None:
    assert metadata.kind(title, "") is Kind.INTERPRETATION
    assert metadata.kind(title, "", "澜渡规〔2025〕3号") is Kind.POLICY
    assert not metadata.explains(title)
