"""
登记: a request gets its number and its ticket.

Numbers run from 1 within the year of receipt, without gaps: the register holds each of them once,
nothing is ever taken out of it, and whoever comes second to a number takes the next one.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.desk.bookkeeping import CITIZEN
from bot.desk.desk import Desk
from bot.desk.disclosure.entry import Form, Request
from bot.desk.tickets import Draft, Ticket, TicketKind
from bot.store.base import Work
from bot.types import Address, Reason
from knowledge.types import Lang

ASKING_DAYS: Final = 7  # working days in which a correction may be asked for (article 30)
REGISTERED: Final = "registered"  # what the audit log says of it


async def register(
    desk: Desk, work: Work, form: Form, *, message_id: str, language: Lang
) -> tuple[Request, Ticket]:
    """
    Open the ticket of a form that is complete, and end the form.

    A request that comes over the internet is received on the day on which both sides confirm it
    (article 31): that is this moment.
    """
    assert form.applicant is not None
    assert form.medium is not None
    assert form.way is not None
    now = desk.clock()
    draft = Draft(
        message_id=message_id,
        asked_from=Address(form.channel, form.chat),
        question=form.wanted,
        language=language,
        reason=Reason.ASKED_FOR_PERSON,
        kind=TicketKind.DISCLOSURE,
        opened=now,
    )
    ticket = await desk.open(work, draft)
    wanted = Request(
        ticket_id=ticket.id,
        year=now.year,
        number=await _last_number(work, now) + 1,
        received=now,
        applicant=form.applicant,
        name=form.name,
        contact=form.contact,
        medium=form.medium,
        way=form.way,
        correct_by=desk.clocks.calendar.after(now.date(), ASKING_DAYS),
    )
    request = await _numbered(work, wanted)
    await desk.note(work, ticket, CITIZEN, REGISTERED, text=request.registration)
    await desk.show(work, ticket)  # the card that came with the ticket knew of no request yet
    await work.entries(Form).remove(form.id)
    return request, ticket


async def _last_number(work: Work, at: datetime) -> int:
    last = await work.entries(Request).find(year=at.year, newest=True, limit=1)
    return last[0].number if last else 0


async def _numbered(work: Work, wanted: Request) -> Request:
    """With the first number that nobody took meanwhile."""
    while True:
        request = await work.entries(Request).add(wanted)
        if request.ticket_id == wanted.ticket_id:
            return request
        wanted = replace(wanted, number=request.number + 1)
