"""
When documents hold that do not say so themselves.

An interpretation holds as long as what it interprets: it names no period of its own, and quoting
it before its policy begins or after it ends would be a wrong answer. A document that was replaced
held until the day before the one that took its place.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta

from knowledge.spool import Documents
from knowledge.types import Document, Kind, Status

_GONE = frozenset({Status.REPEALED, Status.SUPERSEDED})


def inherit(documents: Iterable[Document]) -> Documents:
    """Give interpretations the days of all their policies; what they declare stays."""
    made = Documents.of(documents)
    known = {one.id: one for one in made.slims}
    return made.over(_bounded(one, _policies(one, known)) for one in made.slims)


def until_replaced(document: Document, by: Sequence[Document]) -> Document:
    """
    Give a repealed or superseded document its last day, if that is sure.

    `by` are the documents that put it out of force; the first of them to begin ended it. It is
    sure when all of them say when they began, and the document began before. It is then one that
    was in force until that day; else it stays what it is, and binds on no day.
    """
    first, firsts = document.begins, [one.begins for one in by]
    if document.status not in _GONE or first is None or not firsts or None in firsts:
        return document
    ends = [day - timedelta(days=1) for day in firsts if day is not None]
    last = min(ends if document.expires is None else [*ends, document.expires])
    if last < first:
        return document
    after = document.superseded_by or by[0].id
    return replace(document, status=Status.IN_FORCE, expires=last, superseded_by=after)


def _policies(document: Document, known: Mapping[str, Document]) -> list[Document]:
    if document.kind is not Kind.INTERPRETATION:
        return []
    return [known[name] for name in document.interprets if name in known]


def _bounded(document: Document, policies: Sequence[Document]) -> Document:
    return _ended(_begun(document, policies), policies)


def _begun(document: Document, policies: Sequence[Document]) -> Document:
    """It tells of what is not yet in force until the first of its policies begins."""
    days = [day for one in policies if (day := one.begins) is not None]
    if document.effective is not None or not days or len(days) < len(policies):
        return document
    return replace(document, effective=max(min(days), document.published or date.min))


def _ended(document: Document, policies: Sequence[Document]) -> Document:
    if not policies:
        return document
    if document.status not in _GONE and all(one.status in _GONE for one in policies):
        last = policies[-1]
        return replace(document, status=last.status, superseded_by=last.superseded_by)
    ends = [one.expires for one in policies if one.expires is not None]
    if document.expires is None and len(ends) == len(policies):
        return replace(document, expires=max(ends))
    return document
