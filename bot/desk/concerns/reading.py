"""Which questions were not answered well: read out of tickets and votes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk import paging
from bot.desk.concerns.finding import Question
from bot.desk.paging import each
from bot.desk.tickets import State, Ticket, TicketKind
from bot.store.base import Handled, Past, Sought, Store
from bot.types import Address

MOST: Final = 4000  # the newest ones; grouping takes 8 bytes for each pair
PAGE: Final = 500
# Not requests for information: those are one person's, and say why they are made.
KINDS: Final = frozenset({TicketKind.CONSULTATION, TicketKind.COMPLAINT, TicketKind.SUGGESTION})


async def questions(store: Store, since: datetime, until: datetime) -> Sequence[Question]:
    """
    What staff got, and what was said to be no help, oldest first.

    Both times are aware, in the bureau's own zone. What was erased is not among it.
    """
    sought = Sought(states=frozenset(State), kinds=KINDS, opened=(since, until))
    opened = each(paging.tickets(store, sought, size=PAGE))
    own = [one async for one in opened if one.question]
    known = {(one.asked_from.channel, one.message_id) for one in own}
    asked = [_of_ticket(one, since) for one in own]
    handled = each(paging.handled(store, since, until, size=PAGE))
    for vote in [one async for one in handled if one.pressed.startswith(Verb.UNHELPFUL)]:
        past = await _asked_in(store, vote)
        if past is not None and (past.message.address.channel, past.message.id) not in known:
            known.add((past.message.address.channel, past.message.id))
            asked.append(_of_message(past, since))
    asked.sort(key=lambda one: one.day)
    return asked[-MOST:]


async def _asked_in(store: Store, vote: Handled) -> Past | None:
    """The question whose answer was voted on, if the vote is from its conversation."""
    action = Action.parse(vote.pressed)
    if action is None or action.verb is not Verb.UNHELPFUL or action.target is None:
        return None
    async with store.read() as work:
        voted, past = await work.inbox.get(vote.id), await work.inbox.get(action.target)
    if voted is None or past is None or past.message.address != voted.message.address:
        return None
    return past if _text(past) else None


def _of_ticket(ticket: Ticket, since: datetime) -> Question:
    return Question(
        text=ticket.question,
        day=ticket.opened.astimezone(since.tzinfo).date(),
        citizen=_citizen(ticket.asked_from),
        ticket=ticket.id,
        department=ticket.department,
    )


def _of_message(past: Past, since: datetime) -> Question:
    return Question(
        text=_text(past),
        day=past.message.at.astimezone(since.tzinfo).date(),
        citizen=_citizen(past.message.address),
    )


def _text(past: Past) -> str:
    return past.outcome.question or past.message.text


def _citizen(address: Address) -> str:
    return f"{address.channel}:{address.chat}"
