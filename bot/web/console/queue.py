"""The first page: what waits, what is due first; mine, my department's, or all of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final, Self
from urllib.parse import urlencode

from aiohttp import web

from bot.desk import cards, cutting, notices
from bot.desk.room_queue import View, by_due, fits
from bot.desk.tickets import ACTIVE, State, Ticket, TicketKind
from bot.store.base import Sought
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.visit import HOME, Visit
from knowledge.types import Lang

LINES: Final = 25  # a page
MOST_DONE: Final = 1000  # handled tickets, the newest: the older ones are found by their number
LONGEST_QUESTION: Final = 120  # units
VIEWS: Final = {"all": View.ALL, "department": View.DEPARTMENT, "mine": View.MINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the queue is looked for, as the address of the page says it."""

    view: str = "all"
    state: State | None = None  # None: whatever staff owe something for
    kind: TicketKind | None = None
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """What is not understood is left out: the address may be an old one, or typed."""
        view, state, kind = (query.get(name, "") for name in ("view", "state", "kind"))
        page = query.get("page", "")
        return cls(
            view=view if view in VIEWS else "all",
            state=State(state) if state in set(State) else None,
            kind=TicketKind(kind) if kind in set(TicketKind) else None,
            page=int(page) if page.isascii() and page.isdecimal() and len(page) < 6 else 1,  # noqa: PLR2004 - no queue has 10^5 pages
        )

    def address(self, **changes: object) -> str:
        """The page with another view, state, kind or number."""
        other = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # fields by name
        fields = {
            "view": "" if other.view == "all" else other.view,
            "state": other.state or "",
            "kind": other.kind or "",
            "page": other.page if other.page > 1 else "",
        }
        query = urlencode({name: value for name, value in fields.items() if value})
        return f"{HOME}?{query}" if query else HOME

    @property
    def sought(self) -> Sought:
        kinds = frozenset({self.kind}) if self.kind else None
        if self.state is None or self.state in ACTIVE:
            return Sought(states=frozenset({self.state}) if self.state else ACTIVE, kinds=kinds)
        done = frozenset({self.state})
        return Sought(states=done, kinds=kinds, newest=True, limit=MOST_DONE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A ticket in the table, in words."""

    id: int
    kind: str
    department: str
    question: str
    state: str
    due: str
    is_late: bool
    presses: int
    holder: str


class QueuePages:
    def __init__(self, console: Console) -> None:
        self._console = console

    async def listed(self, visit: Visit) -> web.StreamResponse:
        services, wanted = self._console.services, Wanted.of(visit.request.query)
        desk = services.desk
        async with services.store.begin() as work:
            found = await work.tickets.find(wanted.sought)
        view = VIEWS[wanted.view]
        shown = [one for one in found if fits(one, view, visit.actor, desk.roster)]
        if not wanted.sought.newest:
            shown.sort(key=by_due)
        last = max(1, -(-len(shown) // LINES))
        wanted = replace(wanted, page=min(max(wanted.page, 1), last))
        page = shown[(wanted.page - 1) * LINES : wanted.page * LINES]
        await self._console.viewed(visit, f"queue ({wanted.view}, page {wanted.page})")
        return self._console.render(
            visit,
            "queue.html",
            wanted=wanted,
            last=last,
            count=len(shown),
            lines=self._lines(page, visit.language, desk.clock()),
            states={one: say(visit.language, cards.STATES[one]) for one in State},
            kinds={one: say(visit.language, cards.TICKET_KINDS[one]) for one in TicketKind},
        )

    def _lines(self, tickets: Sequence[Ticket], language: Lang, at: datetime) -> Sequence[Line]:
        roster = self._console.services.desk.roster
        return [
            Line(
                id=one.id,
                kind=say(language, cards.TICKET_KINDS[one.kind]),
                department=roster.name(one.department) if one.department else "",
                question=cutting.line(one.question, LONGEST_QUESTION),
                state=say(language, cards.STATES[one.state]),
                due=_due(one, at),
                is_late=notices.is_late(one, at),
                presses=one.deadlines.presses,
                holder=one.holder.name if one.holder else "",
            )
            for one in tickets
        ]


def _due(ticket: Ticket, at: datetime) -> str:
    due = ticket.deadlines.due
    if due is None or ticket.state not in ACTIVE:
        return ""
    return f"{due.astimezone(at.tzinfo):%Y-%m-%d %H:%M}"
