from __future__ import annotations

from io import BytesIO

import pytest
from PIL import Image
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas

from knowledge.readers import ocr
from knowledge.readers.base import Page
from knowledge.readers.pdf import read_pdf
from knowledge.readers.reading import Note, Piece

SONG = "STSong-Light"
pdfmetrics.registerFont(UnicodeCIDFont(SONG))


class Paper:
    """A PDF file, written line by line from the top."""

    def __init__(self, *, password: str = "", title: str = "") -> None:
        self._stream = BytesIO()
        encrypt = StandardEncryption(password) if password else None
        self.canvas = Canvas(self._stream, pagesize=(595, 842), encrypt=encrypt, invariant=1)
        if title:
            self.canvas.setTitle(title)

    def write(
        self, text: str, top: float, *, x: float = 90, size: float = 16, font: str = SONG
    ) -> None:
        self.canvas.setFont(font, size)
        self.canvas.drawString(x, 842 - top, text)

    def turn(self) -> None:
        self.canvas.showPage()

    def data(self) -> bytes:
        self.canvas.save()
        return self._stream.getvalue()


def read(data: bytes) -> tuple[list[Note], list[Page]]:
    found = list(read_pdf(data))
    notes = [one for one in found if isinstance(one, Note)]
    return notes, [one.page for one in found if isinstance(one, Piece)]


def policy(paper: Paper) -> bytes:
    for number in (1, 2, 3):
        paper.write("某市人民政府公报", 40, size=10)
        if number == 1:
            paper.write("住房租赁补贴办法", 100, x=200, size=22)
        paper.write(f"第{'〇一二三'[number]}条　为了规范本市住房租赁补贴的申请和审核", 150, x=122)
        paper.write("保障住房困难家庭的基本居住需求，根据有关的规定，", 178)
        paper.write("制定本办法。", 206)
        paper.write(f"- {number} -", 800, x=280, size=10)
        paper.turn()
    return paper.data()


TEXT = (
    "住房租赁补贴办法\n"
    "第一条　为了规范本市住房租赁补贴的申请和审核保障住房困难家庭的基本居住需求，根据有关的规定，制定本办法。\n"
    "第二条　为了规范本市住房租赁补贴的申请和审核保障住房困难家庭的基本居住需求，根据有关的规定，制定本办法。\n"
    "第三条　为了规范本市住房租赁补贴的申请和审核保障住房困难家庭的基本居住需求，根据有关的规定，制定本办法。\n"
)


def test_a_policy() -> None:
    notes, (page,) = read(policy(Paper()))
    assert notes == []
    assert page.text.replace(" ", "\u3000") == TEXT
    assert [(one.start, one.end, one.level) for one in page.headings] == [(0, 8, 1)]
    assert page.declared == {"title": "住房租赁补贴办法"}


@pytest.mark.parametrize(
    ("named", "title"),
    [("租赁补贴办法", "租赁补贴办法"), ("Microsoft Word - 1.doc", "住房租赁补贴办法")],
)
def test_the_title_that_the_file_names_counts_if_the_text_has_it(named: str, title: str) -> None:
    _, (page,) = read(policy(Paper(title=named)))
    assert page.declared == {"title": title}


def test_a_table_becomes_rows_in_its_place() -> None:
    paper = Paper()
    paper.write("补贴标准如下：", 100)
    for row, cells in enumerate([("家庭人口", "每月"), ("一人", "500元"), ("二人", "900元")]):
        for column, cell in enumerate(cells):
            paper.write(cell, 150 + 30 * row, x=100 + 150 * column, size=12)
    for y in range(4):
        paper.canvas.line(90, 842 - 130 - 30 * y, 390, 842 - 130 - 30 * y)
    for x in range(3):
        paper.canvas.line(90 + 150 * x, 842 - 130, 90 + 150 * x, 842 - 220)
    paper.write("本标准自印发之日起施行。", 260)
    _, (page,) = read(paper.data())
    assert page.text == (
        "补贴标准如下：\n家庭人口 | 每月\n一人 | 500元\n二人 | 900元\n本标准自印发之日起施行。\n"
    )


def test_the_number_of_a_note_is_no_part_of_the_year() -> None:
    paper = Paper()
    for text, figure, top in (("Decision of 6 July 2018", "1", 100), ("of 60 m", "2", 150)):
        paper.write(text, top, size=11, font="Helvetica")
        end = 90 + pdfmetrics.stringWidth(text, "Helvetica", 11)
        paper.write(figure, top - 4, x=end, size=7, font="Helvetica")
    _, (page,) = read(paper.data())
    assert page.text == "Decision of 6 July 2018[1] of 60 m²\n"


def test_bold_by_printing_twice() -> None:
    paper = Paper()
    for shift in (0, 0.4):
        paper.write("住房租赁补贴申请人须知要点一览", 100, x=90 + shift)
    _, (page,) = read(paper.data())
    assert page.text == "住房租赁补贴申请人须知要点一览\n"


def picture() -> ImageReader:
    stream = BytesIO()
    Image.new("L", (100, 140), 255).save(stream, "PNG")
    stream.seek(0)
    return ImageReader(stream)


def test_a_page_without_a_text_layer_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    paper = Paper()
    paper.write("住房租赁补贴申请人须知要点一览", 100)
    paper.turn()
    paper.canvas.drawImage(picture(), 0, 0, 595, 842)
    paper.turn()
    paper.turn()  # an empty page is no loss
    notes, (page,) = read(paper.data())
    assert notes == [
        Note("page 2", "it has no text layer and is not read; install the extra [ocr]")
    ]
    assert page.text == "住房租赁补贴申请人须知要点一览\n"


def test_a_file_without_any_text_layer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "available", lambda: False)
    paper = Paper()
    paper.canvas.drawImage(picture(), 0, 0, 595, 842)
    with pytest.raises(ValueError, match="none of its pages has a text layer"):
        read(paper.data())


def test_a_password() -> None:
    with pytest.raises(ValueError, match="it is protected by a password"):
        read(policy(Paper(password="secret")))


def test_what_is_no_pdf_file() -> None:
    with pytest.raises(ValueError, match="it is no PDF file"):
        read(b"hello")


def test_a_file_that_is_cut_off() -> None:
    data = policy(Paper())
    with pytest.raises(ValueError, match="it "):
        read(data[:300])
    try:
        notes, pages = read(data[: len(data) * 3 // 4])
    except ValueError as error:
        assert str(error).startswith(("it is damaged", "it holds no page", "none of its pages"))  # noqa: PT017
    else:
        assert notes[0] == Note("", "the file is cut off: pages may be missing")
        assert pages
