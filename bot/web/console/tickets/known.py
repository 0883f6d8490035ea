"""All that a ticket's page shows, read at one moment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.desk.canned import Canned
from bot.desk.card_buttons import LEAST_LIKELY
from bot.desk.consultations import Consultation
from bot.desk.disclosure.card import Shown, shown
from bot.desk.publishing.publication import Publication
from bot.desk.reviews import Review, Reviewed
from bot.desk.room_services import RoomServices
from bot.desk.tickets import ACTIVE, Event, Lead, State, Ticket, TicketKind
from bot.errors import TicketNotFound
from bot.links import quoted_path
from bot.store.base import Sought, Work
from bot.web.documents.reader import is_open


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A passage that was found when the ticket was opened, and what became of it."""

    number: int  # its place among all of them, from 1: by that it is used
    lead: Lead
    holds: bool  # the release that is served has it, word for word, and it is in force
    page: str = ""  # where it stands on our site, if anybody may read it there

    @property
    def is_likely(self) -> bool:
        """Whether it is worth a look; the others are there for whoever wants them."""
        probability = self.lead.probability
        return self.lead.offered or probability is None or probability >= LEAST_LIKELY


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    ticket: Ticket
    line: int  # of the audit log, the last one that is in this
    at: datetime  # now, at the bureau
    events: Sequence[Event]
    consultations: Sequence[Consultation]
    reviews: Sequence[Review]
    publications: Sequence[Publication]
    request: Shown | None  # without name and contact
    passages: Sequence[Passage]
    similar: Sequence[Ticket]  # answered ones, the most alike first
    duplicate: Ticket | None  # waits, and asks the same
    merged: Sequence[Ticket]  # into this one
    canned: Sequence[Canned]  # that may be used here, the most used first

    @property
    def review(self) -> Review | None:
        """The draft that waits for a second person."""
        if self.ticket.state is not State.REVIEWING:
            return None
        waiting = [one for one in self.reviews if one.state is Reviewed.WAITING]
        return waiting[-1] if waiting else None

    @property
    def sent_back(self) -> Review | None:
        """The draft that a second person sent back, until another one is written."""
        last = self.reviews[-1] if self.reviews else None
        return last if last and last.state is Reviewed.REJECTED else None

    @property
    def is_publishable(self) -> bool:
        """Whether its reply may become an answer for everybody, or has."""
        answered = self.ticket.state in {State.ANSWERED, State.RATED}
        question = self.ticket.kind is TicketKind.CONSULTATION
        return bool(self.publications) or (answered and question)


async def known(services: RoomServices, number: int) -> Known:
    """Raise TicketNotFound."""
    at = services.desk.clock()
    async with services.store.read() as work:
        ticket = await work.tickets.get(number)
        evidence = ticket.evidence
        is_request = ticket.kind is TicketKind.DISCLOSURE
        similar = [await _found(work, one.ticket_id) for one in evidence.similar]
        duplicate = None
        if evidence.duplicate is not None and not is_request and ticket.state in ACTIVE:
            duplicate = await _found(work, evidence.duplicate)
        every = Sought(states=frozenset(State), merged_into=number)
        found = Known(
            ticket=ticket,
            line=await work.audit.newest(),
            at=at,
            events=await work.audit.of(number),
            consultations=await work.entries(Consultation).find(ticket_id=number),
            reviews=await work.entries(Review).find(ticket_id=number),
            publications=await work.entries(Publication).find(ticket_id=number),
            request=await shown(work, ticket, at=at),
            passages=(),
            similar=[one for one in similar if one is not None and one.reply],
            duplicate=duplicate,
            merged=await work.tickets.find(every),
            canned=_usable(await work.entries(Canned).find(), ticket),
        )
    return await _with_passages(services, found)


async def _found(work: Work, number: int) -> Ticket | None:
    try:
        return await work.tickets.get(number)
    except TicketNotFound:
        return None


def _usable(canned: Sequence[Canned], ticket: Ticket) -> Sequence[Canned]:
    """Of two with one name the department's own, as in a reply that names it."""
    fitting = [
        one
        for one in canned
        if one.language is ticket.language and one.department in {"", ticket.department}
    ]
    own = {one.name for one in fitting if one.department}
    chosen = [one for one in fitting if one.department or one.name not in own]
    return sorted(chosen, key=lambda one: (-one.used, one.name))


async def _with_passages(services: RoomServices, of: Known) -> Known:
    """Beside the transaction: what the release says of them now."""
    passages = [
        await _passage(services, number, lead, of.at)
        for number, lead in enumerate(of.ticket.evidence.leads, start=1)
    ]
    return replace(of, passages=passages)


async def _passage(services: RoomServices, number: int, lead: Lead, at: datetime) -> Passage:
    hit = await services.index.passage(lead.passage_id, on=at.date())
    holds = hit is not None and hit.passage.text.strip() == lead.quote.strip()
    readable = hit is not None and is_open(hit.document)
    page = quoted_path(lead.document_id, lead.quote) if readable else ""
    return Passage(number=number, lead=lead, holds=holds, page=page)
