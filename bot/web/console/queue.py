"""The first page: what waits, and what is due first; looked through by filters, and kept views."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, Self
from urllib.parse import parse_qsl, urlencode

from aiohttp import web

from bot.accounts.saved_view import SavedView
from bot.desk import cards, cutting, notices
from bot.desk.room_queue import View, fits
from bot.desk.tickets import ACTIVE, Agent, State, Ticket, TicketKind
from bot.desk.typed import number_in
from bot.errors import EntryNotFound
from bot.leaves import Leaf, leaf
from bot.store.base import Sought
from bot.texts import say
from bot.web.console.console import Console, redirect
from bot.web.console.due import Due, due_of
from bot.web.console.navigation import DESK
from bot.web.console.owed import Owed, OwedTickets
from bot.web.console.visit import HOME, Visit
from knowledge.types import Lang

LINES: Final = 50  # a page
MOST_DONE: Final = 1000  # handled tickets, the newest: the older ones are found by their number
MOST_VIEWS: Final = 20  # that one person keeps
LONGEST_QUESTION: Final = 120  # units
LONGEST_WORDS: Final = 100  # characters that are looked for
LONGEST_NAME: Final = 40  # of a view
MOST_PAGES: Final = 99_999
TABLE: Final = "table"  # part of the page that a script asks for
VIEWS: Final = {"all": View.ALL, "department": View.DEPARTMENT, "mine": View.MINE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What of the queue is looked for, as the address of the page says it."""

    view: str = "all"
    state: State | None = None  # None: whatever staff owe something for
    kind: TicketKind | None = None
    language: Lang | None = None
    late: bool = False  # overdue ones only
    words: str = ""  # in the question, or a number
    page: int = 1

    @classmethod
    def of(cls, query: Mapping[str, str]) -> Self:
        """What is not understood is left out: the address may be an old one, or typed."""
        fields = ("view", "state", "kind", "language")
        view, state, kind, language = (query.get(name, "") for name in fields)
        return cls(
            view=view if view in VIEWS else "all",
            state=State(state) if state in set(State) else None,
            kind=TicketKind(kind) if kind in set(TicketKind) else None,
            language=Lang(language) if language in set(Lang) else None,
            late=bool(query.get("late")),
            words=query.get("words", "").strip()[:LONGEST_WORDS],
            page=min(number_in(query.get("page", "")) or 1, MOST_PAGES),
        )

    def query(self, **changes: object) -> str:
        """With another view, state or page; of anything but the page, its first one."""
        other = replace(self, **{"page": 1, **changes})  # type: ignore[arg-type]  # fields by name
        fields = {
            "view": "" if other.view == "all" else other.view,
            "state": other.state or "",
            "kind": other.kind or "",
            "language": other.language or "",
            "late": "1" if other.late else "",
            "words": other.words,
            "page": other.page if other.page > 1 else "",
        }
        return urlencode({name: value for name, value in fields.items() if value})

    def address(self, **changes: object) -> str:
        query = self.query(**changes)
        return f"{HOME}?{query}" if query else HOME


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    ticket: Ticket
    kind: str
    department: str
    question: str
    state: str
    due: Due | None
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A page of the queue."""

    wanted: Wanted
    leaf: Leaf[Ticket]
    counts: Mapping[str, int]  # tickets of each view
    lines: Sequence[Line]
    audit: int  # the last line of the audit log that is in this


class QueuePages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._owed = OwedTickets(console.services.store)

    async def listed(self, visit: Visit) -> web.StreamResponse:
        """The console's first page; whoever has no business at the desk goes on from here."""
        if not self._console.services.desk.roster.may_any(visit.actor, DESK):
            return redirect(f"{HOME}{self._console.sections(visit)[0].path}")
        query = visit.request.query
        found = await self._find(visit, Wanted.of(query))
        looked_at = f"queue ({found.wanted.view}, page {found.wanted.page})"
        if query.get("part") == TABLE:
            await self._console.refreshed(visit, looked_at)
            return self._table(visit, found)
        await self._console.viewed(visit, looked_at)
        desk, language = self._console.services.desk, visit.language
        return self._console.render(
            visit,
            "queue.html",
            listed=found,
            views=await self._kept(visit),
            states={one: say(language, cards.STATES[one]) for one in State},
            kinds={one: say(language, cards.TICKET_KINDS[one]) for one in TicketKind},
            departments={key: one.name for key, one in desk.roster.departments.items()},
            most_name=LONGEST_NAME,
        )

    async def keep(self, visit: Visit) -> web.StreamResponse:
        """Keep what is shown under a name; the same name again is another view from then on."""
        name, account = visit.text("name").strip()[:LONGEST_NAME], visit.session.account.id
        wanted = Wanted.of(dict(parse_qsl(visit.text("query"))))
        path = wanted.address().removeprefix(HOME)
        kept = await self._kept(visit)
        if not name or (len(kept) >= MOST_VIEWS and name not in {one.name for one in kept}):
            text = "A view needs a name, and one keeps at most {most}."
            return await self._console.done(
                visit, path, say(visit.language, text, most=MOST_VIEWS)
            )
        async with self._console.services.store.begin() as work:
            view = SavedView(account=account, name=name, query=wanted.query())
            entry = await work.entries(SavedView).add(view)
            if entry.query != view.query:
                await work.entries(SavedView).save(replace(entry, query=view.query))
        return await self._console.done(
            visit, path, say(visit.language, "Kept as {name}.", name=name)
        )

    async def drop(self, visit: Visit) -> web.StreamResponse:
        """Only one's own."""
        number = number_in(visit.text("number")) or 0
        async with self._console.services.store.begin() as work:
            view = await work.entries(SavedView).get(number)
            if view.account != visit.session.account.id:
                raise EntryNotFound("saved_view", number)
            await work.entries(SavedView).remove(number)
        words = say(visit.language, "{name} is not kept any more.", name=view.name)
        return await self._console.done(visit, "", words)

    async def _kept(self, visit: Visit) -> Sequence[SavedView]:
        async with self._console.services.store.read() as work:
            found = await work.entries(SavedView).find(account=visit.session.account.id)
        return sorted(found, key=lambda one: one.name)

    async def _find(self, visit: Visit, wanted: Wanted) -> Listed:
        services = self._console.services
        desk, at = services.desk, services.desk.clock()
        every = await self._read(wanted)
        found = [
            one
            for one in every.tickets
            if wanted.kind in {None, one.kind}
            and wanted.state in {None, one.state}
            and (not wanted.late or notices.is_late(one, at))
            and wanted.language in {None, one.language}
            and _has(one, wanted.words)
        ]
        by_view = {
            name: [one for one in found if fits(one, view, visit.actor, desk.roster)]
            for name, view in VIEWS.items()
        }
        page = leaf(by_view[wanted.view], wanted.page, lines=LINES)
        return Listed(
            wanted=replace(wanted, page=page.page),
            leaf=page,
            counts={name: len(tickets) for name, tickets in by_view.items()},
            lines=[self._line(one, visit.actor, visit.language) for one in page.lines],
            audit=every.line,
        )

    async def _read(self, wanted: Wanted) -> Owed:
        """What may be among what is wanted, in the order in which it is shown."""
        if wanted.state is None or wanted.state in ACTIVE:
            return await self._owed.read()
        states = frozenset({wanted.state})
        kinds = None if wanted.kind is None else frozenset({wanted.kind})
        sought = Sought(states=states, kinds=kinds, newest=True, limit=MOST_DONE)
        async with self._console.services.store.read() as work:
            line = await work.audit.newest(of_tickets=True)
            return Owed(await work.tickets.find(sought), line)

    def _line(self, ticket: Ticket, agent: Agent, language: Lang) -> Line:
        desk = self._console.services.desk
        return Line(
            ticket=ticket,
            kind=say(language, cards.TICKET_KINDS[ticket.kind]),
            department=desk.roster.name(ticket.department) if ticket.department else "",
            question=cutting.line(ticket.question, LONGEST_QUESTION),
            state=say(language, cards.STATES[ticket.state]),
            due=due_of(ticket, at=desk.clock(), language=language),
            is_mine=ticket.holder is not None and ticket.holder.id == agent.id,
        )

    def _table(self, visit: Visit, found: Listed) -> web.Response:
        """Without what is told once after a form: that is for the page that follows it."""
        text = self._console.renderer.render(
            "queue_table.html", visit.language, home=HOME, listed=found
        )
        return web.Response(text=text, content_type="text/html")


def _has(ticket: Ticket, words: str) -> bool:
    """Whether the question has the words, however they are written large; or it is that number."""
    if not words:
        return True
    return number_in(words) == ticket.id or words.casefold() in ticket.question.casefold()
