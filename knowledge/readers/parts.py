"""Readers of files that may hold several documents. What they need is imported at first use."""

# ruff: noqa: PLC0415 - pdfplumber and openpyxl take a second, and most folders need neither
from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import BinaryIO, Final, TypeAlias

from knowledge.readers.columns import Columns
from knowledge.readers.reading import Reading

PartsReader: TypeAlias = Callable[[BinaryIO, Columns], Reading]


def _pdf(stream: BinaryIO, _: Columns) -> Reading:
    from knowledge.readers.pdf import read_pdf

    return read_pdf(stream.read())


def _csv(stream: BinaryIO, columns: Columns) -> Reading:
    from knowledge.readers.tables import read_csv

    return read_csv(stream, columns)


def _jsonl(stream: BinaryIO, columns: Columns) -> Reading:
    from knowledge.readers.jsonl import read_jsonl

    return read_jsonl(stream, columns)


def _workbook(stream: BinaryIO, columns: Columns) -> Reading:
    from knowledge.readers.tables import read_workbook

    return read_workbook(stream, columns)


PARTS: Final[Mapping[str, PartsReader]] = {
    ".pdf": _pdf,
    ".csv": _csv,
    ".tsv": _csv,
    ".jsonl": _jsonl,
    ".ndjson": _jsonl,
    ".xlsx": _workbook,
}
