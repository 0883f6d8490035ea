"""
What changed from one release to another: documents, their fields, their clauses.

Works on the releases alone, without the files that they were built from.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any, Final

from index.shelf import Shelf
from knowledge.codec import row_of
from knowledge.types import Document

ALIKE: Final = 0.5  # share of character pairs that two versions of a clause have in common
PAIRED: Final = 10_000  # pairs of clauses compared in one document, at most
LONGEST: Final = 4_000  # characters of a clause whose edits are told one by one
_TEXT: Final = ("text", "headings")  # told clause by clause
_WORD: Final = re.compile(r"\d+(?:[.,]\d+)*|[A-Za-z]+|.", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FieldChange:
    """A field of the metadata, as words."""

    name: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Edit:
    """A run of words that took the place of another; either may be empty."""

    old: str
    new: str


class Side(StrEnum):
    """Which of two texts has some words."""

    BOTH = "both"
    OLD = "old"
    NEW = "new"


@dataclass(frozen=True, slots=True)
class Run:
    """Words of one or of both of two texts. Those of one side together are its text."""

    side: Side
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    address: str  # "第二章 第十四条"; "" where the document has no outline
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseChange:
    """A clause before and after; None where it is new or gone."""

    old: Clause | None
    new: Clause | None

    @property
    def renumbered(self) -> bool:
        """Whether only its number changed."""
        if self.old is None or self.new is None:
            return False
        return _body(self.old) == _body(self.new)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """What was replaced by what; none for a clause that is new, gone or very long."""
        if self.old is None or self.new is None:
            return ()
        if max(len(self.old.text), len(self.new.text)) > LONGEST:
            return ()
        return tuple(Edit(a, b) for same, a, b in _steps(self.old.text, self.new.text) if not same)


def runs(old: str, new: str) -> tuple[Run, ...]:
    """
    Return two texts as one, in order: what both have, what only one has.

    Compared by characters, and by whole words and numbers where those are written apart. Texts
    that are very long are not compared: first the whole old one, then the whole new one.
    """
    if max(len(old), len(new)) > LONGEST:
        return Run(Side.OLD, old), Run(Side.NEW, new)
    found: list[Run] = []
    for same, before, after in _steps(old, new):
        found += [Run(Side.BOTH, after)] if same else [Run(Side.OLD, before), Run(Side.NEW, after)]
    return tuple(run for run in found if run.text)


def _steps(old: str, new: str) -> Iterator[tuple[bool, str, str]]:
    """Runs of words in order: whether they are the same, as they were, as they are."""
    before, after = _WORD.findall(old), _WORD.findall(new)
    for kind, a, b, c, d in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield kind == "equal", "".join(before[a:b]), "".join(after[c:d])


@dataclass(frozen=True, slots=True, kw_only=True)
class DocumentChange:
    old: Document
    new: Document
    fields: tuple[FieldChange, ...]
    clauses: tuple[ClauseChange, ...]  # in the order of the new text, then what is gone


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """Documents by id; each part is sorted by it."""

    added: tuple[Document, ...]
    removed: tuple[Document, ...]
    changed: tuple[DocumentChange, ...]


def changes(old: Shelf, new: Shelf) -> Changes:
    """Compare by the digest of each document, and look closely at those that differ."""
    before, after = _digests(old), _digests(new)
    return Changes(
        added=tuple(new.document(after[name][0]) for name in sorted(after.keys() - before.keys())),
        removed=tuple(
            old.document(before[name][0]) for name in sorted(before.keys() - after.keys())
        ),
        changed=tuple(
            compared(old, before[name][0], new, after[name][0])
            for name in sorted(before.keys() & after.keys())
            if before[name][1] != after[name][1]
        ),
    )


def _digests(shelf: Shelf) -> dict[str, tuple[int, bytes]]:
    """Number and digest of each document by id."""
    found: dict[str, tuple[int, bytes]] = {}
    for number, document in enumerate(shelf.all_documents()):
        text = json.dumps(row_of(document), ensure_ascii=False)
        found[document.id] = number, hashlib.sha256(text.encode()).digest()
    return found


def compared(old: Shelf, before: int, new: Shelf, after: int) -> DocumentChange:
    """Compare two documents, given by their numbers: two versions of one, or one and the next."""
    one, other = old.document(before), new.document(after)
    return DocumentChange(
        old=one,
        new=other,
        fields=_fields(one, other),
        clauses=_clauses(_outline(old, before), _outline(new, after)),
    )


def _fields(old: Document, new: Document) -> tuple[FieldChange, ...]:
    names = (field.name for field in fields(Document) if field.name not in _TEXT)
    pairs = ((name, getattr(old, name), getattr(new, name)) for name in names)
    return tuple(FieldChange(name, _words(a), _words(b)) for name, a, b in pairs if a != b)


def _words(value: Any) -> str:
    if isinstance(value, tuple):
        return ", ".join(value)
    return "" if value is None else str(value)


def _outline(shelf: Shelf, document: int) -> list[Clause]:
    """The clauses of a document in order; passages of one address are one clause."""
    texts: dict[str, str] = {}
    for number in shelf.numbers_of(document).tolist():
        passage = shelf.passage(number)
        address = " ".join(passage.address)
        texts[address] = texts.get(address, "") + passage.text
    return [Clause(address=address, text=text.strip()) for address, text in texts.items()]


def _clauses(old: Sequence[Clause], new: Sequence[Clause]) -> tuple[ClauseChange, ...]:
    pairs = _pairs(old, new)
    found = [
        ClauseChange(old=old[pairs[place]] if place in pairs else None, new=clause)
        for place, clause in enumerate(new)
    ]
    known = set(pairs.values())
    gone = (ClauseChange(old=one, new=None) for n, one in enumerate(old) if n not in known)
    return tuple(one for one in (*found, *gone) if one.old != one.new)


def _pairs(old: Sequence[Clause], new: Sequence[Clause]) -> dict[int, int]:
    """
    Which old clause each new one was, by their places.

    First those that say the same, at the same place or, renumbered, at another; of the rest the
    most alike; last those that share an address, for a clause may be written anew.
    """
    pairs: dict[int, int] = {}
    pairs |= _same(_whole, old, new, pairs)
    pairs |= _same(_body, old, new, pairs)
    pairs |= _alike(old, new, pairs)
    pairs |= _same(_address, old, new, pairs)
    return pairs


def _same(
    key: Callable[[Clause], str],
    old: Sequence[Clause],
    new: Sequence[Clause],
    known: Mapping[int, int],
) -> Iterator[tuple[int, int]]:
    """Pairs, new and old, of those not paired yet that have the same key."""
    rest_old, rest_new = _rest(old, new, known)
    waiting: dict[str, list[int]] = {}
    for place in rest_old:
        waiting.setdefault(key(old[place]), []).append(place)
    for place in rest_new:
        if same := waiting.get(key(new[place])):
            yield place, same.pop(0)


def _rest(
    old: Sequence[Clause], new: Sequence[Clause], known: Mapping[int, int]
) -> tuple[list[int], list[int]]:
    paired = set(known.values())
    return (
        [place for place in range(len(old)) if place not in paired],
        [place for place in range(len(new)) if place not in known],
    )


def _whole(clause: Clause) -> str:
    return f"{clause.address}\n{clause.text}"


def _address(clause: Clause) -> str:
    return clause.address


def _body(clause: Clause) -> str:
    """The text without its own number, which changes when a clause is put in before it."""
    last = clause.address.rpartition(" ")[2]
    return "".join(clause.text.removeprefix(last).split())


def _alike(
    old: Sequence[Clause], new: Sequence[Clause], known: Mapping[int, int]
) -> Iterator[tuple[int, int]]:
    """Likewise, the most alike first; none if there are too many to compare."""
    rest_old, rest_new = _rest(old, new, known)
    if len(rest_old) * len(rest_new) > PAIRED:
        return
    grams_old = {place: _grams(_body(old[place])) for place in rest_old}
    grams_new = {place: _grams(_body(new[place])) for place in rest_new}
    scored = sorted(
        (-_share(grams_old[a], grams_new[b]), abs(a - b), b, a) for a in rest_old for b in rest_new
    )
    taken_old: set[int] = set()
    taken_new: set[int] = set()
    for score, _, b, a in scored:
        if -score >= ALIKE and a not in taken_old and b not in taken_new:
            taken_old.add(a)
            taken_new.add(b)
            yield b, a


def _grams(text: str) -> Counter[str]:
    return Counter(text[place : place + 2] for place in range(max(1, len(text) - 1)))


def _share(one: Mapping[str, int], other: Mapping[str, int]) -> float:
    """Dice's coefficient of two bags, 0 to 1."""
    both = sum(min(count, other.get(gram, 0)) for gram, count in one.items())
    return 2 * both / max(1, sum(one.values()) + sum(other.values()))
