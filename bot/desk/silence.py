"""
While a person holds a ticket the bot says nothing in that matter, in that chat.

What the citizen writes about it is added to the ticket; other questions are answered as usual.
The ticket is looked at in the transaction that would write the answer, and again before it
leaves: whatever was worked out or waits to be sent when somebody takes the ticket does not go out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from bot.answers import asked_in
from bot.decide import unreadable
from bot.desk import handover
from bot.desk.desk import Desk
from bot.desk.disclosure.corrections import received
from bot.desk.matter import concerns, is_open
from bot.desk.moves import Move
from bot.desk.tickets import HELD, QUEUED, State, Ticket, TicketKind
from bot.intents import question_of
from bot.render import Page
from bot.store.base import Past, Queued, Work
from bot.turn import Plan, Turn
from bot.types import Input, Matter, Outcome, Reason, Result
from knowledge.types import Lang

MOST: Final = 20  # tickets of a conversation that are looked at, newest first
QUIET: Final = timedelta(minutes=10)  # so long after an addition nobody is told of the next one
NOTHING: Final = Page(())
STOPPED: Final = "a person has taken the matter over"  # why a delivery was dropped
_ANSWERS: Final = frozenset({Result.ANSWERED, Result.CLARIFY})
_SPEAKS: Final = _ANSWERS | {Result.UNRESOLVED}
_FALTERS: Final = frozenset({Reason.OUT_OF_SCOPE, Reason.NO_WORDS})


@dataclass(frozen=True, slots=True)
class _Own:
    """A ticket of the conversation, and the one where it is answered: another, if merged."""

    ticket: Ticket
    root: Ticket


class Silence:
    def __init__(self, desk: Desk, *, context: timedelta) -> None:
        """After `context` a question leans on nothing before."""
        self._desk = desk
        self._context = context

    async def kept(self, work: Work, turn: Turn, plan: Plan) -> Plan:
        """The plan; in a matter that a person holds, one that adds to their ticket instead."""
        if turn.message.kind not in {Input.TEXT, Input.ACTION}:
            return plan
        own = await self._waiting(work, turn)
        held = [one for one in own if one.root.state in HELD]
        if plan.follows is not None:
            followed = next((one for one in held if one.ticket.id == plan.follows), None)
            return await self._added(work, turn, followed, plan) if followed else plan
        if not _speaks(turn, plan):
            return plan
        asked = await self._asked(work, turn, plan)
        taken = _about(held, asked, plan) or await self._left_open(work, turn, plan, held)
        if taken is not None:
            return await self._instead(work, turn, taken, plan)
        waiting = _about([one for one in own if one.root.state in QUEUED], asked, plan)
        if waiting is not None and plan.outcome.result in _ANSWERS:
            return replace(plan, matter=Matter(waiting.ticket.id, turn.accepted.id))
        return plan

    async def _waiting(self, work: Work, turn: Turn) -> Sequence[_Own]:
        """What waits for staff, changed last first."""
        tickets = await work.tickets.of(turn.message.address, limit=MOST)
        live = [one for one in tickets if one.state in QUEUED | HELD | {State.MERGED}]
        own = [await _own(self._desk, work, one) for one in live]
        return sorted(own, key=lambda one: one.root.changed, reverse=True)

    async def _asked(self, work: Work, turn: Turn, plan: Plan) -> str:
        """The question that the plan answers, as it is to be understood by itself."""
        picked = plan.outcome.picked
        past = None if picked is None else await work.inbox.get(picked)
        if past is not None:
            return asked_in(past)
        written = turn.message.text if turn.message.kind is Input.TEXT else ""
        return plan.outcome.question or question_of(written)

    async def _left_open(
        self, work: Work, turn: Turn, plan: Plan, held: Sequence[_Own]
    ) -> _Own | None:
        """
        The ticket that a message without a topic of its own goes to, or an answer to what was
        asked. In a group it may be somebody else's message.
        """
        if turn.message.kind is not Input.TEXT or turn.in_group or plan.outcome.picked:
            return None
        answered = plan.outcome.result is Result.ANSWERED
        for one in held:
            if one.root.state is State.ASKED and not answered and _falters(plan):
                return one
        if not held or not _is_open(turn, plan):
            return None
        number = turn.talk.last_question
        past = None if number is None else await work.inbox.get(number)
        last = held[0]
        return None if past is not None and self._is_newer(past, last) else last

    def _is_newer(self, past: Past, own: _Own) -> bool:
        """Whether the conversation went on to another matter since the ticket was changed."""
        late = self._desk.clock() - past.message.at > self._context
        newer = past.message.at > own.root.changed
        return newer and not late and not concerns(own.ticket, asked_in(past))

    async def _instead(self, work: Work, turn: Turn, own: _Own, plan: Plan) -> Plan:
        if turn.message.kind is Input.TEXT and plan.outcome.picked is None:
            return await self._added(work, turn, own, plan)
        done = Outcome(result=Result.SMALL_TALK, language=turn.language)
        return Plan(done, handover.with_a_person(turn.language, ticket_id=own.ticket.id))

    async def _added(self, work: Work, turn: Turn, own: _Own, plan: Plan) -> Plan:
        outcome = Outcome(
            result=Result.HUMAN_REQUESTED,
            reason=Reason.ASKED_FOR_PERSON,
            language=turn.language,
        )
        question = plan.question if plan.follows else question_of(turn.message.text)
        page = await _notice(self._desk, work, turn.language, own)
        return Plan(outcome, page, question=question, follows=own.ticket.id)


async def stopped(desk: Desk, work: Work, queued: Queued) -> bool:
    """
    Whether a delivery must not leave any more: somebody took its matter over.

    It is dropped then, and the citizen's words are added to the ticket.
    """
    matter = queued.delivery.matter
    if matter is None:
        return False
    own = await _own(desk, work, await work.tickets.get(matter.ticket_id))
    if own.root.state not in HELD:
        return False
    await work.outbox.drop(queued.id, at=desk.clock(), error=STOPPED)
    past = await work.inbox.get(matter.asked)
    language = past.outcome.language if past else own.ticket.language
    if past is not None and past.message.kind is Input.TEXT and past.outcome.picked is None:
        page = await _notice(desk, work, language, own)
        text = question_of(past.message.text)
        ticket = await desk.follow_up(work, own.ticket.id, text)
        page = await received(desk, work, ticket, text, language=language) or page
    else:
        page = handover.with_a_person(language, ticket_id=own.ticket.id)
    if page.body:
        await desk.send(work, queued.delivery.to, page, ticket_id=own.ticket.id)
    return True


async def _own(desk: Desk, work: Work, ticket: Ticket) -> _Own:
    return _Own(ticket, await desk.where_answered(work, ticket.id))


async def _notice(desk: Desk, work: Work, language: Lang, own: _Own) -> Page:
    """Whoever writes on and on knows where it goes."""
    events = await work.audit.of(own.root.id)
    last = max((event.at for event in events if event.what == Move.ADD), default=None)
    if last is not None and desk.clock() - last < QUIET:
        return NOTHING
    return handover.passed_on(language, ticket_id=own.ticket.id)


def _speaks(turn: Turn, plan: Plan) -> bool:
    """Whether it says something about a matter, where a person could say it."""
    result = plan.outcome.result
    if turn.message.kind is Input.ACTION:
        return result in _ANSWERS
    if result is Result.HUMAN_REQUESTED:
        words = bool(plan.question) and not plan.asked_in
        return words and plan.kind is TicketKind.CONSULTATION
    return result in _SPEAKS or _falters(plan) or _is_polite(turn, plan)


def _is_polite(turn: Turn, plan: Plan) -> bool:
    small = plan.outcome.result is Result.SMALL_TALK and not plan.expects
    return small and plan.own is None and plan.settles is None and is_open(turn.message.text)


def _falters(plan: Plan) -> bool:
    """Whether the bot has no answer."""
    result, reason = plan.outcome.result, plan.outcome.reason
    return result in {Result.UNRESOLVED, Result.CLARIFY} or reason in _FALTERS


def _is_open(turn: Turn, plan: Plan) -> bool:
    """Whether it names no matter, and was not understood as a part of one."""
    text = turn.message.text
    topic = plan.outcome.topic or plan.outcome.before
    return topic is None and (is_open(text) or unreadable(text) is Reason.NO_WORDS)


def _about(own: Sequence[_Own], question: str, plan: Plan) -> _Own | None:
    cited = {citation.passage_id for citation in plan.outcome.citations}
    found = (one for one in own if concerns(one.ticket, question, passages=cited))
    return next(found, None)
