"""
Tables of words as patterns over folded text. Pure.

What people write is folded before it is matched (knowledge/fold.py), so the words of a table
must be folded as well: 誰 becomes 谁 in both, or it never matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

from knowledge.fold import fold

_CAPITAL_CLASS: Final = re.compile(r"(\\[A-Z])")


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    """One pattern of several, each in the syntax of `re`."""
    pattern = "|".join(f"(?:{word})" for word in words)
    # Folding makes capitals small, and \W must not become \w.
    return re.compile(
        "".join(
            part if _CAPITAL_CLASS.fullmatch(part) else fold(part)
            for part in _CAPITAL_CLASS.split(pattern)
        )
    )
