"""
What comes of an offer: a choice becomes an answer, none of them a ticket. One round, no loop.

An offer needs no table of its own: it is the outcome of the question in the ledger, so that it
outlives a restart, and its buttons carry the question's number there.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import offer, render
from bot.actions import Action, Verb
from bot.answers import Answers, asked_in
from bot.choosing import NONE, chosen
from bot.decide import cite, decide, still_unsure
from bot.desk import cards
from bot.desk.tickets import TicketKind
from bot.errors import NotShownNow, ReleaseChanged
from bot.filing import filing_of
from bot.render import Bureau
from bot.searching import Searches
from bot.store.base import Past, Store
from bot.turn import Plan, Turn
from bot.types import Citation, Input, Outcome, Reason, Result


class Offers:
    def __init__(
        self,
        store: Store,
        index: Searches,
        answers: Answers,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._index = index
        self._answers = answers
        self._bureau = bureau
        self._clock = clock

    async def past(self, turn: Turn, number: int | None) -> Past | None:
        """An earlier message of this conversation, and of no other, by its ledger id."""
        if number is None:
            return None
        async with self._store.begin() as work:
            past = await work.inbox.get(number)
        return past if past and past.message.address == turn.message.address else None

    async def question(self, turn: Turn, about: int | None) -> Past | None:
        """An earlier question of this conversation: written, or on a button."""
        past = await self.past(turn, about)
        asked = past is not None and (past.message.kind is Input.TEXT or past.outcome.question)
        return past if asked else None

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
        if not turn.is_own(past):
            return Plan(done, offer.not_yours(turn.language))
        turn = replace(turn, language=turn.talk.chosen or past.outcome.language)
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
        return past if past and turn.is_own(past) else None

    async def _answer(self, turn: Turn, past: Past, choice: Citation, pick: Action) -> Plan:
        today = self._clock().date()
        try:
            hit = await self._index.passage(choice.passage_id, on=today)
        except NotShownNow:  # the documents did not change; why, was said (degrade/gate.py)
            plan = await self._ask_again(turn, past)
            chosen_first = sorted(plan.offered, key=lambda one: one != choice)  # for staff to see
            return replace(plan, before=(), offered=tuple(chosen_first))
        now = cite(hit, on=today) if hit else None
        if now is None or now.quote != choice.quote:
            return await self._ask_again(turn, past)
        served, _ = await self._index.clause(choice.passage_id)
        # How sure the search was is no longer the question: a person has chosen.
        outcome = Outcome(
            result=Result.ANSWERED,
            language=turn.language,
            citations=(replace(now, answering=choice.answering),),
            release=served,
            topic=past.outcome.topic,
            picked=past.id,
        )
        try:
            plan = await self._answers.plan(turn, outcome, to=past, on=today)
        except ReleaseChanged:
            return await self._ask_again(turn, past)
        if turn.expected and (turn.expected.verb, turn.expected.target) == (Verb.PICK, past.id):
            return replace(plan, expects=str(pick))
        before = offer.earlier(asked_in(past), turn.language)
        return replace(plan, expects=turn.talk.expects, before=before)

    async def _ask_again(self, turn: Turn, past: Past) -> Plan:
        """The chosen passage is gone or changed: search anew, but make no second offer."""
        today = self._clock().date()
        found = await self._index.search(asked_in(past), on=today)
        outcome = decide(found, language=turn.language, on=today)
        before = offer.changed(turn.language) if found else ()
        if outcome.result is Result.ANSWERED:
            plan = await self._answers.plan(turn, outcome, to=past, on=today)
            return replace(plan, before=before)
        if outcome.result is Result.CLARIFY:
            outcome = still_unsure(outcome)
        near = cards.near_misses(found)
        return replace(to_staff(outcome, past), near=near, before=before)


def to_staff(outcome: Outcome, past: Past) -> Plan:
    """
    Hand over an earlier question, with what was offered for it or answered to it.

    A complaint stays one, though it was looked up first.
    """
    question = asked_in(past)
    filing = filing_of(question)
    answered = past.outcome.result is Result.ANSWERED
    return Plan(
        outcome,
        question=question,
        kind=filing.kind if filing else TicketKind.CONSULTATION,
        asked_in=past.message.id,
        offered=past.outcome.citations if answered else past.outcome.choices,
        about=past.id,
    )
