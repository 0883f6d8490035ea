"""Two documents in force that tell different figures for the same thing: none answers alone."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any, Final

import pytest

from bot.cli.explained import explanation_in_words
from index.build import build, load
from index.conflict import conflicting
from index.encoders.choice import Choice
from index.searcher import Searcher
from index.types import Hit
from index.why import explain
from knowledge.types import Document, Kind, Lang, Passage
from tests.index.library import LIBRARY, TODAY, document

RENT: Final = "租房每月能提取多少公积金？"
RULE: Final = document(
    "rule",
    "澜港市住房公积金提取管理办法",
    "第五条 职工租房的，每月可以提取住房公积金1500元。\n",
    issuer="澜港市住房公积金管理中心",
)


def hit(of: Document, *address: str, probability: float = 0.9, **more: Any) -> Hit:
    passage = Passage(
        id=f"{of.id}#0",
        document_id=of.id,
        text=of.text,
        start=0,
        end=len(of.text),
        address=address,
    )
    scores = {"score": 1.0, "keyword": 0.8, "vector": 0.5, "probability": probability}
    return Hit(passage=passage, document=of, **{**scores, **more})


def other(text: str, title: str = "关于调整住房公积金租房提取额度的通知", **more: Any) -> Document:
    return document("other", title, text, **more)


def changes(of: Document) -> frozenset[str]:
    return frozenset((*of.amends, *of.repeals))


def disagree(question: str, one: Document | Hit, rival: Document | Hit) -> bool:
    hits = [found if isinstance(found, Hit) else hit(found) for found in (one, rival)]
    found = conflicting(question, hits, line=0.5, changes=changes)
    assert found in {None, tuple(hits)}
    return found is not None


@pytest.mark.parametrize(
    "text",
    [
        "一、职工租房的，每月可以提取住房公积金1650元。",
        "一、职工租房的，每月可提取住房公积金一千六百五十元。",
        "（二）职工租房的，每月最高可以提取住房公积金1,650元。",
        "一、職工租房的，每月可以提取住房公積金1650元。",
    ],
)
def test_another_amount_for_the_same_thing_is_a_conflict(text: str) -> None:
    assert disagree(RENT, RULE, other(text))
    assert disagree(RENT, other(text), RULE)


@pytest.mark.parametrize("amount", ["1500元", "1,500元", "１５００元", "一千五百元", "0.15万元"])
def test_the_same_amount_in_another_notation_is_none(amount: str) -> None:
    assert not disagree(RENT, RULE, other(f"一、职工租房的，每月可以提取住房公积金{amount}。"))


@pytest.mark.parametrize(
    "links",
    [
        {"amends": ("rule",)},
        {"repeals": ("rule",)},
        {"superseded_by": "rule"},
    ],
)
def test_what_amends_or_replaces_the_other_settles_it(links: dict[str, Any]) -> None:
    newer = other("一、职工租房的，每月可以提取住房公积金1650元。", **links)
    assert not disagree(RENT, newer, RULE)
    assert not disagree(RENT, RULE, newer)


def test_an_older_document_still_disagrees_with_a_newer_one_of_its_issuer() -> None:
    newer = other(
        "一、职工租房的，每月可以提取住房公积金1650元。",
        issuer=RULE.issuer,
        published=date(2026, 3, 1),
    )
    assert disagree(RENT, newer, RULE)


def test_an_interpretation_that_tells_another_figure_than_its_rule_does_not_answer() -> None:
    explained = other(
        "职工租房的，每月可以提取住房公积金1200元。",
        "《澜港市住房公积金提取管理办法》解读",
        kind=Kind.INTERPRETATION,
        interprets=("rule",),
    )
    assert disagree(RENT, explained, RULE)
    assert disagree(RENT, RULE, explained)


def test_an_interpretation_of_an_amendment_does_not_disagree_with_what_that_amended() -> None:
    explained = other("职工租房的，每月可以提取住房公积金1650元。", interprets=("amendment",))

    def of_what_it_explains(of: Document) -> frozenset[str]:
        return frozenset({"rule"}) if "amendment" in of.interprets else frozenset()

    hits = (hit(explained), hit(RULE))
    assert conflicting(RENT, hits, line=0.5, changes=of_what_it_explains) is None
    assert conflicting(RENT, hits, line=0.5, changes=changes) is not None


@pytest.mark.parametrize(
    "text",
    [
        "一、引进人才租房的，每月可以提取住房公积金1650元。",  # other persons
        "一、职工购房的，每月可以提取住房公积金1650元。",  # another matter
        "一、职工租房的，每年可以提取住房公积金18000元。",  # another time
        "一、职工租房的，每月不可以提取住房公积金1650元以外的部分。",  # says something else
        "一、职工租房的，每月可以由3个人提取住房公积金1650元。",  # another condition
        "一、职工租房的，每月可以提取住房公积金的50%。",  # another kind of figure
    ],
)
def test_a_sentence_that_differs_in_more_than_its_figure_is_none(text: str) -> None:
    assert not disagree(RENT, RULE, other(text))


@pytest.mark.parametrize(
    ("titles", "issuers"),
    [
        (("澜港市护理补贴办法", "东湾县护理补贴办法"), ("", "")),
        (("护理补贴办法", "护理补贴办法"), ("澜港市民政局", "澜港市东湾县民政局")),
        (("护理补贴办法", "护理补贴办法"), ("澜港市民政局", "松原市民政局")),
        (("失能老人护理补贴办法", "护理补贴办法"), ("", "")),
    ],
)
def test_another_place_or_other_persons_in_the_title_are_another_matter(
    titles: tuple[str, str], issuers: tuple[str, str]
) -> None:
    one, rival = (
        document(name, title, f"第三条 护理补贴标准为每人每月{amount}元。", issuer=issuer)
        for name, title, amount, issuer in zip("ab", titles, (100, 200), issuers, strict=True)
    )
    assert not disagree("护理补贴每月多少钱", one, rival)
    assert disagree(
        "护理补贴每月多少钱",
        one,
        document("c", one.title, rival.text, issuer=one.issuer),
    )


def test_what_stands_under_another_heading_is_another_matter() -> None:
    text = "补贴标准为每户每年{}元。"
    one = document("a", "澜港市创业补贴办法", text.format(3000))
    rival = document("b", "澜港市创业补贴细则", text.format(5000))
    assert disagree("创业补贴标准是多少", hit(one, "第二章 补贴标准"), hit(rival, "三、补贴标准"))
    assert not disagree("创业补贴标准是多少", hit(one, "一、个人"), hit(rival, "二、企业"))


def test_the_steps_of_a_scale_do_not_disagree() -> None:
    scale = "甲类企业补贴标准为每年3000元。\n甲类企业补贴标准为每年5000元。\n"
    one = document("a", "澜港市企业补贴办法", scale)
    rival = document("b", "澜港市企业补贴细则", "甲类企业补贴标准为每年5000元。\n")
    assert not disagree("企业补贴每年多少钱", one, rival)
    assert not disagree("企业补贴每年多少钱", rival, one)


def test_only_the_figure_that_is_asked_for_counts() -> None:
    text = "职工连续缴存满{}个月的，贷款额度最高为{}万元。"
    one = document("a", "澜港市公积金贷款办法", text.format(6, 50))
    sooner = document("b", "澜港市公积金贷款细则", text.format(3, 50))
    more = document("c", "澜港市公积金贷款细则", text.format(6, 60))
    both = document("d", "澜港市公积金贷款细则", text.format(12, 80))
    amount, months = "公积金贷款额度最高多少钱", "公积金要连续缴存几个月才能贷款"
    assert (disagree(amount, one, more), disagree(months, one, more)) == (True, False)
    assert (disagree(amount, one, sooner), disagree(months, one, sooner)) == (False, True)
    assert not disagree(amount, one, both)  # of another case
    assert not disagree("公积金贷款怎么办理", one, more)


def test_only_the_sentence_that_answers_counts() -> None:
    text = (
        "职工租房的，每月可以提取住房公积金1500元。\n职工购房的，每年可以提取住房公积金{}万元。\n"
    )
    one = document("a", RULE.title, text.format(5))
    rival = document("b", RULE.title, text.format(8))
    assert not disagree(RENT, hit(one, answering=(0, 24)), rival)
    assert disagree("购房每年能提取多少公积金", hit(one, answering=(24, 48)), rival)


def test_each_document_may_begin_on_its_own_day() -> None:
    one = document("a", "澜港市养犬办法", "本办法自2024年5月1日起施行，有效期五年。")
    rival = document("b", "澜港市养犬细则", "本办法自2025年5月1日起施行，有效期三年。")
    assert not disagree("养犬办法什么时候施行", one, rival)


def test_the_rules_of_two_years_disagree_unless_the_question_names_one() -> None:
    text = "{}年度澜港市月最低工资标准为{}元。"
    one = document("a", "关于调整最低工资标准的通知", text.format(2024, 2200))
    rival = document("b", "关于调整最低工资标准的通知", text.format(2025, 2300))
    assert disagree("最低工资标准是多少", one, rival)
    assert not disagree("2024年最低工资标准是多少", one, rival)


def test_a_year_and_twelve_months_are_the_same() -> None:
    text = "居住证的有效期限为{}，期满应当办理签注。"
    one = document("a", "澜港市居住证办法", text.format("一年"))
    assert not disagree("居住证有效期多久", one, document("b", one.title, text.format("12个月")))
    assert disagree("居住证有效期多久", one, document("b", one.title, text.format("6个月")))


@pytest.mark.parametrize(
    ("question", "title", "text", "figures"),
    [
        (
            "How much is the fine for parking on a pavement?",
            "Parking Rules",
            "The fine for parking on a pavement is {}.",
            ("200 yuan", "RMB 300", "CNY 200"),
        ),
        (
            "How many days do I have to register a residence?",
            "Residence Rules",
            "A residence must be registered within {} of the arrival.",
            ("10 working days", "15 days", "10 working days"),
        ),
        (
            "월세 지원금은 얼마인가요?",
            "청년 월세 지원 안내",
            "청년 월세 지원금은 매월 {}입니다.",
            ("20만 원", "300,000원", "200,000원"),
        ),
        (
            "住宅手当の申請はいつまでですか",
            "住宅手当の案内",
            "住宅手当の申請は入居から{}以内に行う。",
            ("30日", "60日", "三十日"),
        ),
    ],
)
def test_it_is_found_in_every_language(
    question: str, title: str, text: str, figures: tuple[str, str, str]
) -> None:
    one, rival, same = (
        document(name, title, text.format(figure), language=Lang.EN)
        for name, figure in zip("abc", figures, strict=True)
    )
    assert disagree(question, one, rival)
    assert not disagree(question, one, same)


def test_nothing_disagrees_with_what_would_not_answer_or_is_asked_for_by_name() -> None:
    rival = other("一、职工租房的，每月可以提取住房公积金1650元。")
    assert not disagree(RENT, hit(RULE, probability=0.5), rival)
    assert not disagree(RENT, hit(RULE, exact=True), rival)
    assert conflicting(RENT, (), line=0.5, changes=changes) is None
    assert conflicting(RENT, (hit(RULE),), line=0.5, changes=changes) is None


RIVAL: Final = document(
    "fund-notice",
    "关于租房提取住房公积金的通知",
    "一、职工租房的，每月可以提取住房公积金1800元。\n二、本通知由市住房公积金管理中心解释。\n",
    published=date(2026, 3, 1),
)


def searcher_of(root: Path, *more: Document) -> Searcher:
    release = root / build((*LIBRARY, *more), root, encoder=Choice().fit).name
    return load(release, encoder=Choice().load, expect="builtin")


def test_a_release_does_not_answer_where_its_documents_disagree(
    searcher: Searcher, tmp_path: Path
) -> None:
    question = "职工租房每月可以提取多少住房公积金？"
    alone = searcher(question, TODAY)
    assert alone.answer is not None
    assert alone.conflict is None
    with_rival = searcher_of(tmp_path, RIVAL)
    found = with_rival(question, TODAY)
    assert found.conflict is not None
    assert {one.document.id for one in found.conflict} & {RIVAL.id}
    assert found.answer is None
    told = explain(with_rival, question, TODAY)
    assert told.conflict == tuple(one.passage.id for one in found.conflict)
    named = " and ".join(told.conflict)
    assert f"conflict     {named} tell different figures for it: neither answers" in list(
        explanation_in_words(told)
    )
    before = with_rival(question, date(2026, 1, 1))  # the notice does not bind yet
    assert (before.conflict, before.answer is not None) == (None, True)


def test_a_document_that_has_ended_disagrees_with_none(tmp_path: Path) -> None:
    ended = document("ended", RIVAL.title, RIVAL.text, expires=date(2025, 12, 31))
    found = searcher_of(tmp_path, ended)("职工租房每月可以提取多少住房公积金？", TODAY)
    assert found.conflict is None
    assert found.answer is not None
