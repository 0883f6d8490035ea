"""
Whether an interpretation still holds: as long as what it interprets.

An interpretation names no period of validity of its own. When its policy has expired or was
replaced, quoting it as in force would be an outdated answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from knowledge.types import Document, Kind, Status

_GONE = frozenset({Status.REPEALED, Status.SUPERSEDED})


def inherit(documents: Iterable[Document]) -> list[Document]:
    """Give interpretations the end that all their policies have; what they declare stays."""
    made = list(documents)
    known = {one.id: one for one in made}
    return [_ended(one, _policies(one, known)) for one in made]


def _policies(document: Document, known: Mapping[str, Document]) -> list[Document]:
    if document.kind is not Kind.INTERPRETATION:
        return []
    return [known[name] for name in document.interprets if name in known]


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
