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
from functools import cache, lru_cache
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt

from index.arrays import runs
from index.tokens import BREAK, CJK, STOP, WORD, stem

Keys: TypeAlias = npt.NDArray[np.uint64]
Ints: TypeAlias = npt.NDArray[np.int64]
_Found: TypeAlias = tuple[Keys, Ints, Ints]  # terms, where they start, where they end

_SHIFT: Final = 21  # bits of a code point
_WORD: Final = 1 << 63
_POINTS: Final = 0x110000
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
        pairs: list[Ints] = []
        size = max(1, len(self.keys))
        for kind in self.kinds:
            first = np.searchsorted(kind.starts, starts)
            sizes = np.maximum(np.searchsorted(kind.ends, ends, side="right") - first, 0)
            pairs.append(np.repeat(owners * size, sizes) + kind.terms[runs(first, sizes)])
        found, counts = np.unique(np.concatenate(pairs), return_counts=True)
        return Counted(owners=found // size, terms=found % size, counts=counts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """How often each owner has each of its terms, ordered by both."""

    owners: Ints
    terms: Ints  # numbers into Occurrences.keys
    counts: Ints


def occurrences(folded: str) -> Occurrences:
    """Find the terms of a folded text; its lines have none in common."""
    points = np.frombuffer(folded.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    cjk = _is_cjk()[points]
    joins = np.zeros_like(cjk)
    joins[1:-1] = (points[1:-1] == _DE) & cjk[:-2] & cjk[2:]
    kept = np.flatnonzero(~joins)
    own = cjk[kept]
    one = np.flatnonzero(own)
    two = np.flatnonzero(own[:-1] & own[1:])
    wide = points[kept].astype(np.uint64)
    words, pairs = _words(folded)
    found = [
        (wide[one], kept[one], kept[one] + 1),
        (wide[two] << np.uint64(_SHIFT) | wide[two + 1], kept[two], kept[two + 1] + 1),
        words,
        pairs,
    ]
    keys, numbers = np.unique(np.concatenate([kind[0] for kind in found]), return_inverse=True)
    cuts = np.cumsum([len(kind[0]) for kind in found])[:-1]
    terms = np.split(numbers.astype(np.int64), cuts)
    kinds = (
        _Kind(number, starts, ends) for number, (_, starts, ends) in zip(terms, found, strict=True)
    )
    return Occurrences(keys=keys, kinds=tuple(kinds))


def keys_of(terms: Iterable[str]) -> Keys:
    """The numbers of terms as tokens.py has them."""
    return np.fromiter((_key(term) for term in terms), dtype=np.uint64)


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


@cache
def _is_cjk() -> npt.NDArray[np.bool_]:
    """Of every code point, whether tokens.py takes it for a character of CJK."""
    table = np.zeros(_POINTS, dtype=bool)
    for found in re.finditer(f"[{CJK}]+", "".join(map(chr, range(_POINTS)))):
        table[slice(*found.span())] = True
    return table
