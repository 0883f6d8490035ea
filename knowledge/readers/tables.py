"""Tables: each row is a document, told by its number and title and not by its place."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import BinaryIO, Final

from knowledge.metadata import NUMBER, parse_date
from knowledge.readers.base import Page
from knowledge.readers.columns import Columns, Plan, is_header, plan, values
from knowledge.readers.reading import Note, Piece, Reading
from knowledge.readers.rows import Row, Table, csv_table, workbook_tables
from knowledge.types import Disclosure, Kind, Status

_HEAD: Final = 10  # rows among which the header is
_DAYS: Final = frozenset({"published", "effective", "expires"})
_WORDS: Final[Mapping[str, Mapping[str, str]]] = {  # what tables write, and our name for it
    "kind": {
        **dict.fromkeys(("政策", "政策文件", "规范性文件", "法规", "规章"), Kind.POLICY),
        **dict.fromkeys(("解读", "政策解读"), Kind.INTERPRETATION),
        **dict.fromkeys(("答复", "问答", "解答", "咨询答复"), Kind.ANSWER),
    },
    "status": {
        **dict.fromkeys(("有效", "现行有效", "现行", "是"), Status.IN_FORCE),
        **dict.fromkeys(("已修改", "已修订", "部分失效"), Status.AMENDED),
        **dict.fromkeys(("失效", "废止", "已废止", "已失效", "否"), Status.REPEALED),
    },
    "disclosure": {
        "主动公开": Disclosure.OPEN,
        "依申请公开": Disclosure.ON_REQUEST,
        "不予公开": Disclosure.WITHHELD,
    },
}
_LIST: Final = re.compile(r"[,，;；、|\n]+")
_REFERENCE: Final = re.compile(r"^[（(].*[）)]$|依据")  # what stands where there is no number
# Exports that lost their line breaks keep the two blanks that open a paragraph.
_INDENT: Final = re.compile(r"(\u3000{2,})")
_LABEL: Final = re.compile(r"第[〇零一二三四五六七八九十百千\d]{1,7}[条條章节節编]$")
_AFTER_DATE: Final = re.compile(r"(?<=\d日)\u3000(?=\S)")
# The heading of a chapter that hangs at the end of what stands before it.
_CHAPTER: Final = re.compile(
    r"(?<=[。；则法定引案程例])(?=第[一二三四五六七八九十]{1,3}章[^，。；：]{1,20}$)"
)
_OPENING: Final = 6  # lines in which number and title stand
_LONGEST_TITLE: Final = 120


def read_csv(stream: BinaryIO, columns: Columns) -> Reading:
    """Read a CSV file of any length, row by row."""
    return _read(csv_table(stream), columns)


def read_workbook(stream: BinaryIO, columns: Columns) -> Reading:
    """Read the sheets of a workbook (.xlsx), row by row."""
    return _read(workbook_tables(stream), columns)


def _read(tables: Iterator[Table], columns: Columns) -> Reading:
    known = Known()
    problems: list[str] = []
    found = False
    for table in tables:
        if columns.sheet and table.name != columns.sheet:
            continue
        rows = iter(table.rows)
        try:
            layout, rows = _header(rows, columns)
        except ValueError as error:
            problems.append(str(error))
            if table.name:
                yield Note(f"sheet {table.name}", str(error))
            continue
        found = True
        if layout.unread:
            listed = ", ".join(" ".join(name.split()) for name in layout.unread)
            told = f"columns not read: {listed}; if they matter, name them in source.toml"
            yield Note("", told)
        for row in rows:
            yield from _row(row, layout, known, f"sheet {table.name} " if table.name else "")
    if not found:
        raise ValueError(problems[0] if problems else f"no sheet is named {columns.sheet!r}")


def _header(rows: Iterator[Row], columns: Columns) -> tuple[Plan, Iterator[Row]]:
    """Return the plan, and the rows below the header."""
    read: list[Row] = []
    for row in rows:
        read.append(row)
        if columns.header == row.number or (not columns.header and is_header(row.cells)):
            return plan(row.cells, columns), rows
        if row.number >= max(_HEAD, columns.header):
            break
    first = next((row for row in read if any(row.cells)), Row(1, ()))
    return plan(first.cells, columns), chain(
        (row for row in read if row.number > first.number), rows
    )


class Known:
    """What earlier rows of the file were."""

    def __init__(self) -> None:
        self._texts: dict[bytes, str] = {}  # digest to the row that holds it
        self._keys: set[str] = set()

    def twin(self, title: str, text: str, where: str) -> str:
        """Return the row that said the same, or "" and remember this one."""
        digest = _hash(f"{title}\0{text}").digest()[:16]
        twin = self._texts.setdefault(digest, where)
        return "" if twin == where else twin

    def key(self, declared: Mapping[str, object], title: str, text: str) -> str:
        """Name a row by its number and title; its text only tells apart what shares both."""
        number = re.sub(r"[\s/\\]+", "", str(declared.get("number", "")))
        key = f"{number}-{_digest(title)[:6]}" if number else _digest(title)[:12]
        if key in self._keys:
            key = f"{key}-{_digest(text)[:6]}"
        self._keys.add(key)
        return key


def _digest(text: str) -> str:
    return _hash(text).hexdigest()


def _hash(text: str) -> hashlib._Hash:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass"))


def _row(row: Row, layout: Plan, known: Known, sheet: str) -> Reading:
    where = f"{sheet}row {row.number}"
    problem = row.problem or _misfit(row, layout, padded=bool(sheet))
    if problem:
        yield Note(where, problem)
        return
    if any(cell.strip() for cell in row.cells):
        cells = row.cells[: layout.width] + ("",) * (layout.width - len(row.cells))
        yield from read_row(cells, layout, known, where)


def read_row(cells: tuple[str, ...], layout: Plan, known: Known, where: str) -> Reading:
    """Yield the document in the cells, one for each column of the plan, or why there is none."""
    declared: dict[str, object] = {}
    for field, value in values(cells, layout):
        if field in _DAYS and parse_date(value) is None:
            yield Note(where, f"{field}: {value[:20]!r} is no date such as 2025-07-08; left out")
        else:
            _declare(declared, field, value)
    yield _document(declared, cells, layout, known, where)


def _misfit(row: Row, layout: Plan, *, padded: bool) -> str:
    """Tell a row with too many cells, or too few in a CSV file, which writes the empty ones."""
    short = 1 < len(row.cells) < layout.width and not padded
    if short or any(cell.strip() for cell in row.cells[layout.width :]):
        return f"it has {len(row.cells)} cells and the header {layout.width}"
    return ""


def _document(
    declared: dict[str, object],
    cells: tuple[str, ...],
    layout: Plan,
    known: Known,
    where: str,
) -> Piece | Note:
    text, title = str(declared.pop("text", "")), str(declared.get("title", ""))
    if not text:
        return Note(where, f"there is no text ({title[:40]})" if title else "there is no text")
    twin = known.twin(title, text, where)
    if twin:
        return Note(where, f"it says the same as {twin} and is read once")
    if layout.answers and not {"kind", "column"} & declared.keys():
        declared["kind"] = Kind.ANSWER
    key = known.key(declared, title or text[:200], text)
    return Piece(Page(text=_text(text, title, cells, layout), declared=declared), key, where)


def _declare(declared: dict[str, object], field: str, value: str) -> None:
    if field == "text":
        declared["text"] = value
    elif field == "topics":
        topics = declared.setdefault("topics", [])
        assert isinstance(topics, list)
        topics += [one.strip() for one in _LIST.split(value) if one.strip()]
    elif field in {"amends", "repeals", "interprets"}:
        declared[field] = [one.strip() for one in _LIST.split(value) if one.strip()]
    elif field in _WORDS:
        declared[field] = _WORDS[field].get(value, value)
    elif field == "number" and (_REFERENCE.search(value) or not re.search(r"\d", value)):
        pass
    else:
        declared[field] = " ".join(value.split())


def _text(text: str, title: str, cells: tuple[str, ...], layout: Plan) -> str:
    lines = _lines(text.replace("\r\n", "\n").replace("\r", "\n"), title)
    for label, place in layout.appended.items():
        value = " ".join(cells[place].split())
        if value:
            lines.append(f"{label}：{value}")
    return "".join(f"{line}\n" for line in lines)


def _lines(text: str, title: str) -> list[str]:
    lines = [line.strip() for line in text.strip().split("\n")]
    if len(lines) == 1:
        lines = _parted(lines[0], title)
    return lines


def _parted(line: str, title: str) -> list[str]:
    """Give a text that lost its line breaks back those that it shows traces of."""
    line = _AFTER_DATE.sub("\u3000\u3000", line)
    pieces = _INDENT.split(line)  # text, indent, text, …
    lines = [pieces[0]]
    for indent, piece in zip(pieces[1::2], pieces[2::2], strict=True):
        # 第一条　　为了… and 目　　录 are one line.
        if _LABEL.search(lines[-1]) or len(lines[-1].strip()) == 1 or len(piece.strip()) == 1:
            lines[-1] += indent + piece
        else:
            lines.append(piece)
    opening = chain.from_iterable(_opening(one.strip(), title) for one in lines[:_OPENING])
    rest = (*opening, *(one.strip() for one in lines[_OPENING:]))
    return [part for one in rest for part in _CHAPTER.split(one) if part]


def _opening(line: str, title: str) -> Iterator[str]:
    """Number and title stand on lines of their own."""
    number = NUMBER.match(line)
    if number:
        yield number[0]
        line = line[number.end() :].strip()
    end = line.find(title) + len(title) if title and title in line else 0
    if 0 < end < min(len(line), _LONGEST_TITLE):
        yield line[:end]
        line = line[end:]
    yield line.strip()
