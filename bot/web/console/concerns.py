"""Hot concerns: what many citizens ask of late and got no good answer to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Final

from aiohttp import web

from bot.desk.concerns import pages
from bot.desk.concerns.concern import Asked, Concern, Course
from bot.desk.roster import Role
from bot.desk.workdays import DAY
from bot.errors import TicketError
from bot.leaves import leaf
from bot.links import document_path, is_web_page
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import NOTHING_REFUSED, Refused, day_of, number_of, written
from bot.web.console.lists import LINES, Query
from bot.web.console.visit import Visit
from knowledge.types import Lang

PATH: Final = "/concerns"
DEEDS: Final = frozenset({"own", "answer", "close"})


class ConcernPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._service = console.services.concerns

    def add(self) -> None:
        console, role = self._console, Role.AGENT
        console.get(PATH, self.listed, role)
        console.get(f"{PATH}/{{number}}", self.look, role)
        console.post(f"{PATH}/{{number}}/{{deed}}", self.do, role)

    async def listed(self, visit: Visit) -> web.StreamResponse:
        """Those that are not closed, by the day a response is due; with `all` the others too."""
        query = Query.of(visit, PATH, "view")
        service = self._service
        everything = query.text("view") == "all"
        found = list(reversed(await service.all())) if everything else await service.open()
        shown = leaf(found, query.page, lines=LINES)
        await self._console.viewed(visit, f"concerns (page {shown.page})")
        return self._console.render(
            visit,
            "concerns.html",
            query=query,
            leaf=shown,
            courses=courses(visit.language),
            today=service.today,
        )

    async def look(self, visit: Visit) -> web.StreamResponse:
        number = number_of(visit, "concern")
        return await self._shown(visit, number)

    async def do(self, visit: Visit) -> web.StreamResponse:
        number, deed = number_of(visit, "concern"), visit.request.match_info["deed"]
        if deed not in DEEDS:
            raise web.HTTPNotFound
        try:
            await self._done(visit, number, deed)
        except TicketError as error:
            return await self._shown(visit, number, Refused.of(visit, deed, error))
        words = say(visit.language, "Concern {id}: done.", id=number)
        return await self._console.done(visit, f"{PATH}/{number}", words)

    async def _done(self, visit: Visit, number: int, deed: str) -> Concern:
        service, agent = self._service, visit.actor
        match deed:
            case "own":
                return await service.own(number, agent, due=day_of(visit, "due"))
            case "answer":
                return await service.answer(number, agent, written(visit, "response"))
            case _:
                return await service.close(number, agent, written(visit, "why"))

    async def _shown(
        self, visit: Visit, number: int, refused: Refused = NOTHING_REFUSED
    ) -> web.Response:
        concern = await self._service.get(number)
        await self._console.viewed(visit, f"concern {number}")
        roster = self._console.services.desk.roster
        response = concern.response
        return self._console.render(
            visit,
            "concern.html",
            status=refused.status,
            concern=concern,
            refused=refused,
            courses=courses(visit.language),
            is_closed=concern.state is Course.CLOSED,
            is_answered=concern.state is Course.ANSWERED,
            is_mine=concern.owner is not None and concern.owner.id == visit.actor.id,
            may_close_without=roster.may(visit.actor, Role.SUPERVISOR),
            department=roster.name(concern.department) if concern.department else "",
            link=response if is_web_page(response) else document_path(response),
            weeks=weeks(concern.days),
            today=self._service.today,
        )


def courses(language: Lang) -> Mapping[Course, str]:
    return {one: say(language, pages.COURSES[one]) for one in Course}


def weeks(days: Iterable[Asked]) -> Sequence[tuple[date, int]]:
    """How often it was asked in each week, by the Monday it begins on."""
    counts: Counter[date] = Counter()
    for one in days:
        counts[one.day - DAY * one.day.weekday()] += one.citizens
    return sorted(counts.items())
