"""
What stands around what is said: an alarm before everything, a warning of fraud, a note on what
was masked; and the few questions that are answered instead of being handed to staff. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import asides
from bot.danger import tells_of_danger, tells_of_fraud
from bot.privacy import masks_in
from bot.render import Bureau
from bot.scope import out_of_scope
from bot.turn import Plan, Turn
from bot.types import Input, Outcome, Reason, Result, RichText, Span

_WORDS: Final = frozenset({Input.TEXT, Input.EDITED})
# Only what was looked for in vain: a document that is no longer in force is a find.
_NOT_FOUND: Final = frozenset({Reason.NOTHING_FOUND, Reason.UNSURE})


def framed(turn: Turn, plan: Plan, bureau: Bureau) -> Plan:
    """The plan, with what belongs before and after it."""
    if turn.message.kind not in _WORDS:
        return plan
    text, language = turn.message.text, turn.language
    before: RichText = ()
    if tells_of_danger(text) and plan.outcome.result is not Result.EMERGENCY:
        before += asides.alarm(language, bureau)
    if tells_of_fraud(text) and plan.outcome.reason is not Reason.FRAUD:
        before += (*asides.fraud(language, bureau), Span("\n\n"))
    kinds = masks_in(text)
    after = asides.masked(language, kinds) if kinds else ()
    return replace(plan, before=(*before, *plan.before), after=(*plan.after, *after))


def instead_of_staff(turn: Turn, question: str, outcome: Outcome, bureau: Bureau) -> Plan | None:
    """For a question that the index does not know: why staff need not answer it, or None."""
    if outcome.reason not in _NOT_FOUND:
        return None
    language, number = turn.language, turn.accepted.id
    if tells_of_fraud(question):
        fraud = replace(outcome, result=Result.BLOCKED, reason=Reason.FRAUD)
        return Plan(fraud, asides.warned(language, bureau, number))
    if out_of_scope(question):
        other = replace(outcome, result=Result.BLOCKED, reason=Reason.OUT_OF_SCOPE)
        return Plan(other, asides.out_of_scope(language, bureau, number))
    return None
