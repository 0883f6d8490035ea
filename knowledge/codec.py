"""Documents as rows of JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import date
from typing import Any, Final

from knowledge.types import Disclosure, Document, Heading, Kind, Lang, Status

_DATES: Final = ("published", "effective", "expires")
_TUPLES: Final = ("interprets", "amends", "repeals", "topics")


def row_of(document: Document) -> dict[str, Any]:
    row = asdict(document)
    for name in _DATES:
        row[name] = row[name].isoformat() if row[name] else None
    row["headings"] = [(h.start, h.end, h.level) for h in document.headings]
    return row


def document_of(row: Mapping[str, Any]) -> Document:
    """Raise KeyError, ValueError or TypeError for what `row_of` did not write."""
    values = {field.name: row[field.name] for field in fields(Document)}
    for name in _DATES:
        values[name] = date.fromisoformat(row[name]) if row[name] else None
    for name in _TUPLES:
        values[name] = tuple(row[name])
    values["language"] = Lang(row["language"])
    values["kind"] = Kind(row["kind"])
    values["status"] = Status(row["status"])
    values["disclosure"] = Disclosure(row["disclosure"])
    values["headings"] = tuple(Heading(*heading) for heading in row["headings"])
    return Document(**values)
