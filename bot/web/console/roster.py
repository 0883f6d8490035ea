"""Who works here, who is there now, and who is away when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.desk import roster_pages
from bot.desk.absences import Absence
from bot.desk.roster import Member, Role
from bot.errors import AbsenceRefused, TicketError
from bot.render import NAMES
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import NOTHING_REFUSED, Refused, day_of, number_of, written
from bot.web.console.navigation import EVERYBODY
from bot.web.console.visit import Visit
from knowledge.types import Lang

PATH: Final = "/roster"
AWAY: Final = "away"
CANCEL: Final = "cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    name: str
    ids: str
    roles: str
    languages: str
    away: str  # until when; empty: not away


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A department, or those of none."""

    name: str
    state: str  # on duty, or until when it is not
    topics: str
    people: Sequence[Person]


class RosterPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.look, *EVERYBODY)
        console.post(f"{PATH}/{AWAY}", self.away, *EVERYBODY)
        console.post(f"{PATH}/absences/{{number}}/{CANCEL}", self.cancel, *EVERYBODY)

    async def look(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit)

    async def away(self, visit: Visit) -> web.StreamResponse:
        """Write down that somebody is away: oneself, or for supervisors anybody."""
        try:
            line = await self._noted(visit)
        except TicketError as error:
            return await self._shown(visit, Refused.of(visit, AWAY, error))
        return await self._console.done(
            visit, PATH, say(visit.language, "Noted: {line}", line=line)
        )

    async def cancel(self, visit: Visit) -> web.StreamResponse:
        absences, number = self._services.absences, number_of(visit, "absence")
        try:
            absence = await absences.cancel(number, visit.actor)
        except TicketError as error:
            return await self._shown(visit, Refused.of(visit, CANCEL, error))
        line = roster_pages.absence_line(absence, self._services.desk.roster)
        words = say(visit.language, "Cancelled: {line}", line=line)
        return await self._console.done(visit, PATH, words)

    async def _noted(self, visit: Visit) -> str:
        since = day_of(visit, "since")
        until = day_of(visit, "until") or since
        if since is None or until is None:
            raise AbsenceRefused("Say from which day on.")
        absence = await self._services.absences.away(
            visit.actor, since, until, note=written(visit, "note"), who=visit.text("who")
        )
        return roster_pages.absence_line(absence, self._services.desk.roster)

    async def _shown(self, visit: Visit, refused: Refused = NOTHING_REFUSED) -> web.Response:
        desk, language = self._services.desk, visit.language
        roster, own = desk.roster, desk.roster.member(visit.actor)
        planned = await self._services.absences.planned()
        leads = roster.may(visit.actor, Role.SUPERVISOR)
        return self._console.render(
            visit,
            "roster.html",
            status=refused.status,
            refused=refused,
            without=roster_pages.without(language) if roster.is_open else "",
            offices=self._offices(planned, language),
            absences=[
                (
                    one,
                    roster_pages.absence_line(one, roster),
                    leads or (own is not None and one.agent == own.id),
                )
                for one in planned
            ],
            own=own,
            members={one.id: one.name for one in roster.members} if leads else {},
        )

    def _offices(self, planned: Sequence[Absence], language: Lang) -> Sequence[Office]:
        desk = self._services.desk
        at, calendar = desk.clock(), desk.clocks.calendar
        away = {one.agent: one for one in planned if one.covers(at.date())}
        offices = [
            Office(
                name=one.name,
                state=roster_pages.duty(one, language=language, at=at, calendar=calendar),
                topics=", ".join(one.topics),
                people=_people(one.members, away, language),
            )
            for one in desk.roster.departments.values()
        ]
        if others := desk.roster.others:
            head = say(language, "Of no department")
            people = _people(others, away, language)
            offices.append(Office(name=head, state="", topics="", people=people))
        return offices


def _people(
    members: Iterable[Member], away: Mapping[str, Absence], language: Lang
) -> Sequence[Person]:
    return [
        Person(
            name=one.name,
            ids=", ".join((one.id, *one.also)),
            roles=roster_pages.roles(one, language),
            languages=", ".join(say(language, NAMES[each]) for each in sorted(one.languages)),
            away=(
                say(language, "away until {day}", day=away[one.id].until) if one.id in away else ""
            ),
        )
        for one in members
    ]
