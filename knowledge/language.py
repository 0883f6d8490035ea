"""
The language of a message or a document. The only module that imports langdetect.

langdetect alone is wrong on short questions (it takes 请问疫情期间餐馆什么时候复工 for Korean), so
the script decides first; langdetect is asked about Latin letters only, with a fixed seed.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import lru_cache
from operator import ne
from typing import Final

from langdetect import DetectorFactory, LangDetectException, detect_langs

from knowledge.fold import simplified
from knowledge.types import Lang

DetectorFactory.seed = 0
_HANGUL: Final = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_KANA: Final = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN: Final = re.compile(r"[A-Za-z]+")  # words: one says about as much as a character
_SAMPLE: Final = 2000  # characters are enough to tell
_COMMON: Final = 16_384  # characters; texts use fewer, and each is looked up once
_LIKELY: Final = 0.9  # below, langdetect is guessing


def detect(text: str) -> Lang | None:
    """Return the language, or None where nothing tells (no letters, or a foreign tongue)."""
    sample = unicodedata.normalize("NFKC", text[:_SAMPLE])
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    # Kana and Hangul decide even beside many Chinese characters; a stray one does not.
    total = sum(counts.values())
    if not total:
        return None
    if counts["kana"] * 8 > counts["kana"] + counts["han"] and counts["kana"] >= counts["hangul"]:
        return Lang.JA
    if counts["hangul"] * 4 > total - counts["latin"] and counts["hangul"]:
        return Lang.KO
    if counts["han"] and counts["han"] >= counts["latin"]:
        return _of_characters(sample)
    return _latin(sample)


_SCRIPTS: Final = {"hangul": _HANGUL, "kana": _KANA, "han": _HAN, "latin": _LATIN}


def _of_characters(text: str) -> Lang:
    """
    Tell by the characters that only one of the old national sets holds.

    台, 后 and 里 are in both Chinese ones; 駅 and 続 are in the Japanese one alone. The Mainland
    set holds a few traditional characters (後, 於), so those are found by what becomes of them.
    """
    traditional = sum(map(ne, text, simplified(text)))
    simple = japanese = 0
    for character, count in Counter(_HAN.findall(text)).items():
        of_mainland, of_japan = _sets(character)
        simple += count * of_mainland
        japanese += count * of_japan
    if japanese and japanese * 2 >= simple:  # many Japanese ones are simplified ones, too
        return Lang.JA
    return Lang.ZH_HANT if traditional > simple else Lang.ZH_HANS


def in_either_script(text: str) -> bool:
    """Whether its Chinese characters, if any, are the same in Traditional and in Simplified."""
    sample = unicodedata.normalize("NFKC", text[:_SAMPLE])
    of_one = any(_sets(character)[0] for character in _HAN.findall(sample))
    return not of_one and simplified(sample) == sample


@lru_cache(_COMMON)
def _sets(character: str) -> tuple[bool, bool]:
    """Whether of the national sets only the Mainland's holds it, and whether only Japan's."""
    in_mainland, in_taiwan = _holds("gb2312", character), _holds("big5", character)
    only_japan = not in_mainland and not in_taiwan and _holds("shift_jis", character)
    return in_mainland and not in_taiwan, only_japan


def _holds(encoding: str, character: str) -> bool:
    try:
        character.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def _latin(text: str) -> Lang | None:
    """English, unless langdetect is sure of another language; short texts are not its field."""
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None
    surely_other = best.lang != "en" and best.prob > _LIKELY and len(text.split()) > 5  # noqa: PLR2004
    return None if surely_other else Lang.EN
