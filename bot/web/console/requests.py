"""The register of requests for information, and the tables of the annual report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from bot.desk.disclosure.register import Line, Part, as_csv, belongs, line
from bot.desk.disclosure.tables import COLUMNS, TOTAL, VERDICTS
from bot.desk.disclosure.tables import as_csv as annual_csv
from bot.desk.roster import Role
from bot.desk.tickets import State
from bot.leaves import leaf
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import download
from bot.web.console.lists import LINES, Query
from bot.web.console.visit import HOME, Visit
from knowledge.types import Lang

PATH: Final = "/requests"
CSV: Final = "text/csv; charset=utf-8"
ROLES: Final = (Role.AGENT, Role.REVIEWER)
YEARS: Final = range(2000, 9999)
FIRST_MONTH: Final = 1  # the report of a year is written in the January after it


class RequestPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.listed, *ROLES)
        console.get(f"{PATH}.csv", self.as_csv, *ROLES)
        console.get(f"{PATH}/annual", self.annual, *ROLES)
        console.get(f"{PATH}/annual.csv", self.annual_csv, *ROLES)

    async def listed(self, visit: Visit) -> web.StreamResponse:
        """A part of the register; or the one request whose number was looked for."""
        query = Query.of(visit, PATH, "part", "number")
        if number := query.text("number"):
            ticket = await self._services.disclosures.numbered(number)
            raise web.HTTPSeeOther(f"{HOME}{PATH}/{ticket}")
        shown = leaf(await self._lines(visit, query), query.page, lines=LINES)
        await self._console.viewed(visit, f"requests ({part_of(query)}, page {shown.page})")
        return self._console.render(
            visit,
            "requests.html",
            query=query,
            leaf=shown,
            parts_of=parts(visit.language),
            file=query.address().replace(PATH, f"{PATH}.csv", 1),
        )

    async def as_csv(self, visit: Visit) -> web.StreamResponse:
        """That part of the register as a file, without name or contact of anybody."""
        query = Query.of(visit, PATH, "part")
        found = await self._lines(visit, query)
        await self._console.viewed(visit, f"requests ({part_of(query)}, as a file)")
        text = as_csv(found, language=visit.language)
        return download(f"requests-{part_of(query)}.csv", text.encode(), CSV)

    async def annual(self, visit: Visit) -> web.StreamResponse:
        year = self._year(visit)
        tables = await self._services.disclosures.annual(year)
        return self._console.render(
            visit,
            "annual.html",
            year=year,
            requests=[(row.name, *row.counts) for row in tables.requests],
            request_columns=(str(year), *COLUMNS.values(), TOTAL),
            disputes=[(row.name, *row.counts) for row in tables.disputes],
            dispute_columns=(str(year), *VERDICTS.values(), TOTAL),
        )

    async def annual_csv(self, visit: Visit) -> web.StreamResponse:
        year = self._year(visit)
        tables = await self._services.disclosures.annual(year)
        return download(f"annual-{year}.csv", annual_csv(tables).encode(), CSV)

    def _year(self, visit: Visit) -> int:
        """The one in the address; else this one, or in January the one that is over."""
        today = self._services.desk.clock().date()
        asked = Query.of(visit, PATH, "year").number("year")
        if asked is not None and asked in YEARS:
            return asked
        return today.year - (today.month == FIRST_MONTH)

    async def _lines(self, visit: Visit, query: Query) -> Sequence[Line]:
        """The newest last, as the register numbers them."""
        at = self._services.desk.clock()
        part = part_of(query)
        cases = await self._services.disclosures.cases(states=frozenset(State))
        return [
            line(one, at=at, language=visit.language)
            for one in cases
            if belongs(one, part, visit.actor, at=at)
        ]


def part_of(query: Query) -> Part:
    """What is owed where nothing else is asked for, or nothing that there is."""
    part = query.text("part")
    return Part(part) if part in set(Part) else Part.OWED


def parts(language: Lang) -> Sequence[tuple[str, str]]:
    """Which parts may be chosen; the first is shown where none is."""
    names: Mapping[str, str] = {
        "": say(language, "to be done"),
        Part.LATE: say(language, "overdue"),
        Part.MINE: say(language, "Mine"),
        Part.DONE: say(language, "done"),
        Part.ALL: say(language, "All"),
    }
    return tuple(names.items())
