from __future__ import annotations

import io
import zipfile

import docx
import pytest
from docx.oxml.ns import qn

from knowledge.readers.docx import read_docx
from tests.readers.word import (
    item,
    level,
    number,
    p,
    put,
    rewritten,
    saved,
    with_part,
    word,
)

TC = "<w:tc><w:tcPr>{0}</w:tcPr>{1}</w:tc>"


RAISED = "<w:vertAlign w:val='superscript'/>"
SHOWN = "<w:vanish w:val='0'/>"


def text(*blocks: str) -> list[str]:
    return read_docx(word(*blocks)).text.splitlines()


def table(*rows: str) -> str:
    return f"<w:tbl>{''.join(f'<w:tr>{row}</w:tr>' for row in rows)}</w:tbl>"


def cell(words: str, properties: str = "") -> str:
    return TC.format(properties, p(words))


def run(words: str, properties: str = "") -> str:
    return f"<w:r><w:rPr>{properties}</w:rPr><w:t xml:space='preserve'>{words}</w:t></w:r>"


def test_paragraphs_and_tables_in_their_order() -> None:
    assert text(
        p("甲"), table(cell("事项") + cell("部门"), cell("受理") + cell("窗口")), p(), p("乙")
    ) == ["甲", "事项 | 部门", "受理 | 窗口", "乙"]


def test_merged_cells_are_not_doubled() -> None:
    rows = (
        cell("区", '<w:vMerge w:val="restart"/>') + cell("甲"),
        cell("区", "<w:vMerge/>") + cell("乙"),
        cell("合计", '<w:gridSpan w:val="2"/>'),
        cell("") + cell(""),
    )
    assert text(table(*rows)) == ["区 | 甲", " | 乙", "合计"]


def test_a_cell_holds_paragraphs_and_a_table() -> None:
    inner = TC.format("", p("一") + p("二") + table(cell("三") + cell("四")) + p())
    assert text(table(inner + cell("五"))) == ["一 二 三 | 四 | 五"]


def test_a_frame_around_a_text_is_no_row() -> None:
    long = "本办法所称住房租赁补贴，是指向符合条件的家庭发放的、用于支付住房租金的补贴。" * 3
    assert text(table(TC.format("", p("第一条") + p(long)))) == ["第一条", long]


def test_headings_by_style_and_by_outline_level() -> None:
    document = docx.Document()
    document.add_heading("办法", 0)
    document.add_heading("第一章 总则", 1)
    document.add_paragraph("第一条 为了规范管理，制定本办法。")
    document.add_heading("第一节 范围", 2)
    put(
        document,
        p("附则", '<w:outlineLvl w:val="2"/>'),
        p("正文", '<w:outlineLvl w:val="9"/>'),
        p("这一段太长，不是标题。" * 12, '<w:outlineLvl w:val="0"/>'),
    )
    page = read_docx(saved(document))
    found = [(one.level, page.text[one.start : one.end]) for one in page.headings]
    assert found == [(1, "第一章 总则"), (2, "第一节 范围"), (3, "附则")]
    assert page.declared == {"title": "办法"}
    assert page.text.startswith("办法\n第一章 总则\n")


def test_automatic_numbers() -> None:
    document = docx.Document()
    number(
        document,
        level(0, "chineseCounting", "%1、")
        + level(1, "chineseCounting", "（%2）")
        + level(2, "decimal", "%3.")
        + level(3, "lowerLetter", "%4)"),
    )
    put(
        document,
        *(item("总则", 100), item("目的", 100, 1), item("依据", 100, 1), item("法律", 100, 2)),
        *(item("宪法", 100, 3), item("细则", 100), item("范围", 100, 1), item("无", 0)),
    )
    assert read_docx(saved(document)).text.splitlines() == [
        *("一、总则", "（一）目的", "（二）依据", "1. 法律", "a) 宪法", "二、细则"),
        *("（一）范围", "无"),
    ]


def test_numbers_of_a_style() -> None:
    document = docx.Document()
    number(document, level(0, "chineseCountingThousand", "第%1条"))
    style = document.styles["List Number"].element
    style.find(f"{qn('w:pPr')}/{qn('w:numPr')}/{qn('w:numId')}").set(qn("w:val"), "100")
    document.add_paragraph("为了规范管理。", style="List Number")
    document.add_paragraph("本办法适用于本市。", style="List Number")
    assert read_docx(saved(document)).text == "第一条 为了规范管理。\n第二条 本办法适用于本市。\n"


def test_tracked_changes_are_taken_as_accepted() -> None:
    changed = (
        "<w:p><w:pPr></w:pPr>"
        + run("补贴标准为每人每月")
        + "<w:del><w:r><w:delText>三百</w:delText></w:r></w:del>"
        + f"<w:ins>{run('五百')}</w:ins>"
        + "<w:moveFrom><w:r><w:t>旧</w:t></w:r></w:moveFrom>"
        + run("元。")
        + "</w:p>"
    )
    joined = "<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr>" + run("前") + "</w:p>"
    row = "<w:tr><w:trPr><w:del/></w:trPr>" + cell("删") + "</w:tr>"
    assert text(changed, joined, p("后"), f"<w:tbl>{row}<w:tr>{cell('留')}</w:tr></w:tbl>") == [
        *("补贴标准为每人每月五百元。", "前后", "留")
    ]


def test_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{p('框里的字')}</w:txbxContent>"
    assert text(
        "<w:p>"
        + run("框外")
        + "<w:r><mc:AlternateContent>"
        + f"<mc:Choice Requires='wps'><wps:txbx>{box}</wps:txbx></mc:Choice>"
        + f"<mc:Fallback><w:pict><v:textbox>{box}</v:textbox></w:pict></mc:Fallback>"
        + "</mc:AlternateContent></w:r></w:p>"
    ) == ["框外", "框里的字"]


def test_breaks_tabs_signs_and_raised_figures() -> None:
    assert text(
        "<w:p><w:r><w:t>一</w:t><w:br/><w:t>二</w:t><w:tab/><w:t>三</w:t><w:br w:type='page'/>"
        "<w:t>四</w:t></w:r></w:p>",
        f"<w:p>{run('面积60 m')}{run('2', RAISED)}</w:p>",
        "<w:p><w:r><w:sym w:font='Wingdings' w:char='F0A8'/><w:t>是</w:t></w:r></w:p>",
        f"<w:p>{run('看见')}{run('隐藏', '<w:vanish/>')}{run('的', SHOWN)}</w:p>",
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/><w:instrText>DATE</w:instrText>"
        "<w:fldChar w:fldCharType='separate'/><w:t>2025年</w:t></w:r></w:p>",
        f"<w:p><w:r><w:ruby><w:rt>{run('cái')}</w:rt><w:rubyBase>{run('财')}</w:rubyBase></w:ruby>"
        "</w:r></w:p>",
    ) == ["一", "二 三四", "面积60 m²", "□是", "看见的", "2025年", "财"]


def test_footnotes_stand_below_their_paragraph() -> None:
    reference = "<w:r><w:footnoteReference w:id='{}'/></w:r>"
    note = "<w:footnote w:id='{}'><w:p><w:r><w:footnoteRef/></w:r>{}</w:p></w:footnote>"
    data = word(
        f"<w:p>{run('补贴')}{reference.format(7)}{run('按月')}{reference.format(8)}</w:p>", p("完")
    )
    notes = (
        "<w:footnotes xmlns:w='http://schemas.openxmlformats.org/wordprocessingml/2006/main'>"
        "<w:footnote w:type='separator' w:id='0'><w:p/></w:footnote>"
        + note.format(8, run("自次月起。"))
        + note.format(7, run("指住房租赁补贴。"))
        + "</w:footnotes>"
    )
    page = read_docx(with_part(data, "footnotes.xml", "footnotes", notes))
    assert page.text.splitlines() == [
        *("补贴[1]按月[2]", "[1] 指住房租赁补贴。", "[2] 自次月起。", "完")
    ]


def test_heads_feet_contents_and_prompts_are_out() -> None:
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "某市文件"
    document.sections[0].footer.paragraphs[0].text = "第1页"
    gallery = "<w:docPartObj><w:docPartGallery w:val='Table of Contents'/></w:docPartObj>"
    put(
        document,
        f"<w:sdt><w:sdtPr>{gallery}</w:sdtPr><w:sdtContent>{p('第一章…1')}</w:sdtContent></w:sdt>",
        f"<w:sdt><w:sdtPr/><w:sdtContent>{p('正文')}</w:sdtContent></w:sdt>",
        "<w:p><w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>"
        f"{run('单击此处')}</w:sdtContent></w:sdt>{run('姓名：')}</w:p>",
    )
    assert read_docx(saved(document)).text == "正文\n姓名：\n"


BIG, MIDDLE = '<w:jc w:val="center"/>', '<w:sz w:val="{}"/>'


def centred(words: str, size: int) -> str:
    return f"<w:p><w:pPr>{BIG}</w:pPr>{run(words, MIDDLE.format(size))}</w:p>"


def test_the_title_by_its_size() -> None:
    page = read_docx(
        word(
            centred("某市人民政府文件", 80),
            centred("某府规〔2025〕3号", 32),
            centred("某市人民政府关于印发", 44),
            centred("住房租赁补贴办法的通知", 44),
            centred("（试行）", 32),
            p("各区人民政府："),
        )
    )
    assert page.declared == {"title": "某市人民政府关于印发住房租赁补贴办法的通知"}


@pytest.mark.parametrize(
    ("property_", "title"), [("住房补贴办法", {"title": "住房补贴办法"}), ("文档1", {})]
)
def test_the_title_of_the_properties_counts_if_the_text_has_it(
    property_: str, title: dict[str, object]
) -> None:
    document = docx.Document()
    document.core_properties.title = property_
    put(document, p("某市住房补贴办法"), p("第一条"))
    assert read_docx(saved(document)).declared == title


def without_end(data: bytes) -> bytes:
    return data[: len(data) // 2]


def dtd(data: bytes) -> bytes:
    entity = b'<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]><w:document'
    return rewritten(data, "word/document.xml", b"<w:document", entity)


def no_document(data: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as packed:
        packed.writestr("hello.txt", data)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (without_end, "it is damaged or cut off (File is not a zip file)"),
        (dtd, "its part 'word/document.xml' declares entities (a DTD)"),
        (no_document, "it is damaged: "),
        (
            lambda data: data[:100] + b"\xff" * 100 + data[200:],
            "its part '[Content_Types].xml' is damaged (Error -3 while decompressing data",
        ),
        (lambda _: b"hello", "it is no file of Word"),
        (lambda _: b"", "it is no file of Word"),
        (
            lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"),
            "it is protected by a password",
        ),
        (
            lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + b"WordDocument",
            "it is of an old version of Word; save it in the new format",
        ),
        (
            lambda data: rewritten(data, "word/document.xml", b"</w:body>", b"</w:bod>"),
            "it is damaged: ",
        ),
    ],
)
def test_what_is_no_word_file(damage: object, reason: str) -> None:
    assert callable(damage)
    with pytest.raises(ValueError) as caught:  # noqa: PT011 - the text is checked below
        read_docx(damage(word(p("甲"))))
    assert str(caught.value).startswith(reason)


def test_tables_in_tables_without_end() -> None:
    inner = p("底")
    for _ in range(80):
        inner = table(TC.format("", inner + p("层")))
    with pytest.raises(ValueError, match="it is damaged"):
        read_docx(word(inner))
