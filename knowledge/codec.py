"""Documents as rows of JSON and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date
from typing import Any, Final

from knowledge.types import Disclosure, Document, Heading, Kind, Lang, Status

_FIELDS: Final = tuple(field.name for field in fields(Document))
_DATES: Final = ("published", "effective", "expires")
_TUPLES: Final = ("interprets", "amends", "repeals", "topics")
_CITES: Final = "cites"  # written where there are any: rows from before it are read as well


def row_of(document: Document) -> dict[str, Any]:
    # asdict copies every value with all that is in it: five times as slow.
    row = {name: getattr(document, name) for name in _FIELDS}
    for name in _DATES:
        row[name] = row[name].isoformat() if row[name] else None
    row["headings"] = [(h.start, h.end, h.level) for h in document.headings]
    if not document.cites:
        del row[_CITES]
    return row


def document_of(row: Mapping[str, Any]) -> Document:
    """Raise KeyError, ValueError or TypeError for what `row_of` did not write."""
    row = {_CITES: (), **row}
    values = {name: row[name] for name in _FIELDS}
    for name in _DATES:
        values[name] = date.fromisoformat(row[name]) if row[name] else None
    for name in (*_TUPLES, _CITES):
        values[name] = tuple(row[name])
    values["language"] = Lang(row["language"])
    values["kind"] = Kind(row["kind"])
    values["status"] = Status(row["status"])
    values["disclosure"] = Disclosure(row["disclosure"])
    values["headings"] = tuple(Heading(*heading) for heading in row["headings"])
    return Document(**values)
