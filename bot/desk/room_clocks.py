"""/extend, /pause and /resume in the staff room: the clock of any ticket."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.desk import notices
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent, Ticket
from bot.desk.typed import numbered
from bot.texts import say


async def _extend(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    number, why = numbered(rest) or (0, "")
    if not why:
        return None
    return _done(services, await services.timekeeper.extend(number, agent, why))


async def _pause(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    number, why = numbered(rest) or (0, "")
    if not why:
        return None
    return _done(services, await services.timekeeper.pause(number, agent, why))


async def _resume(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    number, more = numbered(rest) or (0, rest)
    if not number or more:
        return None
    return _done(services, await services.timekeeper.resume(number, agent))


def _done(services: RoomServices, ticket: Ticket) -> Sequence[Said]:
    """With when it is due now."""
    done = say(services.language, "No. {id}: done.", id=ticket.id)
    clock = notices.clock_lines(ticket, language=services.language, at=services.desk.clock())
    return [told("\n".join((done, *clock)), ticket.id)]


EXTEND: Final = Command(
    name="extend",
    group=Group.TICKETS,
    help="put an answer off, once; the citizen is told",
    usage="/extend 7 REASON",
    run=_extend,
)
PAUSE: Final = Command(
    name="pause",
    group=Group.TICKETS,
    help="stop a clock",
    usage="/pause 7 REASON",
    run=_pause,
)
RESUME: Final = Command(
    name="resume",
    group=Group.TICKETS,
    help="let a clock go on",
    usage="/resume 7",
    run=_resume,
)
