"""
What the forms on a ticket's page do: each one call of a service of the desk.

Claiming, answering a consultation and taking it back hold whatever happened to the ticket
meanwhile; everything else only where it is as it was `seen`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self, TypeAlias

from bot.desk import review_pages, room_disclosure
from bot.desk.disclosure.letter import Decision
from bot.desk.disclosure.results import Result
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import number_in
from bot.errors import DisclosureRefused, EntryNotFound, TicketNotFound
from bot.texts import say
from bot.web.console.tickets.offered import Deed
from bot.web.console.visit import Visit
from knowledge.types import Lang

DEPARTMENT: Final = "department-"  # what the names of checkboxes begin with


@dataclass(frozen=True, slots=True)
class Form:
    """
    A form that was sent about a ticket. `seen` is the version of it that the form was opened
    with; 0, which is that of none, where it does not say.
    """

    services: RoomServices
    number: int  # of the ticket
    visit: Visit
    seen: int

    @classmethod
    def of(cls, services: RoomServices, number: int, visit: Visit) -> Self:
        return cls(services, number, visit, number_in(visit.text("version")) or 0)

    @property
    def agent(self) -> Agent:
        return self.visit.actor

    @property
    def language(self) -> Lang:
        return self.visit.language

    def text(self, name: str) -> str:
        """What was typed, with the line breaks of a chat in place of those of a form."""
        return self.visit.text(name).replace("\r\n", "\n").strip()

    def entry(self, kind: str) -> int:
        """The number of an entry that the form is about. Raise EntryNotFound."""
        number = number_in(self.text("number"))
        if number is None:
            raise EntryNotFound(kind, 0)
        return number


Doing: TypeAlias = Callable[[Form], Awaitable[str]]
"""Does it and gives the words for whoever did it. Raise TicketError."""


async def claim(form: Form) -> str:
    await form.services.desk.claim(form.number, form.agent)
    return say(form.language, "No. {id} is yours now.", id=form.number)


async def release(form: Form) -> str:
    await form.services.desk.release(form.number, form.agent, seen=form.seen)
    return say(form.language, "No. {id} is back in the queue.", id=form.number)


async def reply(form: Form) -> str:
    services = form.services
    text = await services.canned.written_out(form.number, form.agent, form.text("text"))
    ticket = await services.desk.reply(form.number, form.agent, text, seen=form.seen)
    return review_pages.done(ticket, language=form.language)


async def use(form: Form) -> str:
    number = number_in(form.text("number")) or 0
    ticket = await form.services.quoting.use(form.number, number, form.agent, seen=form.seen)
    return review_pages.done(ticket, language=form.language)


async def ask(form: Form) -> str:
    await form.services.desk.ask(form.number, form.agent, form.text("text"), seen=form.seen)
    return say(form.language, "No. {id}: the citizen is asked.", id=form.number)


async def transfer(form: Form) -> str:
    key = form.text("department")
    await form.services.desk.triage(form.number, form.agent, key, form.text("why"), seen=form.seen)
    name = form.services.desk.roster.name(key)
    return say(form.language, "No. {id} is with {name} now.", id=form.number, name=name)


async def give_back(form: Form) -> str:
    await form.services.desk.hand_back(form.number, form.agent, form.text("why"), seen=form.seen)
    return _done(form)


async def take_over(form: Form) -> str:
    await form.services.desk.take_over(form.number, form.agent, form.text("why"), seen=form.seen)
    return say(form.language, "No. {id} is yours now.", id=form.number)


async def consult(form: Form) -> str:
    keys = [
        name.removeprefix(DEPARTMENT) for name in form.visit.form if name.startswith(DEPARTMENT)
    ]
    await form.services.consulting.ask(
        form.number, form.agent, keys, form.text("question"), seen=form.seen
    )
    return _done(form)


async def advise(form: Form) -> str:
    number = form.entry("consultation")
    await form.services.consulting.answer(number, form.agent, form.text("text"))
    return say(form.language, "Consultation {number} is answered.", number=number)


async def cancel(form: Form) -> str:
    number = form.entry("consultation")
    await form.services.consulting.cancel(number, form.agent)
    text = "No. {id} does not wait for consultation {number} any more."
    return say(form.language, text, id=form.number, number=number)


async def merge(form: Form) -> str:
    into = number_in(form.text("into"))
    if into is None:
        raise TicketNotFound(0)
    await form.services.ticket(into)
    await form.services.desk.merge(form.number, into, form.agent, seen=form.seen)
    return say(form.language, "No. {id} is merged into No. {other}.", id=form.number, other=into)


async def close(form: Form) -> str:
    await form.services.desk.close(form.number, form.agent, form.text("why"), seen=form.seen)
    return say(form.language, "No. {id} is closed.", id=form.number)


async def reopen(form: Form) -> str:
    await form.services.desk.reopen(form.number, form.agent, form.text("why"), seen=form.seen)
    return say(form.language, "No. {id} is yours now.", id=form.number)


async def pause(form: Form) -> str:
    await form.services.timekeeper.pause(form.number, form.agent, form.text("why"), seen=form.seen)
    return _done(form)


async def resume(form: Form) -> str:
    await form.services.timekeeper.resume(form.number, form.agent, seen=form.seen)
    return _done(form)


async def extend(form: Form) -> str:
    await form.services.timekeeper.extend(
        form.number, form.agent, form.text("why"), seen=form.seen
    )
    return _done(form)


async def approve(form: Form) -> str:
    number = form.entry("review")
    ticket = await room_disclosure.approved(form.services, number, form.agent, seen=form.seen)
    return review_pages.done(ticket, language=form.language)


async def reject(form: Form) -> str:
    number = form.entry("review")
    await form.services.reviewing.reject(number, form.agent, form.text("why"), seen=form.seen)
    return say(form.language, "No. {id}: the draft is sent back.", id=form.number)


async def letter(form: Form) -> str:
    decision = Decision(
        result=_result(form, "result"),
        text=form.text("text"),
        ground=_result(form, "ground") if form.text("ground") else None,
        link=form.text("link"),
        office=form.text("office"),
        corrects=form.text("corrects"),
    )
    await form.services.disclosures.reply(form.number, form.agent, decision, seen=form.seen)
    ticket = await form.services.ticket(form.number)
    return review_pages.done(ticket, language=form.language)


async def correct(form: Form) -> str:
    await form.services.disclosures.ask_correction(
        form.number, form.agent, form.text("text"), seen=form.seen
    )
    return _told(form)


async def hear(form: Form) -> str:
    await form.services.disclosures.hear(
        form.number, form.agent, form.text("text"), seen=form.seen
    )
    return _told(form)


async def heard(form: Form) -> str:
    await form.services.disclosures.heard(
        form.number, form.agent, form.text("text"), seen=form.seen
    )
    return _told(form)


def _result(form: Form, name: str) -> Result:
    """Raise DisclosureRefused."""
    found = form.text(name)
    if found not in set(Result):
        raise DisclosureRefused(
            "Write the result of the new letter: {results}", results=tuple(Result)
        )
    return Result(found)


def _done(form: Form) -> str:
    return say(form.language, "No. {id}: done.", id=form.number)


def _told(form: Form) -> str:
    return say(form.language, "No. {id}: done; the applicant is told.", id=form.number)


DEEDS: Final[Mapping[Deed, Doing]] = {
    Deed.CLAIM: claim,
    Deed.RELEASE: release,
    Deed.REPLY: reply,
    Deed.USE: use,
    Deed.ASK: ask,
    Deed.TRANSFER: transfer,
    Deed.RETURN: give_back,
    Deed.TAKE_OVER: take_over,
    Deed.CONSULT: consult,
    Deed.ADVISE: advise,
    Deed.CANCEL: cancel,
    Deed.MERGE: merge,
    Deed.CLOSE: close,
    Deed.REOPEN: reopen,
    Deed.PAUSE: pause,
    Deed.RESUME: resume,
    Deed.EXTEND: extend,
    Deed.APPROVE: approve,
    Deed.REJECT: reject,
    Deed.LETTER: letter,
    Deed.CORRECT: correct,
    Deed.HEAR: hear,
    Deed.HEARD: heard,
}
