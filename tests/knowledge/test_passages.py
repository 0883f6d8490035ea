from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import knowledge
from knowledge.documents import Origin, document
from knowledge.passages import LONGEST, passages
from knowledge.readers import READERS
from knowledge.structure import Rank, outline
from knowledge.types import Disclosure, Document, Heading, Kind, Lang, Passage

SAMPLE = sorted((Path(knowledge.__file__).parent / "sample").glob("*/*.md"))
REGULATION = Path(__file__).parent.parent / "data" / "knowledge" / "regulation.md"


def made(text: str, headings: tuple[Heading, ...] = (), title: str = "某办法") -> Document:
    return Document(
        id="doc",
        title=title,
        text=text,
        language=Lang.ZH_HANS,
        kind=Kind.POLICY,
        source="",
        disclosure=Disclosure.OPEN,
        headings=headings,
    )


def read(path: Path) -> Document:
    return document(
        READERS[path.suffix](path.read_bytes()), Origin(path.stem, path.stem, path.name)
    )


def check_lossless(of: Document) -> list[Passage]:
    cut = passages(of)
    assert "".join(one.text for one in cut) == of.text
    assert [one.start for one in cut[:1]] == [0] * bool(of.text)
    assert [one.end for one in cut[-1:]] == [len(of.text)] * bool(of.text)
    assert all(one.end == two.start for one, two in pairwise(cut))
    assert all(of.text[one.start : one.end] == one.text for one in cut)
    assert all(0 < len(one.text) <= LONGEST for one in cut)
    assert [one.id for one in cut] == [f"{of.id}#{n}" for n in range(len(cut))]
    assert {one.document_id for one in cut} <= {of.id}
    assert passages(of) == cut
    return cut


PIECES = st.sampled_from(
    [
        *(
            "第一条　",
            "第二条 ",
            "第十条之一　",
            "第三条的规定",
            "第一章 总则",
            "第二编 分则",
            "一、",
            "（一）",
        ),
        *(
            "1.",
            "（1）",
            "附件1",
            "附件：1．表",
            "Section 3 ",
            "(a) ",
            "问：",
            "\n",
            "\n\n",
            "。",
            "；",
            "，",
        ),
        *(
            "正文",
            "很长的一句话没有标点" * 20,
            "一句话。" * 60,
            " ",
            "　",
            "\r",
            "\u2028",
            "\x0b",
            "👩‍👩‍👧",
            "𠮷",
        ),
    ]
)


@st.composite
def documents(draw: st.DrawFn) -> Document:
    text = draw(st.one_of(st.text(), st.lists(PIECES, max_size=40).map("".join)))
    starts = [n for n in range(len(text)) if (n == 0 or text[n - 1] == "\n") and text[n] != "\n"]
    chosen = draw(st.sets(st.sampled_from(starts), max_size=6)) if starts else set()
    headings = tuple(
        Heading(start, start + len(text[start:].split("\n")[0]), draw(st.integers(1, 6)))
        for start in sorted(chosen)
    )
    return made(text, headings)


@given(documents())
def test_the_passages_of_any_text_put_together_are_the_text(of: Document) -> None:
    check_lossless(of)


def test_no_text_no_passages() -> None:
    assert passages(made("")) == []


def test_a_regulation_is_cut_into_its_clauses() -> None:
    cut = check_lossless(read(REGULATION))
    assert [(" ".join(one.text.split()), one.address) for one in cut] == [
        (
            "临潮市渡船补贴办法 第一章 总则 第一条 为了方便岛上居民出行，制定本办法。",
            ("第一章 总则", "第一条"),
        ),
        ("第二条 本办法适用于本市岛际渡船。", ("第一章 总则", "第二条")),
        (
            (
                "第二章 补贴 第一节 对象 第三条 下列人员可以申请补贴： （一）在岛上居住满一年的居民； "
                "（二）在岛上就读的学生。 依照前款第二项申请的，由学校统一办理。 "
                "第三条的规定，对来岛工作的教师同样适用。"
            ),
            ("第二章 补贴", "第一节 对象", "第三条"),
        ),
        (
            "第二节 标准 第四条 每人每月补贴四十元。",
            ("第二章 补贴", "第二节 标准", "第四条"),
        ),
        (
            "第四条之一 冬季停航的月份，补贴照发。",
            ("第二章 补贴", "第二节 标准", "第四条之一"),
        ),
        ("第三章 附则 第五条 本办法自2024年4月1日起施行，有效期五年。", ("第三章 附则", "第五条")),
        ("附件1 申请表 姓名： 住址：", ("附件1 申请表",)),
    ]


def test_the_parts_of_a_long_clause_say_their_place_in_it() -> None:
    filler = "渡船" * 100 + "。"  # two lines fill a passage
    text = (
        f"第七条　本款一{filler}\n"
        f"本款二{filler}\n"
        f"（一）第一项{filler}\n"
        f"（二）第二项{filler}\n"
        f"1.第一目{filler}\n"
        f"2.第二目{filler}\n"
        f"（三）第三项{filler}\n"
        f"本款三{filler}\n"
        "第八条　结束。\n"
    )
    cut = check_lossless(made(text))
    assert [(one.text.strip()[:6], one.address) for one in cut] == [
        ("第七条　本款", ("第七条", "第一款")),
        ("（一）第一项", ("第七条", "第二款", "（一）")),
        ("1.第一目渡", ("第七条", "第二款", "（二）", "1.")),
        ("（三）第三项", ("第七条", "第二款", "（三）")),
        ("第八条　结束", ("第八条",)),
    ]


def test_a_part_that_starts_within_a_line_belongs_to_that_line() -> None:
    text = "第七条　短。\n" + "第二款的一句话，十三个字。" * 60 + "\n第八条　结束。\n"
    cut = check_lossless(made(text))
    assert [one.address for one in cut] == [
        ("第七条", "第一款"),
        ("第七条", "第二款"),
        ("第八条",),
    ]


def test_a_sentence_without_end_is_cut_at_the_limit() -> None:
    cut = check_lossless(made("第一条　" + "字" * 1000 + "\n第二条　乙\n"))
    assert [len(one.text) for one in cut] == [480, 480, 45, 6]


def test_small_neighbours_of_a_notice_share_a_passage() -> None:
    text = "一、对象\n（一）居民；\n（二）学生。\n二、标准\n每月四十元。\n"
    cut = check_lossless(made(text))
    assert [(one.text, one.address) for one in cut] == [
        ("一、对象\n（一）居民；\n（二）学生。\n", ("一、对象",)),
        ("二、标准\n每月四十元。\n", ("二、标准",)),
    ]


def test_the_title_is_no_part_of_an_address() -> None:
    of = made(
        "渡船办法\n第一章 总则\n第一条　甲。\n第二条　乙。\n",
        (Heading(0, 4, 1),),
        "关于印发渡船办法的通知",
    )
    assert [one.address for one in check_lossless(of)] == [
        ("第一章 总则", "第一条"),
        ("第一章 总则", "第二条"),
    ]


@pytest.mark.parametrize("path", SAMPLE, ids=lambda path: path.stem)
def test_the_sample_library(path: Path) -> None:
    of = read(path)
    cut = check_lossless(of)
    clauses = [mark.label for mark in outline(of.text, of.headings) if mark.rank is Rank.CLAUSE]
    if len(clauses) > 1:
        named = {part for one in cut for part in one.address}
        assert set(clauses) <= named
        assert all(one.address for one in cut[1:])


def test_the_sample_library_is_all_here() -> None:
    assert len(SAMPLE) == 39
