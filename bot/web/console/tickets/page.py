"""The page of one ticket: shown, and shown again with what was typed where a form was refused."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from aiohttp import web

from bot.desk import cards, review_pages
from bot.desk.consultations import Consulted
from bot.desk.disclosure import card
from bot.desk.grounds import compare
from bot.desk.publishing.pages import STAGES
from bot.desk.roster import Role
from bot.desk.sorry import sorry
from bot.desk.typed import number_in
from bot.desk.undelivered import DONE, undelivered
from bot.errors import TicketError, TicketNotFound
from bot.render import NAMES
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.due import due_of
from bot.web.console.forms import NOTHING_REFUSED, Refused
from bot.web.console.live import Live
from bot.web.console.names import names_of
from bot.web.console.tickets import inserting
from bot.web.console.tickets.conversation import conversation
from bot.web.console.tickets.deeds import DEEDS, Form
from bot.web.console.tickets.known import Known, known
from bot.web.console.tickets.offered import Deed, Scene, offered, reviews
from bot.web.console.tickets.overtaken import refused
from bot.web.console.visit import Visit
from knowledge.types import Lang

PLAIN: Final = "text/plain"


class TicketPages:
    def __init__(self, console: Console, live: Live) -> None:
        self._console = console
        self._live = live
        self._services = console.services

    async def look(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, await known(self._services, number_of(visit)))

    async def insert(self, visit: Visit) -> web.StreamResponse:
        """Put words into the reply: a page with them, or for a script the words alone."""
        number, alone = number_of(visit), visit.request.headers.get("Accept") == PLAIN
        form = Form.of(self._services, number, visit)
        found = await known(self._services, number)
        more, problem = "", ""
        try:
            more = await inserting.words(
                self._services,
                found.ticket,
                visit.actor,
                form.text("from"),
                form.text("canned"),
            )
        except TicketError as error:
            problem = sorry(error, visit.language)
        if not more and not problem:
            text = "No. {id}: there is nothing to make a draft of."
            problem = say(visit.language, text, id=number)
        status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
        if alone:
            await self._viewed(visit, found)
            return web.Response(text=problem or more, status=status, content_type=PLAIN)
        fields = {**visit.form, "text": inserting.joined(form.text("text"), more)}
        again = Refused(deed=Deed.REPLY, fields=fields, problem=problem, status=status)
        return await self._shown(visit, found, again)

    async def do(self, visit: Visit) -> web.StreamResponse:
        """What a form asks for; where that does not go, the page again with what was typed."""
        number, name = number_of(visit), visit.request.match_info["deed"]
        if name not in DEEDS:
            raise web.HTTPNotFound
        deed = Deed(name)
        try:
            words = await DEEDS[deed](Form.of(self._services, number, visit))
        except TicketError as error:
            now = await known(self._services, number)
            again = await refused(self._services, visit, deed, error, now)
            return await self._shown(visit, now, again)
        self._live.wake()
        return await self._console.done(visit, f"/tickets/{number}", words)

    async def _viewed(self, visit: Visit, of: Known) -> None:
        await self._console.viewed(visit, f"ticket {of.ticket.id}")

    async def _shown(
        self, visit: Visit, of: Known, again: Refused = NOTHING_REFUSED
    ) -> web.Response:
        await self._viewed(visit, of)
        ticket, roster, language = of.ticket, self._services.desk.roster, visit.language
        scene = Scene(ticket=ticket, agent=visit.actor, roster=roster, request=of.request)
        can = offered(scene)
        return self._console.render(
            visit,
            "ticket.html",
            status=again.status,
            of=of,
            ticket=ticket,
            refused=again,
            can={str(deed) for deed in can},
            is_mine=scene.is_mine,
            may_advise=roster.may(visit.actor, Role.AGENT),
            turns=conversation(ticket, of.events),
            names=await names_of(self._services, language),
            roster=roster,
            others={
                key: one.name
                for key, one in roster.departments.items()
                if key != ticket.department
            },
            due=due_of(ticket, at=of.at, language=language),
            zone=of.at.tzinfo,
            facts=_facts(of, language),
            review=self._review(of, scene, language),
            request_lines=card.lines(of.request, ticket, language=language) if of.request else (),
            stages={one: say(language, STAGES[one]) for one in STAGES},
            undelivered=DONE.get(undelivered(of.events)),
            waiting=Consulted.WAITING,
            answered=Consulted.ANSWERED,
        )

    def _review(self, of: Known, scene: Scene, language: Lang) -> Mapping[str, object] | None:
        """The draft that waits, cut where it quotes, and what of it stands on no passage."""
        if of.review is None:
            return None
        quotes = [lead.quote for lead in of.ticket.evidence.leads]
        grounds = compare(of.review.draft, quotes)
        return {
            "entry": of.review,
            "parts": grounds.parts,
            "warnings": review_pages.warnings(of.ticket, grounds, language),
            "may": reviews(scene, of.review.author),
        }


def _facts(of: Known, language: Lang) -> Mapping[str, str]:
    """Names of what the ticket itself says by words of a table."""
    ticket = of.ticket
    return {
        "kind": say(language, cards.TICKET_KINDS[ticket.kind]),
        "state": say(language, cards.STATES[ticket.state]),
        "reason": say(language, cards.REASONS.get(ticket.reason, ticket.reason)),
        "language": say(language, NAMES[ticket.language]),
    }


def number_of(visit: Visit) -> int:
    """The ticket that the address names. Raise TicketNotFound."""
    number = number_in(visit.request.match_info["number"])
    if number is None:
        raise TicketNotFound(0)
    return number
