from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.structure import Mark, Rank, lines, numeral, outline
from knowledge.types import Heading

ANNEX, PART, CHAPTER, SECTION, CLAUSE = (
    Rank.ANNEX,
    Rank.PART,
    Rank.CHAPTER,
    Rank.SECTION,
    Rank.CLAUSE,
)
FIRST, SECOND, THIRD, FOURTH = Rank.FIRST, Rank.SECOND, Rank.THIRD, Rank.FOURTH


def marks(text: str) -> list[tuple[Rank, str]]:
    return [(mark.rank, mark.label) for mark in outline(text)]


def labels(text: str) -> list[str]:
    return [mark.label for mark in outline(text)]


def test_a_regulation() -> None:
    text = """\
第一编 总则
第一分编 通则
第一章　一般规定
第一节　对象
第一条　为了规范渡船。
本条第二款。
（一）第一项；
1.第一目；
（1）更小的。
第二条　本办法适用于全市。
"""
    assert marks(text) == [
        (PART, "第一编 总则"),
        (CHAPTER, "第一章 一般规定"),
        (SECTION, "第一节 对象"),
        (CLAUSE, "第一条"),
        (SECOND, "（一）第一项"),
        (THIRD, "1.第一目"),
        (FOURTH, "（1）更小的"),
        (CLAUSE, "第二条"),
    ]


def test_a_notice() -> None:
    text = "一、总体要求\n（一）目标。提高质量。\n1.任务\n2．任务\n3、任务\n(二)半角\n十二、附则\n问：谁可以申请？\nQ1: Who?"
    assert marks(text) == [
        (FIRST, "一、总体要求"),
        (SECOND, "（一）目标。提高质量"),
        (THIRD, "1.任务"),
        (THIRD, "2．任务"),
        (THIRD, "3、任务"),
        (SECOND, "(二)半角"),
        (FIRST, "十二、附则"),
        (FIRST, "问：谁可以申请？"),
        (FIRST, "Q1: Who?"),
    ]


def test_english() -> None:
    text = (
        "Part II Rules\nChapter 1 Scope\nSection 3 Fees\nArticle 5. Who pays\n3.2 Details\n"
        "(a) first\n(b) second\nAnnex A Forms\nSection 3(b) applies here.\nArticle 5(1)\nSections 1 to 3\n"
    )
    assert marks(text) == [
        (PART, "Part II Rules"),
        (CHAPTER, "Chapter 1 Scope"),
        (CLAUSE, "Section 3 Fees"),
        (CLAUSE, "Article 5. Who pays"),
        (SECOND, "3.2 Details"),
        (FOURTH, "(a) first"),
        (FOURTH, "(b) second"),
        (ANNEX, "Annex A Forms"),
    ]


@pytest.mark.parametrize(
    ("line", "opened"),
    [
        ("第十一条　费用由申请人承担。", True),
        ("第十一条 费用由申请人承担。", True),
        ("第十一条费用由申请人承担。", True),
        ("第十一条", True),
        ("第 十一 条　费用", True),
        ("　　第十一条　费用", True),
        ("第11条 费用", True),
        ("第十一條　費用", True),
        ("第十条之一　补充规定。", True),
        ("第十条之一", True),
        ("第十一条的规定，适用于前款。", False),
        ("第十一条规定的补贴，按月发放。", False),
        ("第十一条所称居民，是指……", False),
        ("第十一条第二款规定的情形除外。", False),
        ("第十一条、第十二条的规定", False),
        ("第十一条和第十二条的规定", False),
        ("第十一条至第十三条", False),
        ("第十一条，以及其他规定。", False),
        ("第十一条中的居民", False),
        ("第十一条 的规定", False),
        ("第三条　前面的条文。", False),  # behind the tenth
        ("第三条的规定，也适用。", False),
        ("依照第十一条的规定", False),
    ],
)
def test_a_reference_at_the_start_of_a_line_opens_no_clause(line: str, opened: bool) -> None:  # noqa: FBT001
    found = labels(f"第九条　甲。\n第十条　乙。\n{line}\n")
    assert (len(found) == 3) is opened
    assert found[:2] == ["第九条", "第十条"]


def test_inserted_clauses() -> None:
    text = "第十条　甲。\n第十条之一　乙。\n第十条之二　丙。\n第十一条　丁。\n"
    assert labels(text) == ["第十条", "第十条之一", "第十条之二", "第十一条"]


def test_clauses_may_be_missing() -> None:
    assert labels("第一条 甲\n第五条 乙\n第一百零三条 丙\n") == [
        "第一条",
        "第五条",
        "第一百零三条",
    ]


def test_a_second_regulation_counts_anew() -> None:
    text = "第一条　甲。\n第二条　乙。\n办法二\n第一条　丙。\n第二条　丁。\n"
    assert labels(text) == ["第一条", "第二条", "第一条", "第二条"]


@pytest.mark.parametrize(
    ("line", "label"),
    [
        ("附件", "附件"),
        ("附件1", "附件1"),
        ("附件１", "附件１"),
        ("附件一", "附件一"),
        ("附 件 1", "附 件 1"),
        ("附件1 申请表", "附件1 申请表"),
        ("附件2：申请表", "附件2：申请表"),
        ("附表1 标准", "附表1 标准"),
        ("附录", "附录"),
        ("附錄一 標準", "附錄一 標準"),
        ("Appendix B Forms", "Appendix B Forms"),
        ("Schedule 2", "Schedule 2"),
    ],
)
def test_an_annex(line: str, label: str) -> None:
    assert outline(line) == [Mark(0, ANNEX, label, heading=True)]


@pytest.mark.parametrize(
    "line",
    [
        "附件：1．申请表",
        "附件:1.申请表",
        "附件：申请表",
        "附件：",
        "附件中的材料",
        "附件1所列的材料应当齐全，由申请人在提交申请时一并提交给受理申请的单位进行核对和留存。",
        "附表中的标准",
        "Annexation",
    ],
)
def test_a_list_of_annexes_is_no_annex(line: str) -> None:
    assert [mark for mark in outline(line) if mark.rank is ANNEX] == []


@pytest.mark.parametrize(
    "line",
    [
        "第一章的规定适用于本节。",
        "第二章规定的程序",
        "第二节所列情形",
        "一是加强管理。",
        "十二月的工作",
        "二〇二四年十月",
        "2024.5 万元",
        "3.5万元的补贴",
        "12345政务服务热线",
        "（注）说明",
        "(see note)",
        "1,000元",
        "No. 5",
        "",
        "　",
    ],
)
def test_lines_that_open_nothing(line: str) -> None:
    assert outline(line) == []


def test_headings_of_the_format() -> None:
    text = "渡船办法\n总则\n第一条　甲。\n附件1 一个很长很长的附件名称，比标题的长度还要长得多得多，所以只取它的编号作为标签\n"
    annex = text.index("附件1")
    found = outline(text, [Heading(0, 4, 1), Heading(5, 7, 2), Heading(annex, len(text) - 1, 1)])
    assert found == [
        Mark(0, PART, "渡船办法", heading=True),
        Mark(5, PART, "总则", heading=True),
        Mark(8, CLAUSE, "第一条", heading=False),
        Mark(annex, ANNEX, "附件1", heading=True),
    ]


def test_levels_of_headings() -> None:
    text = "一级\n二级\n三级\n四级\n五级\n六级\n"
    headings = [Heading(3 * n, 3 * n + 2, n + 1) for n in range(6)]
    assert [mark.rank for mark in outline(text, headings)] == [
        *(PART, PART, CHAPTER, SECTION, FIRST, SECOND)
    ]


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("十", 10),
        ("十四", 14),
        ("二十", 20),
        ("二十一", 21),
        ("九十九", 99),
        ("一百", 100),
        ("一百零三", 103),
        ("一百一十", 110),
        ("二百五十六", 256),
        ("一千零一", 1001),
        ("二〇二四", 2024),
        ("二零二四", 2024),
        ("两百", 200),
        ("零", 0),
        ("〇", 0),
        ("14", 14),
        ("１４", 14),
        ("1百", 100),
    ],
)
def test_numeral(written: str, number: int) -> None:
    assert numeral(written) == number


NUMBERS = "〇零一二三四五六七八九十百千两0123456789１２"


@given(st.text(NUMBERS, min_size=1, max_size=7))
def test_any_numeral_is_read(written: str) -> None:
    assert numeral(written) >= 0


PIECES = st.sampled_from(
    [
        *(
            "第",
            "条",
            "章",
            "节",
            "编",
            "之",
            "一",
            "十",
            "二",
            "3",
            "１",
            "、",
            "（",
            "）",
            "(",
            ")",
        ),
        *(
            "附件",
            "：",
            "．",
            ".",
            " ",
            "　",
            "\n",
            "\r",
            "\x0b",
            "\x85",
            "\u2028",
            "的",
            "规定",
            "正文。",
        ),
        *("Section ", "Article ", "Annex ", "Part ", "IV", "A", "a", "问", "Q", "²", "𠮷", "٣"),
    ]
)


@given(st.lists(PIECES, max_size=60).map("".join))
def test_any_text_has_an_outline_in_order(text: str) -> None:
    starts = [mark.start for mark in outline(text)]
    assert starts == sorted(set(starts))
    assert set(starts) <= {start for start, _ in lines(text)}


@given(st.text())
def test_lines_cover_the_text(text: str) -> None:
    found = list(lines(text))
    assert all(text[start : start + len(line)] == line for start, line in found)
    assert "".join(line for _, line in found).replace("\n", "") == text.replace("\n", "")
