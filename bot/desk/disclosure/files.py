"""
The letter as a file: Word, to be printed and sealed, and PDF, to be sent.

Sizes and margins follow the standard for official documents (GB/T 9704-2012): A4, the body in size
三号 (16 pt), 28 pt from line to line, two characters of indent.

Fonts. A Word file names 仿宋 and leaves it to the machine that opens it. A PDF embeds what the
letter uses of the TrueType font that is given. Without one it names STSong-Light, one of the
fonts of Adobe's Asian packs, and the reader takes its own Song face in its place: browsers and
Acrobat do, but an archive may not take such a file.
"""

from __future__ import annotations

import io
import struct
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final
from xml.sax.saxutils import escape  # escapes what we write; it parses nothing

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Mm, Pt
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfbase.ttfonts import TTFError, TTFont
from reportlab.platypus import Paragraph, SimpleDocTemplate

from bot.desk.disclosure.letter import TITLE, Letter, chinese_day
from bot.desk.disclosure.results import REGULATIONS, RULES
from bot.errors import ConfigError

PDF: Final = "application/pdf"
WORD: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TITLE_PT: Final = 22  # 二号
BODY_PT: Final = 16  # 三号
LINE_PT: Final = 28
TOP_MM, BOTTOM_MM, LEFT_MM, RIGHT_MM = 37, 35, 28, 26
MOST_NAMED: Final = 20  # characters that a font lacks
MISSING: Final = "〓"  # printers' sign for a character that is not in the font
BUILT_IN: Final = "STSong-Light"
LAST_OF_BMP: Final = "\uffff"  # the built-in font's encoding ends there


def as_word(letter: Letter) -> bytes:
    document = Document()
    document.core_properties.title = TITLE
    document.core_properties.author = letter.bureau
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(TOP_MM), Mm(BOTTOM_MM)
    section.left_margin, section.right_margin = Mm(LEFT_MM), Mm(RIGHT_MM)
    centre, right = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.RIGHT
    _write(document, TITLE, size=TITLE_PT, face="方正小标宋简体", align=centre)
    _write(document, letter.number, align=centre)
    _write(document, f"{letter.addressee}：")
    for text in letter.paragraphs:
        _write(document, text, indent=2 * BODY_PT)
    _write(document, letter.bureau, align=right)
    _write(document, chinese_day(letter.day), align=right)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def _write(
    document: Any,
    text: str,
    *,
    size: int = BODY_PT,
    face: str = "仿宋_GB2312",
    align: WD_ALIGN_PARAGRAPH | None = None,
    indent: int = 0,
) -> None:
    paragraph = document.add_paragraph()
    paragraph.alignment = align
    layout = paragraph.paragraph_format
    layout.line_spacing = Pt(LINE_PT)
    layout.space_after = Pt(0)
    layout.first_line_indent = Pt(indent)
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    run.font.name = face
    fonts = run._element.rPr.rFonts  # noqa: SLF001 - the library has no name for it
    fonts.set(qn("w:eastAsia"), face)


def as_pdf(letter: Letter, *, font: Path | None = None) -> bytes:
    """
    `font` is a TrueType file with Chinese characters.

    A character that the font lacks is printed as 〓: a wrong one in a name would be worse.
    Raise ConfigError for a file that is no such font.
    """
    face = _face(font)

    def line(text: str, **style: Any) -> Paragraph:
        look = ParagraphStyle(
            "line",
            fontName=face.name,
            **{"fontSize": BODY_PT, "leading": LINE_PT, "wordWrap": "CJK", **style},
        )
        return Paragraph(escape(face.printable(text)), look)

    out = io.BytesIO()
    pages = SimpleDocTemplate(
        out,
        pagesize=A4,
        topMargin=TOP_MM * mm,
        bottomMargin=BOTTOM_MM * mm,
        leftMargin=LEFT_MM * mm,
        rightMargin=RIGHT_MM * mm,
        title=TITLE,
        author=letter.bureau,
        invariant=1,  # the same letter is the same file
    )
    pages.build(
        [
            line(TITLE, fontSize=TITLE_PT, leading=2 * LINE_PT, alignment=TA_CENTER),
            line(letter.number, alignment=TA_CENTER, spaceAfter=LINE_PT),
            line(f"{letter.addressee}："),
            *(line(text, firstLineIndent=2 * BODY_PT) for text in letter.paragraphs),
            line(letter.bureau, alignment=TA_RIGHT, spaceBefore=LINE_PT),
            line(chinese_day(letter.day), alignment=TA_RIGHT),
        ]
    )
    return out.getvalue()


def lacking(font: Path, *names: str) -> str:
    """
    Characters that every letter may need and that the font has not, at most MOST_NAMED of them.

    `names` are those of the bureau and of whom it names. Raise ConfigError as `as_pdf` does.
    """
    face = _face(font)
    words = (TITLE, REGULATIONS, "（）〔〕：，。；“”年月日号0123456789", *names)
    rules = (f"{rule.finding}{rule.article}{rule.law}{rule.decision}" for rule in RULES.values())
    needed = dict.fromkeys("".join((*words, *rules)))
    missing = [one for one in needed if one.strip() and face.printable(one) != one]
    return "".join(missing[:MOST_NAMED])


@dataclass(frozen=True, slots=True)
class _Face:
    name: str
    characters: frozenset[int] | None = None  # that the font has; None: those of the BMP

    def printable(self, text: str) -> str:
        return "".join(one if self._has(one) else MISSING for one in text)

    def _has(self, character: str) -> bool:
        if self.characters is None:
            return character <= LAST_OF_BMP
        return ord(character) in self.characters


@cache
def _face(font: Path | None) -> _Face:
    """Made known to the library once a process."""
    if font is None:
        pdfmetrics.registerFont(UnicodeCIDFont(BUILT_IN))
        return _Face(BUILT_IN)
    try:
        known = TTFont(f"letter-{font.stem}", font)
    except (TTFError, OSError, struct.error, IndexError, KeyError) as error:  # cut off, too
        raise ConfigError(
            [f"LETTER_FONT: {font} is no TrueType font (.ttf, .ttc) that can be embedded: {error}"]
        ) from error
    pdfmetrics.registerFont(known)
    return _Face(known.fontName, frozenset(known.face.charToGlyph))
