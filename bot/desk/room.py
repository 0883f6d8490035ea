"""The staff room: a group chat where tickets are claimed, answered and closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cards
from bot.desk.desk import Desk
from bot.desk.room_buttons import Buttons
from bot.desk.room_commands import commanded
from bot.desk.room_pages import Said, sorry, told
from bot.desk.room_services import RoomServices
from bot.desk.room_words import Words
from bot.desk.tickets import Agent
from bot.errors import TicketError
from bot.render import Page
from bot.store.base import Accepted, Work
from bot.texts import say
from bot.types import (
    Address,
    Delivery,
    Input,
    Message,
    Outcome,
    Reason,
    Result,
    Span,
    Style,
)

PROMPT: Final = "prompt:"  # begins the key of a message that asks for more


class StaffRoom:
    def __init__(self, services: RoomServices, *, clock: Callable[[], datetime]) -> None:
        self._services = services
        self._store = services.store
        self._desk = services.desk
        self._clock = clock

    async def handle(self, accepted: Accepted) -> Outcome:
        message = accepted.message
        shown = await self._shown(message)
        try:
            said = await self._work(message, shown)
        except TicketError as error:
            said = [told(sorry(error, self._desk.language))]
        else:
            said = _in_place(said, shown, accepted)
        return await self._finish(accepted, said, Result.STAFF)

    async def fail(self, accepted: Accepted) -> Outcome:
        note = say(self._desk.language, "That did not work: an error on our side. Try again.")
        return await self._finish(accepted, [told(note)], Result.ERROR)

    async def _shown(self, message: Message) -> Delivery | None:
        """The message of ours that was pressed or answered."""
        if message.reply_to is None:
            return None
        async with self._store.begin() as work:
            return await work.outbox.shows(message.address, message.reply_to)

    async def _work(self, message: Message, shown: Delivery | None) -> Sequence[Said]:
        """Do what was asked; return what there is to say about it."""
        agent = Agent(f"{message.address.channel}:{message.sender}", message.sender_name or "?")
        text = message.text.strip()
        if message.kind is Input.ACTION:
            action = Action.parse(text)
            return await Buttons(self._services).pressed(action, agent) if action else ()
        if message.kind is not Input.TEXT or not text:
            return ()
        said = await commanded(self._services, agent, text)
        if said is not None:
            return said
        return () if shown is None else await self._answered(message, shown, agent)

    async def _answered(self, message: Message, shown: Delivery, agent: Agent) -> Sequence[Said]:
        """An answer to a message that expects one; everything else is talk among colleagues."""
        action = _expected(shown)
        if action is None:
            return ()
        if shown.expects_from not in {"", message.sender}:
            text = "That message waits for somebody else. Press the button yourself."
            return [replace(told(say(self._desk.language, text)), apart=True)]
        said = await Words(self._services).answered(action, agent, message.text.strip())
        done = say(self._desk.language, "No. {id}: done.", id=action.target)
        return said or [told(done, shown.ticket_id)]

    async def _finish(self, accepted: Accepted, said: Sequence[Said], result: Result) -> Outcome:
        reason = Reason.FAILED if result is Result.ERROR else None
        outcome = Outcome(result=result, reason=reason, language=self._desk.language)
        async with self._store.begin() as work:
            for one in said:
                await self._desk.enqueue(work, _delivery(one, accepted.message))
            await work.inbox.finish(accepted.id, outcome, at=self._clock())
        return outcome


async def follow_room(desk: Desk, work: Work, address: Address, to: Address) -> None:
    """The room has another address: go on there, inside the transaction that writes it down."""
    if desk.room not in {address, to}:
        return
    desk.room = to
    text = "This group has another id now. What was said before cannot be answered; see /queue."
    page = Page((Span(say(desk.language, text), Style.BOLD),))
    await desk.send(work, to, page)


def _in_place(said: Sequence[Said], shown: Delivery | None, accepted: Accepted) -> Sequence[Said]:
    """What comes of a prompt takes its place: one message a matter, and none answers it twice."""
    if not said or said[0].key is not None or said[0].apart:
        return said
    if shown is not None and shown.key is not None and shown.key.startswith(PROMPT):
        return [replace(said[0], key=shown.key), *said[1:]]
    if said[0].prompts:
        return [replace(said[0], key=f"{PROMPT}{accepted.id}"), *said[1:]]
    return said


def _expected(shown: Delivery) -> Action | None:
    """What an answer to a message of ours is for: to a card, the reply to the citizen."""
    if shown.expects:
        return Action.parse(shown.expects)
    number = shown.ticket_id
    if number is not None and shown.key == cards.key(number):
        return Action(Verb.REPLY, number)
    return None


def _delivery(said: Said, message: Message) -> Delivery:
    """What is asked of somebody is asked of whoever wrote the message."""
    return Delivery(
        to=message.address,
        body=said.page.body,
        buttons=said.page.buttons,
        attachment=said.page.attachment,
        reply_to=message.reply_to,
        ticket_id=said.ticket_id,
        key=said.key,
        anew=said.anew,
        expects=str(said.expects or ""),
        expects_from=message.sender if said.expects else "",
    )
