"""
The bureau's glossary as text: entries are put in, written anew and taken out where they stand.

Everything else stays as somebody wrote it, comments too; those inside an entry go when it is
written anew. Pure.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, TypeAlias

from bot.errors import MaintenanceRefused
from index.glossary import BadGlossary, Glossary
from knowledge.fold import fold

LONGEST: Final = 60  # characters of a word
MOST: Final = 40  # words of an entry
FEWEST: Final = 2  # words for one thing: a single one is no other word
_HEADER: Final = re.compile(r"\s*\[\[\s*(same|seeks)\s*\]\]\s*(?:#.*)?$")
_BLANK: Final = re.compile(r"\s*(?:#.*)?$")
_LINE: Final = re.compile(r"at line (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Same:
    """Words for one thing."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Seeks:
    """What a question asks for, and the words in which a document tells it."""

    asks: tuple[str, ...]
    tells: tuple[str, ...]


Entry: TypeAlias = Same | Seeks


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """An entry and its lines, the first counted from 0, the last not included."""

    entry: Entry
    first: int
    end: int


def entries(text: str) -> Sequence[Placed]:
    """Raise MaintenanceRefused where the text is no glossary, with the line if it is known."""
    _require_glossary(text)
    try:
        found = [_placed(text, first, end) for first, end in _blocks(text)]
        whole = tomllib.loads(text)
        in_all = len(whole.get("same", [])) + len(whole.get("seeks", []))
    except (ValueError, KeyError, IndexError):
        found, in_all = [], -1
    if in_all != len(found):
        raise MaintenanceRefused(
            "The file is written in a way that cannot be edited here; edit it by hand."
        )
    return found


def added(text: str, entry: Entry) -> str:
    _require_good(entry)
    before = text if not text or text.endswith("\n") else f"{text}\n"
    return f"{before}{_written(entry)}"


def changed(text: str, place: int, entry: Entry | None) -> str:
    """The entry at that place (as `entries` counts) written anew, or, for None, taken out."""
    if entry is not None:
        _require_good(entry)
    found = entries(text)
    if not 0 <= place < len(found):
        raise MaintenanceRefused("There is no such entry any more.")
    lines = text.splitlines(keepends=True)
    one = found[place]
    new = [] if entry is None else [_written(entry)]
    return "".join([*lines[: one.first], *new, *lines[one.end :]])


def words_of(field: str) -> tuple[str, ...]:
    """What was typed into a field: a word a line."""
    return tuple(word for line in field.splitlines() if (word := " ".join(line.split())))


def _require_glossary(text: str) -> None:
    try:
        Glossary.parse(text)
    except BadGlossary as error:
        found = _LINE.search(str(error))
        raise MaintenanceRefused(
            "Line {line}: {problem}",
            line=found[1] if found else len(text.splitlines()),  # "at end of document"
            problem=str(error),
        ) from None


def _require_good(entry: Entry) -> None:
    """Raise MaintenanceRefused with the word that is wrong."""
    lists = [entry.words] if isinstance(entry, Same) else [entry.asks, entry.tells]
    for words in lists:
        if len(words) < (FEWEST if isinstance(entry, Same) else 1):
            raise MaintenanceRefused("Words are missing: an entry needs at least two.")
        if len(words) > MOST:
            raise MaintenanceRefused("An entry has at most {most} words.", most=MOST)
        if len({fold(word) for word in words}) < len(words):
            raise MaintenanceRefused("A word stands there twice: {words}", words=words)
        for word in words:
            _require_word(word)


def _require_word(word: str) -> None:
    if len(word) > LONGEST:
        raise MaintenanceRefused("“{word}” is too long.", word=f"{word[:LONGEST]}…")
    if not any(one.isalnum() for one in word) or not word.isprintable():
        raise MaintenanceRefused("“{word}” is no word.", word=word)


def _written(entry: Entry) -> str:
    if isinstance(entry, Same):
        return f"[[same]]\nwords = {_list(entry.words)}\n"
    return f"[[seeks]]\nasks = {_list(entry.asks)}\ntells = {_list(entry.tells)}\n"


def _list(words: Sequence[str]) -> str:
    """A string of JSON is one of TOML, but for what `isprintable` keeps out."""
    return json.dumps(list(words), ensure_ascii=False)


def _blocks(text: str) -> Iterator[tuple[int, int]]:
    """Lines of each entry: from its header to the last line that says something."""
    lines = text.splitlines()
    headers = [number for number, line in enumerate(lines) if _HEADER.match(line)]
    for first, following in pairwise([*headers, len(lines)]):
        end = following
        while _BLANK.match(lines[end - 1]):
            end -= 1
        yield first, end


def _placed(text: str, first: int, end: int) -> Placed:
    row = tomllib.loads("\n".join(text.splitlines()[first:end]))
    same = row.get("same")
    if same:
        return Placed(entry=Same(words=tuple(same[0]["words"])), first=first, end=end)
    seeks = row["seeks"][0]
    entry = Seeks(asks=tuple(seeks["asks"]), tells=tuple(seeks["tells"]))
    return Placed(entry=entry, first=first, end=end)
