"""
What could not be delivered about a ticket: staff are told, and whoever looks at it sees why.

To be called in the transaction that gives a delivery up, so that no reply is lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from bot.desk.bookkeeping import SYSTEM, Bookkeeping
from bot.desk.moves import Move
from bot.desk.tickets import Event
from bot.errors import Gone, Lost
from bot.render import Page
from bot.store.base import Work
from bot.texts import say
from bot.types import Delivery, Span, Style
from knowledge.types import Lang

_FAILED: Final = "not delivered"  # what, in the audit log, before the reason
REFUSED: Final = f"{_FAILED}: refused"
DONE: Final[Mapping[str, str]] = {
    f"{_FAILED}: {Lost.BLOCKED}": "a message could not be delivered: the citizen blocked the bot",
    f"{_FAILED}: {Lost.DELETED}": "a message could not be delivered: the account is deleted",
    f"{_FAILED}: {Lost.REMOVED}": "a message could not be delivered: the bot left the group",
    f"{_FAILED}: {Lost.MISSING}": "a message could not be delivered: there is no such chat",
    f"{_FAILED}: {Lost.CLOSED}": "a message could not be delivered: the chat is closed to us",
    REFUSED: "a message could not be delivered: the platform did not take it",
}
"""What the audit log holds, and what it is called."""
_SPOKEN: Final = frozenset({Move.ANSWER, Move.ASK})  # what the citizen should have read


async def note(desk: Bookkeeping, work: Work, delivery: Delivery, error: Exception) -> None:
    """
    Write down that a delivery is given up.

    Staff are told once for each word of theirs, not for each message that goes with it. What was
    for staff themselves is not told to them: the room may be what is gone.
    """
    if delivery.ticket_id is None or delivery.to == desk.room:
        return
    ticket = await desk.where_answered(work, delivery.ticket_id)
    told = undelivered(await work.audit.of(ticket.id))
    what = f"{_FAILED}: {error.lost}" if isinstance(error, Gone) else REFUSED
    await desk.note(work, ticket, SYSTEM, what)
    if desk.room is not None and told != what:
        page = _page(delivery.ticket_id, what, desk.language)
        await desk.send(work, desk.room, page, ticket_id=ticket.id)


def undelivered(events: Sequence[Event]) -> str:
    """What became of the last words to the citizen, as in DONE; empty if nothing went wrong."""
    last = ""
    for event in events:
        if event.what in _SPOKEN:
            last = ""
        elif event.what in DONE:
            last = event.what
    return last


def _page(ticket_id: int, what: str, language: Lang) -> Page:
    head = say(language, "No. {id}: {what}.", id=ticket_id, what=say(language, DONE[what]))
    mend = say(language, "Reach the citizen in another way if you can, or close it.")
    return Page((Span(head, Style.BOLD), Span(f"\n{mend}")))
