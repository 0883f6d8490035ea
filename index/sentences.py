"""
Where in a passage the answer stands: the sentence that a reader in a hurry should see.

It is the sentence that says most of what the question asks about, and that holds what is asked
for (a date, an amount, a yes). Headings and the question of a Q&A answer nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from index.questions import Question
from index.ranking import share_said
from index.windows import sentences
from knowledge.fold import fold

Span = tuple[int, int]  # characters into the passage

NOTHING: Final[Span] = (0, 0)
TOLD: Final = 0.5  # of the question's mass, for each thing asked for that a sentence holds
SHORT: Final = 12  # characters; "答：可以。" says too little without the next sentence
_HEADING: Final = re.compile(r"[^。！？；.!?;:：|]*\n\s*")
_QUESTION: Final = re.compile(r"\s*(?:问|問|문|質問|[Qq])\s*[:：].*|.*[?？]\s*", re.DOTALL)
_ASKED: Final = re.compile(
    r"^[ \t]*(?:问|問|문|質問|[Qq])\s*\d*\s*[:：.][ \t]*(?P<words>[^\n?？]{4,80}[?？])[ \t]*$",
    re.MULTILINE,
)
# What stands before the words of a sentence: 答：, 第九条.
_BEFORE: Final = re.compile(
    r"\s*(?:(?:答复?|答覆|답변?|回答|[Aa](?:nswer)?)\s*[:：]\s*|第[〇零一二三四五六七八九十百\d]{1,7}条\s+)?"
)


def asked_in(text: str) -> list[str]:
    """The questions that a document asks, to answer them itself: 问：……？"""
    return [found["words"].strip() for found in _ASKED.finditer(text)]


def answering(question: Question, text: str) -> Span:
    """Return the span of the sentences that answer, without blanks; empty if none is nearer."""
    spans = [span for span in sentences(text) if _says(text[slice(*span)])]
    scores = [_score(question, text[slice(*span)]) for span in spans]
    if not scores or max(scores) <= 0:
        return NOTHING
    best = scores.index(max(scores))
    return _trimmed(text, spans[best][0], _end(text, spans, best))


def _says(sentence: str) -> bool:
    return not _HEADING.fullmatch(sentence) and not _QUESTION.fullmatch(sentence)


def _score(question: Question, sentence: str) -> float:
    folded = fold(sentence).strip()
    told = sum(bool(pattern.search(folded)) for pattern in question.tells)
    return share_said(question, folded) + TOLD * told


def _end(text: str, spans: Sequence[Span], best: int) -> int:
    """A list goes on to its end, and a word or two to the sentence that says more."""
    start, end = spans[best]
    if text[start:end].rstrip().endswith((":", "：")):
        return spans[-1][1]
    if end - start < SHORT and best + 1 < len(spans) and spans[best + 1][0] == end:
        return spans[best + 1][1]
    return end


def _trimmed(text: str, start: int, end: int) -> Span:
    before = _BEFORE.match(text, start, end)
    assert before is not None  # it may be empty
    return before.end(), len(text[:end].rstrip())
