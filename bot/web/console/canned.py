"""Canned replies: what staff say again and again."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from aiohttp import web

from bot.desk.canned import LONGEST, VARIABLES, Canned
from bot.desk.sorry import sorry
from bot.desk.typed import number_in
from bot.errors import TicketError
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.failures import status_of
from bot.web.console.visit import Visit
from knowledge.types import Lang

PATH = "/canned"


class CannedPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._service = console.services.canned

    async def listed(self, visit: Visit) -> web.StreamResponse:
        """`edit` is the number of one that the form is filled with."""
        number = number_in(visit.request.query.get("edit", ""))
        known = {one.id: one for one in await self._service.all()}
        found = known.get(number or 0)
        typed = {} if found is None else _fields(found)
        return await self._page(visit, typed)

    async def keep(self, visit: Visit) -> web.StreamResponse:
        language = visit.text("language")
        canned = Canned(
            name=visit.text("name").strip(),
            language=Lang(language) if language in set(Lang) else visit.language,
            department=visit.text("department"),
            text=visit.text("text").replace("\r\n", "\n").strip(),
        )
        try:
            kept = await self._service.add(canned, visit.actor)
        except TicketError as error:
            words = sorry(error, visit.language)
            return await self._page(visit, visit.form, problem=words, status=status_of(error))
        words = say(visit.language, "Kept as {name}.", name=kept.name)
        return await self._console.done(visit, PATH, words)

    async def remove(self, visit: Visit) -> web.StreamResponse:
        canned = await self._service.remove(number_in(visit.text("number")) or 0, visit.actor)
        words = say(visit.language, "{name} is not kept any more.", name=canned.name)
        return await self._console.done(visit, PATH, words)

    async def _page(
        self,
        visit: Visit,
        typed: Mapping[str, str],
        *,
        problem: str = "",
        status: HTTPStatus = HTTPStatus.OK,
    ) -> web.Response:
        roster = self._console.services.desk.roster
        return self._console.render(
            visit,
            "canned.html",
            status=status,
            known=await self._service.all(),
            typed=typed,
            problem=problem,
            departments={key: one.name for key, one in roster.departments.items()},
            roster=roster,
            variables=[f"{{{name}}}" for name in VARIABLES],
            longest=LONGEST,
        )


def _fields(canned: Canned) -> Mapping[str, str]:
    return {
        "name": canned.name,
        "language": canned.language,
        "department": canned.department,
        "text": canned.text,
    }
