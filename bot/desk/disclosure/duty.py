"""A registered request ends with a letter, or by whoever made it: no other reply ends it."""

from __future__ import annotations

from typing import Final

from bot.desk.disclosure.entry import Request
from bot.desk.moves import Move
from bot.desk.tickets import Ticket, TicketKind
from bot.errors import DisclosureRefused
from bot.store.base import Work

ENDS: Final = frozenset({Move.ANSWER, Move.SUBMIT, Move.CLOSE})


async def request_of(work: Work, ticket_id: int) -> Request | None:
    found = await work.entries(Request).find(ticket_id=ticket_id)
    return found[0] if found else None


async def require_letter(work: Work, ticket: Ticket, move: Move) -> None:
    """
    Raise DisclosureRefused for a move that would end a request without a decision.

    The applicant is owed one in writing (article 36). After it they may be written to freely.
    """
    if ticket.kind is not TicketKind.DISCLOSURE or move not in ENDS:
        return
    request = await request_of(work, ticket.id)
    decided = Move.SUBMIT if request is not None and request.proposed else None
    if request is not None and request.answer is None and move is not decided:
        raise DisclosureRefused(
            f"No. {ticket.id} is request {request.registration}: it ends with a letter; "
            f"staff disclosure reply {ticket.id}"
        )
