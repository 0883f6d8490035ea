"""
PDF files. The only module that imports pdfplumber.

Why not pypdf beside it: on the 33 pages of corpus/office it took 23 s against 4 s here, and
does not tell the size of characters: "2018" with the note 1 came out as the year 20181.
"""

from __future__ import annotations

import logging
import time
import zlib
from collections.abc import Iterator, Sequence
from io import BytesIO
from itertools import chain
from typing import Any, Final

import numpy as np
import pdfplumber
from pdfminer import pdftypes
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.page import Page as Sheet_

from knowledge.readers import ocr
from knowledge.readers.base import Lines, Page
from knowledge.readers.layout import Line, Paragraph, Sheet, paragraphs
from knowledge.readers.packed import LIMITS
from knowledge.readers.pdf_lines import Glyph, lines
from knowledge.readers.reading import Note, Piece, Reading
from knowledge.readers.wrap import join

MOST_PAGES: Final = 2_000
LONGEST_S: Final = 600.0  # for one file
LARGEST_STREAM: Final = 50_000_000  # bytes, unpacked
_MAGIC: Final = b"%PDF-"
_TAIL: Final = 2_048  # bytes in which a whole file says that it ends
_STAMP: Final = 20  # characters; a page with fewer and a picture is a scan with a stamp
_PICTURE: Final = 0.3  # of the page; a smaller one is an illustration or a seal
_DPI: Final = 200
_TITLE_HEAD: Final = 600  # characters in which a title stands
_LONGEST_TITLE: Final = 100

# It warns of fonts and colours, which have nothing to do with the text.
logging.getLogger("pdfminer").setLevel(logging.ERROR)


class _Unpacking:
    """zlib as pdfminer uses it, but for bombs: a kilobyte would fill gigabytes of memory."""

    error = zlib.error
    decompressobj = staticmethod(zlib.decompressobj)  # of damaged data: up to where zlib failed

    @staticmethod
    def decompress(data: bytes) -> bytes:
        most = min(LARGEST_STREAM, max(LIMITS.small, LIMITS.ratio * len(data)))
        unpacker = zlib.decompressobj()
        unpacked = unpacker.decompress(data, most)
        if unpacker.unconsumed_tail:
            raise ValueError(f"a part of it unpacks to more than {most} bytes, as a bomb does")
        if not unpacker.eof:
            raise zlib.error("it is cut off")
        return unpacked


# pdfminer has no limit and no other way to set one.
pdftypes.zlib = _Unpacking  # type: ignore[assignment, attr-defined] # stands in for the module


def read_pdf(data: bytes) -> Reading:
    """
    Read the text layer; a page without one is read by OCR, or named.

    The title that the file names counts if it stands in the text; the day when the file was
    made is not the day of publication, and not read.
    """
    if _MAGIC not in data[:1024]:
        raise ValueError("it is no PDF file")
    try:
        yield from _read(data)
    except ValueError:
        raise
    except Exception as error:  # pdfminer raises whatever a damaged file leads it to
        if any(isinstance(one, PDFPasswordIncorrect) for one in (error, *error.args)):
            raise ValueError("it is protected by a password") from error
        reason = " ".join(str(error).split())[:120] or type(error).__name__
        raise ValueError(f"it is damaged: {reason}") from error


def _read(data: bytes) -> Reading:
    started = time.monotonic()
    sheets: list[Sheet] = []
    read = 0
    with pdfplumber.open(BytesIO(data)) as pdf:
        if not pdf.pages:
            raise ValueError("it holds no page")
        if len(pdf.pages) > MOST_PAGES:
            raise ValueError(f"it has {len(pdf.pages)} pages, more than {MOST_PAGES}")
        for number, page in enumerate(pdf.pages, start=1):
            if time.monotonic() - started > LONGEST_S:
                raise ValueError(f"reading it takes longer than {LONGEST_S:.0f} s")
            found, problem = _lines(page)
            if problem:
                yield Note(f"page {number}", problem)
            read += bool(found)
            sheets.append(Sheet(float(page.width), float(page.height), tuple(found)))
            page.close()
        declared = str(pdf.metadata.get("Title") or "").strip()
    if not read:
        raise ValueError("none of its pages has a text layer")
    if b"%%EOF" not in data[-_TAIL:]:
        yield Note("", "the file is cut off: pages may be missing")
    yield Piece(_page(paragraphs(sheets), declared))


def _page(found: Sequence[Paragraph], declared: str) -> Page:
    out = Lines()
    for one in found:
        if one.text:
            out.add(one.text, level=one.level)
    page = out.page({})
    title = declared if declared and declared in page.text[:_TITLE_HEAD] else _largest(found)
    return out.page({"title": title} if title else {})


def _largest(found: Sequence[Paragraph]) -> str:
    """Return the highest heading near the top, over several paragraphs if it is."""
    head, length = [], 0
    for one in found:
        head.append(one)
        length += len(one.text)
        if length > _TITLE_HEAD:
            break
    level = min((one.level for one in head if one.level), default=0)
    title = ""
    for one in head:
        if level and one.level == level and not one.text.endswith("文件"):
            title = join(title, one.text)
        elif title:
            break
    return title if len(title) <= _LONGEST_TITLE else ""


def _lines(page: Sheet_) -> tuple[list[Line], str]:
    """Return the lines of a page, and what is to be said of it."""
    glyphs = [_glyph(char) for char in page.chars if char["upright"]]
    count = sum(not glyph.text.isspace() for glyph in glyphs)
    if count >= _STAMP or (count and not _is_picture(page)):
        return _with_tables(page, glyphs), ""
    if not count and not page.images and not page.curves:
        return [], ""  # empty
    if not ocr.available():
        return [], "it has no text layer and is not read; install the extra [ocr]"
    return _by_ocr(page), "it has no text layer and was read by OCR; compare it with the original"


def _glyph(char: dict[str, Any]) -> Glyph:
    text = "".join(c for c in char["text"] if c.isprintable() or c.isspace())
    return Glyph(
        text=text or " ",
        x0=char["x0"],
        x1=char["x1"],
        top=char["top"],
        bottom=char["bottom"],
        size=round(char["size"] * 2) / 2,
    )


def _is_picture(page: Sheet_) -> bool:
    area = float(page.width * page.height)
    return any(one["width"] * one["height"] > _PICTURE * area for one in page.images)


def _with_tables(page: Sheet_, glyphs: Sequence[Glyph]) -> list[Line]:
    tables = [table for table in page.find_tables() if _is_table(table)]
    inside: list[Glyph] = []
    outside: list[Glyph] = []
    for glyph in glyphs:
        within = any(_within(glyph, table.bbox) for table in tables)
        (inside if within else outside).append(glyph)
    rows = chain.from_iterable(_rows(table, inside) for table in tables)
    return sorted([*lines(outside), *rows], key=lambda line: line.top)


def _is_table(table: Any) -> bool:
    """Tell a table from a frame around a text."""
    return len(table.rows) > 1 and any(
        sum(cell is not None for cell in row.cells) > 1 for row in table.rows
    )


def _within(glyph: Glyph, box: tuple[float, float, float, float]) -> bool:
    left, top, right, bottom = box
    return top <= glyph.middle <= bottom and left <= (glyph.x0 + glyph.x1) / 2 <= right


def _rows(table: Any, glyphs: Sequence[Glyph]) -> Iterator[Line]:
    for row in table.rows:
        left, top, right, bottom = row.bbox
        text = " | ".join(_cell(cell, glyphs) for cell in row.cells if cell is not None)
        if text.strip(" |"):
            yield Line(text, left, right, top, bottom, size=bottom - top, row=True)


def _cell(box: tuple[float, float, float, float], glyphs: Sequence[Glyph]) -> str:
    whole = ""
    for line in lines(glyph for glyph in glyphs if _within(glyph, box)):
        whole = join(whole, line.text)
    return whole


def _by_ocr(page: Sheet_) -> list[Line]:
    picture = page.to_image(resolution=_DPI).original.convert("RGB")
    return ocr.read_picture(np.asarray(picture), scale=72 / _DPI)
