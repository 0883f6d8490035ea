"""
Rows without the person: what stays of them when their time is over. Pure.

Numbers, times, results and languages stay, to count by. Nothing that a person wrote, was told,
or can be found by.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.tickets import Evidence, State, Ticket
from bot.types import Address, Delivery, Message, Outcome

GONE: Final = "erased:"  # begins a platform's id that was taken out
FORGOTTEN: Final = "forgotten"  # the chat of a ticket whose asker erased their data
NOWHERE: Final = frozenset({"", FORGOTTEN})  # chats that nothing can be sent to any more
ERASER: Final = "retention"  # who, in a ticket's history


def gone(number: int) -> str:
    """In place of a platform's id, which must stay unique."""
    return f"{GONE}{number}"


def message(number: int, of: Message) -> Message:
    return Message(
        id=gone(number),
        address=Address(of.address.channel, ""),
        sender="",
        kind=of.kind,
        language=of.language,
        at=of.at,
    )


def outcome(of: Outcome) -> Outcome:
    return replace(of, citations=(), choices=(), question="", topic=None, before=None, related=())


def delivery(of: Delivery) -> Delivery:
    return Delivery(to=Address(of.to.channel, ""), body=(), ticket_id=of.ticket_id)


def ticket(of: Ticket) -> Ticket:
    """Closed, so that nobody tries to reply to it any more."""
    return replace(
        of,
        version=of.version + 1,
        state=State.ARCHIVED,
        holder=None,
        message_id=gone(of.id),
        asked_from=Address(of.asked_from.channel, ""),
        question="",
        evidence=Evidence(),
        reply=None if of.reply is None else "",
    )
