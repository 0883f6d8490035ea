"""
The language of a message or a document. The only module that imports langdetect.

langdetect alone is wrong on short questions (it takes 请问疫情期间餐馆什么时候复工 for Korean), so
the script decides first; langdetect is asked about Latin letters only, with a fixed seed.
"""

from __future__ import annotations

import re
from typing import Final

from langdetect import DetectorFactory, LangDetectException, detect_langs

from knowledge.fold import simplified, traditional
from knowledge.types import Lang

DetectorFactory.seed = 0
_HANGUL: Final = re.compile(r"[\uac00-\ud7af\u1100-\u11ff]")
_KANA: Final = re.compile(r"[\u3041-\u3096\u30a1-\u30fa]")
_HAN: Final = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f]")
_LATIN: Final = re.compile(r"[A-Za-z]")
_SAMPLE: Final = 2000  # characters are enough to tell
_LIKELY: Final = 0.9  # below, langdetect is guessing


def detect(text: str) -> Lang | None:
    """Return the language, or None where nothing tells (no letters, or a foreign tongue)."""
    sample = text[:_SAMPLE]
    counts = {name: len(pattern.findall(sample)) for name, pattern in _SCRIPTS.items()}
    # Kana and Hangul decide even beside many Chinese characters; a stray one does not.
    total = sum(counts.values())
    if not total:
        return None
    if counts["kana"] * 8 > counts["kana"] + counts["han"] and counts["kana"] >= counts["hangul"]:
        return Lang.JA
    if counts["hangul"] * 4 > total - counts["latin"] and counts["hangul"]:
        return Lang.KO
    if counts["han"] and counts["han"] * 3 >= counts["latin"]:
        return _chinese(sample)
    return _latin(sample)


_SCRIPTS: Final = {"hangul": _HANGUL, "kana": _KANA, "han": _HAN, "latin": _LATIN}


def _chinese(text: str) -> Lang:
    """Traditional if turning it simplified changes more than the other way round."""
    to_simple = sum(a != b for a, b in zip(text, simplified(text), strict=False))
    to_traditional = sum(a != b for a, b in zip(text, traditional(text), strict=False))
    return Lang.ZH_HANT if to_simple > to_traditional else Lang.ZH_HANS


def _latin(text: str) -> Lang | None:
    """English, unless langdetect is sure of another language; short texts are not its field."""
    try:
        best = detect_langs(text)[0]
    except LangDetectException:
        return None
    surely_other = best.lang != "en" and best.prob > _LIKELY and len(text.split()) > 5  # noqa: PLR2004
    return None if surely_other else Lang.EN
