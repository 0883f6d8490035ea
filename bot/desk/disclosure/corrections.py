"""What happens when an applicant makes a request clearer, as they were asked to."""

from __future__ import annotations

from dataclasses import replace

from bot.desk.bookkeeping import CITIZEN
from bot.desk.desk import Desk
from bot.desk.disclosure.duty import request_of
from bot.desk.disclosure.entry import Correction, Request
from bot.desk.disclosure.pages import corrected
from bot.desk.tickets import ACTIVE, Ticket, TicketKind
from bot.privacy import mask
from bot.render import Page
from bot.store.base import Work
from knowledge.types import Lang

RECEIVED = "correction received"  # what the audit log says of it


async def received(
    desk: Desk, work: Work, ticket: Ticket, text: str, *, language: Lang
) -> Page | None:
    """
    Take what the citizen added as the correction that was asked for; None if none was.

    The time for the reply counts from the day on which the correction comes (article 30).
    """
    if ticket.kind is not TicketKind.DISCLOSURE or ticket.state not in ACTIVE:
        return None
    request = await request_of(work, ticket.id)
    if request is None or request.correction is None or not request.waits_for_correction:
        return None
    now = desk.clock()
    anew = desk.clocks.opened(ticket.kind, now).resolution
    assert anew is not None
    deadlines = replace(
        ticket.deadlines, resolution=anew, paused=None, extended=None, warned=None, escalated=None
    )
    saved = await work.tickets.save(replace(ticket, deadlines=deadlines))
    done = replace(request.correction, received=now, text=_whole(request.correction, text))
    request = await work.entries(Request).save(replace(request, correction=done))
    await desk.note(work, saved, CITIZEN, RECEIVED)
    await desk.show(work, saved)
    return corrected(language, request, anew.astimezone(now.tzinfo).date())


def _whole(correction: Correction, text: str) -> str:
    """With the addresses that are masked in what the ledger has: see intake.py."""
    return correction.text if mask(correction.text).strip() == text.strip() else text
