"""A registered request ends with a letter, or by whoever made it: no other reply ends it."""

from __future__ import annotations

from typing import Final

from bot.desk.disclosure.entry import Request
from bot.desk.moves import Move
from bot.desk.tickets import Ticket, TicketKind
from bot.errors import LetterOwed
from bot.store.base import Work

ENDS: Final = frozenset({Move.ANSWER, Move.SUBMIT, Move.CLOSE})


async def request_of(work: Work, ticket_id: int) -> Request | None:
    found = await work.entries(Request).find(ticket_id=ticket_id)
    return found[0] if found else None


async def require_letter(work: Work, ticket: Ticket, move: Move, text: str) -> None:
    """
    Raise LetterOwed for a move that would end a request otherwise than by its letter.

    Whoever asks is owed a decision in writing. After it they may be written to freely. `text` is
    what would be sent: of what is submitted for review only the letter passes.
    """
    if ticket.kind is not TicketKind.DISCLOSURE or move not in ENDS:
        return
    request = await request_of(work, ticket.id)
    if request is None or not request.owes_letter:
        return
    if move is Move.SUBMIT and request.proposed is not None and request.proposed.text == text:
        return
    raise LetterOwed(ticket.id, request.registration)
