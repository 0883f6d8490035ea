"""
Where in a passage the answer stands: the sentence that a reader in a hurry should see.

It is the sentence that says most of what the question asks about, and that holds what is asked
for (a date, an amount, a yes). Headings and the question of a Q&A answer nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.said import Said
from index.windows import sentences
from knowledge.fold import fold

Span = tuple[int, int]  # characters into the passage

NOTHING: Final[Span] = (0, 0)
TOLD: Final = 0.5  # of the question's mass, for each thing asked for that a sentence holds
# Of the 42 passages of the sample that answer a golden question and have 3 statements or more, 38
# have no rival; in 30 of them the golden words stand in these sentences. Where the sentences say
# LEAST of the question it is 24 and 22: better no mark than a wrong one.
AS_GOOD: Final = 0.8  # of the best: neighbours belong to the answer
RIVAL: Final = 0.9  # of the best: another place may be meant as well
LEAST: Final = 0.25  # share of the question's mass
SHORT: Final = 12  # characters; "答：可以。" says too little without the next sentence
_HEADING: Final = re.compile(r"[^。！？；.!?;:：|]*\n\s*")
_QUESTION: Final = re.compile(r"\s*(?:问|問|문|質問|[Qq])\s*[:：].*|.*[?？]\s*", re.DOTALL)
_ASKED: Final = re.compile(
    r"^[ \t]*(?:问|問|문|質問|[Qq])\s*\d*\s*[:：.][ \t]*(?P<words>[^\n?？]{4,80}[?？])[ \t]*$",
    re.MULTILINE,
)
# What stands before the words of a sentence: 答：, 第九条.
_BEFORE: Final = re.compile(
    r"\s*(?:(?:答复?|答覆|답변?|回答|[Aa](?:nswer)?)\s*[:：]\s*|第[〇零一二三四五六七八九十百\d]{1,7}[条條]\s+)?"
)


def asked_in(text: str) -> list[str]:
    """The questions that a document asks, to answer them itself: 问：……？"""
    return [found["words"].strip() for found in _ASKED.finditer(text)]


def answering(asked: Said, text: str) -> Span:
    """
    Return the span of the sentences that answer, without blanks; empty if that is not clear.

    It is not clear where the best sentence says little of the question, or where another one
    elsewhere in the passage says nearly as much.
    """
    spans = statements(text)
    scores = _scores(asked, [fold(text[slice(*span)]).strip() for span in spans])
    if max(scores, default=0.0) <= 0:
        return NOTHING
    first, last = _around_best(scores)
    rivals = [*scores[:first], *scores[last + 1 :]]
    if max(rivals, default=0.0) >= RIVAL * max(scores):
        return NOTHING
    start, end = spans[first][0], _end(text, spans, last)
    if asked.share(fold(text[start:end])) < LEAST:
        return NOTHING
    return _trimmed(text, start, end)


def _around_best(scores: Sequence[float]) -> tuple[int, int]:
    """The first and the last of the run of sentences around the best that are about as good."""
    enough = AS_GOOD * max(scores)
    first = last = scores.index(max(scores))
    while first > 0 and scores[first - 1] >= enough:
        first -= 1
    while last + 1 < len(scores) and scores[last + 1] >= enough:
        last += 1
    return first, last


def statements(text: str) -> list[Span]:
    """Spans of the sentences that are no heading and no question."""
    return [span for span in sentences(text) if _says(text[slice(*span)])]


def _says(sentence: str) -> bool:
    return not _HEADING.fullmatch(sentence) and not _QUESTION.fullmatch(sentence)


def _scores(asked: Said, sentences: Sequence[str]) -> list[float]:
    """Of each folded sentence how much it says of the question, and tells of what it asks for."""
    tells = asked.question.tells
    told = (sum(bool(tell.search(sentence)) for tell in tells) for sentence in sentences)
    shares = asked.shares(sentences).tolist()
    return [share + TOLD * found for share, found in zip(shares, told, strict=True)]


def _end(text: str, spans: Sequence[Span], last: int) -> int:
    """A list goes on to its end, and a word or two to the sentence that says more."""
    start, end = spans[last]
    if text[start:end].rstrip().endswith((":", "：")):
        return spans[-1][1]
    if end - start < SHORT and last + 1 < len(spans) and spans[last + 1][0] == end:
        return spans[last + 1][1]
    return end


def _trimmed(text: str, start: int, end: int) -> Span:
    before = _BEFORE.match(text, start, end)
    assert before is not None  # it may be empty
    return before.end(), len(text[:end].rstrip())
