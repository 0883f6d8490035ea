"""The audit log for supervisors: by ticket, person or day, and whether the record is whole."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from bot.desk.audit import Sealed, Verifier
from bot.desk.audit_reading import Wanted, found
from bot.desk.bookkeeping import CITIZEN, SYSTEM
from bot.desk.paging import each, lines
from bot.desk.roster import Role
from bot.web.console.console import Console
from bot.web.console.lists import Query
from bot.web.console.names import Names, names_of
from bot.web.console.visit import Visit

PATH: Final = "/audit"
LINES: Final = 50  # a page
BATCH: Final = 1000  # lines a transaction


@dataclass(frozen=True, slots=True)
class Told:
    """A line in words."""

    id: int
    at: datetime
    ticket: int | None
    who: str
    what: str
    why: str
    text: str


class AuditPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.listed, Role.SUPERVISOR)
        console.get(f"{PATH}/verification", self.verification, Role.SUPERVISOR)

    async def listed(self, visit: Visit) -> web.StreamResponse:
        query = Query.of(visit, PATH, "ticket", "who", "day", "before")
        desk = self._services.desk
        at, who = desk.clock(), query.text("who")
        names = await names_of(self._services, visit.language)

        def is_who(logged: str) -> bool:
            return who.casefold() in {logged.casefold(), names.who(logged).casefold()}

        read = await found(
            self._services.store,
            Wanted(
                ticket=query.number("ticket"),
                is_who=is_who if who else lambda _: True,
                day=query.day("day"),
            ),
            at=at,
            before=query.number("before"),
            limit=LINES,
        )
        told = [
            Told(
                id=line.id,
                at=line.event.at.astimezone(at.tzinfo),
                ticket=line.event.ticket_id,
                who=names.who(line.event.who),
                what=names.what(line.event.what),
                why=names.why(line.event.why),
                text=names.text(line.event.what, line.event.text),
            )
            for line in read.lines
        ]
        await self._console.viewed(visit, f"audit log ({_said(query, read.lines)})")
        return self._console.render(
            visit,
            "audit.html",
            query=query,
            lines=told,
            older=query.address(before=read.older) if read.older else "",
            newest=query.address(before="") if query.text("before") else "",
            people=_people(names),
        )

    async def verification(self, visit: Visit) -> web.StreamResponse:
        """Look through the whole log: whether a line was changed, removed or added."""
        query = Query.of(visit, f"{PATH}/verification", "head")
        head = query.text("head")
        verifier, is_there = Verifier(), not head
        async for line in each(lines(self._services.store, size=BATCH)):
            verifier.take(line)
            is_there = is_there or line.digest == head
        return self._console.render(
            visit,
            "verification.html",
            verdict=verifier.verdict(),
            head=head,
            is_there=is_there,
            at=self._services.desk.clock(),
        )


def _people(names: Names) -> Sequence[str]:
    """Who may be looked for."""
    ids = [one.id for one in names.roster.members]
    return sorted({names.who(one) for one in (*ids, CITIZEN, SYSTEM)})


def _said(query: Query, lines: Sequence[Sealed]) -> str:
    """What was looked for, in the log itself: of a name that was typed, whom it found."""
    people = sorted({one.event.who for one in lines}) if query.text("who") else ()
    said = {
        "ticket": query.number("ticket"),
        "who": " ".join(people) or (query.text("who") and "nobody"),
        "day": query.day("day"),
        "before": query.number("before"),
    }
    return ", ".join(f"{name} {value}" for name, value in said.items() if value) or "all"
