"""
What staff do with requests for information. One service for every front end.

Every method raises TicketErrors: DisclosureRefused for what the Regulations do not allow, and
those of the ticket's own moves.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

from bot.desk import moves
from bot.desk.desk import Desk
from bot.desk.disclosure import pages
from bot.desk.disclosure.duty import request_of
from bot.desk.disclosure.entry import Answer, Correction, Dispute, Hearing, Request
from bot.desk.disclosure.files import PDF, WORD, as_pdf, as_word
from bot.desk.disclosure.letter import Decision, Letter, Sender, letter, paragraphs, problem
from bot.desk.disclosure.tables import Annual, annual, counted
from bot.desk.moves import Move
from bot.desk.reviewing import Reviewing
from bot.desk.reviews import Review, Reviewed
from bot.desk.roster import Role
from bot.desk.tickets import ACTIVE, QUEUED, Agent, State, Ticket, TicketKind
from bot.errors import DisclosureRefused
from bot.store.base import Sought, Store, Work
from bot.types import Attachment

LONGEST_NUMBER: Final = 9  # digits, so that it fits every database
CORRECTION_DAYS: Final = 15  # working days that whoever asks has, where staff say nothing else
# What the audit log says.
CORRECTION: Final = "correction asked for"
HEARING: Final = "hearing others"
HEARD: Final = "others heard"
DECIDED: Final = "decided"
LOOKED: Final = "contact looked at"
DISPUTED: Final = "dispute noted"


@dataclass(frozen=True, slots=True)
class Case:
    request: Request
    ticket: Ticket


class Disclosures:
    def __init__(
        self, store: Store, desk: Desk, *, sender: Sender, font: Path | None = None
    ) -> None:
        """`font` is embedded in letters; see files.py."""
        self._store = store
        self._desk = desk
        self._sender = sender
        self._font = font
        self._reviewing = Reviewing(store, desk)

    # What anybody of staff may look at: without name and contact.

    async def cases(self, *, states: frozenset[State] = ACTIVE) -> Sequence[Case]:
        """Those whose tickets are in these states, by number."""
        async with self._store.begin() as work:
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
            raise DisclosureRefused(f"{registration} is no number such as 7 or 2026-0001")
        async with self._store.begin() as work:
            found = await work.entries(Request).find(year=int(year), number=int(number))
        if not found:
            raise DisclosureRefused(f"no request {registration}")
        return found[0].ticket_id

    async def case(self, ticket_id: int) -> Case:
        async with self._store.begin() as work:
            found = await self._case(work, ticket_id)
        return Case(found.request.anonymous(), found.ticket)

    async def applicant(self, ticket_id: int, agent: Agent) -> Request:
        """With name and contact: for whoever holds the ticket, and the audit log has it."""
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
            holder = case.ticket.holder
            if holder is None or holder.id != agent.id:
                raise DisclosureRefused(
                    f"name and contact of {ticket_id} are for whoever holds it; claim it first"
                )
            self._desk.roster.require_role(agent, Role.AGENT)  # who left the office holds on
            await self._desk.note(work, case.ticket, agent.id, LOOKED)
        return case.request

    async def letter(self, ticket_id: int) -> Letter:
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
        if case.request.answer is None or not case.request.answer.paragraphs:
            raise DisclosureRefused(
                f"{ticket_id} has no letter: it was not answered, or is erased"
            )
        return letter(case.request, self._sender, zone=self._desk.clock().tzinfo)

    async def annual(self, year: int) -> Annual:
        """The tables of the annual report (articles 49 and 50), as of now."""
        async with self._store.begin() as work:
            every = Sought(states=frozenset(State), kinds=frozenset({TicketKind.DISCLOSURE}))
            tickets = {ticket.id: ticket for ticket in await work.tickets.find(every)}
            requests = await work.entries(Request).find()
        zone = self._desk.clock().tzinfo
        return annual(year, [counted(one, tickets[one.ticket_id], zone=zone) for one in requests])

    def as_pdf(self, of: Letter) -> Attachment:
        return Attachment(f"{_stem(of)}.pdf", data=as_pdf(of, font=self._font), media_type=PDF)

    def as_word(self, of: Letter) -> Attachment:
        return Attachment(f"{_stem(of)}.docx", data=as_word(of), media_type=WORD)

    # What the holder does.

    async def ask_correction(
        self, ticket_id: int, agent: Agent, items: str, *, until: date | None = None
    ) -> Request:
        """
        补正: ask what the request means, once, with all that is to be made clear (article 30).

        The clock stands; it begins anew when the answer comes. `until` is the last day for it.
        """
        now = self._desk.clock()
        last = until or self._desk.clocks.calendar.after(now.date(), CORRECTION_DAYS)
        if not items.strip():
            raise DisclosureRefused("say what is to be made clear")
        if last <= now.date():
            raise DisclosureRefused(f"{last} leaves the applicant no time")
        async with self._store.begin() as work:
            case = await self._held(work, ticket_id, agent)
            if case.request.correction is not None:
                raise DisclosureRefused(
                    f"a correction of {ticket_id} was asked for before; that goes once"
                )
            correction = Correction(asked=now, until=last, items=items.strip())
            request = await self._save(work, replace(case.request, correction=correction))
            asked = moves.apply(case.ticket, Move.ASK, at=now, by=agent)
            ticket = await self._desk.moved(
                work, case.ticket, Move.ASK, asked, agent, text=items.strip()
            )
            await self._desk.note(work, ticket, agent.id, CORRECTION, text=last.isoformat())
            page = pages.correction_asked(ticket.language, request, items.strip(), last)
            await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return request

    async def hear(self, ticket_id: int, agent: Agent, whom: str) -> Request:
        """Ask whom the information concerns; the clock stands (articles 32 and 33)."""
        now = self._desk.clock()
        async with self._store.begin() as work:
            case = await self._held(work, ticket_id, agent)
            if case.request.hearing is not None:
                raise DisclosureRefused(f"others are being heard about {ticket_id} already")
            hearings = (*case.request.hearings, Hearing(asked=now, whom=whom.strip()))
            request = await self._save(work, replace(case.request, hearings=hearings))
            paused = moves.apply(case.ticket, Move.PAUSE, at=now, by=agent, why=whom)
            ticket = await self._desk.moved(
                work, case.ticket, Move.PAUSE, paused, agent, why=f"{HEARING}: {whom.strip()}"
            )
            page = pages.heard(ticket.language, request, due=None)
            await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return request

    async def heard(self, ticket_id: int, agent: Agent, opinion: str = "") -> Request:
        """They answered, or did not in their 15 working days; the clock goes on."""
        now = self._desk.clock()
        async with self._store.begin() as work:
            case = await self._held(work, ticket_id, agent)
            if case.request.hearing is None:
                raise DisclosureRefused(f"nobody is being heard about {ticket_id}")
            ended = replace(case.request.hearing, ended=now, opinion=opinion.strip())
            hearings = (*case.request.hearings[:-1], ended)
            request = await self._save(work, replace(case.request, hearings=hearings))
            ticket = case.ticket
            if ticket.deadlines.paused is not None:  # else it was let go on meanwhile
                resumed = moves.apply(ticket, Move.RESUME, at=now, by=agent)
                ticket = await self._desk.moved(work, ticket, Move.RESUME, resumed, agent)
            await self._desk.note(work, ticket, agent.id, HEARD, text=opinion.strip())
            due = ticket.deadlines.resolution
            if due is not None:
                page = pages.heard(ticket.language, request, due=due.astimezone(now.tzinfo).date())
                await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return request

    async def reply(self, ticket_id: int, agent: Agent, decision: Decision) -> Letter:
        """
        Decide: the letter goes out, as text and as a file.

        That to a sensitive request waits for a second person; see `approve`.
        """
        now = self._desk.clock()
        async with self._store.begin() as work:
            case = await self._held(work, ticket_id, agent)
            if wrong := problem(decision, case.request, at=now):
                raise DisclosureRefused(wrong)
            words = paragraphs(
                case.request, case.ticket.question, decision, self._sender, zone=now.tzinfo
            )
            answer = Answer(result=decision.result, paragraphs=words, at=now, by=agent)
            if not case.ticket.sensitive:
                return await self._decide(work, case, answer, agent)
            request = await self._save(work, replace(case.request, proposed=answer))
            await self._desk.submitted(work, case.ticket, agent, answer.text)
            return letter(replace(request, answer=answer), self._sender, zone=now.tzinfo)

    async def approve(self, ticket_id: int, agent: Agent) -> Letter:
        """A second person lets the letter out. Raise as Reviewing.approve does."""
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
            waiting = await work.entries(Review).find(ticket_id=ticket_id, state=Reviewed.WAITING)
            proposed = case.request.proposed
            if not waiting or proposed is None:
                raise DisclosureRefused(f"no letter of {ticket_id} waits for a second person")
            if case.request.hearing is not None:
                raise DisclosureRefused(f"others are still being heard about {ticket_id}")
            await self._reviewing.passed(work, waiting[-1].id, agent)
            answer = replace(proposed, at=self._desk.clock())
            return await self._decide(work, case, answer, agent)

    async def _decide(self, work: Work, case: Case, answer: Answer, agent: Agent) -> Letter:
        """The letter goes out; `agent` is who sends it, not always who wrote it."""
        request = await self._save(work, replace(case.request, answer=answer, proposed=None))
        written = letter(request, self._sender, zone=answer.at.tzinfo)
        answered = moves.answer(case.ticket, reply=answer.text, by=answer.by, at=answer.at)
        ticket = await self._desk.moved(
            work, case.ticket, Move.ANSWER, answered, agent, text=answer.text
        )
        await self._desk.note(work, ticket, agent.id, DECIDED, text=answer.result)
        page = pages.answered(
            ticket.language, request, answer.result, written.text, self.as_pdf(written)
        )
        await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
        return written

    async def note_dispute(self, ticket_id: int, agent: Agent, dispute: Dispute) -> Request:
        """
        A review or a lawsuit about the reply: written down when it begins, and again, with the
        same day, when it ends.
        """
        if (dispute.ended is None) != (dispute.verdict is None):
            raise DisclosureRefused("what has ended has a day and a verdict")
        if dispute.ended is not None and dispute.ended < dispute.begun:
            raise DisclosureRefused(f"{dispute.ended} is before it began, on {dispute.begun}")
        self._desk.roster.require_role(agent, Role.AGENT)
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
            others = tuple(
                one
                for one in case.request.disputes
                if (one.remedy, one.begun) != (dispute.remedy, dispute.begun)
            )
            request = await self._save(work, replace(case.request, disputes=(*others, dispute)))
            text = f"{dispute.remedy} {dispute.begun} {dispute.verdict or ''}".rstrip()
            await self._desk.note(work, case.ticket, agent.id, DISPUTED, text=text)
            return request

    async def _case(self, work: Work, ticket_id: int) -> Case:
        ticket = await work.tickets.get(ticket_id)
        request = await request_of(work, ticket_id)
        if request is None:
            raise DisclosureRefused(f"{ticket_id} is no registered request for information")
        return Case(request, ticket)

    async def _held(self, work: Work, ticket_id: int, agent: Agent) -> Case:
        """Claimed on the way, where it waits."""
        case = await self._case(work, ticket_id)
        moves.require_holder(case.ticket, agent)
        if case.ticket.state not in QUEUED:
            return case
        claimed = moves.claim(case.ticket, by=agent, at=self._desk.clock())
        ticket = await self._desk.moved(work, case.ticket, Move.CLAIM, claimed, agent)
        return Case(case.request, ticket)

    async def _save(self, work: Work, request: Request) -> Request:
        return await work.entries(Request).save(request)


def _stem(of: Letter) -> str:
    return of.number.replace("〔", "").replace("〕", "-").removesuffix("号")
