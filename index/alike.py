"""
Whether two sentences state the same thing, whatever figures stand in them.

A sentence is read as its words with a blank for each figure. Two say the same of the same if the
words agree in their order, and if what one of them has more is said around the other as well: of
"persons" and "firms", or a word that makes one of them an exception, they would not.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise
from typing import Final

from index.tokens import CJK, STOP, WORD, stem
from knowledge.figures import DATE, Figure, figures_of
from knowledge.fold import fold

LIKE: Final = 0.8  # share of both sentences' words that agree, in their order
LEAST: Final = 6  # what a sentence must weigh to say of what it speaks: characters, words twice
SHARES: Final = frozenset({"%", "倍", "成"})
MONEY: Final = frozenset({"元", "원", "円", "$", "€", "£"})
TIMES: Final = frozenset({DATE, "年", "月", "周", "日", "工作日", "小时", "分钟"})
# 第三条, 一、, (二), 3. and 答: before the words of a sentence.
_BEFORE: Final = re.compile(
    r"^\s*(?:(?:第[〇零一二三四五六七八九十百\d]{1,7}[条款项]|제\d+조|(?:article|section) \d+\.?|"
    r"[一二三四五六七八九十]{1,3}[、.]|[(（]?[一二三四五六七八九十\d]{1,2}[)）]|\d{1,2}[.、](?!\d)|"
    r"(?:答复?|回答|答え|답변?|a(?:nswer)?)\s*:)\s*)+"
)
# One word for what bounds a figure, so that 最高 and 不超过 agree.
_AT_MOST: Final = re.compile(
    r"最多|至多|不超过|不高于|上限|最大|not (?:more than|exceed(?:ing)?)|at most|up to|maximum|"
    r"최대|以内|이내|以下|이하"
)
_AT_LEAST: Final = re.compile(r"至少|最少|不低于|不少于|下限|at least|not less than|minimum|최소")
_BOUND: Final = frozenset("最高")  # 每月最高1500元 is 每月1500元
_ONLY_HELP: Final = frozenset(
    "的了为是在于从应当可以将按其该即则其中及和与由给予须得能会等额度是은는을를はがをにの"
)
_RUN: Final = re.compile(rf"[{CJK}]|{WORD}")
_PIECE: Final = re.compile(rf"[{CJK}]+|{WORD}")


@dataclass(frozen=True, slots=True)
class Statement:
    """A sentence, read: "" among the words stands for a figure."""

    words: tuple[str, ...]
    figures: tuple[Figure, ...]

    @property
    def weight(self) -> int:
        """Characters of its words, where a word in letters counts as two."""
        return sum(2 if word.isascii() else 1 for word in self.words if word)


def read(sentence: str) -> Statement:
    folded = _BEFORE.sub("", fold(sentence))
    words: list[str] = []
    found: list[Figure] = []
    end = 0
    for one in figures_of(folded):
        words += _words(folded[end : one.start])
        words.append("")
        found.append(one.figure)
        end = one.end
    return Statement((*words, *_words(folded[end:])), tuple(found))


def _words(folded: str) -> Iterator[str]:
    text = _AT_LEAST.sub("最低", _AT_MOST.sub("最高", folded))
    for found in _RUN.findall(text):
        if found not in STOP and found not in _ONLY_HELP:
            yield stem(found)


def likeness(one: Statement, other: Statement) -> float:
    """Share of the words that agree in their order, 0 to 1."""
    return _matcher(one, other).ratio()


def same_but_for_figures(
    one: Statement, other: Statement, around_one: str, around_other: str
) -> bool:
    """
    Whether they state the same, and have as many figures, in the same places.

    `around_*` are the folded texts in which they stand, with titles and headings.
    """
    if min(one.weight, other.weight) < LEAST or len(one.figures) != len(other.figures):
        return False
    matcher = _matcher(one, other)
    if matcher.ratio() < LIKE:
        return False
    for what, start, end, from_, to in matcher.get_opcodes():
        more, less = one.words[start:end], other.words[from_:to]
        if what == "equal":
            continue
        if more and less:  # another word in the same place: another subject, for all we know
            return False
        around = around_other if more else around_one
        run = more or less
        if "" in run or not _is_said(run, around):
            return False
    return True


def unsaid(folded: str, around: str) -> frozenset[str]:
    """
    Words, and runs of characters, of a folded text that the other folded text has not.

    A character is there if it stands there with one of its neighbours.
    """
    missing: set[str] = set()
    has = set(_RUN.findall(around))
    stems = {stem(word) for word in has}
    for piece in _PIECE.findall(folded):
        if re.match(f"[{CJK}]", piece):
            missing.update(run for run in _runs(piece, around) if not _ONLY_HELP.issuperset(run))
        elif piece not in STOP and stem(piece) not in stems:
            missing.add(stem(piece))
    return frozenset(missing)


def _runs(piece: str, around: str) -> Iterator[str]:
    there = [len(piece) == 1 and piece in around] * len(piece)
    for at, (left, right) in enumerate(pairwise(piece)):
        if left + right in around:
            there[at] = there[at + 1] = True
    run = ""
    for character, is_there in zip(piece, there, strict=True):
        if not is_there:
            run += character
        elif run:
            yield run
            run = ""
    if run:
        yield run


def _is_said(run: Sequence[str], around: str) -> bool:
    """A word, or two characters and more, that stand there; one alone may be a 不."""
    if set(run) <= _BOUND:
        return True
    text = "".join(run) if not any(word.isascii() for word in run) else ""
    if text:
        return len(text) > 1 and text in around
    stems = {stem(word) for word in _RUN.findall(around)}
    return all(word in stems for word in run)


def _matcher(one: Statement, other: Statement) -> SequenceMatcher[str]:
    return SequenceMatcher(None, one.words, other.words, autojunk=False)


def years_apart(one: Figure, other: Figure) -> bool:
    """Whether they differ by their years alone, as the rules of two years do."""
    return one.unit == other.unit and _is_dated(one) and _is_dated(other)


def _is_dated(figure: Figure) -> bool:
    year = figure.value.split("-")[0]
    return figure.unit in {DATE, "年"} and len(year) == 4  # noqa: PLR2004 - 2024
