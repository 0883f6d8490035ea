"""
One message of a citizen, from reading it to what is said.

Looks things up first, outside any transaction, then writes everything that follows from the
message in one (writing.py).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Final

from bot import answer_page, asides, offer, render
from bot.actions import NO_HELP, Action, Verb
from bot.answers import Answers, related_question
from bot.commands import disclosure, handlers
from bot.commands.command import Counter
from bot.commands.table import commanded
from bot.decide import LONGEST_QUESTION, same_matter, still_unsure, unreadable
from bot.desk import cards
from bot.desk.desk import Desk
from bot.desk.silence import Silence
from bot.errors import ReleaseChanged
from bot.filings import KINDS, Filings
from bot.followups import FollowUps, Reading, in_full
from bot.framed import framed, instead_of_staff
from bot.intents import Intent, for_a_person, question_of, recognise
from bot.languages import language_of
from bot.offers import Offers, to_staff
from bot.privacy import without_masks
from bot.scope import out_of_scope
from bot.searching import Searches
from bot.simple import shortened
from bot.store.base import Accepted, Conversation, Work
from bot.turn import Plan, Turn
from bot.types import Citation, Input, Message, Outcome, Reason, Result
from bot.writing import Writer
from knowledge.types import Lang

CONTEXT: Final = timedelta(minutes=30)  # after which a question leans on nothing before


class Citizen:
    """Answers what it can and hands the rest to staff. Knows no platform."""

    def __init__(
        self,
        index: Searches,
        desk: Desk,
        counter: Counter,
        *,
        default: Lang = Lang.ZH_HANS,
        context: timedelta = CONTEXT,
        site: str = "",
    ) -> None:
        store, bureau, clock = counter.store, counter.bureau, counter.clock
        self._counter = counter
        self._store = store
        self._index = index
        self._answers = Answers(index, site=site)
        self._offers = Offers(store, index, self._answers, bureau=bureau, clock=clock)
        self._followups = FollowUps(index, self._offers, clock=clock, limit=context)
        self._filings = Filings(self._offers)
        self._silence = Silence(desk, context=context)
        self._writer = Writer(desk, bureau, clock)
        self._bureau = bureau
        self._clock = clock
        self._default = default

    async def handle(self, accepted: Accepted) -> Outcome:
        async with self._store.begin() as work:
            talk = await work.conversations.get(accepted.message.address)
            replied = await self._replied_to(work, accepted.message)
        turn = Turn(accepted=accepted, talk=talk, language=self._language(accepted.message, talk))
        plan = shortened(turn, await self._plan(turn, replied))
        async with self._store.begin() as work:
            plan = await self._silence.kept(work, turn, plan)
            return await self._writer.write(work, turn, framed(turn, plan, self._bureau))

    async def fail(self, accepted: Accepted) -> Outcome:
        """After an error of ours: the question goes to staff, and the citizen is told."""
        async with self._store.begin() as work:
            talk = await work.conversations.get(accepted.message.address)
            language = self._language(accepted.message, talk)
            turn = Turn(accepted=accepted, talk=talk, language=language)
            outcome = Outcome(result=Result.ERROR, reason=Reason.FAILED, language=language)
            if accepted.message.kind is Input.TEXT and accepted.message.text.strip():
                plan = Plan(outcome, question=accepted.message.text)
            else:  # a button or a picture: there is nothing to hand over
                plan = Plan(outcome, render.not_answered(outcome))
            return await self._writer.write(work, turn, plan)

    def _language(self, message: Message, talk: Conversation) -> Lang:
        words = handlers.spoken(message.text) if message.kind is Input.TEXT else ""
        return talk.chosen or language_of(
            without_masks(words),
            before=talk.language,
            phone=message.language,
            default=self._default,
        )

    async def _replied_to(self, work: Work, message: Message) -> int | None:
        if message.reply_to is None or message.kind is not Input.TEXT:
            return None
        ticket_id = await work.outbox.ticket_of(message.address, message.reply_to)
        if ticket_id is None:
            return None
        # Of one whose chat was erased meanwhile, no reply could ever come back here.
        ticket = await work.tickets.get(ticket_id)
        return ticket_id if ticket.asked_from == message.address else None

    async def _plan(self, turn: Turn, replied: int | None) -> Plan:
        match turn.message.kind:
            case Input.ACTION:
                followed = await self._counter.following.pressed(turn)
                planned = followed or handlers.pressed(turn) or disclosure.pressed(turn)
                return planned or await self._pressed(turn)
            case Input.TEXT:
                return await self._told(turn, replied)
            case Input.EDITED:
                return self._blocked(turn, Reason.EDITED)
            case Input.UNSUPPORTED:
                return self._blocked(turn, Reason.UNSUPPORTED)

    async def _told(self, turn: Turn, replied: int | None) -> Plan:
        awaited = await self._awaited(turn) if replied is None else None
        if awaited is not None:
            return awaited
        intent = recognise(turn.message.text)
        if intent is not None:
            return await self._meant(turn, intent)
        question = question_of(turn.message.text)
        problem = unreadable(question)
        if problem is not None:
            return self._blocked(turn, problem)
        expected = turn.expected
        if replied is None and expected is not None and expected.verb is Verb.MORE:
            replied = expected.target
        if replied is not None:
            outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
            return Plan(outcome, question=question, follows=replied)
        wished = for_a_person(question)
        if wished or (expected is not None and expected.verb is Verb.HUMAN):
            return await self._to_person(turn, wished or question)
        return await self._asked(turn, question)

    async def _awaited(self, turn: Turn) -> Plan | None:
        """A choice that was typed, or words for a form or for staff; else None."""
        if filled := disclosure.told(turn):
            return filled
        typed = await self._offers.typed(turn)
        if typed is not None:
            return await self._offers.picked(turn, typed)
        return await self._filings.told(turn)

    async def _asked(self, turn: Turn, question: str) -> Plan:
        reading = await self._followups.read(turn, without_masks(question))
        try:
            return await self._said(turn, question, reading)
        except ReleaseChanged:  # in the moment between; the next search is in the new one
            reading = await self._followups.read(turn, without_masks(question))
            return await self._said(turn, question, reading)

    async def _said(self, turn: Turn, question: str, reading: Reading) -> Plan:
        outcome, language = in_full(turn, question, reading.outcome), turn.language
        question = outcome.question or question
        if outcome.result is Result.ANSWERED:
            return await self._answers.plan(turn, outcome, on=self._clock().date())
        if outcome.result is Result.CLARIFY and out_of_scope(question):
            outcome = still_unsure(outcome)
        before = tuple(answer_page.earlier(outcome.topic, language))
        offered: tuple[Citation, ...] = ()
        if outcome.result is Result.CLARIFY:
            offered = await self._offers.unsettled(turn)
            if not same_matter(outcome, offered):
                page = offer.offer(outcome, message_id=turn.accepted.id)
                if outcome.topic is not None:
                    page = answer_page.with_new_question(page, language)
                pick = Action(Verb.PICK, turn.accepted.id)
                return Plan(outcome, page, expects=str(pick), before=before)
            outcome = still_unsure(outcome)
        elif aside := instead_of_staff(turn, question, outcome, self._bureau):
            return aside
        if outcome.before is not None:
            question = answer_page.composed_after(outcome.before, question, language)
        near = cards.near_misses(reading.found)
        after = (
            await self._answers.both(turn, outcome) if outcome.reason is Reason.CONFLICT else ()
        )
        return Plan(
            outcome, question=question, near=near, offered=offered, before=before, after=after
        )

    async def _related(self, turn: Turn, action: Action) -> Plan:
        """A question that stood under an answer, as if it had been typed."""
        past = await self._offers.past(turn, action.target)
        question = related_question(past, action.place)
        if not question:
            return Plan(self._outcome(turn, Result.SMALL_TALK), answer_page.gone(turn.language))
        turn = replace(turn, language=turn.talk.chosen or turn.talk.language or turn.language)
        return await self._said(turn, question, await self._followups.alone(turn, question))

    async def _way_on(self, turn: Turn) -> Plan | None:
        """What comes of a button under an answer; None for any other button."""
        action = Action.parse(turn.message.text)
        done = self._outcome(turn, Result.SMALL_TALK)
        match action:
            case Action(Verb.HELPFUL):
                return Plan(done, render.noted(turn.language))
            case Action(Verb.UNHELPFUL, target):
                return Plan(done, render.sorry(turn.language, message_id=target))
            case Action(Verb.CLAUSE, target):
                past = await self._offers.past(turn, target)
                return await self._answers.whole_clause(turn, past)
            case Action(Verb.RELATED, int(), int()):
                return await self._related(turn, action)
            case Action(Verb.FRESH):
                settled = replace(turn.talk, last_question=None, expects="", expects_from=None)
                return Plan(done, answer_page.fresh(turn.language), settles=settled)
            case _:
                return None

    async def _pressed(self, turn: Turn) -> Plan:
        action = Action.parse(turn.message.text)
        done = self._outcome(turn, Result.SMALL_TALK)
        match action:
            case Action(Verb.MORE, int(ticket_id)):
                if not await self._owns(turn, ticket_id):
                    return Plan(done, render.welcome(turn.language, self._bureau))
                page = render.ask_further(turn.language, ticket_id=ticket_id)
                return Plan(done, page, expects=str(action))
            case Action(Verb.HUMAN, target, place):
                reason = Reason.LOW_RATING if place == NO_HELP else Reason.ASKED_FOR_PERSON
                return await self._wants_person(turn, target, reason)
            case Action(Verb.PICK):
                return await self._offers.picked(turn, action)
            case Action(Verb.COMPLAIN | Verb.SUGGEST, int()):
                return await self._filed(turn, action)
            case _:
                forged = Plan(done, render.welcome(turn.language, self._bureau))  # or very old
                return await self._way_on(turn) or forged

    async def _meant(self, turn: Turn, intent: Intent) -> Plan:
        language = turn.language
        talk = self._outcome(turn, Result.SMALL_TALK)
        match intent:
            case Intent.EMERGENCY:
                outcome = self._outcome(turn, Result.EMERGENCY)
                return Plan(outcome, render.emergency(language, self._bureau))
            case Intent.HUMAN:
                told = handlers.argument(turn.message.text)
                if told and unreadable(told) is None:
                    return await self._to_person(turn, told)
                return await self._wants_person(turn, turn.talk.last_question)
            case _ if page := asides.small_talk(
                intent, language, self._bureau, about=turn.talk.last_question
            ):
                return Plan(talk, page)
            case _:
                return await commanded(self._counter, turn, intent)

    async def _to_person(self, turn: Turn, question: str) -> Plan:
        """A question for a person alone: what comes near it is for whoever answers."""
        outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
        reading = await self._followups.alone(turn, without_masks(question))
        return Plan(outcome, question=question, near=cards.near_misses(reading.found))

    async def _wants_person(
        self, turn: Turn, about: int | None, reason: Reason = Reason.ASKED_FOR_PERSON
    ) -> Plan:
        """Hand over the question that was asked before, or ask for it."""
        outcome = self._outcome(turn, Result.HUMAN_REQUESTED, reason)
        past = await self._offers.question(turn, about)
        # In a group the question before may be somebody else's, and a link is no question.
        mine = past is not None and turn.is_own(past)
        if past is not None and mine and past.outcome.result is not Result.SMALL_TALK:
            return to_staff(outcome, past)
        page = render.needs_question(turn.language)
        return Plan(outcome, page, expects=str(Action(Verb.HUMAN)))

    async def _filed(self, turn: Turn, action: Action) -> Plan:
        """A complaint or a suggestion is handed over, or taken for a question after all."""
        found = await self._filings.pressed(turn, action)
        if isinstance(found, Plan):
            return found
        if found is None:  # forged
            done = self._outcome(turn, Result.SMALL_TALK)
            return Plan(done, render.welcome(turn.language, self._bureau))
        plan = await self._asked(turn, question_of(found.message.text))
        return replace(plan, asked_in=found.message.id, kind=KINDS[action.verb])

    async def _owns(self, turn: Turn, ticket_id: int) -> bool:
        async with self._store.begin() as work:
            own = await work.tickets.of(turn.message.address, limit=200)
        return any(ticket.id == ticket_id for ticket in own)

    def _blocked(self, turn: Turn, reason: Reason) -> Plan:
        outcome = self._outcome(turn, Result.BLOCKED, reason)
        return Plan(outcome, render.blocked(outcome, limit=LONGEST_QUESTION))

    def _outcome(self, turn: Turn, result: Result, reason: Reason | None = None) -> Outcome:
        return Outcome(result=result, reason=reason, language=turn.language)
