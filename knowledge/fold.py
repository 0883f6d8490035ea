"""
Text folded for matching only; what is shown is always the original.

The only module that imports opencc.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import cache
from typing import Final

import opencc

# What NFKC changes in nearly every Chinese text: with these replaced, most texts are normal
# already, and Python sees that in a fiftieth of the time.
_MARKS: Final = tuple(zip("，：；（）！？％＋－．／～\u3000", ",:;()!?%+-./~ ", strict=True))
_MARKED: Final = re.compile(f"[{''.join(wide for wide, _ in _MARKS)}]")
_BETWEEN: Final = "\x1f"  # folding leaves it alone, and texts have none


@cache
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


def simplified(text: str) -> str:
    """Traditional to simplified characters, one for one; half a surrogate pair becomes "?"."""
    return _converted("t2s", text)


def traditional(text: str) -> str:
    return _converted("s2t", text)


def _converted(name: str, text: str) -> str:
    try:
        return str(_converter(name).convert(text))
    except UnicodeEncodeError:  # opencc takes no half of a pair
        return str(_converter(name).convert(text.encode("utf-8", "replace").decode("utf-8")))


def fold(text: str) -> str:
    """Full-width to half-width, capital to small, traditional to simplified."""
    if text.isascii():  # most of English, for which the rest would change nothing
        return text.casefold()
    whole = text.encode("utf-8", "ignore").decode("utf-8")  # opencc refuses half surrogates
    if _MARKED.search(whole):  # few titles are
        for wide, narrow in _MARKS:
            whole = whole.replace(wide, narrow)
    return simplified(unicodedata.normalize("NFKC", whole).casefold())


def fold_all(texts: Sequence[str]) -> list[str]:
    """Fold texts at one go: a call for each would take longer than the folding."""
    whole = fold(_BETWEEN.join(texts)).split(_BETWEEN)
    return whole if len(whole) == len(texts) else [fold(text) for text in texts]
