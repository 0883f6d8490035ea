"""
One message of a citizen, from reading it to what is said.

Looks things up first, outside any transaction, then writes everything that follows from the
message in one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot import cards, offer, render
from bot.actions import Action, Verb
from bot.decide import LONGEST_QUESTION, decide, same_matter, still_unsure, unreadable
from bot.desk import Desk
from bot.intents import Intent, question_of, recognise
from bot.languages import speaks
from bot.offers import Offers, Searches, to_staff
from bot.render import Bureau, Page
from bot.store.base import Accepted, Conversation, Store, Work
from bot.texts import say
from bot.tickets import Draft
from bot.turn import Plan, Turn
from bot.types import Citation, Delivery, Input, Message, Outcome, Reason, Result
from knowledge.language import detect
from knowledge.types import Lang


class Citizen:
    """Answers what it can and hands the rest to staff. Knows no platform."""

    def __init__(
        self,
        store: Store,
        index: Searches,
        desk: Desk,
        *,
        bureau: Bureau,
        clock: Callable[[], datetime],
        default: Lang = Lang.ZH_HANS,
    ) -> None:
        self._store = store
        self._index = index
        self._offers = Offers(store, index, bureau=bureau, clock=clock)
        self._desk = desk
        self._bureau = bureau
        self._clock = clock
        self._default = default

    async def handle(self, accepted: Accepted) -> Outcome:
        async with self._store.begin() as work:
            talk = await work.conversations.get(accepted.message.address)
            replied = await self._replied_to(work, accepted.message)
        turn = Turn(accepted=accepted, talk=talk, language=self._language(accepted.message, talk))
        plan = await self._plan(turn, replied)
        async with self._store.begin() as work:
            await self._write(work, turn, plan)
        return plan.outcome

    async def fail(self, accepted: Accepted) -> Outcome:
        """After an error of ours: the question goes to staff, and the citizen is told."""
        async with self._store.begin() as work:
            talk = await work.conversations.get(accepted.message.address)
            language = self._language(accepted.message, talk)
            turn = Turn(accepted=accepted, talk=talk, language=language)
            outcome = Outcome(result=Result.ERROR, reason=Reason.FAILED, language=language)
            if accepted.message.kind is Input.TEXT:
                plan = Plan(outcome, question=accepted.message.text)
            else:  # a button or a picture: there is nothing to hand over
                plan = Plan(outcome, render.not_answered(outcome))
            await self._write(work, turn, plan)
        return outcome

    def _language(self, message: Message, talk: Conversation) -> Lang:
        spoken = detect(message.text) if message.kind is Input.TEXT else None
        return spoken or talk.language or speaks(message.language or "") or self._default

    async def _replied_to(self, work: Work, message: Message) -> int | None:
        if message.reply_to is None or message.kind is not Input.TEXT:
            return None
        return await work.outbox.ticket_of(message.address, message.reply_to)

    async def _plan(self, turn: Turn, replied: int | None) -> Plan:
        match turn.message.kind:
            case Input.ACTION:
                return await self._pressed(turn)
            case Input.TEXT:
                return await self._told(turn, replied)
            case Input.EDITED:
                return self._blocked(turn, Reason.EDITED)
            case Input.UNSUPPORTED:
                return self._blocked(turn, Reason.UNSUPPORTED)

    async def _told(self, turn: Turn, replied: int | None) -> Plan:
        typed = await self._offers.typed(turn) if replied is None else None
        if typed is not None:
            return await self._offers.picked(turn, typed)
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
        if expected is not None and expected.verb is Verb.HUMAN:
            outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
            return Plan(outcome, question=question)
        return await self._asked(turn, question)

    async def _asked(self, turn: Turn, question: str) -> Plan:
        today = self._clock().date()
        found = await self._index.search(question, on=today)
        outcome = decide(found, language=turn.language, on=today)
        if outcome.result is Result.ANSWERED:
            return Plan(outcome, render.answer(outcome, message_id=turn.accepted.id))
        offered: tuple[Citation, ...] = ()
        if outcome.result is Result.CLARIFY:
            offered = await self._offers.unsettled(turn)
            if not same_matter(outcome.choices, offered):
                page = offer.offer(outcome, message_id=turn.accepted.id)
                pick = Action(Verb.PICK, turn.accepted.id)
                return Plan(outcome, page, expects=str(pick))
            outcome = still_unsure(outcome)
        return Plan(outcome, question=question, near=cards.near_misses(found), offered=offered)

    async def _pressed(self, turn: Turn) -> Plan:
        action = Action.parse(turn.message.text)
        done = self._outcome(turn, Result.SMALL_TALK)
        match action:
            case Action(Verb.HELPFUL | Verb.UNHELPFUL):
                return Plan(done, render.noted(turn.language))
            case Action(Verb.MORE, int(ticket_id)):
                if not await self._owns(turn, ticket_id):
                    return Plan(done, render.welcome(turn.language, self._bureau))
                page = render.ask_further(turn.language, ticket_id=ticket_id)
                return Plan(done, page, expects=str(action))
            case Action(Verb.HUMAN, target):
                return await self._wants_person(turn, target)
            case Action(Verb.PICK):
                return await self._offers.picked(turn, action)
            case _:  # an old or a forged button
                return Plan(done, render.welcome(turn.language, self._bureau))

    async def _meant(self, turn: Turn, intent: Intent) -> Plan:
        language = turn.language
        talk = self._outcome(turn, Result.SMALL_TALK)
        match intent:
            case Intent.EMERGENCY:
                outcome = self._outcome(turn, Result.EMERGENCY)
                return Plan(outcome, render.emergency(language, self._bureau))
            case Intent.HUMAN:
                return await self._wants_person(turn, turn.talk.last_question)
            case Intent.STATUS:
                return Plan(talk, await self._own_tickets(turn))
            case Intent.THANKS:
                return Plan(talk, render.thanks(language))
            case Intent.START | Intent.HELP | Intent.GREETING | Intent.WHO:
                return Plan(talk, render.welcome(language, self._bureau))

    async def _wants_person(self, turn: Turn, about: int | None) -> Plan:
        """Hand over the question that was asked before, or ask for it."""
        outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
        past = await self._offers.question(turn, about)
        if past is not None:
            return to_staff(outcome, past)
        page = render.needs_question(turn.language)
        return Plan(outcome, page, expects=str(Action(Verb.HUMAN)))

    async def _owns(self, turn: Turn, ticket_id: int) -> bool:
        async with self._store.begin() as work:
            own = await work.tickets.of(turn.message.address, limit=200)
        return any(ticket.id == ticket_id for ticket in own)

    async def _own_tickets(self, turn: Turn) -> Page:
        async with self._store.begin() as work:
            own = await work.tickets.of(turn.message.address)
        lines = [(t.id, say(turn.language, cards.STATES[t.state]), t.question) for t in own]
        return render.own_tickets(turn.language, lines)

    def _blocked(self, turn: Turn, reason: Reason) -> Plan:
        outcome = self._outcome(turn, Result.BLOCKED, reason)
        return Plan(outcome, render.blocked(outcome, limit=LONGEST_QUESTION))

    def _outcome(self, turn: Turn, result: Result, reason: Reason | None = None) -> Outcome:
        return Outcome(result=result, reason=reason, language=turn.language)

    async def _write(self, work: Work, turn: Turn, plan: Plan) -> None:
        now = self._clock()
        page, ticket_id = plan.page, None
        if plan.follows is not None:
            ticket = await self._desk.follow_up(work, plan.follows, plan.question)
            page = render.passed_on(turn.language, ticket_id=ticket.id)
            ticket_id = ticket.id
        elif plan.question:
            ticket = await self._desk.open(work, self._draft(turn, plan, now))
            page = render.handed_over(plan.outcome, ticket_id=ticket.id, bureau=self._bureau)
            ticket_id = ticket.id
        assert page is not None
        delivery = Delivery(
            to=turn.message.address,
            body=(*plan.before, *page.body),
            buttons=page.buttons,
            ticket_id=ticket_id,
        )
        await work.outbox.enqueue(delivery, at=now)
        await work.conversations.save(self._after(turn, plan))
        await work.inbox.finish(turn.accepted.id, plan.outcome, at=now)

    def _draft(self, turn: Turn, plan: Plan, now: datetime) -> Draft:
        return Draft(
            message_id=plan.asked_in or turn.message.id,
            asked_from=turn.message.address,
            question=plan.question,
            language=turn.language,
            reason=plan.outcome.reason or Reason.UNSURE,
            evidence=cards.evidence(
                plan.outcome,
                language=self._desk.language,
                near=plan.near,
                offered=plan.offered,
            ),
            opened=now,
        )

    def _after(self, turn: Turn, plan: Plan) -> Conversation:
        asked = plan.outcome.result in {Result.ANSWERED, Result.UNRESOLVED, Result.CLARIFY}
        last = (plan.about or turn.accepted.id) if asked else turn.talk.last_question
        expects = plan.expects
        open_offer = turn.expected is not None and turn.expected.verb is Verb.PICK
        if not expects and open_offer and plan.outcome.result in _ASIDE:
            expects = turn.talk.expects  # a thank-you in between does not end an offer
        return replace(turn.talk, language=turn.language, expects=expects, last_question=last)


_ASIDE: Final = frozenset({Result.SMALL_TALK, Result.EMERGENCY, Result.BLOCKED})
