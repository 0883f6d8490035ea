"""The conversation as it is after a message. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.actions import Verb
from bot.store.base import Conversation
from bot.turn import Plan, Turn
from bot.types import Reason, Result

# After these a person may be asked for, about the message that led to it.
_ASKED: Final = frozenset(
    {
        Result.ANSWERED,
        Result.UNRESOLVED,
        Result.CLARIFY,
        Reason.OUT_OF_SCOPE,
        Reason.FRAUD,
    }
)
_ASIDE: Final = frozenset({Result.SMALL_TALK, Result.EMERGENCY, Result.BLOCKED})
# The citizen is asked to say it in another way.
_UNREAD: Final = frozenset(
    {Reason.EMPTY, Reason.NO_WORDS, Reason.TOO_LONG, Reason.UNSUPPORTED, Reason.EDITED}
)


def conversation_after(turn: Turn, plan: Plan) -> Conversation:
    """With the language, the question that was asked last, and what the next message is for."""
    settled = plan.settles
    if settled is None:
        asked = plan.outcome.result in _ASKED or plan.outcome.reason in _ASKED
        last = (plan.about or turn.accepted.id) if asked else turn.talk.last_question
        settled = replace(
            turn.talk,
            language=turn.language,
            expects=plan.expects,
            expects_from=turn.message.sender if plan.expects else None,
            last_question=last,
        )
    if settled.expects or not _still_awaited(turn, plan):
        return settled
    return replace(settled, expects=turn.talk.expects, expects_from=turn.talk.expects_from)


def _still_awaited(turn: Turn, plan: Plan) -> bool:
    """Whether what was expected before this message is still to come."""
    if turn.expected is None:  # of nobody, or of somebody else in the group
        return True
    if plan.settles is not None:
        return False
    if plan.outcome.reason in _UNREAD:
        return True
    # A thank-you in between does not end an offer.
    return turn.expected.verb is Verb.PICK and plan.outcome.result in _ASIDE
