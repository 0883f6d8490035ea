"""/consultations, /cancel_consult and /review in the staff room: what waits for colleagues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk import consultation_pages, review_pages
from bot.desk.listing import Entry, Listing, listed
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import number_in
from bot.texts import say
from bot.types import Button


async def consultations(
    services: RoomServices, agent: Agent, page: int | None = None
) -> Sequence[Said]:
    """What departments are asked, what is overdue first, with a button to answer each."""
    language, desk = services.language, services.desk
    owed = await services.consulting.waiting()
    entries = []
    for one in owed:
        text = consultation_pages.numbered(
            one, language=language, roster=desk.roster, at=desk.clock()
        )
        label = say(language, "Answer {number}", number=one.id)
        entries.append(Entry(text, Button(label, str(Action(Verb.ADVISE, one.id)))))
    head = say(language, "Departments that are asked: {count}", count=len(owed))
    of = Listing.CONSULTATIONS
    return [listed(head, entries, of=of, page=page, agent=agent, language=language)]


async def reviews(services: RoomServices, agent: Agent, page: int | None = None) -> Sequence[Said]:
    """Replies that wait for a second person, oldest first, with a button that shows each."""
    language = services.language
    waiting = await services.reviewing.waiting()
    entries = []
    for one in waiting:
        text = review_pages.line(one.ticket, one.review, language=language)
        label = str(one.review.id)
        entries.append(Entry(text, Button(label, str(Action(Verb.REVIEW, one.review.id)))))
    head = say(language, "Replies for review: {count}", count=len(waiting))
    of = Listing.REVIEWS
    return [listed(head, entries, of=of, page=page, agent=agent, language=language)]


async def review(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """The draft as whoever reviews it reads it, with its buttons. Raise EntryNotFound."""
    del agent  # whoever is in the room may look
    looked = await services.reviewing.look(number)
    return [Said(page=services.reviewing.page(looked), ticket_id=looked.ticket.id)]


async def cancel(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """Whoever holds the ticket does not wait for that consultation any more."""
    ticket = await services.consulting.cancel(number, agent)
    text = "No. {id} does not wait for consultation {number} any more."
    return [told(say(services.language, text, id=ticket.id, number=number), ticket.id)]


async def _consultations(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    return None if rest else await consultations(services, agent)


async def _cancel(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    number = number_in(rest)
    return None if number is None else await cancel(services, agent, number)


async def _review(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    if not rest:
        return await reviews(services, agent)
    number = number_in(rest)
    return None if number is None else await review(services, agent, number)


CONSULTATIONS: Final = Command(
    name="consultations",
    group=Group.COLLEAGUES,
    help="what departments are asked, what is overdue first",
    usage="/consultations",
    run=_consultations,
)
CANCEL_CONSULT: Final = Command(
    name="cancel_consult",
    group=Group.COLLEAGUES,
    help="wait for a department no more",
    usage="/cancel_consult 3",
    run=_cancel,
)
REVIEW: Final = Command(
    name="review",
    group=Group.COLLEAGUES,
    help="replies that wait for a second person",
    usage="/review\n/review 3",
    run=_review,
)
