"""
The sentences that the bot says itself, in five languages.

The English sentence is the key; bot/locales/*.po hold the others. Read at start with Babel, so
there is no compile step and nothing that can be out of date.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from babel.messages.pofile import read_po

from knowledge.types import Lang

LOCALES: Final = Path(__file__).parent / "locales"
SOURCE: Final = Lang.EN


@cache
def catalogue(language: Lang) -> Mapping[str, str]:
    """English sentence to the sentence in that language."""
    if language is SOURCE:
        return {}
    with (LOCALES / f"{language}.po").open("rb") as file:
        messages = read_po(file)
    return {str(m.id): str(m.string) for m in messages if m.id and m.string}


def say(language: Lang, sentence: str, /, **values: object) -> str:
    """Return the sentence in that language, with {name} filled in."""
    text = catalogue(language).get(sentence, sentence)
    return text.format(**values) if values else text
