from __future__ import annotations

from collections.abc import Callable
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from knowledge.readers.base import Page
from knowledge.readers.columns import Columns
from knowledge.readers.reading import Note, Piece
from knowledge.readers.tables import read_csv, read_workbook
from tests.readers.word import rewritten

NONE = Columns()


def read(text: str | bytes, columns: Columns = NONE) -> tuple[list[Note], list[Piece]]:
    data = text if isinstance(text, bytes) else text.encode()
    found = list(read_csv(BytesIO(data), columns))
    notes = [one for one in found if isinstance(one, Note)]
    return notes, [one for one in found if isinstance(one, Piece)]


def texts(text: str | bytes, columns: Columns = NONE) -> list[str]:
    return [one.page.text for one in read(text, columns)[1]]


def test_the_columns_of_an_official_table() -> None:
    table = (
        "序号,文档标题,发文机关,文号,发布日期,出处链接,原文关键条款(逐字摘录),关键词\n"
        '1,住房补贴办法,某市政府,某府规〔2025〕3号,2025-03-01,https://gov.example/1,"第一条 甲。\n'
        '第二条 ""乙""。","住房,补贴；租赁"\n'
    )
    notes, (piece,) = read(table)
    assert notes == [Note("", "columns not read: 序号; if they matter, name them in source.toml")]
    assert piece == Piece(
        Page(
            text='第一条 甲。\n第二条 "乙"。\n',
            declared={
                "title": "住房补贴办法",
                "issuer": "某市政府",
                "number": "某府规〔2025〕3号",
                "published": "2025-03-01",
                "source": "https://gov.example/1",
                "topics": ["住房", "补贴", "租赁"],
            },
        ),
        key="某府规〔2025〕3号-6a9b86",
        where="row 2",
    )


def test_answers_with_what_stands_beside_them() -> None:
    table = "标题,通俗解答(5段标准),咨询电话,办理地点\n入学,谁能办：适龄儿童。,12345,\n"
    _, (piece,) = read(table)
    assert piece.page.text == "谁能办：适龄儿童。\n咨询电话：12345\n"
    assert piece.page.declared == {"title": "入学", "kind": "answer"}


def test_an_export_of_a_site() -> None:
    table = (
        "标题,时间,内容,一级类别,来源网站,访问地址\n"
        '解读,2024-08-22,"\n　　一、背景　　为了规范。　　二、目　　录　　第一条　　为了。",政策解读,'
        "https://gov.example,https://gov.example/2\n"
    )
    _, (piece,) = read(table)
    assert piece.page.text == "一、背景\n为了规范。\n二、目　　录\n第一条　　为了。\n"
    assert piece.page.declared == {
        "title": "解读",
        "published": "2024-08-22",
        "column": "政策解读",
        "source": "https://gov.example/2",
    }


def test_number_title_and_chapters_get_their_lines_back() -> None:
    cell = (
        "某科〔2024〕1号某省科技厅关于印发《办法》的通知各市：　　现印发。　　某省科技厅　　"
        "2024年7月31日　办法第一章总则　　第一条为了。依规定执行。第二章附则　　第二条自发布起。"
    )
    assert texts(f"标题,内容\n关于印发《办法》的通知,{cell}\n") == [
        (
            "某科〔2024〕1号\n某省科技厅关于印发《办法》的通知\n各市：\n现印发。\n某省科技厅\n"
            "2024年7月31日\n办法\n第一章总则\n第一条为了。依规定执行。\n第二章附则\n第二条自发布起。\n"
        )
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_encodings_and_delimiters(encoding: str, ends: str, delimiter: str) -> None:
    rows = [["标题", "内容"], ["住房补贴", '"第一条，甲。\n第二条　乙。"']]
    table = ends.join(delimiter.join(row) for row in rows)
    assert texts(table.encode(encoding)) == ["第一条，甲。\n第二条　乙。\n"]


def test_a_byte_that_was_lost_is_seen_and_no_more() -> None:
    row = (
        "第一条　为了规范住房补贴的申请和发放，根据国家和本省的规定，结合本市的实际，制定本办法。"
    )
    table = f"标题,内容\n补贴办法,{row}{row}\n".encode()
    damaged = table.replace("规范".encode(), b"\xff" + "范".encode(), 1)
    assert texts(damaged) == [f"{row}{row}\n".replace("规", "\ufffd", 1)]


def test_an_unknown_encoding() -> None:
    with pytest.raises(ValueError, match="its encoding is not known; save it as UTF-8"):
        read(b"a,b\n" + bytes(range(128, 256)) * 20)


def test_a_bad_row_is_named_and_the_rest_is_read() -> None:
    notes, pieces = read(
        "标题,内容,发布日期\n"
        "一,甲。,2025-01-01\n"
        "二,乙。\n"
        "三,丙。,2025-01-03,多\n"
        '四,"丁"。,2025-01-04\n'
        "五,戊\0。,2025-01-05\n"
        "六,,2025-01-06\n"
        "七,庚。,不详\n"
        "\n"
        ",,\n"
        "一,甲。,2025-01-01\n"
        "八,=1+1,2025-01-08\n"
    )
    assert notes == [
        Note("row 3", "it has 2 cells and the header 3"),
        Note("row 4", "it has 4 cells and the header 3"),
        Note("row 5", "its quotation marks or cells are wrong (',' expected after '\"')"),
        Note("row 6", "it holds NUL bytes"),
        Note("row 7", "there is no text (六)"),
        Note("row 8", "published: '不详' is no date such as 2025-07-08; left out"),
        Note("row 11", "it says the same as row 2 and is read once"),
    ]
    assert [(one.where, one.page.text) for one in pieces] == [
        *(("row 2", "甲。\n"), ("row 8", "庚。\n"), ("row 12", "=1+1\n"))
    ]


def test_a_quotation_that_never_ends() -> None:
    notes, pieces = read('标题,内容\n一,甲。\n二,"乙。\n三,丙。\n')
    assert [one.where for one in pieces] == ["row 2"]
    assert notes == [
        Note("row 3", "its quotation marks or cells are wrong (unexpected end of data)")
    ]


def keys(table: str) -> dict[str, str]:
    return {one.page.text.strip(): one.key for one in read(table)[1]}


def test_keys_do_not_depend_on_the_place() -> None:
    rows = [
        "某府〔2025〕1号,办法,甲。",
        "某府〔2025〕1号,细则,乙。",
        ",通知,丙。",
        "（年度）,公告,丁。",
    ]
    there = keys("\n".join(["文号,标题,内容", *rows]))
    back = keys("\n".join(["文号,标题,内容", "某府〔2025〕9号,新,戊。", *reversed(rows)]))
    assert there == {
        "甲。": "某府〔2025〕1号-d2a92f",
        "乙。": "某府〔2025〕1号-d6ab58",
        "丙。": "4b6ded8a7f18",
        "丁。": "069c0ecbf898",
    }
    assert {text: back[text] for text in there} == there


def test_what_shares_number_and_title_is_told_apart_by_its_text() -> None:
    found = keys("标题,内容\n通知,甲。\n通知,乙。\n")
    assert found["乙。"].startswith(found["甲。"] + "-")


def test_words_of_tables_for_our_values() -> None:
    _, (piece,) = read(
        "标题,内容,文件类型,有效性,公开方式,施行日期\n办法,甲。,政策解读,失效,依申请公开,2025-01-01\n"
    )
    assert piece.page.declared == {
        "title": "办法",
        "kind": "interpretation",
        "status": "repealed",
        "disclosure": "on_request",
        "effective": "2025-01-01",
    }


def test_a_mapping_of_the_maintainer() -> None:
    columns = Columns(
        fields={"title": ("政策名",), "text": ("要点一", "要点二")}, append=("窗口",), header=2
    )
    table = "某市政策汇总,,,\n政策名,要点一,要点二,窗口\n补贴,甲。,乙。,1号\n"
    notes, (piece,) = read(table, columns)
    assert (notes, piece.where) == ([], "row 3")
    assert piece.page == Page(text="甲。\n乙。\n窗口：1号\n", declared={"title": "补贴"})


def test_a_header_below_a_title() -> None:
    assert texts("某市政策汇总,\n标题,内容\n补贴,甲。\n") == ["甲。\n"]


@pytest.mark.parametrize(
    ("table", "columns", "reason"),
    [
        ("甲,乙\n1,2\n", NONE, "no column holds a text: they are 甲, 乙"),
        ("", NONE, "no column holds a text: the table is empty"),
        (
            "标题,内容\n一,二\n",
            Columns(fields={"text": ("正文",)}),
            "no column is named '正文': they are 标题, 内容",
        ),
    ],
)
def test_a_table_that_cannot_be_mapped(table: str, columns: Columns, reason: str) -> None:
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked below
        read(table, columns)
    assert str(caught.value) == reason


def book(*sheets: tuple[str, list[list[object]]], hidden: str = "") -> bytes:
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.worksheets[0])
    for name, rows in sheets:
        sheet = workbook.create_sheet(name)
        for row in rows:
            sheet.append(row)
        if name == hidden:
            sheet.sheet_state = "hidden"
    stream = BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def read_book(data: bytes, columns: Columns = NONE) -> tuple[list[Note], list[Piece]]:
    found = list(read_workbook(BytesIO(data), columns))
    notes = [one for one in found if isinstance(one, Note)]
    return notes, [one for one in found if isinstance(one, Piece)]


HEADER: list[object] = ["标题", "内容", "发布日期", "文号"]


def test_a_workbook() -> None:
    notes, pieces = read_book(
        book(
            (
                "政策",
                [HEADER, ["补贴", "第一条\n甲。", date(2025, 3, 1), None], [], ["空"]],
            ),
            ("说明", [["本表由某局编制"]]),
            ("旧", [HEADER, ["旧", "旧。"]]),
            hidden="旧",
        )
    )
    assert notes == [
        Note("sheet 政策 row 4", "there is no text (空)"),
        Note("sheet 说明", "no column holds a text: they are 本表由某局编制"),
    ]
    assert [(one.where, one.page) for one in pieces] == [
        (
            "sheet 政策 row 2",
            Page(text="第一条\n甲。\n", declared={"title": "补贴", "published": "2025-03-01"}),
        )
    ]


def test_one_sheet_of_a_workbook() -> None:
    data = book(("一", [HEADER, ["甲", "甲。"]]), ("二", [HEADER, ["乙", 12.0]]))
    assert [one.page.text for one in read_book(data, Columns(sheet="二"))[1]] == ["12\n"]
    with pytest.raises(ValueError, match="no sheet is named '三'"):
        read_book(data, Columns(sheet="三"))


def test_a_cell_beyond_the_header() -> None:
    notes, pieces = read_book(book(("一", [["标题", "内容"], ["甲", "甲。", None, "多"]])))
    assert (notes, pieces) == ([Note("sheet 一 row 2", "it has 4 cells and the header 2")], [])


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (lambda data: data[: len(data) // 2], "it is damaged or cut off"),
        (lambda _: b"PK\3\4", "it is damaged or cut off"),
        (lambda _: b"hello", "it is no file of Excel"),
        (
            lambda data: rewritten(
                data, "xl/workbook.xml", b"<workbook", b'<!DOCTYPE x [<!ENTITY a "b">]><workbook'
            ),
            "its part 'xl/workbook.xml' declares entities",
        ),
        (
            lambda data: rewritten(data, "xl/worksheets/sheet1.xml", b"</sheetData>", b"<"),
            "row 2 is damaged",
        ),
        (lambda data: rewritten(data, "xl/workbook.xml", b"</workbook>", b""), "it is damaged"),
    ],
)
def test_a_workbook_that_is_damaged(damage: Callable[[bytes], bytes], reason: str) -> None:
    data = book(("一", [HEADER]))
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked below
        read_book(damage(data))
    assert str(caught.value).startswith(reason)
