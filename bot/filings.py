"""
Complaints and suggestions on their way to staff: what is handed over is shown first.

Nothing is handed over that the citizen has not written for it or agreed to.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import asides
from bot.actions import Action, Verb
from bot.asides import HAND_OVER, VERBS
from bot.decide import unreadable
from bot.desk.tickets import TicketKind
from bot.filing import confirms, filing_of
from bot.intents import recognise
from bot.offers import Offers, to_staff
from bot.store.base import Past
from bot.turn import Plan, Turn
from bot.types import Outcome, Reason, Result

KINDS: Final = {verb: kind for kind, verb in VERBS.items()}
_FOR_STAFF: Final = frozenset({Verb.HUMAN, Verb.MORE})  # the next message goes to staff as it is


class Filings:
    def __init__(self, offers: Offers) -> None:
        self._offers = offers

    async def told(self, turn: Turn) -> Plan | None:
        """What follows from a text; None if it files nothing."""
        expected = turn.expected
        if expected is not None and expected.verb in _FOR_STAFF:
            return None
        if expected is not None and expected.verb in KINDS:
            plan = await self._awaited(turn, expected)
            if plan is not None:
                return plan
        return self._begun(turn)

    async def pressed(self, turn: Turn, action: Action) -> Plan | Past | None:
        """A ticket; or the message that is to be taken for a question; None if forged."""
        past = await self._offers.question(turn, action.target)
        if past is None or not turn.is_own(past):
            return None
        return _filed(turn, past, KINDS[action.verb]) if action.place == HAND_OVER else past

    async def _awaited(self, turn: Turn, expected: Action) -> Plan | None:
        kind, text = KINDS[expected.verb], turn.message.text
        if expected.target is None:
            if recognise(text) is not None or unreadable(text) is not None:
                return None
            return Plan(_outcome(turn), question=text, kind=kind)
        past = await self._offers.question(turn, expected.target) if confirms(text) else None
        return None if past is None else _filed(turn, past, kind)

    def _begun(self, turn: Turn) -> Plan | None:
        text = turn.message.text
        filing = filing_of(text)
        if filing is None or unreadable(text) is not None:
            return None
        done = Outcome(result=Result.SMALL_TALK, language=turn.language)
        verb = VERBS[filing.kind]
        if filing.bare:
            page = asides.file_what(filing.kind, turn.language)
            return Plan(done, page, expects=str(Action(verb)))
        page = asides.shall_i_file(filing.kind, text, turn.language, turn.accepted.id)
        return Plan(done, page, expects=str(Action(verb, turn.accepted.id)))


def _outcome(turn: Turn) -> Outcome:
    return Outcome(
        result=Result.HUMAN_REQUESTED, reason=Reason.ASKED_FOR_PERSON, language=turn.language
    )


def _filed(turn: Turn, past: Past, kind: TicketKind) -> Plan:
    return replace(to_staff(_outcome(turn), past), kind=kind)
