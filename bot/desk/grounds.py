"""
How a draft stands on the passages that were found: what is word for word, and what is not. Pure.

It judges nothing. A reviewer sees at a glance which words are the policy's own, and which numbers
and dates are from somewhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from knowledge.figures import figures

SHORTEST: Final = 20  # of a quotation, where a character of Chinese counts twice
_WIDE: Final = "\u2e80"  # from here on characters count twice


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of the draft."""

    text: str
    quoted: bool  # stands like that in a passage


@dataclass(frozen=True, slots=True)
class Grounds:
    parts: tuple[Part, ...]  # put together they are the draft
    unfounded: tuple[str, ...] = ()  # numbers and dates of no passage, as the draft writes them


def compare(draft: str, passages: Sequence[str]) -> Grounds:
    """Blanks and line breaks do not count, for a chat has other ones than a document."""
    known = {figure for passage in passages for figure in figures(passage)}
    unfounded = (written for figure, written in figures(draft).items() if figure not in known)
    return Grounds(tuple(_parts(draft, passages)), tuple(unfounded))


def _parts(draft: str, passages: Sequence[str]) -> Iterator[Part]:
    """The draft cut where a quotation begins or ends."""
    places = [place for place, character in enumerate(draft) if not character.isspace()]
    packed = "".join(draft[place] for place in places)
    sources = ["".join(passage.split()) for passage in passages]
    done = 0
    for start, end in _quotations(packed, sources):
        first, last = places[start], places[end - 1] + 1
        if done < first:
            yield Part(draft[done:first], quoted=False)
        yield Part(draft[first:last], quoted=True)
        done = last
    if done < len(draft):
        yield Part(draft[done:], quoted=False)


def _quotations(packed: str, sources: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where the longest runs are that stand in a source, from left to right."""
    start = 0
    while start < len(packed):
        end = max((_end(packed, start, source) for source in sources), default=start)
        if _weight(packed[start:end]) >= SHORTEST:
            yield start, end
            start = end
        else:
            start += 1


def _end(packed: str, start: int, source: str) -> int:
    """How far the run goes that begins there, or its start where it would be too short."""
    end = start + SHORTEST // 2
    if packed[start:end] not in source:
        return start
    while end < len(packed) and packed[start : end + 1] in source:
        end += 1
    return end


def _weight(run: str) -> int:
    return sum(1 + (character >= _WIDE) for character in run)
