"""Tickets that were merged: where they are answered, and who asked."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.desk.tickets import State, Ticket
from bot.store.base import Sought, Work

MERGED: Final = frozenset({State.MERGED})


async def answered_in(work: Work, ticket: Ticket) -> Ticket:
    """The ticket, or the one that it was merged into."""
    while ticket.merged_into is not None and ticket.state is State.MERGED:
        ticket = await work.tickets.get(ticket.merged_into)
    return ticket


async def as_asked(work: Work, ticket: Ticket) -> Ticket:
    """
    The ticket as whoever asked it may know it: where it was merged, with the state, due times and
    reply of the one that it is answered with.
    """
    where = await answered_in(work, ticket)
    if where is ticket:
        return ticket
    # What somebody else said of the reply is no business of theirs.
    state = State.ANSWERED if where.state is State.RATED else where.state
    return replace(ticket, state=state, deadlines=where.deadlines, reply=where.reply)


async def askers(work: Work, ticket: Ticket) -> list[Ticket]:
    """The ticket, and those that were merged into it or into one of them."""
    found = [ticket]
    for one in await work.tickets.find(Sought(states=MERGED, merged_into=ticket.id)):
        found += await askers(work, one)
    return found
