"""What buttons of lists, reviews, concerns and tasks do in the staff room: a table by verb."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final, TypeAlias

from bot.actions import Action, Verb
from bot.desk import room_concerns, room_lists, room_roster, room_tasks
from bot.desk.listing import Listing
from bot.desk.room_pages import Said
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent

Doing: TypeAlias = Callable[[RoomServices, Agent, int], Awaitable[Sequence[Said]]]
Telling: TypeAlias = Callable[[RoomServices, Agent, int, str], Awaitable[Sequence[Said]]]


async def pressed(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    """What a button does; nothing for one that is not in these tables. Raise TicketError."""
    if action.verb is Verb.LIST:
        listed = LISTINGS.get(number)
        return await listed(services, agent, action.place or 1) if listed else ()
    doing = _PRESSED.get(action.verb)
    return await doing(services, agent, number) if doing else ()


async def answered(
    services: RoomServices, action: Action, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    """What the words do that `action` waited for; nothing where it waits for none."""
    telling = _ANSWERED.get(action.verb)
    return await telling(services, agent, number, words) if telling else ()


LISTINGS: Final[Mapping[int, Doing]] = {  # with the number of a page
    Listing.CONSULTATIONS: room_lists.consultations,
    Listing.REVIEWS: room_lists.reviews,
    Listing.CONCERNS: room_concerns.concerns,
    Listing.TASKS: room_tasks.tasks,
    Listing.ROSTER: room_roster.roster,
    Listing.YEARS: room_tasks.years,
}
_PRESSED: Final[Mapping[Verb, Doing]] = {
    Verb.REVIEW: room_lists.review,
    Verb.CONCERN: room_concerns.show,
    Verb.OWN: room_concerns.own,
    Verb.RESPOND: room_concerns.respond,
    Verb.SETTLE: room_concerns.settle,
    Verb.TASK: room_tasks.show,
    Verb.EVIDENCE: room_tasks.cite,
    Verb.DONE: room_tasks.finish,
}
_ANSWERED: Final[Mapping[Verb, Telling]] = {
    Verb.RESPOND: room_concerns.responded,
    Verb.SETTLE: room_concerns.settled,
    Verb.EVIDENCE: room_tasks.cited,
}
