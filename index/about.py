"""
What a conversation is about, and how a question that leans on it is searched.

The question is searched with the words of its topic, in everything: whether the result is sure
is measured as for any question. Only the document of the conversation, and what belongs to it,
may answer; and as the words of the topic are found there anyway, a passage answers only if it
speaks of the question's own words.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

from index.questions import Question
from index.ranking import share_said
from index.types import Hit
from knowledge.fold import fold

OWN: Final = 0.5  # share of the question's own mass that a passage must have to answer
MAYBE: Final = 0.5  # of the refusal line: what speaks of it is at least worth a look


@dataclass(frozen=True, slots=True, kw_only=True)
class About:
    document: str  # id
    topic: str  # words of what was asked before, in their order
    clause: str = ""  # the clause that was quoted last: 第五条


def weighed(hit: Hit, own: Question, *, best: bool, line: float) -> Hit:
    """
    Return the hit with the probability that it answers the question itself.

    `own` is the question without its topic; `best` tells whether nothing else fits better.
    """
    text = fold(hit.passage.text)
    said = share_said(own, text)
    told = not own.tells or any(pattern.search(text) for pattern in own.tells)
    speaks = said >= OWN and told
    probability = hit.probability
    if not speaks:
        probability = min(probability, line * said)
    elif not best:
        probability = min(probability, line)
    return replace(
        hit,
        keyword=said,
        probability=max(probability, line * MAYBE) if speaks else probability,
    )
