"""
One message of a citizen, from reading it to what is said.

Looks things up first, outside any transaction, then writes everything that follows from the
message in one.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Protocol

from bot import cards, render
from bot.actions import Action, Verb
from bot.decide import LONGEST_QUESTION, decide, unreadable
from bot.desk import Desk
from bot.intents import Intent, question_of, recognise
from bot.languages import speaks
from bot.render import Bureau, Page
from bot.store.base import Accepted, Conversation, Past, Store, Work
from bot.texts import say
from bot.tickets import Draft
from bot.types import Delivery, Input, Message, Outcome, Reason, Result
from index.types import Found
from knowledge.language import detect
from knowledge.types import Lang


class Searches(Protocol):
    async def search(self, question: str, /, *, on: date) -> Found | None:
        """Return what was found, or None while no release is loaded."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A message with what is known around it."""

    accepted: Accepted
    talk: Conversation
    language: Lang

    @property
    def message(self) -> Message:
        return self.accepted.message


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be written: an outcome and a page, or a ticket that makes the page."""

    outcome: Outcome
    page: Page | None = None
    question: str = ""  # set: open a ticket with it
    asked_in: str = ""  # id of the message that asked it, if it was an earlier one
    near: tuple[str, ...] = ()
    follows: int | None = None  # add to this ticket
    expects: str = ""  # what the next message is for


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
        self._desk = desk
        self._bureau = bureau
        self._clock = clock
        self._default = default

    async def handle(self, accepted: Accepted) -> Outcome:
        async with self._store.begin() as work:
            talk = await work.conversations.get(accepted.message.address)
            replied = await self._replied_to(work, accepted.message)
        turn = _Turn(accepted=accepted, talk=talk, language=self._language(accepted.message, talk))
        plan = await self._plan(turn, replied)
        async with self._store.begin() as work:
            await self._write(work, turn, plan)
        return plan.outcome

    async def fail(self, accepted: Accepted) -> Outcome:
        """After an error of ours: the question goes to staff, and the citizen is told."""
        async with self._store.begin() as work:
            talk = await work.conversations.get(accepted.message.address)
            language = self._language(accepted.message, talk)
            turn = _Turn(accepted=accepted, talk=talk, language=language)
            outcome = Outcome(result=Result.ERROR, reason=Reason.FAILED, language=language)
            if accepted.message.kind is Input.TEXT:
                plan = _Plan(outcome, question=accepted.message.text)
            else:  # a button or a picture: there is nothing to hand over
                plan = _Plan(outcome, render.not_answered(outcome))
            await self._write(work, turn, plan)
        return outcome

    def _language(self, message: Message, talk: Conversation) -> Lang:
        spoken = detect(message.text) if message.kind is Input.TEXT else None
        return spoken or talk.language or speaks(message.language or "") or self._default

    async def _replied_to(self, work: Work, message: Message) -> int | None:
        if message.reply_to is None or message.kind is not Input.TEXT:
            return None
        return await work.outbox.ticket_of(message.address, message.reply_to)

    async def _plan(  # noqa: PLR0911 - one line for each way on
        self, turn: _Turn, replied: int | None
    ) -> _Plan:
        message = turn.message
        if message.kind is Input.ACTION:
            return await self._pressed(turn)
        if message.kind is not Input.TEXT:
            reason = Reason.EDITED if message.kind is Input.EDITED else Reason.UNSUPPORTED
            return self._blocked(turn, reason)
        intent = recognise(message.text)
        if intent is not None:
            return await self._meant(turn, intent)
        question = question_of(message.text)
        problem = unreadable(question)
        if problem is not None:
            return self._blocked(turn, problem)
        expected = Action.parse(turn.talk.expects)
        if replied is None and expected is not None and expected.verb is Verb.MORE:
            replied = expected.target
        if replied is not None:
            outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
            return _Plan(outcome, question=question, follows=replied)
        if expected is not None and expected.verb is Verb.HUMAN:
            outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
            return _Plan(outcome, question=question)
        return await self._asked(turn, question)

    async def _asked(self, turn: _Turn, question: str) -> _Plan:
        today = self._clock().date()
        found = await self._index.search(question, on=today)
        outcome = decide(found, language=turn.language, on=today)
        if outcome.result is Result.ANSWERED:
            return _Plan(outcome, render.answer(outcome, message_id=turn.accepted.id))
        return _Plan(outcome, question=question, near=_near(found))

    async def _pressed(self, turn: _Turn) -> _Plan:
        action = Action.parse(turn.message.text)
        done = self._outcome(turn, Result.SMALL_TALK)
        match action:
            case Action(Verb.HELPFUL | Verb.UNHELPFUL):
                return _Plan(done, render.noted(turn.language))
            case Action(Verb.MORE, int(ticket_id)):
                if not await self._owns(turn, ticket_id):
                    return _Plan(done, render.welcome(turn.language, self._bureau))
                page = render.ask_further(turn.language, ticket_id=ticket_id)
                return _Plan(done, page, expects=str(action))
            case Action(Verb.HUMAN, target):
                return await self._wants_person(turn, target)
            case _:  # an old or a forged button
                return _Plan(done, render.welcome(turn.language, self._bureau))

    async def _meant(self, turn: _Turn, intent: Intent) -> _Plan:
        language = turn.language
        talk = self._outcome(turn, Result.SMALL_TALK)
        match intent:
            case Intent.EMERGENCY:
                outcome = self._outcome(turn, Result.EMERGENCY)
                return _Plan(outcome, render.emergency(language, self._bureau))
            case Intent.HUMAN:
                return await self._wants_person(turn, turn.talk.last_question)
            case Intent.STATUS:
                return _Plan(talk, await self._own_tickets(turn))
            case Intent.THANKS:
                return _Plan(talk, render.thanks(language))
            case Intent.START | Intent.HELP | Intent.GREETING | Intent.WHO:
                return _Plan(talk, render.welcome(language, self._bureau))

    async def _wants_person(self, turn: _Turn, about: int | None) -> _Plan:
        """Hand over the question that was asked before, or ask for it."""
        outcome = self._outcome(turn, Result.HUMAN_REQUESTED, Reason.ASKED_FOR_PERSON)
        past = await self._past(turn, about)
        if past is not None:
            question = question_of(past.message.text)
            return _Plan(outcome, question=question, asked_in=past.message.id)
        page = render.needs_question(turn.language)
        return _Plan(outcome, page, expects=str(Action(Verb.HUMAN)))

    async def _past(self, turn: _Turn, about: int | None) -> Past | None:
        """An earlier question of this conversation, and of no other."""
        if about is None:
            return None
        async with self._store.begin() as work:
            past = await work.inbox.get(about)
        if past is None or past.message.address != turn.message.address:
            return None
        return past if past.message.kind is Input.TEXT else None

    async def _owns(self, turn: _Turn, ticket_id: int) -> bool:
        async with self._store.begin() as work:
            own = await work.tickets.of(turn.message.address, limit=200)
        return any(ticket.id == ticket_id for ticket in own)

    async def _own_tickets(self, turn: _Turn) -> Page:
        async with self._store.begin() as work:
            own = await work.tickets.of(turn.message.address)
        lines = [(t.id, say(turn.language, cards.STATES[t.state]), t.question) for t in own]
        return render.own_tickets(turn.language, lines)

    def _blocked(self, turn: _Turn, reason: Reason) -> _Plan:
        outcome = self._outcome(turn, Result.BLOCKED, reason)
        return _Plan(outcome, render.blocked(outcome, limit=LONGEST_QUESTION))

    def _outcome(self, turn: _Turn, result: Result, reason: Reason | None = None) -> Outcome:
        return Outcome(result=result, reason=reason, language=turn.language)

    async def _write(self, work: Work, turn: _Turn, plan: _Plan) -> None:
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
            to=turn.message.address, body=page.body, buttons=page.buttons, ticket_id=ticket_id
        )
        await work.outbox.enqueue(delivery, at=now)
        await work.conversations.save(self._after(turn, plan))
        await work.inbox.finish(turn.accepted.id, plan.outcome, at=now)

    def _draft(self, turn: _Turn, plan: _Plan, now: datetime) -> Draft:
        return Draft(
            message_id=plan.asked_in or turn.message.id,
            asked_from=turn.message.address,
            question=plan.question,
            language=turn.language,
            reason=plan.outcome.reason or Reason.UNSURE,
            evidence=cards.evidence(plan.outcome, language=self._desk.language, near=plan.near),
            opened=now,
        )

    def _after(self, turn: _Turn, plan: _Plan) -> Conversation:
        asked = plan.outcome.result in {Result.ANSWERED, Result.UNRESOLVED, Result.CLARIFY}
        last = turn.accepted.id if asked else turn.talk.last_question
        return replace(turn.talk, language=turn.language, expects=plan.expects, last_question=last)


def _near(found: Found | None) -> tuple[str, ...]:
    if found is None:
        return ()
    return tuple(
        cards.near_miss(
            hit.document.title, " ".join(hit.passage.address), hit.passage.text, hit.probability
        )
        for hit in found.hits[:3]
    )
