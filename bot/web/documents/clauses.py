"""
A document cut into what a page shows: clauses with anchors, headings, paragraphs, tables. Pure.

Nothing of the text is left out and nothing is added: the parts of all blocks together are the
document without its blank lines and the bars of its tables.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, count, groupby
from typing import Final

from bot.links import fingerprint
from index.clauses import same_clause
from knowledge.types import Document, Passage

TITLE: Final = 26  # columns of a clause's name in the table of contents, half of them for Chinese
CELLS: Final = " | "
_NUMBERED: Final = re.compile(
    r"(?:section|article|annex|appendix|schedule|part|chapter)\s+\w+|[^\s、.．:：　]+",
    re.IGNORECASE,
)
_NO_ANCHOR: Final = re.compile(r"[^\w-]+")


@dataclass(frozen=True, slots=True)
class Part:
    """A run of text, and whether it belongs to what is quoted."""

    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    parts: tuple[Part, ...]
    level: int  # 1 is the highest


@dataclass(frozen=True, slots=True)
class Paragraph:
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Table:
    rows: tuple[tuple[tuple[Part, ...], ...], ...]
    headed: bool  # whether the first row names the columns


Block = Heading | Paragraph | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    anchor: str
    name: str  # as in a table of contents; "" for what stands before the first clause
    chapter: str  # the heading that it stands under; "" for none
    blocks: tuple[Block, ...]

    @property
    def quoted(self) -> bool:
        return any(part.quoted for block in self.blocks for part in _parts(block))


def clauses_of(
    document: Document, passages: Sequence[Passage], *, quoted: str = ""
) -> tuple[Clause, ...]:
    """Cut a document; `quoted` is the fingerprint of the passage to highlight, or ""."""
    marked = quoted_span(passages, quoted)
    starts = {heading.start: heading.level for heading in document.headings}
    return tuple(
        Clause(
            anchor=anchor,
            name=_name(address[-1] if address else "", document.text[slice(*span)]),
            chapter=address[-2] if len(address) > 1 else "",
            blocks=tuple(_blocks(document.text, span, starts, address, marked)),
        )
        for anchor, address, span in _divided(passages)
    )


def anchored(
    document: Document, passages: Sequence[Passage]
) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """The anchor, the address and the text of each clause."""
    for anchor, address, span in _divided(passages):
        yield anchor, address, document.text[slice(*span)]


def _divided(
    passages: Sequence[Passage],
) -> Iterator[tuple[str, tuple[str, ...], tuple[int, int]]]:
    """The anchor, the address and the span of each clause."""
    taken: set[str] = set()
    place = 0
    while place < len(passages):
        group = _clause_at(passages, place)
        address = _shared(group)
        yield _anchor(address, taken), address, (group[0].start, group[-1].end)
        place += len(group)


def quoted_span(passages: Sequence[Passage], quoted: str) -> tuple[int, int]:
    """Where the quoted passage stands in the document, without blanks; empty if it does not."""
    found = (one for one in passages if quoted and fingerprint(one.text) == quoted)
    passage = next(found, None)
    if passage is None:
        return 0, 0
    blank = len(passage.text) - len(passage.text.lstrip())
    return passage.start + blank, passage.start + blank + len(passage.text.strip())


def _clause_at(passages: Sequence[Passage], place: int) -> Sequence[Passage]:
    """The passages of the clause that begins there."""
    whole = same_clause(passages, place)
    first = place - next(n for n, one in enumerate(whole) if one.id == passages[place].id)
    return passages[place : first + len(whole)]


def _shared(group: Sequence[Passage]) -> tuple[str, ...]:
    """The address that all passages of a clause have in common."""
    columns = zip(*(one.address for one in group), strict=False)
    return tuple(next(same) for same in (iter(c) for c in columns if len(set(c)) == 1))


def _anchor(address: Sequence[str], taken: set[str]) -> str:
    """
    `c-` and the number of the clause; with its chapter or annex where that was there before.

    It names the place and not the words, so that a link to it outlives an amendment.
    """
    labels = [_NO_ANCHOR.sub("-", _numbered(one)).strip("-") for one in address]
    short, whole = "-".join(labels[-1:] or ["0"]), "-".join(labels or ["0"])
    names = chain((short, whole), (f"{whole}-{number}" for number in count(2)))
    name = next(one for one in (f"c-{name.lower()}" for name in names) if one not in taken)
    taken.add(name)
    return name


def _numbered(label: str) -> str:
    found = _NUMBERED.match(label.strip())
    return found.group() if found else label


def _name(label: str, text: str) -> str:
    """The first line of the clause, which tells more than its number, cut to fit a list."""
    if not label:
        return ""
    lines = (line.strip() for line in text.splitlines())
    line = next((line for line in lines if line.startswith(label)), label)
    line = line.split(CELLS)[0]
    return line if len(line) <= TITLE else f"{line[: TITLE - 1]}…"


def _blocks(
    text: str,
    span: tuple[int, int],
    starts: dict[int, int],
    address: Sequence[str],
    marked: tuple[int, int],
) -> Iterator[Block]:
    lines = list(_lines(text, *span))
    for is_table, group in groupby(lines, key=lambda line: CELLS in text[slice(*line)]):
        rows = list(group)
        if is_table and (len(rows) > 1 or text[slice(*rows[0])].count(CELLS) > 1):
            cells = tuple(tuple(_cells(text, row, marked)) for row in rows)
            yield Table(cells, headed=len(rows) > 1)
            continue
        for first, last in rows:
            parts = _cut(text, first, last, marked)
            if first in starts or text[first:last] in address:
                yield Heading(parts, starts.get(first, 2))
            else:
                yield Paragraph(parts)


def _lines(text: str, first: int, last: int) -> Iterator[tuple[int, int]]:
    """Where the lines that are not blank begin and end, without the blanks around them."""
    for found in re.finditer(r"[^\n]+", text[first:last]):
        line = found.group()
        if line.strip():
            start = first + found.start() + len(line) - len(line.lstrip())
            yield start, start + len(line.strip())


def _cells(text: str, row: tuple[int, int], marked: tuple[int, int]) -> Iterator[tuple[Part, ...]]:
    first, last = row
    for cell in text[first:last].split(CELLS):
        yield _cut(text, first, first + len(cell), marked)
        first += len(cell) + len(CELLS)


def _cut(text: str, first: int, last: int, marked: tuple[int, int]) -> tuple[Part, ...]:
    start, end = (min(max(place, first), last) for place in marked)
    pieces = (
        Part(text[first:start]),
        Part(text[start:end], quoted=True),
        Part(text[end:last]),
    )
    return tuple(piece for piece in pieces if piece.text)


def _parts(block: Block) -> Iterator[Part]:
    if isinstance(block, Table):
        for row in block.rows:
            for cell in row:
                yield from cell
    else:
        yield from block.parts
