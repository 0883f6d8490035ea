"""
Lines on pages to paragraphs. Pure: knows nothing of PDF or OCR.

Places are points from the top left corner of the page.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median
from typing import Final

from knowledge.readers.wrap import CLOSE, join

MARGIN: Final = 0.12  # share of the page's height at its top and foot where heads and feet stand
_OUTER: Final = 4  # lines from the top or foot of a page that may be a head or foot
_OFTEN: Final = 0.4  # share of the pages; odd and even pages may have different heads
_TIMES: Final = 3  # pages; less is chance
_NEAR: Final = 8.0  # points; a head does not stand at the very same height on all pages
_PAGE_NUMBER: Final = re.compile(
    r"[-—–―－·•\s]*\d{1,4}[-—–―－·•\s]*|第\s*\d+\s*[页頁].{0,12}"
    r"|(page\s*)?\d{1,4}\s*(/|of)\s*\d{1,4}",
    re.IGNORECASE,
)
_CONTENTS: Final = re.compile(r"(?:[.．…·‧]\s?){5,}\s*[-–—]?\s*\d{1,4}\s*[-–—]?\s*$")
_CONTENTS_HEAD: Final = re.compile(r"目\s*[录錄次]|(table of )?contents", re.IGNORECASE)
_MARK: Final = re.compile(
    r"第[〇零一二三四五六七八九十百千\d]{1,6}[编章节節条條]|[一二三四五六七八九十]{1,3}、|附\s*[件录錄]"
    r"|[（(][一二三四五六七八九十a-z\d]{1,3}[）)]|\d{1,3}[.、．](?!\d)|\[\d+\] "
    r"|[•·●■◆–-]\s"
)
_SENTENCE: Final = re.compile(r"[。！？；：.!?;:][”’」』）】)]?$")
_CLOSE: Final = re.compile(rf"[{CLOSE}]")
_CLOSING: Final = re.compile(r"[，。；：、！？）》」』”’】〉]")
_NOTE: Final = re.compile(r"\[\d{1,3}\] |[①-⑳*※]")
_LARGER: Final = 1.08  # than the text: a heading
_SMALLER: Final = 0.95  # than the text: a footnote
_LONGEST_HEADING: Final = 100
_LOWEST: Final = 6


@dataclass(frozen=True, slots=True)
class Line:
    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float  # of most of its characters
    first: float = 0.0  # width of its first word, with the blank before it
    row: bool = False  # of a table


@dataclass(frozen=True, slots=True)
class Sheet:
    """One page."""

    width: float
    height: float
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    text: str
    level: int = 0  # of a heading, by the size of its characters


@dataclass(frozen=True, slots=True)
class _Body:
    """How the text of the document is set."""

    size: float
    pitch: float  # from line to line
    left: float
    right: float
    chinese: bool
    words: frozenset[str]
    sizes: tuple[float, ...]  # of headings, the largest first


def paragraphs(sheets: Sequence[Sheet]) -> list[Paragraph]:
    """Put the lines together; heads, feet, page numbers and the table of contents are out."""
    furniture = _furniture(sheets)
    pages = [
        [line for place, line in enumerate(sheet.lines) if (number, place) not in furniture]
        for number, sheet in enumerate(sheets)
    ]
    pages = [list(_without_contents(page)) for page in pages]
    if not any(pages):
        return []
    body = _body(pages)
    flow = _Flow(body)
    for page in pages:
        text, notes = _notes(page, body)
        flow.read(text)
        flow.hold(notes)
    return flow.finish()


def _furniture(sheets: Sequence[Sheet]) -> set[tuple[int, int]]:
    """Return (page, place) of the lines that are heads, feet and page numbers."""
    outer = [
        (number, place, line)
        for number, sheet in enumerate(sheets)
        for place, line in enumerate(sheet.lines)
        if not line.row and _is_outer(sheet, place)
    ]
    often = max(_TIMES, _OFTEN * len(sheets))
    on: dict[tuple[str, int], set[int]] = {}
    for number, _, line in outer:
        for key in _keys(line):
            on.setdefault(key, set()).add(number)
    return {
        (number, place)
        for number, place, line in outer
        if any(len(on[key]) >= often for key in _keys(line))
        or (_PAGE_NUMBER.fullmatch(line.text.strip()) and _is_edge(sheets[number], place))
    }


def _keys(line: Line) -> list[tuple[str, int]]:
    text = re.sub(r"\d+|[ⅰ-ⅻivxIVX]+$", "#", " ".join(line.text.split()))
    height = int(line.top / _NEAR)
    return [(text, height), (text, height + 1)]


def _is_outer(sheet: Sheet, place: int) -> bool:
    line = sheet.lines[place]
    edge = MARGIN * sheet.height
    above = place < _OUTER and line.bottom < edge
    return above or (place >= len(sheet.lines) - _OUTER and line.top > sheet.height - edge)


def _is_edge(sheet: Sheet, place: int) -> bool:
    return place in {0, len(sheet.lines) - 1}


def _without_contents(page: Sequence[Line]) -> Iterator[Line]:
    listed = [_CONTENTS.search(line.text) is not None for line in page]
    for place, line in enumerate(page):
        heads = _CONTENTS_HEAD.fullmatch(line.text.strip()) and any(listed[place + 1 : place + 3])
        if not listed[place] and not heads:
            yield line


def _body(pages: Sequence[Sequence[Line]]) -> _Body:
    lines = [line for page in pages for line in page if not line.row]
    lines = lines or [line for page in pages for line in page]
    weights: Counter[float] = Counter()
    for line in lines:
        weights[_round(line.size)] += len(line.text)
    size = weights.most_common(1)[0][0]
    text = [line for line in lines if _round(line.size) == size]
    steps = [
        below.top - above.top
        for page in pages
        for above, below in pairwise(page)
        if _round(above.size) == _round(below.size) == size and not below.row
    ]
    steps = [step for step in steps if step > 0]
    lefts, rights = sorted(line.x0 for line in text), sorted(line.x1 for line in text)
    written = "".join(line.text for line in lines)
    larger = {_round(line.size) for line in lines if line.size > _LARGER * size}
    return _Body(
        size=size,
        pitch=median(steps) if steps else 1.4 * size,
        left=lefts[len(lefts) // 20],
        right=rights[len(rights) * 19 // 20],
        chinese=len(_CLOSE.findall(written)) > 0.3 * len(written),
        words=frozenset(re.findall(r"[A-Za-z]+(?:-[A-Za-z]+)?", written)),
        sizes=tuple(sorted(larger, reverse=True)),
    )


def _round(size: float) -> float:
    return round(size * 2) / 2


def _notes(page: list[Line], body: _Body) -> tuple[list[Line], list[Line]]:
    """Part the footnotes, small lines at the end of a page, from its text."""
    place = len(page)
    while place and not page[place - 1].row and page[place - 1].size < _SMALLER * body.size:
        place -= 1
    while place < len(page) and not _NOTE.match(page[place].text):
        place += 1
    return page[:place], page[place:]


class _Flow:
    """The text from page to page. Footnotes wait until the paragraph they interrupt is whole."""

    def __init__(self, body: _Body) -> None:
        self._body = body
        self._done: list[Paragraph] = []
        self._text = ""
        self._last: Line | None = None
        self._held: list[Line] = []

    def read(self, lines: Sequence[Line]) -> None:
        for place, line in enumerate(lines):
            if self._last is not None and self._starts(self._last, line, turned=place == 0):
                self._close()
            self._text = join(self._text, line.text, self._body.words)
            self._last = line

    def hold(self, lines: Sequence[Line]) -> None:
        self._held += lines

    def finish(self) -> list[Paragraph]:
        self._close()
        return self._done

    def _close(self) -> None:
        if self._last is not None:
            self._done.append(Paragraph(self._text.strip(), self._level(self._last, self._text)))
        self._text, self._last = "", None
        held, self._held = self._held, []
        note = ""
        for line in held:
            if note and _NOTE.match(line.text):
                self._done.append(Paragraph(note))
                note = ""
            note = join(note, line.text, self._body.words)
        if note:
            self._done.append(Paragraph(note))

    def _level(self, line: Line, text: str) -> int:
        size = _round(line.size)
        if line.row or size not in self._body.sizes or len(text) > _LONGEST_HEADING:
            return 0
        return min(self._body.sizes.index(size) + 1, _LOWEST)

    def _starts(self, last: Line, line: Line, *, turned: bool) -> bool:
        """Whether the line begins a paragraph; `turned`: it is the first of its page."""
        body = self._body
        if last.row or line.row or _round(last.size) != _round(line.size):
            return True
        step = max(body.pitch, 1.2 * line.size)
        if not turned and line.top - last.top > 1.4 * step:
            return True
        if line.size > _LARGER * body.size:
            return turned  # a title in several lines
        return self._broken(last, line)

    def _broken(self, last: Line, line: Line) -> bool:
        """Whether the end of the last line is that of a paragraph."""
        body = self._body
        ended = _SENTENCE.search(last.text) is not None
        if _CLOSING.match(line.text):
            return False
        # A line of Chinese may end early, for none begins with a comma.
        spare = 2.5 if body.chinese and not ended else 0.2
        fits = last.x1 + line.first < body.right - spare * line.size
        if fits or (ended and _MARK.match(line.text)):
            return True
        if not ended and line.text[0].islower():
            return False
        return self._indented(last, line, ended=ended)

    def _indented(self, last: Line, line: Line, *, ended: bool) -> bool:
        em = 1.2 * line.size
        if self._body.chinese:
            return line.x0 > self._body.left + em
        hanging = _MARK.match(last.text) is not None and not ended
        return line.x0 > last.x0 + em and not hanging
