"""Pinyin that a converter left in brackets behind characters: 財(cái)政."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Final

from knowledge.gbk import common

_TONED: Final = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜńňǹ"
SYLLABLE: Final = re.compile(rf"[a-zü{_TONED}]{{1,6}}")
_GLOSS: Final = re.compile(
    rf"(?P<character>[\u3400-\u9fff\U00020000-\U0002fa1f])"
    rf"[(（]\s?(?P<syllable>{SYLLABLE.pattern})\s?[)）]"
)
_VALID: Final = re.compile(
    r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?"
    r"(?:a|o|e|i|u|ü|ai|ei|ui|ao|ou|iu|ie|ue|üe|ve|er|an|en|in|un|ün|ang|eng|ing|ong"
    r"|ia|iao|ian|iang|iong|ua|uo|uai|uan|uang|ueng|ung)"
)
_ENOUGH: Final = 3  # glosses with a tone: the text was glossed by a machine


@dataclass(frozen=True, slots=True)
class Glosses:
    """What stands in brackets behind which characters, in a whole text."""

    toned: int = 0
    characters: Mapping[str, AbstractSet[str]] = field(default_factory=dict)  # by syllable

    @property
    def by_machine(self) -> bool:
        return self.toned >= _ENOUGH


def glosses(text: str) -> Glosses:
    characters: dict[str, set[str]] = defaultdict(set)
    toned = 0
    for found in _GLOSS.finditer(text):
        if _is_syllable(found["syllable"]):
            characters[found["syllable"]].add(found["character"])
            toned += _is_toned(found["syllable"])
    return Glosses(toned, dict(characters))


def without_pinyin(line: str, known: Glosses, found: Callable[[str, str], None]) -> str:
    """Return the line; `found` is told each gloss and the character that it stood behind."""

    def bare(gloss: re.Match[str]) -> str:
        if not _is_damage(gloss["character"], gloss["syllable"], known):
            return gloss[0]
        found(gloss[0], gloss["character"])
        return gloss["character"]

    return _GLOSS.sub(bare, line)


def _is_damage(character: str, syllable: str, known: Glosses) -> bool:
    """A single gloss behind a rare character is the writer's: 犇(bēn)."""
    if not _is_syllable(syllable):
        return False
    if not _is_toned(syllable):  # and "(a)" is an item of a list
        return known.by_machine and len(syllable) > 1
    return known.by_machine or common(character) > 0


def _is_syllable(text: str) -> bool:
    return _VALID.fullmatch(_plain(text)) is not None


def _is_toned(text: str) -> bool:
    return any(letter in _TONED for letter in text)


def _plain(text: str) -> str:
    """Without the tone; the dots of ü stay."""
    split = unicodedata.normalize("NFD", text)
    bare = "".join(c for c in split if c == "\u0308" or not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare)
