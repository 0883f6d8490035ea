"""Clauses, paragraphs and items that a question names."""

from __future__ import annotations

import pytest

from index.clauses import Clause, clauses, divided, opening, places
from knowledge.fold import fold
from knowledge.passages import passages
from tests.index.library import document

RULES = document(
    "rules",
    "澜港市补贴办法",
    "关于补贴的说明。\n"
    "第一章 总则\n"
    "第一条 为规范补贴，制定本办法。\n"
    "第二条 申请人应当：\n"
    "（一）年满十八岁；\n"
    "（二）依照第一条第（三）项登记。\n"
    "不符合前款的，不予补贴。\n"
    "第二条之一 补贴每年一次。\n"
    "第十四条 本办法自公布之日起施行。\n"
    "附件1\n申请表\n第一条 填表须知。\n"
    "附件2\n名单\n甲、乙、丙。\n",
)
ENGLISH = document(
    "english",
    "Notice on Fees",
    "Section 1 Scope\nThis notice is about fees.\n"
    "Section 3 Fees\nThe fees are:\n(a) ten yuan for a copy;\n(b) five yuan for a search.\n",
)


def found(question: str, text: str = RULES.text, of: object = RULES) -> list[str]:
    cut = passages(RULES if of is RULES else ENGLISH)
    named, _ = clauses(fold(question))
    return [cut[at].text.strip() for one in named for at in places(one, cut, text)]


@pytest.mark.parametrize(
    ("question", "named"),
    [
        ("第十四条", [Clause("14")]),
        ("第14条第2款", [Clause("14", 2)]),
        ("第十四條第二款第（三）項", [Clause("14", 2, "3")]),
        ("第十四条第三项", [Clause("14", 0, "3")]),
        ("第二条之一", [Clause("2-1")]),
        ("第九条和第十四条", [Clause("9"), Clause("14")]),
        ("附件2", [Clause(annex="2")]),
        ("附錄二第三條", [Clause("3", annex="2")]),
        ("Section 3(b)", [Clause("3", 0, "b")]),
        ("article 14, paragraph 2", [Clause("14", 2)]),
        ("Annex A", [Clause(annex="a")]),
        ("제14조제2항제3호", [Clause("14", 2, "3")]),
        ("第14条第2項第3号", [Clause("14", 2, "3")]),
        ("租房能提多少", []),
        ("section on fees", []),
    ],
)
def test_what_a_question_names(question: str, named: list[Clause]) -> None:
    assert list(clauses(fold(question))[0]) == named


def test_what_is_left_of_the_question() -> None:
    assert clauses(fold("第十四条第二款说什么"))[1].strip() == "说什么"


@pytest.mark.parametrize(
    ("question", "begins"),
    [
        ("第二条", ["第二条 申请人"]),
        ("第2条第2款", ["第二条 申请人"]),
        ("第二条第（二）项", ["第二条 申请人"]),
        ("第二条之一", ["第二条之一 补贴"]),
        ("第一条", ["第一章 总则\n第一条"]),  # that of the annex is another one
        ("附件1第一条", ["第一条 填表须知"]),
        ("附件2", ["附件2\n名单"]),
        ("第二条第三款", []),
        ("第二条第二款第（一）项", []),
        ("第二条第（三）项", []),  # it is only mentioned
        ("第十四条第二款", []),
        ("第三条", []),
        ("第四条", []),  # the end of 第十四条 is not 第四条
        ("附件3", []),
    ],
)
def test_what_is_there_is_found_and_nothing_else(question: str, begins: list[str]) -> None:
    texts = found(question)
    assert len(texts) == len(begins)
    assert all(text.startswith(begin) for text, begin in zip(texts, begins, strict=True))


@pytest.mark.parametrize(
    ("question", "count"), [("Section 3(b)", 1), ("Section 3(c)", 0), ("Section 2", 0)]
)
def test_sections(question: str, count: int) -> None:
    assert len(found(question, ENGLISH.text, ENGLISH)) == count


def test_a_paragraph_of_a_long_clause_is_the_passage_that_holds_it() -> None:
    second = "第二款的内容。" * 40
    long = document("long", "办法", f"第一条 甲。\n第二条 {'前言。' * 120}\n{second}\n")
    cut = passages(long)
    [at] = places(Clause("2", 2), cut, long.text)
    assert "。\n第二款的内容" in cut[at].text
    assert "第二条" not in cut[at].text
    assert len(places(Clause("2"), cut, long.text)) > 1


def test_only_where_there_are_clauses_one_can_be_missing() -> None:
    assert divided(passages(RULES))
    assert not divided(passages(document("notice", "通知", "一、甲。\n二、乙。\n")))


def test_a_document_is_shown_by_its_first_clause() -> None:
    cut = passages(RULES)
    assert "第一条 为规范补贴" in cut[opening(cut)].text
    assert opening(passages(document("notice", "通知", "一、甲。\n二、乙。\n"))) == 0
