"""Words of staff as a citizen gets them: something to read, and nothing that hides in it. Pure."""

from __future__ import annotations

import unicodedata
from typing import Final

from bot.errors import WordsMissing
from knowledge.unseen import seen

_BLANKS: Final = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters that show nothing


def legible(text: str, *, ticket_id: int) -> str:
    """The text without what hides in it. Raise WordsMissing where nothing can be read."""
    if not has_words(text):
        raise WordsMissing(ticket_id)
    return seen(text.replace("\r\n", "\n").replace("\r", ""))


def has_words(text: str) -> bool:
    """Whether there is anything to see: a letter, a digit, a sign or an emoji."""
    return any(unicodedata.category(one)[0] in "LNPS" and one not in _BLANKS for one in text)
