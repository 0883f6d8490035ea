"""
Where the terms of a long text stand, all at once: the terms of tokens.py as numbers.

A corpus has some hundred terms a passage, and one Python string for each would take most of the
time and of the memory of a build. Of a character the number is its code point, of a pair of
characters both code points, of words a hash of 63 bits: two of ten million words share one with
a probability of 0.000005.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import runs
from index.points import Points, points_in, points_of
from index.tokens import BREAK, CJK, STOP, WORD, stem

Keys: TypeAlias = npt.NDArray[np.uint64]
Ints: TypeAlias = npt.NDArray[np.int64]
_Found: TypeAlias = tuple[Keys, Ints, Ints]  # terms, where they start, where they end

_SHIFT: Final = 21  # bits of a code point
_WORD: Final = 1 << 63
_DE: Final = ord("的")
_FOUND: Final = re.compile(WORD)
_CHARACTERS: Final = re.compile(f"[{CJK}]{{1,2}}")
_APART: Final = re.compile(f"[{BREAK}{CJK}]")


@dataclass(frozen=True, slots=True)
class _Kind:
    """Terms of one kind; starts and ends ascend, in characters of the text."""

    terms: Ints  # numbers into Occurrences.keys
    starts: Ints
    ends: Ints


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrences:
    """The terms of one text by kind: characters, pairs of them, words, pairs of words."""

    keys: Keys  # those that occur, ascending
    kinds: tuple[_Kind, ...]

    def count(self, starts: Ints, ends: Ints, owners: Ints) -> Counted:
        """
        Count what lies in the spans of characters, for each the owner of its span.

        The arguments have one shape, (spans,); an owner may have several spans, and spans may
        overlap.
        """
        whose: list[Ints] = []
        which: list[Ints] = []
        for kind in self.kinds:
            first = np.searchsorted(kind.starts, starts)
            sizes = np.maximum(np.searchsorted(kind.ends, ends, side="right") - first, 0)
            whose.append(np.repeat(owners, sizes))
            which.append(kind.terms[runs(first, sizes)])
        owner, term = np.concatenate(whose), np.concatenate(which)
        order, heads = _groups(owner.astype(np.uint32), term.astype(np.uint32))
        places = order[heads]
        counts = np.diff(heads, append=len(order))
        return Counted(owners=owner[places], terms=term[places], counts=counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often each owner has each of its terms, ordered by both."""

    owners: Ints
    terms: Ints  # numbers into Occurrences.keys
    counts: Ints


def occurrences(folded: str) -> Occurrences:
    """Find the terms of a folded text; its lines have none in common."""
    points = points_of(folded)
    cjk = points_in(CJK)[points]
    joins = np.zeros_like(cjk)
    joins[1:-1] = (points[1:-1] == _DE) & cjk[:-2] & cjk[2:]
    kept = np.flatnonzero(~joins)
    own = cjk[kept]
    one = np.flatnonzero(own)
    two = np.flatnonzero(own[:-1] & own[1:])
    singles, at_one = _characters(points[kept[one]])
    pairs, at_two = _characters(points[kept[two]], points[kept[two + 1]])
    words, phrases = _words(folded)
    said, at_word = _hashes(np.concatenate([words[0], phrases[0]]))
    at_word += len(singles) + len(pairs)
    return Occurrences(
        keys=np.concatenate([singles, pairs, said]),
        kinds=(
            _Kind(at_one, kept[one], kept[one] + 1),
            _Kind(at_two + len(singles), kept[two], kept[two + 1] + 1),
            _Kind(at_word[: len(words[0])], *words[1:]),
            _Kind(at_word[len(words[0]) :], *phrases[1:]),
        ),
    )


def keys_of(terms: Iterable[str]) -> Keys:
    """The numbers of terms as tokens.py has them."""
    return np.fromiter((_key(term) for term in terms), dtype=np.uint64)


def _characters(*points: Points) -> tuple[Keys, Ints]:
    """The keys of characters, or of pairs of them, and the number of each one's key."""
    places, numbers = _numbered(*points)
    keys = np.zeros(len(places), dtype=np.uint64)
    for column in points:
        keys = keys << np.uint64(_SHIFT) | column[places].astype(np.uint64)
    return keys, numbers


def _hashes(keys: Keys) -> tuple[Keys, Ints]:
    """Those that occur, ascending, and the number of each one among them."""
    high, low = (keys >> np.uint64(32)).astype(np.uint32), keys.astype(np.uint32)
    places, numbers = _numbered(high, low)
    return keys[places], numbers


def _numbered(*columns: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """A place of each row that occurs, in ascending order, and the number of every row."""
    order, heads = _groups(*columns)
    numbers = np.empty(len(order), dtype=np.int64)
    numbers[order] = np.repeat(np.arange(len(heads)), np.diff(heads, append=len(order)))
    return order[heads], numbers


def _groups(*columns: npt.NDArray[np.uint32]) -> tuple[Ints, Ints]:
    """
    The ascending order of rows, and where in it each run of equal rows starts.

    By halves of 16 bits: those numpy sorts by counting, many times as fast as by comparing.
    """
    halves = [
        half.astype(np.uint16) for column in columns[::-1] for half in (column, column >> 16)
    ]
    order = np.lexsort(halves)
    starts = np.zeros(len(order), dtype=bool)
    starts[:1] = True
    for column in columns:
        ascending = column[order]
        starts[1:] |= ascending[1:] != ascending[:-1]
    return order, np.flatnonzero(starts)


def _words(folded: str) -> tuple[_Found, _Found]:
    """As _terms of tokens.py: stems, and pairs of them where only stop words stand between."""
    words: list[tuple[int, int, int]] = []
    pairs: list[tuple[int, int, int]] = []
    last, start, end = "", 0, 0
    for found in _FOUND.finditer(folded):
        if last and _APART.search(folded, end, found.start()):
            last = ""
        end = found.end()
        if found.group() in STOP:
            continue
        word = stem(found.group())
        words.append((_hashed(word), found.start(), end))
        if last:
            pairs.append((_hashed(f"{last} {word}"), start, end))
        last, start = word, found.start()
    return _arrays(words), _arrays(pairs)


def _arrays(rows: Sequence[tuple[int, int, int]]) -> _Found:
    keys = np.fromiter((key for key, _, _ in rows), dtype=np.uint64, count=len(rows))
    spans = np.asarray([row[1:] for row in rows], dtype=np.int64).reshape(-1, 2)
    return keys, spans[:, 0], spans[:, 1]


def _key(term: str) -> int:
    if not _CHARACTERS.fullmatch(term):
        return _hashed(term)
    points = [ord(character) for character in term]
    return points[0] if len(points) == 1 else points[0] << _SHIFT | points[1]


@lru_cache(maxsize=100_000)
def _hashed(term: str) -> int:
    digest = hashlib.blake2b(term.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "little") | _WORD
