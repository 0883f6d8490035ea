"""
What comes of an offer: a choice becomes an answer, none of them a ticket. One round, no loop.

An offer needs no table of its own: it is the outcome of the question in the ledger, so that it
outlives a restart, and its buttons carry the question's number there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from bot import cards, offer, render
from bot.actions import Action, Verb
from bot.choosing import NONE, chosen
from bot.decide import cite, decide, still_unsure
from bot.intents import question_of
from bot.render import Bureau
from bot.store.base import Past, Store
from bot.turn import Plan, Turn
from bot.types import Citation, Input, Outcome, Reason, Result
from index.types import Found, Hit


class Searches(Protocol):
    async def search(self, question: str, /, *, on: date) -> Found | None:
        """Return what was found, or None while no release is loaded."""

    async def passage(self, passage_id: str, /, *, on: date) -> Hit | None:
        """Return a passage of the release that binds on that day, or None."""


class Offers:
    def __init__(
        self,
        store: Store,
        index: Searches,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._index = index
        self._bureau = bureau
        self._clock = clock

    async def question(self, turn: Turn, about: int | None) -> Past | None:
        """An earlier question of this conversation, and of no other."""
        if about is None:
            return None
        async with self._store.begin() as work:
            past = await work.inbox.get(about)
        if past is None or past.message.address != turn.message.address:
            return None
        return past if past.message.kind is Input.TEXT else None

    async def unsettled(self, turn: Turn) -> tuple[Citation, ...]:
        """The choices that this person was offered just before, and took none of."""
        past = await self._open(turn)
        taken = turn.expected is not None and turn.expected.place is not None
        return past.outcome.choices if past and not taken else ()

    async def typed(self, turn: Turn) -> Action | None:
        """The choice that a text means, while an offer is open to whoever wrote it."""
        past = await self._open(turn)
        if past is None:
            return None
        addresses = [choice.address for choice in past.outcome.choices]
        place = chosen(turn.message.text, addresses)
        return None if place is None else Action(Verb.PICK, past.id, place)

    async def picked(self, turn: Turn, pick: Action) -> Plan:
        """The passage as an answer; a person for none of them."""
        done = Outcome(result=Result.SMALL_TALK, language=turn.language)
        past = await self._offer(turn, pick)
        if past is None or pick.place is None or pick.place > len(past.outcome.choices):
            return Plan(done, render.welcome(turn.language, self._bureau))  # forged
        if past.message.sender != turn.message.sender:
            return Plan(done, offer.not_yours(turn.language))
        turn = replace(turn, language=past.outcome.language)
        if pick == turn.expected:  # pressed twice
            return Plan(done, offer.just_chosen(turn.language))
        if pick.place != NONE:
            return await self._answer(turn, past, past.outcome.choices[pick.place - 1], pick)
        none = Outcome(result=Result.UNRESOLVED, reason=Reason.NONE_FITTED, language=turn.language)
        return to_staff(none, past)

    async def _offer(self, turn: Turn, pick: Action | None) -> Past | None:
        if pick is None or pick.verb is not Verb.PICK:
            return None
        past = await self.question(turn, pick.target)
        return past if past and past.outcome.result is Result.CLARIFY else None

    async def _open(self, turn: Turn) -> Past | None:
        """The offer that was made last, if it was made to this person."""
        past = await self._offer(turn, turn.expected)
        return past if past and past.message.sender == turn.message.sender else None

    async def _answer(self, turn: Turn, past: Past, choice: Citation, pick: Action) -> Plan:
        today = self._clock().date()
        hit = await self._index.passage(choice.passage_id, on=today)
        now = cite(hit, on=today) if hit else None
        if now is None or now.quote != choice.quote:
            return await self._ask_again(turn, past)
        # How sure the search was is no longer the question: a person has chosen.
        outcome = Outcome(
            result=Result.ANSWERED,
            language=turn.language,
            citations=(now,),
            release=past.outcome.release,
        )
        page = render.answer(outcome, message_id=past.id)
        if turn.expected and (turn.expected.verb, turn.expected.target) == (Verb.PICK, past.id):
            return Plan(outcome, page, expects=str(pick), about=past.id)
        before = offer.earlier(question_of(past.message.text), turn.language)
        return Plan(outcome, page, expects=turn.talk.expects, about=past.id, before=before)

    async def _ask_again(self, turn: Turn, past: Past) -> Plan:
        """The chosen passage is gone or changed: search anew, but make no second offer."""
        today = self._clock().date()
        found = await self._index.search(question_of(past.message.text), on=today)
        outcome = decide(found, language=turn.language, on=today)
        before = offer.changed(turn.language) if found else ()
        if outcome.result is Result.ANSWERED:
            page = render.answer(outcome, message_id=past.id)
            return Plan(outcome, page, about=past.id, before=before)
        if outcome.result is Result.CLARIFY:
            outcome = still_unsure(outcome)
        near = cards.near_misses(found)
        return replace(to_staff(outcome, past), near=near, before=before)


def to_staff(outcome: Outcome, past: Past) -> Plan:
    """Hand over an earlier question, with what was offered for it."""
    return Plan(
        outcome,
        question=question_of(past.message.text),
        asked_in=past.message.id,
        offered=past.outcome.choices,
        about=past.id,
    )
