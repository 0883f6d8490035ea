from __future__ import annotations

from knowledge.readers.layout import Line, Paragraph, Sheet, paragraphs

LEFT, RIGHT, EM = 90.0, 506.0, 16.0


def line(text: str, top: float, *, x0: float = LEFT, x1: float = RIGHT, size: float = EM) -> Line:
    return Line(text, x0, x1, top, top + size, size, first=size)


def page(*lines: Line) -> Sheet:
    return Sheet(595, 842, lines)


def texts(*pages: Sheet) -> list[str]:
    return [one.text for one in paragraphs(pages)]


INDENT = LEFT + 2 * EM


def test_nothing() -> None:
    assert paragraphs([]) == paragraphs([page()]) == []


def test_lines_of_chinese_are_joined_and_paragraphs_told_by_their_indent() -> None:
    assert texts(
        page(
            line("第一条　为了规范本市住房租赁补贴的申请，根据", 100, x0=INDENT),
            line("国家有关规定，结合本市实际情况，制定了本办法。", 128),
            line("第二条　本办法适用于本市行政区域。", 156, x0=INDENT, x1=400),
            line("　本市其他住房补贴的申请、审核和发放，参照执", 184, x0=INDENT),
            line("行。", 212, x1=122),
        )
    ) == [
        "第一条　为了规范本市住房租赁补贴的申请，根据国家有关规定，结合本市实际情况，制定了本办法。",
        "第二条　本办法适用于本市行政区域。",
        "本市其他住房补贴的申请、审核和发放，参照执行。",
    ]


def test_a_paragraph_goes_on_over_the_page_and_its_footnote() -> None:
    first = page(
        line("The subsidy[1] is paid to those who have lived in", 100),
        line("the city and who do not own any home", 116),
        line("[1] Section 2 of the Act.", 700, size=9, x1=200),
    )
    second = page(
        line("of their own in the city or in the county.", 100),
        line("Nobody else is paid.", 140),
    )
    assert texts(first, second) == [
        (
            "The subsidy[1] is paid to those who have lived in the city and who do not own any "
            "home of their own in the city or in the county."
        ),
        "[1] Section 2 of the Act.",
        "Nobody else is paid.",
    ]


def test_heads_feet_and_page_numbers_are_dropped() -> None:
    pages = [
        page(
            line("某市人民政府公报", 30, x1=200),
            line(f"这是第{number}页的正文，写满了这一整", 100, x0=INDENT),
            line("行。", 128, x1=122),
            line(f"— {number} —", 800, x1=130),
        )
        for number in range(1, 5)
    ]
    assert texts(*pages) == [f"这是第{number}页的正文，写满了这一整行。" for number in range(1, 5)]


def test_a_line_that_repeats_in_the_text_stays() -> None:
    sheet = page(
        line("满行的字满行的字满行的字满行的字满行的字满行的字。", 372),
        line("同一句话。", 400, x0=INDENT),
        line("1", 430, x0=INDENT, x1=140),
        line("满行的字满行的字满行的字满行的字满行的字满行的字。", 460),
    )
    found = texts(sheet, sheet, sheet)
    assert (found.count("1"), found.count("同一句话。")) == (3, 3)


def test_the_table_of_contents_is_dropped() -> None:
    assert texts(
        page(
            line("目　录", 100, x1=200),
            line("第一章　总则 ................ 1", 130),
            line("第二章　附则 ……………… 12", 160),
            line("为了规范管理，制定本办法。", 400),
        )
    ) == ["为了规范管理，制定本办法。"]


def test_headings_by_their_size_in_several_lines() -> None:
    found = paragraphs(
        [
            page(
                line("某市住房租赁补贴", 60, x0=180, x1=400, size=22),
                line("管理办法", 90, x0=250, x1=340, size=22),
                line("总则", 130, x0=280, x1=320, size=18),
                *(
                    line("为了规范管理，制定本办法，写满了这一整行", 180 + 28 * n)
                    for n in range(5)
                ),
            )
        ]
    )
    assert found[:2] == [Paragraph("某市住房租赁补贴管理办法", 1), Paragraph("总则", 2)]
    assert [one.level for one in found[2:]] == [0]


def test_rows_of_a_table_stand_alone() -> None:
    row = Line("甲 | 乙", LEFT, RIGHT, 130, 150, 20, row=True)
    assert texts(page(line("下表", 100, x1=120), row, row, line("完", 200, x1=106))) == [
        *("下表", "甲 | 乙", "甲 | 乙", "完")
    ]


def test_numbered_paragraphs_that_hang() -> None:
    assert texts(
        page(
            line("1. The applicant must have lived in the city", 100, x0=43),
            line("for two years at the very least, without break", 116, x0=71),
            line("and must show it.", 132, x0=71, x1=200),
            line("2. Nobody else may apply.", 148, x0=43, x1=300),
        )
    ) == [
        (
            "1. The applicant must have lived in the city for two years at the very least, "
            "without break and must show it."
        ),
        "2. Nobody else may apply.",
    ]
