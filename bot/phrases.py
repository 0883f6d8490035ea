"""
Tables of words as patterns over folded text. Pure.

What people write is folded before it is matched (knowledge/fold.py), so the words of a table
must be folded as well: 誰 becomes 谁 in both, or it never matches.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from knowledge.fold import fold


def any_of(words: Iterable[str]) -> re.Pattern[str]:
    r"""
    One pattern of several, each in the syntax of `re`.

    Folding makes capitals small, so an entry may hold `\d` or `\b`, but not `\D` or `\B`.
    """
    return re.compile(fold("|".join(f"(?:{word})" for word in words)))
