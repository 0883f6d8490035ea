"""
What staff do with requests for information. One service for every front end.

Every method raises TicketErrors: DisclosureRefused for what the Regulations do not allow, those of
the ticket's own moves, and TicketChanged where the ticket is not in the version that was `seen`.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

from bot.desk import moves
from bot.desk.bookkeeping import require_seen
from bot.desk.desk import Desk
from bot.desk.disclosure import pages
from bot.desk.disclosure.casebook import Case, Casebook
from bot.desk.disclosure.entry import Answer, Correction, Dispute, Hearing, Request
from bot.desk.disclosure.letter import (
    Decision,
    Letter,
    Sender,
    letter,
    paragraphs,
    require_sendable,
)
from bot.desk.disclosure.registration import ASKING_DAYS
from bot.desk.moves import Move
from bot.desk.reviewing import Reviewing
from bot.desk.reviews import Review, Reviewed
from bot.desk.roster import Role
from bot.desk.tickets import QUEUED, Agent, State
from bot.errors import DisclosureRefused
from bot.store.base import Store, Work

CORRECTION_DAYS: Final = 15  # working days that whoever asks has, where staff say nothing else
HEARING_DAYS: Final = 15  # working days that others have (article 32)
# What the audit log says.
CORRECTION: Final = "correction asked for"
HEARING: Final = "hearing others"
HEARD: Final = "others heard"
DECIDED: Final = "decided"
REPLACED: Final = "letter replaced"
DISPUTED: Final = "dispute noted"


class Disclosures(Casebook):
    def __init__(
        self, store: Store, desk: Desk, *, sender: Sender, font: Path | None = None
    ) -> None:
        """`font` is embedded in letters; see files.py."""
        super().__init__(store, desk, sender=sender, font=font)
        self._reviewing = Reviewing(store, desk)

    async def ask_correction(
        self,
        ticket_id: int,
        agent: Agent,
        items: str,
        *,
        until: date | None = None,
        seen: int | None = None,
    ) -> Request:
        """
        补正: ask what the request means, once, with all that is to be made clear, within seven
        working days (article 30).

        The clock stands; it begins anew when the answer comes. `until` is the last day for it.
        """
        now = self._desk.clock()
        last = until or self._day_after(now.date(), CORRECTION_DAYS)
        if not items.strip():
            raise DisclosureRefused("Say what is to be made clear.")
        if last <= now.date():
            raise DisclosureRefused("{day} leaves the applicant no time.", day=last)
        async with self._store.begin() as work:
            case = await self._owed(work, ticket_id, agent, seen)
            self._require_correctable(case, now.date())
            correction = Correction(asked=now, until=last, items=items.strip())
            request = await self._save(work, replace(case.request, correction=correction))
            asked = moves.apply(case.ticket, Move.ASK, at=now, by=agent)
            ticket = await self._desk.moved(
                work, case.ticket, Move.ASK, asked, agent, text=items.strip()
            )
            if ticket.deadlines.paused is None:  # else staff stopped it themselves
                stood = moves.apply(ticket, Move.PAUSE, at=now, by=agent, why=CORRECTION)
                ticket = await self._desk.moved(
                    work, ticket, Move.PAUSE, stood, agent, why=CORRECTION
                )
            await self._desk.note(work, ticket, agent.id, CORRECTION, text=last.isoformat())
            page = pages.correction_asked(ticket.language, request, items.strip(), last)
            await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return request

    def _require_correctable(self, case: Case, today: date) -> None:
        request = case.request
        if request.correction is not None:
            raise DisclosureRefused(
                "A correction of No. {id} was asked for before; that goes once.",
                id=case.ticket.id,
            )
        if request.hearing is not None:
            raise DisclosureRefused("Others are being heard about No. {id}.", id=case.ticket.id)
        received = request.received.astimezone(self._desk.clock().tzinfo).date()
        last = request.correct_by or self._day_after(received, ASKING_DAYS)
        if last < today:
            raise DisclosureRefused(
                "A correction of No. {id} could be asked for until {day}, in the first seven "
                "working days. A plain question may still be asked; the clock runs on.",
                id=case.ticket.id,
                day=last,
            )

    async def hear(
        self, ticket_id: int, agent: Agent, whom: str, *, seen: int | None = None
    ) -> Request:
        """Ask whom the information concerns; the clock stands (articles 32 and 33)."""
        now = self._desk.clock()
        async with self._store.begin() as work:
            case = await self._owed(work, ticket_id, agent, seen)
            if case.request.hearing is not None:
                raise DisclosureRefused(
                    "Others are being heard about No. {id} already.", id=ticket_id
                )
            until = self._day_after(now.date(), HEARING_DAYS)
            hearing = Hearing(asked=now, whom=whom.strip(), until=until)
            hearings = (*case.request.hearings, hearing)
            request = await self._save(work, replace(case.request, hearings=hearings))
            paused = moves.apply(case.ticket, Move.PAUSE, at=now, by=agent, why=whom)
            ticket = await self._desk.moved(
                work, case.ticket, Move.PAUSE, paused, agent, why=f"{HEARING}: {whom.strip()}"
            )
            page = pages.heard(ticket.language, request, due=None)
            await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return request

    async def heard(
        self, ticket_id: int, agent: Agent, opinion: str = "", *, seen: int | None = None
    ) -> Request:
        """They answered, or did not in their 15 working days; the clock goes on."""
        now = self._desk.clock()
        async with self._store.begin() as work:
            case = await self._held(work, ticket_id, agent, seen)
            hearing = case.request.hearing
            if hearing is None:
                raise DisclosureRefused("Nobody is being heard about No. {id}.", id=ticket_id)
            if not opinion.strip() and hearing.until is not None and now.date() <= hearing.until:
                raise DisclosureRefused(
                    "No. {id}: they have until {day}. Write what they said, or why it is not "
                    "waited for.",
                    id=ticket_id,
                    day=hearing.until,
                )
            ended = replace(hearing, ended=now, opinion=opinion.strip())
            hearings = (*case.request.hearings[:-1], ended)
            request = await self._save(work, replace(case.request, hearings=hearings))
            ticket = case.ticket
            if ticket.deadlines.paused is not None:  # else it was let go on meanwhile
                resumed = moves.apply(ticket, Move.RESUME, at=now, by=agent)
                ticket = await self._desk.moved(work, ticket, Move.RESUME, resumed, agent)
            await self._desk.note(work, ticket, agent.id, HEARD, text=opinion.strip())
            await self._desk.show(work, ticket)
            due = ticket.deadlines.resolution
            if due is not None:
                page = pages.heard(ticket.language, request, due=due.astimezone(now.tzinfo).date())
                await self._desk.send(work, ticket.asked_from, page, ticket_id=ticket.id)
            return request

    async def reply(
        self, ticket_id: int, agent: Agent, decision: Decision, *, seen: int | None = None
    ) -> Letter:
        """
        Decide: the letter goes out, as text and as a file.

        That to a sensitive request waits for a second person; see `approve`. A letter that takes
        the place of an earlier one says why; both are kept. For that the ticket is opened again
        where it is closed: an order of a review authority or a court comes late.
        """
        now = self._desk.clock()
        async with self._store.begin() as work:
            case = await self._held(work, ticket_id, agent, seen)
            require_sendable(decision, case.request, at=now)
            case = await self._reopened(work, case, agent, why=decision.corrects.strip())
            words = paragraphs(
                case.request, case.ticket.question, decision, self._sender, zone=now.tzinfo
            )
            answer = Answer(
                result=decision.result,
                paragraphs=words,
                at=now,
                by=agent,
                corrects=decision.corrects.strip(),
            )
            if not case.ticket.sensitive:
                return await self._decide(work, case, answer, agent)
            request = await self._save(work, replace(case.request, proposed=answer))
            await self._desk.submitted(work, case.ticket, agent, answer.text)
            return letter(_with(request, answer), self._sender, zone=now.tzinfo)

    async def approve(
        self,
        ticket_id: int,
        agent: Agent,
        *,
        review: int | None = None,
        seen: int | None = None,
    ) -> Letter:
        """
        A second person lets the letter out. Raise as Reviewing.approve does.

        `review` is the one that was looked at: what was written since is not let out with it.
        """
        async with self._store.begin() as work:
            case = await self._case(work, ticket_id)
            waiting = await work.entries(Review).find(ticket_id=ticket_id, state=Reviewed.WAITING)
            proposed = case.request.proposed
            if not waiting or proposed is None or review not in {None, waiting[-1].id}:
                raise DisclosureRefused(
                    "No such letter of No. {id} waits for a second person.", id=ticket_id
                )
            if case.request.hearing is not None:
                raise DisclosureRefused("Others are being heard about No. {id}.", id=ticket_id)
            await self._reviewing.passed(work, waiting[-1].id, agent, seen=seen)
            answer = replace(proposed, at=self._desk.clock())
            return await self._decide(work, case, answer, agent)

    async def _decide(self, work: Work, case: Case, answer: Answer, agent: Agent) -> Letter:
        """The letter goes out; `agent` is who sends it, not always who wrote it."""
        request = await self._save(work, _with(case.request, answer))
        written = letter(request, self._sender, zone=answer.at.tzinfo)
        answered = moves.answer(case.ticket, reply=answer.text, by=answer.by, at=answer.at)
        ticket = await self._desk.moved(
            work, case.ticket, Move.ANSWER, answered, agent, text=answer.text
        )
        what = REPLACED if request.earlier else DECIDED
        await self._desk.note(
            work, ticket, agent.id, what, why=answer.corrects, text=answer.result
        )
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
            raise DisclosureRefused("What has ended has a day and a verdict.")
        if dispute.ended is not None and dispute.ended < dispute.begun:
            raise DisclosureRefused(
                "{ended} is before it began, on {begun}.", ended=dispute.ended, begun=dispute.begun
            )
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

    async def _held(self, work: Work, ticket_id: int, agent: Agent, seen: int | None) -> Case:
        """Claimed on the way, where it waits."""
        case = await self._case(work, ticket_id)
        require_seen(case.ticket, seen)
        moves.require_holder(case.ticket, agent)
        if case.ticket.state not in QUEUED:
            return case
        claimed = moves.claim(case.ticket, by=agent, at=self._desk.clock())
        ticket = await self._desk.moved(work, case.ticket, Move.CLAIM, claimed, agent)
        return Case(case.request, ticket)

    async def _reopened(self, work: Work, case: Case, agent: Agent, *, why: str) -> Case:
        if case.ticket.state is not State.ARCHIVED:
            return case
        await self._desk.require_told(work, case.ticket)
        opened = moves.reopen(case.ticket, by=agent, at=self._desk.clock(), why=why)
        ticket = await self._desk.moved(work, case.ticket, Move.REOPEN, opened, agent, why=why)
        return Case(case.request, ticket)

    async def _owed(self, work: Work, ticket_id: int, agent: Agent, seen: int | None) -> Case:
        """As `_held`, and the letter is still to be written."""
        case = await self._held(work, ticket_id, agent, seen)
        if not case.request.owes_letter:
            raise DisclosureRefused("The letter to No. {id} is out already.", id=ticket_id)
        return case

    def _day_after(self, day: date, days: int) -> date:
        """So many working days later."""
        return self._desk.clocks.calendar.after(day, days)

    async def _save(self, work: Work, request: Request) -> Request:
        return await work.entries(Request).save(request)


def _with(request: Request, answer: Answer) -> Request:
    """With a letter that holds from now on; what held before is kept."""
    return replace(request, earlier=request.letters, answer=answer, proposed=None)
