"""Rows of CSV files and workbooks. The only module that imports openpyxl."""

from __future__ import annotations

import codecs
import csv
import re
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from io import TextIOWrapper
from typing import BinaryIO, Final

from openpyxl import load_workbook

from knowledge.readers.decode import BOMS
from knowledge.readers.packed import office

LONGEST_CELL: Final = 5_000_000  # characters; past it, a quotation mark was never closed
MOST_BAD: Final = 0.02  # of the characters beyond ASCII; with more, it is of another encoding
_CHUNK: Final = 1 << 20
_QUOTED: Final = re.compile(r'"[^"]*"')
_DELIMITERS: Final = ",\t;|"


@dataclass(frozen=True, slots=True)
class Row:
    number: int  # as a spreadsheet program counts, from 1
    cells: tuple[str, ...]
    problem: str = ""  # why it could not be read


@dataclass(frozen=True, slots=True)
class Table:
    name: str  # of the sheet; "" for a CSV file
    rows: Iterator[Row]


def csv_table(stream: BinaryIO) -> Iterator[Table]:
    """Yield the one table of a CSV file, which is read as its rows are asked for."""
    encoding = _encoding(stream)
    stream.seek(0)
    text = TextIOWrapper(stream, encoding=encoding, errors="replace", newline="")
    try:
        yield Table("", _csv_rows(text))
    finally:
        text.detach()


def _csv_rows(text: TextIOWrapper) -> Iterator[Row]:
    csv.field_size_limit(LONGEST_CELL)
    start = text.readline()
    text.seek(0)
    bare = _QUOTED.sub("", start)
    delimiter = max(_DELIMITERS, key=bare.count)  # the first of them where none occurs
    reader = csv.reader(text, delimiter=delimiter, strict=True)
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield Row(number, (), f"its quotation marks or cells are wrong ({error})")
            continue
        if any("\0" in cell for cell in cells):
            yield Row(number, (), "it holds NUL bytes")
        else:
            yield Row(number, tuple(cells))


def _encoding(stream: BinaryIO) -> str:
    """Return the encoding of a stream of any length, without keeping it in memory."""
    head = stream.read(4)
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        if _bad(stream, name) == 0:
            return name
    if _bad(stream, "utf-8") < MOST_BAD:
        return "utf-8"
    raise ValueError("its encoding is not known; save it as UTF-8")


def _bad(stream: BinaryIO, encoding: str) -> float:
    """Return the share of characters beyond ASCII that cannot be read."""
    decoder = codecs.getincrementaldecoder(encoding)(errors="replace")
    stream.seek(0)
    bad = written = 0
    while True:
        chunk = stream.read(_CHUNK)
        text = decoder.decode(chunk, final=not chunk)
        bad += text.count("\ufffd")
        written += len(text) - len(text.encode("ascii", "ignore"))
        if not chunk:
            return bad / written if written else 0.0


def workbook_tables(stream: BinaryIO) -> Iterator[Table]:
    """Yield the shown sheets of a workbook, with what its cells show and not their formulas."""
    with office(stream, "Excel"):
        pass
    stream.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it warns of styles and extensions that it drops
            book = load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except Exception as error:  # openpyxl raises whatever a damaged file leads it to
        raise ValueError(f"it is damaged: {_reason(error)}") from error
    try:
        for sheet in book.worksheets:
            if sheet.sheet_state == "visible":
                sheet.reset_dimensions()
                yield Table(sheet.title, _sheet_rows(sheet.iter_rows(values_only=True)))
    finally:
        book.close()


def _sheet_rows(rows: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(rows, None)
        except Exception as error:
            raise ValueError(f"row {number} is damaged: {_reason(error)}") from error
        if cells is None:
            return
        yield Row(number, tuple(_shown(cell) for cell in cells))


def _shown(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == _MIDNIGHT else value.isoformat(" ")
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("_x000D_", "").replace("\r\n", "\n")


_MIDNIGHT: Final = datetime.min.time()


def _reason(error: Exception) -> str:
    return " ".join(str(error).split())[:120] or type(error).__name__
