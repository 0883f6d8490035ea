"""The staff room: a group chat where tickets are claimed, answered and closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cards
from bot.desk.cutting import units
from bot.desk.desk import Desk
from bot.desk.legible import has_words
from bot.desk.once import handling
from bot.desk.room_buttons import Buttons
from bot.desk.room_commands import commanded
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.room_words import Words
from bot.desk.sorry import sorry
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
from knowledge.types import Lang

PROMPT: Final = "prompt:"  # begins the key of a message that asks for more
NEARLY_CUT: Final = 4000  # UTF-16 units; Telegram takes 4096, and apps cut before a word


class StaffRoom:
    def __init__(self, services: RoomServices, *, clock: Callable[[], datetime]) -> None:
        self._services = services
        self._store = services.store
        self._desk = services.desk
        self._clock = clock

    async def handle(self, accepted: Accepted) -> Outcome:
        message = accepted.message
        async with self._store.read() as work:
            begun = await work.inbox.get(accepted.id) is not None
        if begun:  # by a try whose end was in the way of another, or by another worker
            return await self.fail(accepted)
        shown = await self._shown(message)
        try:
            with handling(accepted.id):
                said = await self._work(message, shown)
        except TicketError as error:
            said = [told(sorry(error, self._desk.language))]
        else:
            said = _in_place(said, shown, accepted)
        return await self._finish(accepted, said, Result.STAFF)

    async def fail(self, accepted: Accepted) -> Outcome:
        async with self._store.begin() as work:
            begun = await work.inbox.get(accepted.id) is not None
        language = self._desk.language
        if begun:
            text = "An error of ours came in between. Look at the card, and do what is missing."
            note = say(language, text)
        else:
            note = say(language, "That did not work: an error on our side. Try again.")
        return await self._finish(accepted, [told(note)], Result.ERROR)

    async def _shown(self, message: Message) -> Delivery | None:
        """The message of ours that was pressed or answered."""
        if message.reply_to is None:
            return None
        async with self._store.begin() as work:
            return await work.outbox.shows(message.address, message.reply_to)

    async def _work(self, message: Message, shown: Delivery | None) -> Sequence[Said]:
        """Do what was asked; return what there is to say about it."""
        sender = Agent(f"{message.address.channel}:{message.sender}", message.sender_name or "?")
        agent = self._desk.roster.acting(sender)
        text = message.text.strip()
        if message.kind is Input.ACTION:
            action = Action.parse(text)
            return await Buttons(self._services).pressed(action, agent) if action else ()
        said = await commanded(self._services, agent, text) if message.kind is Input.TEXT else None
        if said is not None:
            return said
        if shown is None:
            return self._unknown(message)
        return await self._answered(message, shown, agent)

    def _unknown(self, message: Message) -> Sequence[Said]:
        """
        An answer to a message of ours that we know nothing of; all else is talk among colleagues.

        A card is there twice where nobody could know that it had arrived, and a long message is
        several: only the last one is known.
        """
        if message.reply_to is None:
            return ()
        text = (
            "The message that you replied to is not known any more: nothing was passed on. "
            "Reply to the newest card of the question; /queue shows what waits."
        )
        return [replace(told(say(self._desk.language, text)), apart=True)]

    async def _answered(self, message: Message, shown: Delivery, agent: Agent) -> Sequence[Said]:
        """An answer to a message that expects one; everything else is talk among colleagues."""
        action = _expected(shown)
        if missed := _missed(message, shown, action, self._desk.language):
            return [replace(told(missed), apart=True)]
        if action is None:
            return ()
        if shown.expects_from not in {"", message.sender}:
            text = "That message waits for somebody else. Press the button yourself."
            return [replace(told(say(self._desk.language, text)), apart=True)]
        said = await Words(self._services).answered(action, agent, message.text.strip())
        done = say(self._desk.language, "No. {id}: done.", id=action.target)
        said = said or [told(done, shown.ticket_id)]
        return [*said, *_perhaps_cut(message, action, self._desk.language)]

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


def _missed(message: Message, shown: Delivery, action: Action | None, language: Lang) -> str:
    """Why what is written under a message that expects, or expected, words is not passed on."""
    answered = shown.key is not None and shown.key.startswith(PROMPT)
    if action is None and not (answered and message.kind is Input.EDITED):
        return ""
    if message.kind is Input.EDITED:
        return say(language, "What is edited is not passed on. To correct it, reply again.")
    if message.kind is Input.UNSUPPORTED:
        text = "Only text is passed on: the picture or file went to nobody. Reply with text."
        return say(language, text)
    if not has_words(message.text):
        return say(language, "There are no words in that: nothing was done. Reply with text.")
    return ""


def _perhaps_cut(message: Message, action: Action, language: Lang) -> Sequence[Said]:
    """An app makes several messages of a long text, of which only the first one is a reply."""
    if action.verb not in {Verb.REPLY, Verb.ASK} or units(message.text) < NEARLY_CUT:
        return ()
    text = (
        "Telegram cuts long messages: only this part was sent. Reply to the card with the rest, "
        "if there is any."
    )
    return [told(say(language, text), action.target)]


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
