"""
Text to the terms that the keyword leg counts and the builtin encoder embeds.

CJK characters and their bigrams; elsewhere the stems of words, numbers, and pairs of words that
follow each other once the function words are out. No dictionary: bigrams measured better than
word segmentation on every set tried, and serve Japanese and Korean too. The only module that
imports snowballstemmer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

import snowballstemmer

from knowledge.fold import fold

CJK: Final = (
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f"
    r"\u3041-\u3096\u30a1-\u30fa\u30fc\uac00-\ud7af"
)
# 的 between characters only joins them: 公积金的提取 is 公积金提取.
_DE: Final = re.compile(rf"(?<=[{CJK}])的(?=[{CJK}])")
BREAK: Final = r".!?;:\n"  # two words with one of these between them are no pair
WORD: Final = rf"[^\W_{CJK}]+(?:\.\d+)*"
_BREAK: Final = re.compile(f"[{BREAK}]")
_RUN: Final = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<word>{WORD})")
# Function words of English: they carry no topic, and a question is half made of them.
STOP: Final = frozenset(
    {
        *("a", "an", "the", "and", "or", "but", "if", "of", "to", "in", "on", "at", "by", "for"),
        *("with", "from", "as", "is", "are", "was", "were", "be", "been", "being", "am", "do"),
        *("does", "did", "doing", "have", "has", "had", "having", "i", "me", "my", "we", "us"),
        *("our", "you", "your", "he", "she", "it", "its", "they", "them", "their", "his", "her"),
        *("him", "this", "that", "these", "those", "there", "here", "what", "which", "who"),
        *("whom", "whose", "when", "where", "why", "how", "can", "could", "should", "would"),
        *("will", "shall", "may", "might", "must", "not", "no", "nor", "so", "than", "then"),
        *("too", "very", "just", "also", "about", "into", "over", "under", "again", "further"),
        *("once", "only", "own", "same", "s", "t", "d", "ll", "ve", "re", "m", "any", "some"),
        *("such", "each", "other"),
    }
)
_stemmer = snowballstemmer.stemmer("english")


def tokens(text: str) -> list[str]:
    """Return the terms of a text, folded; a term appears as often as it occurs."""
    return folded_tokens(fold(text))


def folded_tokens(folded: str) -> list[str]:
    """As `tokens`, of a text that is folded already."""
    return list(_terms(folded))


def _terms(folded: str) -> Iterator[str]:
    text = _DE.sub("", folded)
    last, end = "", 0  # the word before, unless a sentence ended in between
    for run in _RUN.finditer(text):
        found = run.group()
        if run.lastgroup == "cjk":
            yield from found
            yield from (found[i : i + 2] for i in range(len(found) - 1))
            last = ""
            continue
        if last and _BREAK.search(text, end, run.start()):
            last = ""
        end = run.end()
        if found in STOP:
            continue
        word = stem(found)
        yield word
        if last:
            yield f"{last} {word}"
        last = word


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    return str(_stemmer.stemWord(word)) if word.isascii() and word.isalpha() else word
