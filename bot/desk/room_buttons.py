"""
What the buttons in the staff room do.

A button that needs words is answered by a message that expects them, from whoever pressed it. So
what two people do at the same time does not mix, and a restart forgets nothing: the message itself
is what is remembered.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from typing import Final, TypeAlias

from bot.actions import Action, Verb
from bot.desk import (
    cards,
    moves,
    review_pages,
    room_disclosure,
    room_pages,
    room_publishing,
    room_topics,
)
from bot.desk.room_pages import Said, told
from bot.desk.room_queue import View, queue
from bot.desk.room_services import RoomServices
from bot.desk.roster import Role
from bot.desk.ticket_file import whole
from bot.desk.tickets import DONE, Agent
from bot.render import Page
from bot.texts import say
from bot.types import Attachment, Button, Span

AT_ONCE: Final = 1  # place: without a reason
Doing: TypeAlias = Callable[["Buttons", Action, int, Agent], Awaitable[Sequence[Said]]]


@dataclass(frozen=True, slots=True)
class Buttons:
    """Every method raises TicketError where what is wanted cannot be done."""

    services: RoomServices

    async def pressed(self, action: Action, agent: Agent) -> Sequence[Said]:
        """What a button does; nothing for one that is not of this room."""
        if action.target is None:
            return ()
        doing = _PRESSED.get(action.verb)
        if doing is None:
            return await room_topics.pressed(self.services, action, action.target, agent)
        return await doing(self, action, action.target, agent)

    # Buttons that do it at once.

    async def claim(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        await self.services.desk.claim(number, agent)
        return ()

    async def release(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        await self.services.desk.release(number, agent)
        return ()

    async def resume(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        await self.services.timekeeper.resume(number, agent)
        return ()

    async def quote(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        ticket = await self.services.quoting.use(number, action.place or 0, agent)
        return [told(review_pages.done(ticket, language=self.services.language), number)]

    async def approve(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        ticket = await room_disclosure.approved(self.services, number, agent)
        return [told(review_pages.done(ticket, language=self.services.language), ticket.id)]

    async def card(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        del agent  # whoever is in the room may look
        await self.services.ticket(number)
        async with self.services.store.begin() as work:
            await self.services.desk.show(work, await work.tickets.get(number), anew=True)
        return ()

    async def whole(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        """The ticket without cuts, with its history, as a file."""
        del agent
        await self.services.ticket(number)
        ticket, events = await self.services.desk.look(number)
        language = self.services.language
        text = whole(
            ticket,
            events,
            language=language,
            roster=self.services.desk.roster,
            zone=self.services.desk.clock().tzinfo or UTC,
        )
        head = say(language, "No. {id}: everything", id=number)
        file = Attachment(f"ticket-{number}.txt", text)
        return [Said(page=Page(cards.plain(head), attachment=file), ticket_id=number)]

    async def queue(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        view = next((one for one in View if one == number), None)
        if view is None:
            return ()
        page = action.place or 1
        return [
            await queue(
                self.services.store, self.services.desk, agent, view=view, page=page, anew=False
            )
        ]

    async def publishing(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        return await room_publishing.pressed(self.services, action, number, agent)

    async def disclosing(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        return await room_disclosure.pressed(self.services, action, number, agent)

    # Buttons that ask for more.

    async def words_of_holder(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        """Claim it, if it waits, and ask for the words."""
        await self.services.desk.claim_if_open(number, agent)
        return [self._prompt(action, agent)]

    async def words(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        """Ask for the words, unless somebody else has it."""
        moves.require_holder(await self.services.ticket(number), agent)
        return [self._prompt(action, agent)]

    async def take_over(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        await self.services.ticket(number)
        self.services.desk.roster.require_role(agent, Role.SUPERVISOR)
        return [self._prompt(action, agent)]

    async def transfer(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        ticket = await self.services.ticket(number)
        moves.require_holder(ticket, agent)
        roster = self.services.desk.roster
        if action.place is None:
            here = ticket.department
            return [
                room_pages.departments(
                    action,
                    language=self.services.language,
                    roster=roster,
                    but=here,
                    returnable=bool(here),
                )
            ]
        to = self.services.department(action)
        if not ticket.department and ticket.holder is None:  # sorted for the first time
            await self.services.desk.triage(number, agent, to)
            return [self._done(number)]
        return [self._prompt(action, agent, to=roster.name(to))]

    async def consult(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        ticket = await self.services.desk.claim_if_open(number, agent)
        roster, language = self.services.desk.roster, self.services.language
        if action.place is None:
            here = ticket.department
            return [room_pages.departments(action, language=language, roster=roster, but=here)]
        return [self._prompt(action, agent, to=roster.name(self.services.department(action)))]

    async def merge(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        if action.place is None:
            return await self.words(action, number, agent)
        await self.services.ticket(action.place)
        await self.services.desk.merge(number, action.place, agent)
        return ()

    async def close(self, action: Action, number: int, agent: Agent) -> Sequence[Said]:
        """At once where nothing is owed; else, if the citizen asked again, by a second press."""
        ticket = await self.services.ticket(number)
        moves.require_holder(ticket, agent)
        if action.place == AT_ONCE or ticket.state in DONE:
            await self.services.desk.close(number, agent)
            return [self._done(number)] if action.place == AT_ONCE else ()
        label = say(self.services.language, "Close without one")
        button = Button(label, str(Action(Verb.CLOSE, number, AT_ONCE)))
        return [self._prompt(action, agent, buttons=[button])]

    async def draft(self, _: Action, number: int, agent: Agent) -> Sequence[Said]:
        """From what other departments say, and from the passages."""
        ticket = await self.services.desk.claim_if_open(number, agent)
        language = self.services.language
        parts = [
            await self.services.consulting.draft(number),
            await self.services.quoting.draft(ticket),
        ]
        text = "\n\n".join(part for part in parts if part)
        if not text:
            nothing = say(language, "No. {id}: there is nothing to make a draft of.", id=number)
            return [told(nothing, number)]
        action = Action(Verb.REPLY, number)
        note = say(
            language,
            "{name}: copy the draft below, change it, and send it as a reply to it.",
            name=agent.name,
        )
        draft = Said(page=Page((Span(text),)), ticket_id=number, expects=action)
        return [told(note, number), draft]

    async def prompt_only(self, action: Action, _: int, agent: Agent) -> Sequence[Said]:
        """Of reviews and consultations; who may is looked at with the words."""
        return [self._prompt(action, agent)]

    def _done(self, number: int) -> Said:
        """In place of the message that was pressed: the card shows what was done."""
        return told(say(self.services.language, "No. {id}: done.", id=number), number)

    def _prompt(
        self, action: Action, agent: Agent, *, to: str = "", buttons: Sequence[Button] = ()
    ) -> Said:
        about_ticket = action.verb not in {Verb.REJECT, Verb.ADVISE}
        return room_pages.prompt(
            action,
            agent,
            language=self.services.language,
            ticket_id=action.target if about_ticket else None,
            to=to,
            buttons=buttons,
        )


_PRESSED: Final[Mapping[Verb, Doing]] = {
    Verb.CLAIM: Buttons.claim,
    Verb.RELEASE: Buttons.release,
    Verb.REPLY: Buttons.words_of_holder,
    Verb.QUOTE: Buttons.quote,
    Verb.DRAFT: Buttons.draft,
    Verb.ASK: Buttons.words_of_holder,
    Verb.TRANSFER: Buttons.transfer,
    Verb.RETURN: Buttons.words,
    Verb.TAKE_OVER: Buttons.take_over,
    Verb.REOPEN: Buttons.words,
    Verb.CONSULT: Buttons.consult,
    Verb.MERGE: Buttons.merge,
    Verb.CLOSE: Buttons.close,
    Verb.PAUSE: Buttons.words,
    Verb.RESUME: Buttons.resume,
    Verb.EXTEND: Buttons.words,
    Verb.APPROVE: Buttons.approve,
    Verb.REJECT: Buttons.prompt_only,
    Verb.ADVISE: Buttons.prompt_only,
    Verb.CARD: Buttons.card,
    Verb.WHOLE: Buttons.whole,
    Verb.QUEUE: Buttons.queue,
    **dict.fromkeys(room_disclosure.VERBS, Buttons.disclosing),
    **dict.fromkeys(room_publishing.PRESSED, Buttons.publishing),
}
