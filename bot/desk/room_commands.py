"""Commands in the staff room: /queue, /ticket, /away, /disclosure, /help."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import date
from typing import Final, TypeAlias

from bot.actions import Action, Verb
from bot.desk.absences import Absence
from bot.desk.disclosure import dictation
from bot.desk.room_buttons import Buttons
from bot.desk.room_pages import HELP, Said, told
from bot.desk.room_queue import View, queue
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.texts import say

Command: TypeAlias = Callable[[RoomServices, Agent, str], Awaitable[Sequence[Said]]]
_COMMAND: Final = re.compile(r"/(?P<name>[a-z]+)(?:\s+(?P<rest>.*))?", re.DOTALL)
_NUMBER: Final = re.compile(r"[#№]?(?P<number>[0-9]{1,18})")
_AWAY: Final = re.compile(
    r"(?P<since>\d{4}-\d\d-\d\d)(?:\s+(?P<until>\d{4}-\d\d-\d\d))?(?:\s+(?P<note>.+))?", re.DOTALL
)


async def commanded(services: RoomServices, agent: Agent, text: str) -> Sequence[Said] | None:
    """What a command says; None for what is no command of this room. Raise TicketError."""
    found = _COMMAND.fullmatch(text.strip())
    command = _COMMANDS.get(found["name"]) if found else None
    if found is None or command is None:
        return None
    return await command(services, agent, (found["rest"] or "").strip())


async def _queue(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    del rest
    return [await queue(services.store, services.desk, agent, view=View.ALL, anew=True)]


async def _ticket(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    found = _NUMBER.fullmatch(rest)
    if found is None:
        return [told(say(services.language, "Which ticket? /ticket 7"))]
    return await Buttons(services).pressed(Action(Verb.CARD, int(found["number"])), agent)


async def _away(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    """Without a day: who is away."""
    language = services.language
    if not rest:
        planned = await services.absences.planned()
        head = say(language, "Away:") if planned else say(language, "Nobody is away.")
        return [told("\n".join((head, *(_line(one, services) for one in planned))))]
    found = _AWAY.fullmatch(rest)
    days = _days(found) if found else None
    if found is None or days is None:
        return [
            told(say(language, "Write the first and the last day: /away 2026-12-01 2026-12-05"))
        ]
    since, until = days
    absence = await services.absences.away(agent, since, until, note=found["note"] or "")
    return [told(say(language, "Noted: {line}", line=_line(absence, services)))]


async def _disclosure(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    """What a line says is done about a request for information."""
    language = services.language
    done = await dictation.do(
        services.disclosures, services.timekeeper, agent, rest, language=language
    )
    return [told(done)]


async def _help(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    del agent, rest
    return [told(say(services.language, HELP))]


def _days(found: re.Match[str]) -> tuple[date, date] | None:
    try:
        since = date.fromisoformat(found["since"])
        return since, date.fromisoformat(found["until"] or found["since"])
    except ValueError:
        return None


def _line(absence: Absence, services: RoomServices) -> str:
    named = (one.name for one in services.desk.roster.members if one.id == absence.agent)
    return (
        f"{next(named, absence.agent)} {absence.since} - {absence.until} {absence.note}".rstrip()
    )


_COMMANDS: Final[Mapping[str, Command]] = {
    "queue": _queue,
    "ticket": _ticket,
    "away": _away,
    "disclosure": _disclosure,
    "help": _help,
}
