"""
Stored words of a fixed set, said anew in the language of whoever reads them.

What the log and the registers hold was said in the language of that day's staff, or in English.
The store keeps it so, for its lines are sealed; a reader of another language need not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from string import Formatter
from typing import Final

from bot.texts import say
from knowledge.types import Lang

MARK: Final = "\0"  # around the name of a value; no text holds it


def said_anew(text: str, sentences: tuple[str, ...], language: Lang) -> str:
    """The first of the sentences that the text is, in whatever language; else the text itself."""
    for sentence, pattern in _patterns(sentences):
        if found := pattern.fullmatch(text):
            return say(language, sentence, **found.groupdict())
    return text


@cache
def _patterns(sentences: tuple[str, ...]) -> Sequence[tuple[str, re.Pattern[str]]]:
    return [(one, _pattern(one, language)) for one in sentences for language in Lang]


def _pattern(sentence: str, language: Lang) -> re.Pattern[str]:
    names = [name for _, name, _, _ in Formatter().parse(sentence) if name]
    said = say(language, sentence, **{name: f"{MARK}{name}{MARK}" for name in names})
    escaped = re.escape(said)
    for name in names:
        escaped = escaped.replace(re.escape(f"{MARK}{name}{MARK}"), f"(?P<{name}>.+)")
    return re.compile(escaped, re.DOTALL)
