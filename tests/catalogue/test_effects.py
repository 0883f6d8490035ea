from __future__ import annotations

from datetime import date

import pytest

from knowledge.catalogue.effects import Does, effects
from knowledge.catalogue.register import Register
from tests.catalogue.made import interpretation, policy, register, sample


def test_the_sample() -> None:
    found = effects(Register(sample().documents))
    assert [(one.by, one.does, one.target, one.since, one.declared) for one in found] == [
        (
            "housing-fund-withdrawal-2025",
            Does.REPEALS,
            "housing-fund-withdrawal-2022",
            date(2025, 8, 1),
            True,
        ),
        (
            "startup-subsidy-amendment-2026",
            Does.AMENDS,
            "startup-subsidy-2024",
            date(2026, 4, 15),
            True,
        ),
    ]
    assert found[0].evidence == "《澜港市住房公积金提取管理办法》（澜公积金规〔2022〕2号）同时废止"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("《甲办法》（某规〔2019〕1号）同时废止。", ["某规〔2019〕1号"]),
        ("自施行之日起，《甲办法》（某规〔2019〕1号）停止执行。", ["某规〔2019〕1号"]),
        (
            "自本办法施行之日起，《甲办法》（某规〔2019〕1号）、《乙办法》（某规〔2019〕2号）和《丙办法》(某规〔2019〕3号)等3个文件同时废止。",
            ["某规〔2019〕1号", "某规〔2019〕2号", "某规〔2019〕3号"],
        ),
        ("《甲办法》（某规〔2019〕1号）自2026年1月1日起废止。", ["某规〔2019〕1号"]),
        ("某规〔2019〕1号文同时废止。", ["某规〔2019〕1号"]),
        ("原《甲办法》（某规〔2019〕1号）予以废止。", ["某规〔2019〕1号"]),
        ("《甲辦法》（某規〔2019〕1號）同時廢止。", ["某規〔2019〕1號"]),
        # only the row of names at the verb
        ("根据《乙条例》，《甲办法》（某规〔2019〕1号）同时废止。", ["某规〔2019〕1号"]),
        (
            "按照《乙条例》（某规〔2019〕2号）的规定，《甲办法》（某规〔2019〕1号）废止。",
            ["某规〔2019〕1号"],
        ),
        # lists
        (
            "决定废止以下文件：\n1.《甲办法》（某规〔2019〕1号）\n2.《乙办法》（某规〔2019〕2号）\n\n《丙》讲别的。",
            ["某规〔2019〕1号", "某规〔2019〕2号"],
        ),
        ("经研究，现废止《甲办法》（某规〔2019〕1号）。", ["某规〔2019〕1号"]),
        # nothing
        ("《甲办法》（某规〔2019〕1号）第五条同时废止。", []),
        ("《甲办法》（某规〔2019〕1号）中的表格同时废止。", []),
        ("决定废止《甲办法》第五条。", []),
        ("《甲办法》（某规〔2019〕1号）废止的，从其规定。", []),
        ("《甲办法》（某规〔2019〕1号）废止前发生的行为，适用原规定。", []),
        ("《甲办法》（某规〔2019〕1号）尚未废止。", []),
        ("《甲办法》（某规〔2019〕1号）已废止。", []),
        ("《甲办法》（某规〔2019〕1号）继续有效。旧的做法同时废止。", []),
        ("证件失效的，可以补办。", []),
    ],
)
def test_what_a_text_repeals(text: str, expected: list[str]) -> None:
    made = policy("a", "某市新办法", f"第一条 甲。\n{text}\n", published=date(2025, 1, 1))
    assert [one.number for one in effects(register(made))] == expected


def test_the_day_of_the_repeal() -> None:
    text = "《甲办法》（某规〔2019〕1号）自2026年1月31日起废止。《乙办法》（某规〔2019〕2号）同时废止。"
    made = policy("a", "某市新办法", text, published=date(2025, 1, 1), effective=date(2025, 2, 1))
    assert [one.since for one in effects(register(made))] == [date(2026, 1, 31), date(2025, 2, 1)]


OLD = policy("old", "某市补贴办法", number="某规〔2019〕1号", published=date(2019, 1, 1))


@pytest.mark.parametrize(
    ("text", "published", "target", "sure", "doubt"),
    [
        ("《某市补贴办法》（某规〔2019〕1号）同时废止。", date(2025, 1, 1), "old", True, ""),
        (
            "《关于印发〈某市补贴办法〉的通知》（某规〔2019〕1号）同时废止。",
            date(2025, 1, 1),
            "old",
            True,
            "",
        ),
        ("某规〔2019〕1号同时废止。", date(2025, 1, 1), "old", True, ""),
        ("《某市补贴办法》（某规〔2018〕7号）同时废止。", date(2025, 1, 1), None, False, ""),
        (
            "《某市罚款办法》（某规〔2019〕1号）同时废止。",
            date(2025, 1, 1),
            "old",
            False,
            "the number is that of 《某市补贴办法》",
        ),
        (
            "《某市补贴办法》同时废止。",
            date(2025, 1, 1),
            "old",
            False,
            "only its title says so, without a number",
        ),
        (
            "《某市补贴办法》（某规〔2019〕1号）同时废止。",
            date(2018, 1, 1),
            "old",
            False,
            "it is the newer one of the two",
        ),
        (
            "《某市补贴办法》（某规〔2019〕1号）同时废止。",
            None,
            "old",
            False,
            "which of the two is the older one is not known",
        ),
    ],
)
def test_which_document_is_meant(
    text: str,
    published: date | None,
    target: str | None,
    sure: bool,  # noqa: FBT001
    doubt: str,
) -> None:
    made = policy("new", "某市新补贴办法", text, published=published)
    (found,) = effects(register(OLD, made))
    assert (found.target, found.sure, found.doubt) == (target, sure, doubt)


def test_an_interpretation_only_recounts() -> None:
    text = "《某市补贴办法》（某规〔2019〕1号）同时废止。"
    assert effects(register(OLD, interpretation("i", "解读", text))) == ()


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [
        ("某局关于修改《某市补贴办法》的决定", "一、第八条改为：甲。", ["old"]),
        (
            "某局关于有关事项的通知",
            "决定对《某市补贴办法》（某规〔2019〕1号）作如下修改：",
            ["old"],
        ),
        (
            "某局关于有关事项的通知",
            "将《某市补贴办法》（某规〔2019〕1号）第三条修改为甲，作出修改。",
            ["old"],
        ),
        ("某局关于有关事项的通知", "根据《某市补贴办法》，对材料作如下修改：", []),
    ],
)
def test_amendments(title: str, text: str, expected: list[str]) -> None:
    made = policy("new", title, text, published=date(2025, 1, 1))
    found = effects(register(OLD, made))
    assert [one.target for one in found if one.does is Does.AMENDS] == expected
