"""Lines of one paragraph put together again."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import Final

# Scripts written without blanks, and their punctuation. Korean has blanks.
CLOSE: Final = r"\u2e80-\u312f\u31a0-\u9fff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef“”‘’…—·"
_ENDS: Final = re.compile(rf"[{CLOSE}]$")
_STARTS: Final = re.compile(rf"[{CLOSE}]")
_BROKEN: Final = re.compile(r"([A-Za-z]{2,})[-\u2010\u00ad]$")
_REST: Final = re.compile(r"[a-z]+")
_LATIN: Final = re.compile(r"[A-Za-z0-9]")


def join(first: str, second: str, words: Container[str] = ()) -> str:
    """
    Join two lines: no blank between Chinese characters, one between words.

    A hyphen at the end of a line is the word's own if `words`, those of the whole text, know
    it so.
    """
    if not first or not second:
        return first or second
    broken, rest = _BROKEN.search(first), _REST.match(second)
    if broken and rest:
        apart = f"{broken[1]}-{rest[0]}"
        own = apart in words and broken[1] + rest[0] not in words
        return (first if own else first[:-1]) + second
    if first[-1].isspace() or second[0].isspace():
        return first + second
    chinese = bool(_ENDS.search(first)), bool(_STARTS.match(second))
    quoted = first[-1] in "“”‘’" or second[0] in "“”‘’"
    if chinese == (True, True) and not (quoted and _LATIN.search(first[-2:] + second[:2])):
        return first + second
    if True in chinese and not quoted:
        return first + second  # 2024 and 年 stood together before the line was full
    return f"{first} {second}"
