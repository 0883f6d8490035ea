"""What staff look up of requests for information: the register, a case, letters, the tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bot.desk.desk import Desk
from bot.desk.disclosure.duty import request_of
from bot.desk.disclosure.entry import Request
from bot.desk.disclosure.files import PDF, WORD, as_pdf, as_word
from bot.desk.disclosure.letter import Letter, Sender, letter
from bot.desk.disclosure.tables import Annual, annual, counted
from bot.desk.roster import Role
from bot.desk.tickets import ACTIVE, Agent, State, Ticket, TicketKind
from bot.errors import DisclosureRefused
from bot.store.base import Sought, Store, Work
from bot.types import Attachment

LONGEST_NUMBER: Final = 9  # digits, so that it fits every database
LOOKED: Final = "contact looked at"  # what the audit log says


@dataclass(frozen=True, slots=True)
class Case:
    request: Request
    ticket: Ticket


class Casebook:
    """Every method raises DisclosureRefused or TicketNotFound for what there is not."""

    def __init__(
        self, store: Store, desk: Desk, *, sender: Sender, font: Path | None = None
    ) -> None:
        """`font` is embedded in letters; see files.py."""
        self._store = store
        self._desk = desk
        self._sender = sender
        self._font = font

    # Without name and contact: for anybody of staff.

    async def cases(self, *, states: frozenset[State] = ACTIVE) -> Sequence[Case]:
        """Those whose tickets are in these states, by number."""
        async with self._store.read() as work:
            sought = Sought(states=states, kinds=frozenset({TicketKind.DISCLOSURE}))
            tickets = {ticket.id: ticket for ticket in await work.tickets.find(sought)}
            requests = await work.entries(Request).find()
        return [
            Case(request.anonymous(), tickets[request.ticket_id])
            for request in requests
            if request.ticket_id in tickets
        ]

    async def numbered(self, number: str) -> int:
        """The ticket by its own number, or by that of the request, which applicants name."""
        plain = number.isascii() and number.isdecimal() and len(number) <= LONGEST_NUMBER
        return int(number) if plain else await self._registered(number)

    async def _registered(self, registration: str) -> int:
        year, _, number = registration.partition("-")
        digits = year + number
        if not (digits.isascii() and year.isdecimal() and number.isdecimal()) or (
            len(digits) > 2 * LONGEST_NUMBER
        ):
            raise DisclosureRefused(
                "{number} is no number such as 7 or 2026-0001.", number=registration
            )
        async with self._store.begin() as work:
            found = await work.entries(Request).find(year=int(year), number=int(number))
        if not found:
            raise DisclosureRefused("There is no request {number}.", number=registration)
        return found[0].ticket_id

    async def case(self, ticket_id: int) -> Case:
        async with self._store.begin() as work:
            found = await self._case(work, ticket_id)
        return Case(found.request.anonymous(), found.ticket)

    async def annual(self, year: int) -> Annual:
        """The tables of the annual report (articles 49 and 50), as of now."""
        async with self._store.read() as work:
            every = Sought(states=frozenset(State), kinds=frozenset({TicketKind.DISCLOSURE}))
            tickets = {ticket.id: ticket for ticket in await work.tickets.find(every)}
            requests = await work.entries(Request).find()
        zone = self._desk.clock().tzinfo
        return annual(year, [counted(one, tickets[one.ticket_id], zone=zone) for one in requests])

    async def proposes(self, ticket_id: int) -> bool:
        """Whether a letter of it waits for a second person; it need not be registered."""
        async with self._store.begin() as work:
            request = await request_of(work, ticket_id)
        return request is not None and request.proposed is not None

    # With the name, or with both.

    async def applicant(self, ticket_id: int, agent: Agent) -> Request:
        """With name and contact: for whoever holds the ticket, and the audit log has it."""
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
            holder = case.ticket.holder
            if holder is None or holder.id != agent.id:
                raise DisclosureRefused(
                    "Name and contact of No. {id} are for whoever holds it; claim it first.",
                    id=ticket_id,
                )
            self._desk.roster.require_role(agent, Role.AGENT)  # who left the office holds on
            await self._desk.note(work, case.ticket, agent.id, LOOKED)
        return case.request

    async def letter(self, ticket_id: int, *, place: int | None = None) -> Letter:
        """The one that holds, or that at a place, from 1: those that were replaced come first."""
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
        letters = case.request.letters
        at = len(letters) if place is None else place
        if not 0 < at <= len(letters) or not letters[at - 1].paragraphs:
            raise DisclosureRefused(
                "No. {id} has no letter of that number: it did not go out, or is erased.",
                id=ticket_id,
            )
        return letter(case.request, self._sender, zone=self._desk.clock().tzinfo, place=at)

    def as_pdf(self, of: Letter) -> Attachment:
        return Attachment(f"{_stem(of)}.pdf", data=as_pdf(of, font=self._font), media_type=PDF)

    def as_word(self, of: Letter) -> Attachment:
        return Attachment(f"{_stem(of)}.docx", data=as_word(of), media_type=WORD)

    async def _case(self, work: Work, ticket_id: int) -> Case:
        ticket = await work.tickets.get(ticket_id)
        request = await request_of(work, ticket_id)
        if request is None:
            raise DisclosureRefused(
                "No. {id} is no registered request for information.", id=ticket_id
            )
        return Case(request, ticket)


def _stem(of: Letter) -> str:
    return of.number.replace("〔", "").replace("〕", "-").removesuffix("号")
