"""The message that offers choices: told apart, short, and in nobody's words but the documents'."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from bot import offer
from bot.decide import cite
from bot.offer import BEGINNING, beginning, labels, short_title
from bot.render import Page
from bot.types import Citation, Outcome, Result, Style
from index.types import Hit
from knowledge.types import Kind, Lang
from tests.unit.shelf import ASKED, BERTHS, DEPOSIT, FARE, RENT, TODAY, document, hit


def cited(*hits: Hit) -> tuple[Citation, ...]:
    return tuple(cite(one, on=TODAY) for one in hits)


def page(*hits: Hit, language: Lang = Lang.ZH_HANS) -> Page:
    outcome = Outcome(result=Result.CLARIFY, language=language, choices=cited(*hits))
    return offer.offer(outcome, message_id=12)


def text(page: Page) -> str:
    return "".join(span.text for span in page.body)


def test_a_numbered_list_with_a_button_for_each() -> None:
    shown = page(RENT, ASKED, FARE)
    assert text(shown) == (
        "我拿不准哪一条能回答您，下面几条可能相关。想看整条内容，请点数字，或者回复数字。\n\n"
        "1. 《澜港市游船泊位管理办法》 收费 第九条 （2025）\n"
        "“泊位月租为每米120元。”\n\n"
        "2. 《澜港市游船泊位管理办法》政策解读 问：租一个泊位多少钱？ （2025）\n"
        "“答：每米每月120元，电费另算。”\n\n"
        "3. 《澜港市轮渡票价规定》 第二条 （2024）\n"
        "“轮渡单程票价为4元。”"
    )
    buttons = [[(one.label, one.action) for one in row] for row in shown.buttons]
    assert buttons == [
        [("1", "pick:12:1"), ("2", "pick:12:2"), ("3", "pick:12:3")],
        [("都不是，请人工回答", "pick:12:0")],
    ]


def test_clauses_of_one_document_name_it_once() -> None:
    assert text(page(RENT, DEPOSIT)).split("\n\n")[1:] == [
        "《澜港市游船泊位管理办法》",
        "1. 收费 第九条\n“泊位月租为每米120元。”",
        "2. 收费 第十条\n“办理泊位租用手续，应当交纳一个月租金的押金。”",
    ]


def test_one_choice_is_quoted_whole_and_asked_about() -> None:
    shown = page(RENT)
    assert [(span.text, span.style) for span in shown.body] == [
        ("我拿不准这一条能不能回答您。您要问的是这个吗？\n\n", Style.PLAIN),
        ("《澜港市游船泊位管理办法》 收费 第九条", Style.BOLD),
        ("\n", Style.PLAIN),
        ("第三章 收费\n第九条　泊位月租为每米120元。", Style.QUOTE),
    ]
    [row] = shown.buttons
    assert [(one.label, one.action) for one in row] == [
        ("是", "pick:12:1"),
        ("不是，请人工回答", "pick:12:0"),
    ]


@pytest.mark.parametrize("language", Lang)
def test_every_language_has_its_frame_around_the_same_quotations(language: Lang) -> None:
    shown = text(page(RENT, FARE, language=language))
    assert "泊位月租为每米120元。" in shown
    assert ("我拿不准" in shown) is (language is Lang.ZH_HANS)
    assert ("「泊位" in shown) is (language in {Lang.ZH_HANT, Lang.JA})


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("澜港市港务局关于印发《澜港市泊位办法》的通知", "《澜港市泊位办法》"),
        (
            "瀾港市港務局關於印發《瀾港市泊位辦法（試行）》的通知",
            "《瀾港市泊位辦法（試行）》",
        ),
        ("港务局 财政局关于泊位收费的通知", "《关于泊位收费的通知》"),
        (
            "港务局关于修改《泊位办法》部分条款的通知",
            "《关于修改〈泊位办法〉部分条款的通知》",
        ),
        ("《泊位办法》政策解读", "《泊位办法》政策解读"),
        ("一问一答读懂《泊位办法》", "《一问一答读懂〈泊位办法〉》"),
        ("Mooring Rules", "《Mooring Rules》"),
        ("关于泊位收费的通知", "《关于泊位收费的通知》"),
    ],
)
def test_titles_are_as_short_as_they_stay_true(title: str, short: str) -> None:
    assert short_title(title) == short


def test_equal_titles_are_told_apart_by_year_issuer_and_number() -> None:
    def named(name: str, **more: object) -> Hit:
        return hit(document(name, "泊位收费标准", **more), "文", "第一条")

    def told(*hits: Hit) -> list[str]:
        return [label.removeprefix("《泊位收费标准》 第一条 ") for label in labels_of(*hits)]

    assert told(named("a"), named("b", published=date(2023, 1, 1))) == ["（2025）", "（2023）"]
    assert told(named("a", issuer="港东区政府"), named("b", issuer="港西区政府")) == [
        "（港东区政府）",
        "（港西区政府）",
    ]
    assert told(named("a", number="港字1号"), named("b", number="港字2号")) == [
        "（港字1号）",
        "（港字2号）",
    ]


def test_a_year_that_the_title_says_is_not_said_again() -> None:
    newer = hit(document("a", "2026年泊位收费标准", published=date(2025, 12, 1)), "文", "第一条")
    assert labels_of(newer, FARE) == [
        "《2026年泊位收费标准》 第一条",
        "《澜港市轮渡票价规定》 第二条 （2024）",
    ]


def test_the_kind_is_said_where_a_title_hides_it() -> None:
    answer = hit(document("a", "泊位月租是多少", kind=Kind.ANSWER), "每米120元。")
    assert labels_of(RENT, answer) == [
        "《澜港市游船泊位管理办法》 收费 第九条 （政策原文）",
        "《泊位月租是多少》 （公开答复）",
    ]


def labels_of(*hits: Hit) -> list[str]:
    return labels(cited(*hits), Lang.ZH_HANS)


@pytest.mark.parametrize(
    ("quote", "address", "words"),
    [
        ("第三章 收费\n\n第九条　每米120元。", ("第三章 收费", "第九条"), "每米120元。"),
        ("三、问答\n问：多少钱？\n答：120元。", ("问：多少钱？",), "答：120元。"),
        ("（二）标准如下：\n甲类 | 1元", ("三、标准", "（二）标准如下"), "甲类 | 1元"),
        (f"{BERTHS.title}\n一、目的\n为了收费。", ("一、目的",), "为了收费。"),
        ("第九条", ("第九条",), "第九条"),  # nothing but its heading
        ("没有标题的一段。", (), "没有标题的一段。"),
        ("甲" * BEGINNING, (), "甲" * BEGINNING),
        ("甲" * (BEGINNING + 1), (), "甲" * BEGINNING + "…"),
        ("A berth " + "costs " * 12, (), "A berth " + "costs " * 7 + "costs…"),
        ("甲" * (BEGINNING - 3) + " 12000元", (), "甲" * (BEGINNING - 3) + "…"),
    ],
)
def test_the_beginning_is_the_passage_word_for_word(
    quote: str, address: tuple[str, ...], words: str
) -> None:
    choice = replace(cite(hit(BERTHS, quote, *address), on=TODAY))
    assert beginning(choice) == words
    assert "".join(words.rstrip("…").split()) in "".join(quote.split())
