"""
What a citizen does with their own questions that are with staff: look, ask for them, withdraw,
rate the reply.

A button or a word is planned by `planned` and `asked`; what it changes is done by `done`, inside
the transaction of the message.
"""

from __future__ import annotations

from typing import Final

from bot.actions import Action, Verb
from bot.commands import own_pages, pages
from bot.commands.command import Counter
from bot.desk.desk import Desk
from bot.desk.merged import answered_in, as_asked
from bot.desk.pressing import press, withdraw
from bot.desk.satisfaction import rate
from bot.desk.tickets import ACTIVE, Ticket
from bot.errors import TicketNotFound
from bot.render import Page
from bot.store.base import Work
from bot.turn import Plan, Turn
from bot.types import Outcome, Result

MOST_TICKETS: Final = 20  # that are looked through


async def status(counter: Counter, turn: Turn) -> Plan:
    own = await _own(counter, turn)
    return _said(turn, own_pages.listed(turn.language, own, counter.bureau, counter.clock()))


async def asked(counter: Counter, turn: Turn) -> Plan:
    """Words such as 催办: the one ticket that waits is asked for; of several they name one."""
    waiting = [one for one in await _own(counter, turn) if one.state in ACTIVE]
    if len(waiting) == 1:
        return Plan(_outcome(turn), own=Action(Verb.PRESS, waiting[0].id))
    return await status(counter, turn)


def planned(turn: Turn, action: Action) -> Plan | None:
    """What comes of a button under those pages; None for any other button."""
    match action:
        case Action(Verb.PRESS, int()) | Action(Verb.WITHDRAW, int(), own_pages.YES):
            return Plan(_outcome(turn), own=action)
        case Action(Verb.RATE, int(), int()):
            return Plan(_outcome(turn), own=action)
        case Action(Verb.WITHDRAW, int(number), own_pages.NO):
            return _said(turn, own_pages.kept(turn.language, number))
        case Action(Verb.WITHDRAW, int(number), None):
            return _said(turn, own_pages.confirm_withdrawal(turn.language, number))
        case _:
            return None


async def done(desk: Desk, work: Work, turn: Turn, action: Action) -> tuple[Page, int | None]:
    """
    Do it, if the ticket is the citizen's own and is where that goes.

    Return what came of it, and the ticket that this is about: none where it is not theirs.
    """
    if turn.in_group:  # whose ticket it is cannot be told there
        return pages.alone(turn.language), None
    assert action.target is not None
    ticket = await _mine(work, turn, action.target)
    if ticket is None:
        return own_pages.unknown(turn.language, action.target), None
    return await _done(desk, work, turn, action, ticket), ticket.id


async def _done(desk: Desk, work: Work, turn: Turn, action: Action, ticket: Ticket) -> Page:
    if action.verb is Verb.RATE and action.place is not None:
        return await rate(desk, work, ticket, action.place, turn.language)
    seen = await as_asked(work, ticket)
    if seen.state not in ACTIVE:
        return own_pages.waits_no_more(turn.language, seen)
    if action.verb is Verb.WITHDRAW:
        if seen is not ticket:
            return own_pages.answered_with_another(turn.language, seen, desk.bureau, desk.clock())
        await withdraw(desk, work, ticket)
        return own_pages.withdrawn(turn.language, ticket.id)
    return await _press(desk, work, turn, ticket)


async def _press(desk: Desk, work: Work, turn: Turn, ticket: Ticket) -> Page:
    pressed = await press(desk, work, await answered_in(work, ticket))
    # Where it was merged somebody else may have asked for it today: that is not theirs to know.
    again = pressed is None and ticket.state in ACTIVE
    page = own_pages.pressed_before if again else own_pages.pressed
    return page(turn.language, await as_asked(work, ticket), desk.bureau, desk.clock())


async def _own(counter: Counter, turn: Turn) -> list[Ticket]:
    """As they may know them; see merged.py."""
    async with counter.store.begin() as work:
        own = await work.tickets.of(turn.message.address, limit=MOST_TICKETS)
        return [await as_asked(work, one) for one in own]


async def _mine(work: Work, turn: Turn, number: int) -> Ticket | None:
    """None for what is not there or somebody else's: a forged button learns nothing."""
    try:
        ticket = await work.tickets.get(number)
    except TicketNotFound:
        return None
    return ticket if ticket.asked_from == turn.message.address else None


def _said(turn: Turn, page: Page) -> Plan:
    return Plan(_outcome(turn), page)


def _outcome(turn: Turn) -> Outcome:
    return Outcome(result=Result.SMALL_TALK, language=turn.language)
