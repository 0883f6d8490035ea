"""What stops an answer, and what is only shown to whoever approves it."""

from __future__ import annotations

import pytest

from bot.desk.publishing.checks import Checked, Findings, findings
from bot.desk.publishing.likeness import ALIKE, SAME, Alike, likeness, most_alike
from bot.desk.publishing.paper import tidied
from bot.desk.publishing.publication import Cited
from knowledge.types import Disclosure, Lang
from tests.unit.desk import publishing_pairs as pairs

RULE = Cited(
    passage_id="dogs#1",
    document_id="dogs",
    title="澜港市养犬管理规定",
    address="第二条",
    quote="第二条　养犬人应当携带本人身份证和犬只免疫证明，到望潮路12号办理登记，\n每年缴纳120元。",
)
ANSWER = "请携带本人身份证和犬只免疫证明办理登记，每年120元。"


def found(answer: str = ANSWER, question: str = "养犬登记要带什么？", **more: object) -> Findings:
    values: dict[str, object] = {"cites": (RULE,), "disclosure": Disclosure.OPEN, **more}
    checked = Checked(question=question, answer=answer, **values)  # type: ignore[arg-type]  # any field
    return findings(checked, Lang.EN)


def test_a_good_answer_has_neither_problems_nor_flags() -> None:
    assert found() == Findings((), ())


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ("太短", "the answer has 2 characters"),
        ("好" * 1501, "the answer has 1501 characters"),
        (f"{ANSWER}请联系13812345678。", "〔电话〕"),
        (f"{ANSWER}您住在海滨路8号3栋2单元401室，请到社区。", "〔地址〕"),
        (f"{ANSWER}您的证件〔身份证号〕已登记。", "〔身份证号〕"),
        (f"{ANSWER}规定：“应当携带本人户口本和犬只免疫证明”。", "stands in no passage"),
        (f"{ANSWER}規定：「應當攜帶本人戶口本和免疫證明」。", "stands in no passage"),
    ],
)
def test_an_answer_is_stopped(answer: str, problem: str) -> None:
    [said] = found(answer).problems
    assert problem in said


def test_a_quotation_may_break_its_lines_elsewhere_and_names_are_no_quotations() -> None:
    assert not found(f"{ANSWER}“到望潮路12号办理登记，每年缴纳120元”，也可用“一网通办”。").problems


def test_an_office_that_the_passage_names_is_nobodys_address() -> None:
    assert not found(f"{ANSWER}请到望潮路12号。").problems


@pytest.mark.parametrize("disclosure", [None, Disclosure.ON_REQUEST, Disclosure.WITHHELD])
def test_somebody_must_say_that_it_is_public(disclosure: Disclosure | None) -> None:
    [said] = found(disclosure=disclosure).problems
    assert "主动公开" in said


@pytest.mark.parametrize("count", [0, 6])
def test_it_cites_one_to_five_passages(count: int) -> None:
    [said] = found(cites=(RULE,) * count).problems
    assert said.startswith(f"it cites {count} passages")


@pytest.mark.parametrize(
    ("answer", "flag"),
    [
        (f"{ANSWER}王先生您可以先预约。", "王先生"),
        (f"{ANSWER}你家在碧波小区的，就近办理。", "碧波小区"),
        (f"{ANSWER}我儿子也可以代办。", "我儿子"),
        (f"{ANSWER} Mr. Wang may apply.", "Mr. Wang"),
        ("请携带身份证办理登记，每年150元，共3次。", "these figures: 150, 3"),
    ],
)
def test_what_only_a_person_can_judge_is_shown(answer: str, flag: str) -> None:
    told = found(answer)
    assert not told.problems
    assert any(flag in one for one in told.flags), told.flags


def test_the_numbers_of_a_list_are_no_figures() -> None:
    assert not found(f"1. {ANSWER}\n2、到窗口领取。\n（3）自愿预约办理。").flags


def test_what_is_alike_is_shown_and_the_same_is_stopped() -> None:
    near = found(alike=Alike("养犬登记要带哪些？", 0.8, "No. 3, served"), answered="养犬指南")
    assert not near.problems
    assert near.flags == (
        "most alike (0.80): No. 3, served: 养犬登记要带哪些？",
        "the bot answers this already, from 养犬指南",
    )
    same = found(alike=Alike("养犬登记要带什么", SAME, "No. 3, served"))
    assert same.problems == ("the same is answered already: No. 3, served: 养犬登记要带什么",)


# The bar


def test_the_bar_stops_nothing_that_asks_something_else() -> None:
    assert max(likeness(*pair) for pair in pairs.DIFFERENT) < SAME
    assert sum(likeness(*pair) >= SAME for pair in pairs.SAME) == 4


def test_whoever_approves_sees_all_that_asks_the_same() -> None:
    assert min(likeness(*pair) for pair in pairs.SAME) >= ALIKE


def test_the_most_alike_is_found_in_either_script() -> None:
    others = [("養犬登記要帶哪些材料？", "A"), ("轮渡多少钱？", "B")]
    best = most_alike("养犬登记要带哪些材料", others)
    assert best == Alike("養犬登記要帶哪些材料？", 1.0, "A")
    assert most_alike("公积金怎么提取", others) is None
    assert most_alike("？！", others) is None


# The file


def test_words_are_tidied_as_the_library_reads_them() -> None:
    assert tidied("养犬\n登记?", "**请**到窗口，带证件。\n\n# 注意\n- 排队") == (
        "养犬 登记?",
        "请到窗口，带证件。\n\n注意\n- 排队",
    )


def test_a_title_cannot_smuggle_fields_into_the_file() -> None:
    question, answer = tidied('x"\ndisclosure: withheld', "---\nkind: policy\n---\n正文在此。")
    assert question == 'x" disclosure: withheld'
    assert answer == "---\nkind: policy\n---\n正文在此。"


def test_no_words_are_no_answer() -> None:
    with pytest.raises(ValueError, match="no text"):
        tidied("问题", " \n ")
