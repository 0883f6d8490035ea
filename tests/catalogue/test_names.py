from __future__ import annotations

import pytest

from knowledge.catalogue.citations import Citation, Number, citations, number_key
from knowledge.catalogue.names import Name, name_of, quoted_in, subject_of


@pytest.mark.parametrize(
    ("title", "core", "edition"),
    [
        ("某市补贴办法", "某市补贴办法", ""),
        ("某市财政局关于印发《某市补贴办法》的通知", "某市补贴办法", ""),
        ("某市财政局 某市教育局关于印发某市补贴办法的通知", "某市补贴办法", ""),
        (
            "某市财政局关于重新发布《某市补贴办法（2025年修订）》的通知",
            "某市补贴办法",
            "2025年修订",
        ),
        ("某市卫生健康委等4部门关于修订印发某市补贴办法（试行）的通知", "某市补贴办法", "试行"),
        ("某市补贴办法（2026年修正）", "某市补贴办法", "2026年修正"),
        ("某市补贴办法2024年修订版", "某市补贴办法", "2024年修订版"),
        ("某市补贴办法（征求意见稿）", "某市补贴办法", "征求意见稿"),
        # 关于实施 is no paper around a policy: the notice is the policy
        ("某市财政局关于实施家电补贴的通知", "实施家电补贴的通知", ""),
        ("瀾港市財政局關於港澳臺居民參保的規定", "港澳台居民参保的规定", ""),
        ("关于印发<某市补贴办法>的通知", "某市补贴办法", ""),
        ("某市补贴办法 （ 2025年修订 ）", "某市补贴办法", "2025年修订"),
        ("某局关于修改《某市补贴办法》的决定", "修改〈某市补贴办法〉的决定", ""),
        ("Guidance on Social Insurance", "guidanceonsocialinsurance", ""),
        ("", "", ""),
        ("《", "", ""),
    ],
)
def test_the_name_under_which_others_cite_it(title: str, core: str, edition: str) -> None:
    assert name_of(title) == Name(core, edition)


@pytest.mark.parametrize(
    ("title", "core", "edition"),
    [
        ("《某市补贴办法》政策解读", "某市补贴办法", ""),
        ("关于《某市补贴办法》的解读", "某市补贴办法", ""),
        ("一图读懂《某市补贴办法》", "某市补贴办法", ""),
        ("一图读懂某市补贴办法", "某市补贴办法", ""),
        ("【图解】某市补贴办法", "某市补贴办法", ""),
        ("政策解读：某市补贴办法", "某市补贴办法", ""),
        ("某市补贴办法政策问答", "某市补贴办法", ""),
        ("《某市补贴办法》（2022年）政策解读", "某市补贴办法", "2022年"),
        ("《某市补贴办法（2025年修订）》解读", "某市补贴办法", "2025年修订"),
        ("关于《关于印发〈某市补贴办法〉的通知》的政策解读", "某市补贴办法", ""),
        ("2027年度居民医保参保缴费政策解读", "2027年度居民医保参保缴费", ""),
        ("一问一答读懂《某市补贴办法》", "某市补贴办法", ""),
        ("《關於港澳臺居民參保的規定》政策解讀", "港澳台居民参保的规定", ""),
        ("Explained: Guidance on Social Insurance", "guidanceonsocialinsurance", ""),
    ],
)
def test_what_an_interpretation_is_about(title: str, core: str, edition: str) -> None:
    assert subject_of(title) == Name(core, edition)


def test_names_inside_names() -> None:
    title = "《关于修改〈某市补贴办法〉部分条款的通知》政策解读"
    assert quoted_in(title) == (Name("修改〈某市补贴办法〉部分条款的通知"), Name("某市补贴办法"))


def test_a_series_has_one_name_for_all_years() -> None:
    names = [name_of(f"关于做好{year}年度居民医保工作的通知") for year in (2026, 2027)]
    assert [name.series for name in names] == ["做好居民医保工作的通知"] * 2


def test_a_draft_is_told() -> None:
    assert [name_of(f"某市补贴办法（{note}）").draft for note in ("征求意见稿", "试行")] == [
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("无。", []),
        (
            "根据《某市补贴办法》第三条第二款，",
            [Citation(2, 16, title="某市补贴办法", clause="第三条第二款")],
        ),
        (
            "《甲办法》（某府规〔2019〕2号，以下简称《办法》）",
            [Citation(0, 27, title="甲办法", number="某府规〔2019〕2号", short="办法")],
        ),
        (
            "《甲办法》（某府规〔2019〕2号）（以下称《办法》）",
            [Citation(0, 27, title="甲办法", number="某府规〔2019〕2号", short="办法")],
        ),
        (
            "《甲办法》(国务院令第746号)",
            [Citation(0, 16, title="甲办法", number="国务院令第746号")],
        ),
        ("《甲》（二）", []),  # one character is no title
        ("按穗人社规〔2019〕2号执行", [Citation(0, 13, number="按穗人社规〔2019〕2号")]),
        (
            "《关于印发〈甲办法〉的通知》（某府规（2019）2号）",
            [Citation(0, 27, title="关于印发〈甲办法〉的通知", number="某府规（2019）2号")],
        ),
    ],
    ids=range(8),
)
def test_citations(text: str, expected: list[Citation]) -> None:
    assert list(citations(text)) == expected


@pytest.mark.parametrize(
    ("number", "key"),
    [
        ("穗府办规〔2024〕13号", Number("穗府办规", 2024, 13)),
        ("穗府办规［2024］ 13 号", Number("穗府办规", 2024, 13)),
        ("穗府办规（2024）第13号", Number("穗府办规", 2024, 13)),
        ("根据穗府办规〔2024〕13号", Number("穗府办规", 2024, 13)),
        ("瀾人社規〔2025〕4號", Number("澜人社规", 2025, 4)),
        ("中华人民共和国国务院令第746号", Number("国务院令", 0, 746)),
        ("国务院令 第746号", Number("国务院令", 0, 746)),
        ("13号", None),
        ("", None),
    ],
)
def test_numbers_to_compare_by(number: str, key: Number | None) -> None:
    assert number_key(number) == key
