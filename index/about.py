"""
What a conversation is about, and how a question that leans on it is searched.

The question is searched with the words of its topic, in everything: whether the result is sure
is measured as for any question. Only the document of the conversation, and what belongs to it,
may answer; and as the words of the topic are found there anyway, a passage answers only if it
speaks of the question's own words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from index.said import Said
from index.types import Hit
from knowledge.fold import fold

SURE: Final = 0.8  # share of the question's own mass that a passage must have to answer
SPEAKS: Final = 0.5  # likewise, to be worth a look
MAYBE: Final = 0.5  # of the refusal line: the least probability of what is worth a look


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    document: str  # id
    topic: str  # words of what was asked before, in their order
    clause: str = ""  # the clause that was quoted last: 第五条


def without_heads(hits: Sequence[Hit]) -> list[Hit]:
    """Without what stands before the clauses of a document, as whom it is sent to."""
    divided = {hit.document.id for hit in hits if hit.passage.address}
    return [hit for hit in hits if hit.passage.address or hit.document.id not in divided]


def weighed(hit: Hit, own: Said, *, best: bool, line: float) -> Hit:
    """
    Return the hit with the probability that it answers the question itself.

    `own` is of the question without its topic; `best` tells whether nothing else fits better.
    Only what holds the thing asked for can be above the line; what speaks of it is near it.
    """
    text = fold(hit.passage.text)
    said = own.share(text)
    tells = own.question.tells
    told = not tells or any(pattern.search(text) for pattern in tells)
    likely = hit.probability if best and said >= SURE and told else min(hit.probability, line)
    least, most = (line * MAYBE, 1.0) if said >= SPEAKS else (0.0, line * said)
    return replace(hit, keyword=said, probability=min(max(likely, least), most))
