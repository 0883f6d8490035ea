"""Where the words of a search stand in a passage. Pure; only the matching is folded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from bot.web.documents.clauses import Part
from index.questions import without_frame
from index.tokens import CJK, STOP, stem
from knowledge.fold import fold

EXCERPT: Final = 320  # characters of a passage in a list of results
BEFORE: Final = 60  # of them before the first word that was found
_RUN: Final = re.compile(rf"[{CJK}]+|[^\W_{CJK}]+(?:\.\d+)*")
_CJK: Final = re.compile(rf"[{CJK}]")


def highlighted(text: str, words: str) -> tuple[Part, ...]:
    """
    A passage as parts, those that were searched for marked.

    A word counts by its stem, Chinese by two characters in a row: one alone is in everything.
    """
    folded = [fold(character) for character in text]
    flags = [False] * len(text)
    whole = "".join(folded)
    starts = [place for place, piece in enumerate(folded) for _ in piece]
    for first, last in _spans(whole, _terms(words)):
        for place in range(first, last):
            flags[starts[place]] = True
    return tuple(_runs(text, flags))


def excerpt(parts: Sequence[Part]) -> tuple[Part, ...]:
    """A part of a long passage around what was found; "…" stands for what is left out."""
    text = "".join(part.text for part in parts)
    if len(text) <= EXCERPT:
        return tuple(parts)
    found, place = 0, 0
    for part in parts:
        if part.quoted:
            found = place
            break
        place += len(part.text)
    first = max(0, min(found - BEFORE, len(text) - EXCERPT))
    last = first + EXCERPT
    kept: list[Part] = [Part("…")] if first else []
    place = 0
    for part in parts:
        inside = part.text[max(0, first - place) : max(0, last - place)]
        place += len(part.text)
        if inside:
            kept.append(Part(inside, part.quoted))
    return (*kept, Part("…")) if last < len(text) else tuple(kept)


def _terms(words: str) -> set[str]:
    terms: set[str] = set()
    for run in _RUN.findall(without_frame(fold(words))):
        if not _CJK.match(run):
            terms |= {stem(run)} - STOP
        elif len(run) == 1:
            terms.add(run)
        else:
            terms |= {run[place : place + 2] for place in range(len(run) - 1)}
    return terms


def _spans(folded: str, terms: set[str]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    for run in _RUN.finditer(folded):
        word, start = run.group(), run.start()
        if not _CJK.match(word):
            found += [run.span()] if stem(word) in terms else []
            continue
        if len(word) == 1:
            found += [run.span()] if word in terms else []
        for place in range(len(word) - 1):
            if word[place : place + 2] in terms:
                found.append((start + place, start + place + 2))
    return found


def _runs(text: str, flags: Sequence[bool]) -> list[Part]:
    runs: list[Part] = []
    start = 0
    for place in range(1, len(text) + 1):
        if place == len(text) or flags[place] != flags[start]:
            runs.append(Part(text[start:place], flags[start]))
            start = place
    return runs
