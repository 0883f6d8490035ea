"""Where the answer stands in a passage, and where it is better not to say."""

from __future__ import annotations

import pytest

from index.questions import understand
from index.said import Said
from index.sentences import answering, asked_in, statements
from index.tokens import tokens
from index.windows import sentences
from tests.index import tables

FEES = "第九条　游船泊位月租为每米120元。电费按照实际用量另行收取。押金为一个月租金，退租后10日内退还。"
ASKED = "问：退租后押金多久退？\n\n答：可以。押金在退租后10日内退还。逾期退还的，加付利息。"
LIST = "第三章 收费\n\n第十条　申请泊位应当提交下列材料：\n\n（一）身份证；\n\n（二）船舶证书。"
OTHERS = ("轮渡票价由市人民政府另行公布。", "港口夜间作业应当事先报告。")
DOCUMENTS = tables.columns([tokens(text) for text in (FEES, ASKED, LIST, *OTHERS)])


def told(question: str, text: str) -> str:
    return text[slice(*answering(Said(understand(question, DOCUMENTS)), text))]


@pytest.mark.parametrize(
    ("question", "text", "answer"),
    [
        ("游船泊位月租多少钱？", FEES, "游船泊位月租为每米120元。"),
        ("电费怎样另行收取？", FEES, "电费按照实际用量另行收取。"),
        ("押金在退租后多久退还？", ASKED, "押金在退租后10日内退还。"),  # not the question itself
        (
            "申请泊位要提交哪些材料？",
            LIST,
            "申请泊位应当提交下列材料：\n\n（一）身份证；\n\n（二）船舶证书。",
        ),
        ("夜间作业要报告吗？", FEES, ""),  # says nothing of it
    ],
)
def test_the_sentence_that_says_most_of_the_question(
    question: str, text: str, answer: str
) -> None:
    assert told(question, text) == answer


def test_where_two_places_say_as_much_none_is_told() -> None:
    text = "甲港泊位月租每米100元。费用按季缴纳。乙港泊位月租每米120元。"
    assert told("泊位月租每米多少？", text) == ""


def test_headings_and_questions_are_no_statements() -> None:
    assert [ASKED[slice(*span)].strip() for span in statements(ASKED)] == [
        "答：可以。",
        "押金在退租后10日内退还。",
        "逾期退还的，加付利息。",
    ]
    assert len(list(sentences(LIST))) - len(statements(LIST)) == 1


def test_the_questions_of_a_document() -> None:
    text = (
        f"三、问答\n\n{ASKED}\n\nQ: May I sublet it?\n\nA: No.\n\n问：没有问号的一行\n\n是这样吗？"
    )
    assert asked_in(text) == ["退租后押金多久退？", "May I sublet it?"]
