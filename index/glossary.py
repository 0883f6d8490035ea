"""Everyday words and official terms: what else a question should look for."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Self

from index.errors import SearchError
from knowledge.fold import fold

SHIPPED: Final = Path(__file__).with_name("glossary.toml")
OWN: Final = "glossary.toml"  # in a release: what the bureau adds to ours
_LATIN: Final = re.compile(r"[a-z]")


class BadGlossary(SearchError):
    """A glossary that cannot be read; the message names the file and what is wrong."""


@dataclass(frozen=True, slots=True)
class Named:
    """A thing that a question names, and what else it is called."""

    word: str  # the longest of its words in the question
    others: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meant:
    """What a question means besides its own words."""

    named: tuple[Named, ...]
    tells: tuple[str, ...]  # words in which an answer would tell what it seeks


@dataclass(frozen=True, slots=True)
class Glossary:
    same: tuple[tuple[str, ...], ...]
    seeks: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]

    @classmethod
    def read(cls, path: Path) -> Self:
        """Raise BadGlossary."""
        try:
            return cls.parse(path.read_text(encoding="utf-8"))
        except OSError as error:
            raise BadGlossary(f"{path} cannot be read ({error.strerror})") from error
        except UnicodeDecodeError as error:
            raise BadGlossary(f"{path} is not UTF-8") from error
        except BadGlossary as error:
            raise BadGlossary(f"{path}: {error}") from error

    @classmethod
    def parse(cls, text: str) -> Self:
        """Raise BadGlossary."""
        try:
            rows = tomllib.loads(text)
            return cls(
                same=tuple(_words(row["words"]) for row in rows.get("same", [])),
                seeks=tuple(
                    (_words(row["asks"]), _words(row["tells"])) for row in rows.get("seeks", [])
                ),
            )
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise BadGlossary(
                f"{error}; a [[same]] has words, a [[seeks]] has asks and tells"
            ) from error

    def also(self, other: Glossary) -> Glossary:
        """
        This one, and what another one adds.

        A group that has a word of ours makes ours longer: as two, they would count it twice.
        """
        same = list(self.same)
        for added in other.same:
            ours = [group for group in same if not set(added).isdisjoint(group)]
            words = dict.fromkeys(word for group in (*ours, added) for word in group)
            same = [*(group for group in same if group not in ours), tuple(words)]
        return Glossary(same=tuple(same), seeks=(*self.seeks, *other.seeks))

    def meant(self, folded: str) -> Meant:
        """Look a folded question up."""
        named: list[Named] = []
        for group in self.same:
            present = sorted((word for word in group if _in(word, folded)), key=len)
            if present:
                others = tuple(word for word in group if word not in present)
                named.append(Named(present[-1], others))
        tells = (
            word
            for asks, told in self.seeks
            if any(_in(ask, folded) for ask in asks)
            for word in told
        )
        return Meant(tuple(named), tuple(dict.fromkeys(tells)))


@cache
def shipped() -> Glossary:
    return Glossary.read(SHIPPED)


def of_release(folder: Path) -> Glossary:
    """Ours, and what the bureau's own says that the release was built with. Raise BadGlossary."""
    own = folder / OWN
    return shipped().also(Glossary.read(own)) if own.is_file() else shipped()


def keep(path: Path, folder: Path) -> None:
    """Make the bureau's glossary part of a release. Raise BadGlossary."""
    Glossary.read(path)
    shutil.copyfile(path, folder / OWN)


def _words(values: Sequence[Any]) -> tuple[str, ...]:
    if not isinstance(values, list) or not all(isinstance(one, str) for one in values):
        raise TypeError(f"{values!r} is no list of words")
    if not all(value.strip() for value in values):
        raise ValueError(f"{values!r} has an empty word, which every question holds")
    return tuple(fold(value) for value in values)


def _in(word: str, folded: str) -> bool:
    """Whether the word occurs; Latin words as whole words only."""
    if word not in folded:
        return False
    whole = rf"(?<![a-z]){re.escape(word)}(?![a-z])"
    return not _LATIN.match(word) or re.search(whole, folded) is not None
