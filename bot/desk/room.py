"""The staff room: a group chat where cards are claimed, answered and closed."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cards
from bot.desk.desk import Desk
from bot.desk.tickets import Agent, State
from bot.errors import HeldByAnother, IllegalTransition, TicketChanged, TicketError, TicketNotFound
from bot.render import Page
from bot.store.base import Accepted, Store
from bot.texts import say
from bot.types import Delivery, Input, Message, Outcome, Reason, Result

STAFF_VERBS: Final = frozenset({Verb.CLAIM, Verb.RELEASE, Verb.REPLY, Verb.CLOSE})


class StaffRoom:
    def __init__(self, store: Store, desk: Desk, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock

    async def handle(self, accepted: Accepted) -> Outcome:
        message = accepted.message
        try:
            note, ticket_id = await self._work(message)
        except TicketError as error:
            note, ticket_id = self._words(error), None
        return await self._finish(accepted, note, ticket_id, Result.STAFF)

    async def fail(self, accepted: Accepted) -> Outcome:
        note = say(self._desk.language, "That did not work: an error on our side. Try again.")
        return await self._finish(accepted, note, None, Result.ERROR)

    async def _work(self, message: Message) -> tuple[str, int | None]:
        """Do what was asked; return what to say about it, if anything, and on which ticket."""
        agent = Agent(f"{message.address.channel}:{message.sender}", message.sender_name or "?")
        if message.kind is Input.ACTION:
            return await self._pressed(message, agent)
        if message.kind is not Input.TEXT or message.reply_to is None:
            return "", None  # colleagues talk with one another
        async with self._store.begin() as work:
            ticket_id = await work.outbox.ticket_of(message.address, message.reply_to)
        if ticket_id is None or not message.text.strip():
            return "", None
        await self._desk.reply(ticket_id, agent, message.text.strip())
        return say(self._desk.language, "No. {id}: reply sent.", id=ticket_id), ticket_id

    async def _pressed(self, message: Message, agent: Agent) -> tuple[str, int | None]:
        action = Action.parse(message.text)
        if action is None or action.verb not in STAFF_VERBS or action.target is None:
            return "", None
        ticket_id = action.target
        match action.verb:
            case Verb.CLAIM:
                await self._desk.claim(ticket_id, agent)
            case Verb.RELEASE:
                await self._desk.release(ticket_id, agent)
            case Verb.CLOSE:
                await self._desk.close(ticket_id, agent)
            case _:
                await self._desk.claim_if_open(ticket_id, agent)
                text = "{name}: reply to this message with your answer to No. {id}."
                return say(self._desk.language, text, name=agent.name, id=ticket_id), ticket_id
        return "", None

    def _words(self, error: TicketError) -> str:
        language = self._desk.language
        match error:
            case HeldByAnother(ticket_id=number, holder=holder):
                return say(language, "No. {id} is held by {name}.", id=number, name=holder)
            case IllegalTransition(ticket_id=number, now=now):
                state = say(language, cards.STATES[State(now)])
                return say(
                    language, "No. {id} is {state}; that does not go.", id=number, state=state
                )
            case TicketNotFound(ticket_id=number):
                return say(language, "There is no No. {id}.", id=number)
            case TicketChanged(ticket_id=number):
                return say(language, "No. {id} was changed meanwhile. Look again.", id=number)
            case _:
                return str(error)

    async def _finish(
        self, accepted: Accepted, note: str, ticket_id: int | None, result: Result
    ) -> Outcome:
        reason = Reason.FAILED if result is Result.ERROR else None
        outcome = Outcome(result=result, reason=reason, language=self._desk.language)
        now = self._clock()
        async with self._store.begin() as work:
            if note:
                page = Page(cards.plain(note))
                delivery = Delivery(
                    to=accepted.message.address,
                    body=page.body,
                    ticket_id=ticket_id,
                    reply_to=accepted.message.reply_to,
                )
                await work.outbox.enqueue(delivery, at=now)
            await work.inbox.finish(accepted.id, outcome, at=now)
        return outcome
