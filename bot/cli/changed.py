"""`index diff`: what changed between two releases, in words and as JSON."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from bot.cli.gated import asked_in_words
from bot.config import Settings
from bot.opened import open_as_built
from index.diff import Changes, Clause, ClauseChange, DocumentChange, Edit, changes
from index.gate import Asked, compare, kept_golden, row_of_asked
from index.golden import Golden
from index.release import read_manifest
from index.shelf import Shelf
from index.verified import verify
from knowledge.types import Document

SHOWN: Final = 60  # characters of a clause
EDITS: Final = 6  # of a clause; with more it is written anew


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What `index diff` prints."""

    old: str  # names of the releases
    new: str
    changes: Changes
    golden: tuple[Asked, ...]

    def in_words(self) -> Iterator[str]:
        yield f"from {self.old} to {self.new}"
        yield from changes_in_words(self.changes)
        if self.golden:
            changed = [one for one in self.golden if one.changed]
            yield f"{len(changed)} of {len(self.golden)} golden questions are answered otherwise"
            yield from asked_in_words(changed)

    def as_row(self) -> dict[str, Any]:
        return {
            "old": self.old,
            "new": self.new,
            **row_of_changes(self.changes),
            "golden": [row_of_asked(one) for one in self.golden if one.changed],
        }


def difference(
    old: Path, new: Path, *, golden: Sequence[Golden], settings: Settings, today: date
) -> Difference:
    """Compare two releases; without golden questions, by those they were built with."""
    for folder in (old, new):
        verify(folder, read_manifest(folder))
    asked = golden or kept_golden(new) or kept_golden(old)
    return Difference(
        old=old.name,
        new=new.name,
        changes=changes(Shelf.open(old), Shelf.open(new)),
        golden=_answers(asked, old, new, settings, today) if asked else (),
    )


def _answers(
    golden: Sequence[Golden], old: Path, new: Path, settings: Settings, today: date
) -> tuple[Asked, ...]:
    one, other = (open_as_built(settings, folder) for folder in (old, new))
    return compare(golden, one, other, today=today)


def changes_in_words(found: Changes) -> Iterator[str]:
    counts = (len(found.added), len(found.removed), len(found.changed))
    yield "{} added, {} removed, {} changed".format(*counts)
    yield from (f"+ {one.id}  {one.title}" for one in found.added)
    yield from (f"- {one.id}  {one.title}" for one in found.removed)
    for change in found.changed:
        yield f"~ {change.new.id}  {change.new.title}"
        yield from (f"    {line}" for line in _document(change))


def row_of_changes(found: Changes) -> dict[str, Any]:
    return {
        "added": [_short(one) for one in found.added],
        "removed": [_short(one) for one in found.removed],
        "changed": [
            {
                **_short(change.new),
                "fields": [asdict(one) for one in change.fields],
                "clauses": [_row(one) for one in change.clauses],
            }
            for change in found.changed
        ],
    }


def _document(change: DocumentChange) -> Iterator[str]:
    for one in change.fields:
        yield f"{one.name}: {one.old or '(none)'} → {one.new or '(none)'}"
    for clause in change.clauses:
        yield _clause(clause)


def _clause(change: ClauseChange) -> str:
    old, new = change.old, change.new
    if new is None:
        return f"{_where(old)} is gone: {_start(old)}"
    if old is None:
        return f"{_where(new)} is new: {_start(new)}"
    moved = "" if old.address == new.address else f" (was {_where(old)})"
    return f"{_where(new)}{moved}: {_edits(change, new)}"


def _edits(change: ClauseChange, new: Clause) -> str:
    if change.renumbered:
        return "the same text"
    edits = change.edits
    if not 0 < len(edits) <= EDITS:
        return f"written anew: {_start(new)}"
    return "; ".join(_edit(one) for one in edits)


def _edit(one: Edit) -> str:
    old, new = _cut(one.old), _cut(one.new)
    if not old:
        return f"「{new}」 put in"
    return f"「{old}」 → 「{new}」" if new else f"「{old}」 taken out"


def _where(clause: Clause | None) -> str:
    return clause.address if clause and clause.address else "the text"


def _start(clause: Clause | None) -> str:
    return _cut(clause.text) if clause else ""


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= SHOWN else line[:SHOWN] + "…"


def _short(document: Document) -> dict[str, str]:
    return {"id": document.id, "title": document.title}


def _row(change: ClauseChange) -> dict[str, Any]:
    return {
        "old": asdict(change.old) if change.old else None,
        "new": asdict(change.new) if change.new else None,
        "edits": [asdict(one) for one in change.edits],
    }
