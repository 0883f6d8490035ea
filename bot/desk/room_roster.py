"""/roster and /away in the staff room: who works here, and who is there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.desk import roster_pages
from bot.desk.listing import Entry, Listing, listed
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import day_in, split
from bot.texts import say


async def roster(services: RoomServices, agent: Agent, page: int | None = None) -> Sequence[Said]:
    """Departments with their people, and who of them is there now."""
    desk, language = services.desk, services.language
    if desk.roster.is_open:
        return [told(roster_pages.without(language))]
    texts = roster_pages.present(
        desk.roster,
        language=language,
        at=desk.clock(),
        calendar=desk.clocks.calendar,
        absences=await services.absences.planned(),
    )
    head = say(language, "Departments: {count}", count=len(desk.roster.departments))
    of = Listing.ROSTER
    entries = list(map(Entry, texts))
    return [listed(head, entries, of=of, page=page, agent=agent, language=language)]


async def _roster(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    return None if rest else await roster(services, agent)


async def _away(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    """Without a day: who is away. With one: from then, to the next one if there is one."""
    language = services.language
    if not rest:
        planned = await services.absences.planned()
        head = say(language, "Away:") if planned else say(language, "Nobody is away.")
        lines = (roster_pages.absence_line(one, services.desk.roster) for one in planned)
        return [told("\n".join((head, *lines)))]
    first, rest = split(rest)
    second, note = split(rest)
    since, until = day_in(first), day_in(second)
    if since is None or (until is None and second.count("-") > 1):  # meant as a day
        return None
    if until is None:  # one day, and perhaps a note
        until, note = since, rest
    absence = await services.absences.away(agent, since, until, note=note)
    line = roster_pages.absence_line(absence, services.desk.roster)
    return [told(say(language, "Noted: {line}", line=line))]


AWAY: Final = Command(
    name="away",
    group=Group.COLLEAGUES,
    help="who is away; with days, that you are",
    usage="/away\n/away 2026-12-01 2026-12-05 NOTE",
    run=_away,
)
ROSTER: Final = Command(
    name="roster",
    group=Group.COLLEAGUES,
    help="departments and people, and who is there now",
    usage="/roster",
    run=_roster,
)
