"""
Documents to passages along their own structure.

The passages of a document cover its text without gap or overlap: put together, they are the
text, character by character. A clause (第N条) is one passage; where there are no clauses, small
neighbours of the outline share one. What is longer than LONGEST is split at line ends, then at
sentence ends; each part keeps the clause in its address and adds its 款 and 项.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise
from operator import itemgetter
from typing import Final

from knowledge.structure import Mark, Rank, lines, outline
from knowledge.types import Document, Passage

TARGET: Final = 240  # characters; neighbours are joined up to here
LONGEST: Final = 480  # characters; longer pieces are split
_SENTENCE: Final = re.compile(r"[。！？；](?:[”’」』）】])?\n?|[.!?;](?:\n|(?=\s))|\n")
_BLANKS: Final = re.compile(r"\s*")
_ITEM: Final = re.compile(r"[（(][一二三四五六七八九十\d]{1,3}[）)]|\d{1,2}[.．、]")
_HAN: Final = "零一二三四五六七八九十"


@dataclass(frozen=True, slots=True)
class _Piece:
    start: int
    end: int
    address: tuple[str, ...]
    clause: int | None = None  # where the line of the clause starts, if it is one


def passages(document: Document) -> list[Passage]:
    """Cut a document. An empty text has no passages."""
    text = document.text
    pieces = _join(_pieces(text, outline(text, document.headings), title=document.title))
    cut = (part for piece in pieces for part in _split(text, piece))
    return [
        Passage(
            id=f"{document.id}#{ordinal}",
            document_id=document.id,
            text=text[piece.start : piece.end],
            start=piece.start,
            end=piece.end,
            address=piece.address,
        )
        for ordinal, piece in enumerate(cut)
    ]


def _pieces(text: str, marks: Sequence[Mark], *, title: str) -> list[_Piece]:
    """One piece for each mark that opens one; a bare heading goes with what it heads."""
    found: list[_Piece] = []
    path: list[Mark] = []
    start = 0
    for mark, following in pairwise([None, *_openers(marks), None]):
        if mark is not None:
            path = [*(above for above in path if above.rank < mark.rank), mark]
        end = following.start if following else len(text)
        bare = not text[start:end].strip() or (mark is not None and _bare(text, mark, end))
        if end == start or (following and bare):
            continue
        clause = mark.start if mark is not None and mark.rank is Rank.CLAUSE else None
        address = tuple(above.label for above in path if above.label not in title)
        found.append(_Piece(start, end, address, clause))
        start = end
    return found


def _openers(marks: Sequence[Mark]) -> Iterator[Mark]:
    """
    The marks that open a piece: clauses and what is above them, or else the outline.

    An annex is looked at alone: it may have an outline where the document has clauses.
    """
    zone = 0
    zones: list[tuple[int, Mark]] = []
    for mark in marks:
        zone += mark.rank is Rank.ANNEX
        zones.append((zone, mark))
    for _, group in groupby(zones, key=lambda pair: pair[0]):
        members = [mark for _, mark in group]
        clauses = sum(mark.rank is Rank.CLAUSE for mark in members) > 1
        lowest = Rank.CLAUSE if clauses else Rank.THIRD
        yield from (mark for mark in members if mark.rank <= lowest)


def _bare(text: str, mark: Mark, end: int) -> bool:
    """Whether nothing but the heading itself stands before `end`."""
    _, _, rest = text[mark.start : end].partition("\n")
    return mark.heading and not rest.strip()


def _join(pieces: Sequence[_Piece]) -> list[_Piece]:
    """Join small neighbours that stand under the same parent."""
    joined: list[_Piece] = []
    for piece in pieces:
        last = joined[-1] if joined else None
        if last is not None and _joinable(last, piece):
            address = _shared(last.address, piece.address)
            joined[-1] = replace(last, end=piece.end, address=address)
        else:
            joined.append(piece)
    return joined


def _joinable(last: _Piece, piece: _Piece) -> bool:
    if last.clause is not None or piece.clause is not None or piece.end - last.start > TARGET:
        return False
    parent = piece.address[:-1]
    return bool(parent) and parent in {last.address, last.address[:-1]}


def _shared(first: tuple[str, ...], second: tuple[str, ...]) -> tuple[str, ...]:
    pairs = zip(first, second, strict=False)
    count = next((n for n, (a, b) in enumerate(pairs) if a != b), min(len(first), len(second)))
    return first[:count]


def _split(text: str, piece: _Piece) -> Iterator[_Piece]:
    """Cut a long piece into parts of even length, none longer than LONGEST."""
    if piece.end - piece.start <= LONGEST:
        yield piece
        return
    places = _places(text, piece)
    start = piece.start
    while start < piece.end:
        left = piece.end - start
        parts = -(-left // LONGEST)
        ideal = start + left // parts
        end = _cut(text, start, ideal, start + LONGEST) if parts > 1 else piece.end
        yield _Piece(start, end, (*piece.address, *_place(places, text, start)))
        start = end


def _cut(text: str, start: int, ideal: int, latest: int) -> int:
    """The sentence or line end nearest to `ideal`, or `latest` if there is none."""
    ends = (found.end() for found in _SENTENCE.finditer(text, start, latest))
    fitting = (end for end in ends if end - start > TARGET // 4)
    return min(fitting, key=lambda end: abs(end - ideal), default=latest)


def _places(text: str, piece: _Piece) -> list[tuple[int, tuple[str, ...]]]:
    """Return for each line of a clause where it starts, and its 款, 项 and 目."""
    if piece.clause is None:
        return []
    paragraph, item, point = 0, "", ""
    found: list[tuple[int, tuple[str, ...]]] = []
    for start, line in lines(text[piece.clause : piece.end]):
        sign = _ITEM.match(line.strip())
        if sign is None:
            if line.strip():
                paragraph, item, point = paragraph + 1, "", ""
        elif sign.group()[0] in "（(":
            item, point = sign.group().strip(), ""
        else:
            point = sign.group().strip()
        where = (f"第{_numeral(max(1, paragraph))}款", item, point)
        found.append((piece.clause + start, tuple(part for part in where if part)))
    return found


def _place(
    places: Sequence[tuple[int, tuple[str, ...]]], text: str, start: int
) -> tuple[str, ...]:
    """Return the place of the first line with text at or behind `start`."""
    if not places:
        return ()
    blanks = _BLANKS.match(text, start)
    start = blanks.end() if blanks else start
    line = bisect_right(places, start, key=itemgetter(0)) - 1
    return places[max(0, line)][1]


def _numeral(number: int) -> str:
    """Write 1 to 99 in characters: a clause has no more paragraphs."""
    tens, ones = divmod(min(number, 99), 10)
    high = "" if tens == 0 else "十" if tens == 1 else f"{_HAN[tens]}十"
    return high + (_HAN[ones] if ones or not tens else "")
