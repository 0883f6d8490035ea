"""What follows from a message, written in one transaction: ticket, delivery, conversation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot import asides, people, render
from bot.commands import disclosure, own, pages
from bot.desk import cards
from bot.desk.desk import Desk
from bot.desk.disclosure.corrections import received
from bot.desk.publishing.uses import note_use
from bot.desk.tickets import Draft
from bot.ending import end
from bot.fairness import MOST_TICKETS, opened_lately, same_question
from bot.following import followable
from bot.render import Bureau, Page
from bot.settled import conversation_after
from bot.store.base import Work
from bot.turn import Plan, Turn
from bot.types import Delivery, Outcome, Reason, Result


class Writer:
    def __init__(self, desk: Desk, bureau: Bureau, clock: Callable[[], datetime]) -> None:
        self._desk = desk
        self._bureau = bureau
        self._clock = clock

    async def write(self, work: Work, turn: Turn, plan: Plan) -> Outcome:
        """Return the outcome that was written: too many tickets make another one of it."""
        now = self._clock()
        page, ticket_id = plan.page, None
        if plan.follows is not None:
            page, ticket_id = await self._add(work, turn, plan, plan.follows)
        elif plan.question:
            plan, ticket_id = await self._hand_over(work, turn, plan, now)
            page = plan.page
        elif plan.form is not None:
            filled, ticket_id = await disclosure.done(self._desk, work, turn, plan.form)
            plan = replace(filled, before=plan.before)  # what was masked is seen in the summary
            page = plan.page
        elif plan.own is not None:
            page, ticket_id = await own.done(self._desk, work, turn, plan.own)
        elif plan.forgets:
            receipt = await people.forget(work, turn.message, at=now)
            page = pages.receipt(turn.language, receipt)
        assert page is not None
        await self._say(work, turn, plan, page, ticket_id)
        if not plan.forgets:
            await work.conversations.save(replace(conversation_after(turn, plan), seen=now))
        await note_use(work, turn.accepted, plan.outcome, at=now)
        await end(work, turn.accepted.id, plan.outcome, at=now)
        return plan.outcome

    async def _say(
        self, work: Work, turn: Turn, plan: Plan, page: Page, ticket_id: int | None
    ) -> None:
        """Nothing, where a person answers and the citizen was told so just before."""
        if not turn.talk.simple:
            page = followable(page, plan.outcome, message=turn.accepted.id, about=plan.about)
        delivery = Delivery(
            to=turn.message.address,
            body=(*plan.before, *page.body, *plan.after),
            buttons=page.buttons,
            ticket_id=ticket_id,
            attachment=page.attachment,
            matter=plan.matter,
        )
        if delivery.body:
            await work.outbox.enqueue(delivery, at=self._clock())

    async def _add(self, work: Work, turn: Turn, plan: Plan, follows: int) -> tuple[Page, int]:
        """To a ticket of theirs; return what is said of it, and where it is answered."""
        language, text = turn.language, plan.question
        ticket = await self._desk.follow_up(work, follows, text)
        corrected = await received(self._desk, work, ticket, text, language=language)
        page = corrected or plan.page or render.passed_on(language, ticket_id=ticket.id)
        return page, ticket.id

    async def _hand_over(
        self, work: Work, turn: Turn, plan: Plan, now: datetime
    ) -> tuple[Plan, int | None]:
        """To staff, unless the same question waits there already or too many have come."""
        draft = _draft(turn, plan, now)
        own = await work.tickets.of(draft.asked_from)
        known = any(ticket.message_id == draft.message_id for ticket in own)
        if not known and opened_lately(own, at=now) >= MOST_TICKETS:
            outcome = replace(plan.outcome, result=Result.BLOCKED, reason=Reason.TOO_MANY)
            page = asides.too_many(turn.language, self._bureau, count=MOST_TICKETS)
            return replace(plan, outcome=outcome, page=page), None
        ticket = same_question(own, draft.question) or await self._desk.open(work, draft)
        days = self._desk.clocks.terms[ticket.kind].resolution
        page = render.handed_over(
            plan.outcome,
            ticket_id=ticket.id,
            bureau=replace(self._bureau, reply_days=days),
            kind=ticket.kind,
        )
        return replace(plan, page=page), ticket.id


def _draft(turn: Turn, plan: Plan, now: datetime) -> Draft:
    return Draft(
        message_id=plan.asked_in or turn.message.id,
        asked_from=turn.message.address,
        question=plan.question,
        language=turn.language,
        reason=plan.outcome.reason or Reason.UNSURE,
        kind=plan.kind,
        evidence=cards.evidence(plan.outcome, near=plan.near, offered=plan.offered),
        opened=now,
    )
