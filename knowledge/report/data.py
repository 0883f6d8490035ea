"""The report as JSON: values, lists and texts only, in an order that stays the same."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, fields, is_dataclass
from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from knowledge.catalogue import Catalogue, Place, State
from knowledge.check import Checked, counts
from knowledge.report import figures
from knowledge.spool import Documents
from knowledge.types import Document

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

FORMAT = 1  # grows when a name changes or goes


def as_json(checked: Checked, *, sources: Sequence[str]) -> dict[str, Any]:
    """Return what json.dumps takes."""
    library, made = checked.library, checked.catalogue
    documents = Documents.of(library.documents).slims
    return {
        "format": FORMAT,
        "sources": list(sources),
        "on": made.on.isoformat(),
        "failed": checked.failed,
        "outcome": asdict(figures.outcome(library)),
        "problem_counts": {str(name): count for name, count in counts(checked.problems)},
        "coverage": _counts(figures.coverage(documents)),
        "by_year": _counts(figures.by_year(documents)),
        "by_standing": _counts(figures.by_standing(checked)),
        "by_kind": _counts(figures.by_kind(documents)),
        "by_language": _counts(figures.by_language(documents)),
        "by_topic": _counts(figures.by_topic(documents)),
        "skipped": _plain_all(library.skipped),
        "repaired": _plain_all(library.mended),
        "documents": [_document(one, made) for one in library.documents],
        **_catalogue(made),
        "problems": _plain_all(checked.problems),
    }


def _catalogue(made: Catalogue) -> dict[str, Any]:
    missing = [row.policy for row in made.sync if State.MISSING in row.states]
    return {
        "pairs": _plain_all(made.pairs),
        "pairs_missing": missing,
        "sync": _plain_all(made.sync),
        "effects": _plain_all(made.effects),
        "versions": _plain_all(made.versions),
        "chains": [list(chain.members) for chain in made.chains],
        "references": {
            "found": sum(one.place is Place.FOUND for one in made.references),
            "dangling": _plain_all(made.dangling),
            "absent": [{"cited": cited, "by": by} for cited, by in made.absent],
        },
    }


def _counts(found: Iterable[figures.Count]) -> dict[str, int]:
    return {one.name: one.count for one in found}


def _document(one: Document, made: Catalogue) -> dict[str, Any]:
    """All of it but the text."""
    kept = (field.name for field in fields(one) if field.name not in {"text", "headings"})
    values = {name: _plain(getattr(one, name)) for name in kept}
    return {**values, "standing": str(made.standings[one.id]), "characters": len(one.text)}


def _plain_all(items: Iterable[DataclassInstance]) -> list[Any]:
    return [_plain(asdict(one)) for one in items]


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, StrEnum):
        return str(value)
    if isinstance(value, Mapping):
        return {str(name): _plain(one) for name, one in value.items()}
    if isinstance(value, tuple | list):
        return [_plain(one) for one in value]
    return _plain(asdict(value)) if is_dataclass(value) and not isinstance(value, type) else value
