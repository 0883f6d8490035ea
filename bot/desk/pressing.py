"""What citizens do to their own tickets while they wait: ask where it stays, or withdraw it."""

from __future__ import annotations

from bot.desk import moves, notices
from bot.desk.desk import Desk
from bot.desk.merged import MERGED
from bot.desk.moves import Move
from bot.desk.tickets import Ticket
from bot.store.base import Sought, Work


async def press(desk: Desk, work: Work, ticket: Ticket) -> Ticket | None:
    """
    催办: note that the citizen asks for it; None if that was noted today already.

    It is counted on the card. Of an overdue ticket the supervisors are told. Raise
    IllegalTransition where staff owe nothing.
    """
    now = desk.clock()
    after = moves.apply(ticket, Move.PRESS, at=now)
    last = ticket.deadlines.pressed
    if last is not None and last.astimezone(now.tzinfo).date() == now.date():
        return None
    saved = await desk.moved(work, ticket, Move.PRESS, after)
    if desk.room is not None and notices.is_late(saved, now):
        page = notices.pressed_late(saved, language=desk.language, roster=desk.roster, at=now)
        await desk.send(work, desk.room, page, ticket_id=saved.id)
    return saved


async def withdraw(desk: Desk, work: Work, ticket: Ticket) -> Ticket:
    """
    撤回: the citizen does not want it any more, and staff are told.

    What others asked and staff merged into it waits again by itself, as of when it was asked.
    Raise IllegalTransition where staff owe nothing.
    """
    now = desk.clock()
    after = moves.apply(ticket, Move.WITHDRAW, at=now)
    saved = await desk.moved(work, ticket, Move.WITHDRAW, after)
    merged = Sought(states=MERGED, merged_into=ticket.id)
    others = [
        await desk.moved(work, one, Move.SPLIT, moves.split(one, at=now))
        for one in await work.tickets.find(merged)
    ]
    if desk.room is not None:
        page = notices.withdrawn(saved, others, language=desk.language)
        await desk.send(work, desk.room, page, ticket_id=saved.id)
    return saved
