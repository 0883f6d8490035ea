"""
Whether a message is about the matter of a ticket. Pure.

By the words of the two questions that do not fit every policy, and by the passages that the
citizen was shown before they asked for a person.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Final

from bot.context import is_bare, own_words
from bot.desk.tickets import Ticket
from bot.intents import Intent, recognise
from index.tokens import folded_tokens

# Of the terms of the shorter question; 公积金贷款 and 公积金提取 have as many in common.
HALF: Final = 0.5
# Said to whoever speaks: they ask nothing, or only where it stays.
_POLITE: Final = frozenset({Intent.GREETING, Intent.THANKS, Intent.FAREWELL, Intent.SCOLDING})


def concerns(ticket: Ticket, question: str, *, passages: Collection[str] = ()) -> bool:
    """`passages` are the ids of those that would be quoted."""
    shown = {lead.passage_id for lead in ticket.evidence.leads if lead.offered}
    return not shown.isdisjoint(passages) or shared(ticket.question, question) > HALF


def shared(one: str, other: str) -> float:
    """How much of the shorter question is in the other one: 0 to 1."""
    ours, theirs = _terms(one), _terms(other)
    fewest = min(len(ours), len(theirs))
    return len(ours & theirs) / fewest if fewest else 0.0


def is_open(text: str) -> bool:
    """Whether it says by itself nothing of what it is about: 谢谢, 还有吗, 那怎么办."""
    return recognise(text) in _POLITE or (recognise(text) is None and is_bare(text))


def _terms(question: str) -> frozenset[str]:
    """Words and pairs of characters; a character alone says little."""
    return frozenset(term for term in folded_tokens(own_words(question)) if len(term) > 1)
