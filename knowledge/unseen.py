"""
Characters that nobody sees: they hide words, turn the order of others, or pile up without end.

They are taken out of documents and of what people write alike, so that what is shown is what was
searched, masked and logged. See Boucher and Anderson, "Trojan Source" (USENIX Security 2023).
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_JOINED: Final = (
    r"(?<![\u0600-\u109f\u200d\ufe0f\u2600-\u27bf\U0001f000-\U0001faff])[\u200c\u200d]"
)
UNSEEN: Final = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u00ad\u200b\u2060\ufeff\ufff9-\ufffb]"
    r"|[\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f]"  # marks of direction
    r"|[\U000e0000-\U000e007f]"  # tags: a whole text that no font shows
    rf"|{_JOINED}"  # joiners belong into emoji and Indian scripts
)
# Stream-Safe Text Format, UAX #15: no language piles up so many. Normalizing takes quadratic time
# on more: 80,000 of them eleven seconds.
MOST_MARKS: Final = 30
_PILE: Final = re.compile(rf"[^\w\s]{{{MOST_MARKS + 1},}}")  # marks are no word characters


def seen(text: str) -> str:
    """The text without what hides in it, and with bounded piles of marks."""
    return bounded(UNSEEN.sub(gap, text))


def gap(unseen: re.Match[str]) -> str:
    """What a match of UNSEEN leaves: the line and page ends of old programs part words."""
    return " " if unseen[0] in "\x0b\x0c" else ""


def bounded(text: str) -> str:
    """The text with at most MOST_MARKS combining characters on one other."""
    return _PILE.sub(_lower, text)


def _lower(pile: re.Match[str]) -> str:
    kept: list[str] = []
    marks = 0
    for one in pile[0]:
        marks = marks + 1 if unicodedata.combining(one) else 0
        if marks <= MOST_MARKS:
            kept.append(one)
    return "".join(kept)
