"""Which of our languages a person speaks: by what they write, their phone, their browser."""

from __future__ import annotations

from typing import Final

from knowledge.language import detect, in_either_script
from knowledge.types import Lang

_TRADITIONAL: Final = frozenset({"hant", "tw", "hk", "mo"})
_OURS: Final = {"en": Lang.EN, "ko": Lang.KO, "ja": Lang.JA}
_CHINESE: Final = frozenset({Lang.ZH_HANS, Lang.ZH_HANT})


def speaks(tag: str) -> Lang | None:
    """Return our language for a BCP 47 tag, if we speak it."""
    primary, *rest = tag.lower().replace("_", "-").split("-")
    if primary != "zh":
        return _OURS.get(primary)
    traditional = "hans" not in rest and not _TRADITIONAL.isdisjoint(rest)
    return Lang.ZH_HANT if traditional else Lang.ZH_HANS


def language_of(text: str, *, before: Lang | None, phone: str | None, default: Lang) -> Lang:
    """
    Return the language to answer a message in.

    What it is written in counts first, then what the chat was in `before`, then the language of
    the `phone` (BCP 47). 您好 is written alike in both scripts: there the first of the others
    that is Chinese tells which.
    """
    usual = (before, speaks(phone or ""), default)
    written = detect(text)
    if written in _CHINESE and in_either_script(text):
        written = next((one for one in usual if one in _CHINESE), written)
    return written or next(one for one in usual if one is not None)
