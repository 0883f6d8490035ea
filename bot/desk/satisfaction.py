"""What a citizen says of a reply: written down, and where it was no help, the way on."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot import render
from bot.desk import cards, moves, survey
from bot.desk.desk import Desk
from bot.desk.moves import MOVES, Move
from bot.desk.tickets import ACTIVE, Ticket
from bot.render import Page
from bot.store.base import Work
from bot.texts import say
from knowledge.types import Lang

_SAID: Final = {  # understood, solved
    survey.UNDERSTOOD: (True, None),
    survey.NOT_UNDERSTOOD: (False, None),
    survey.SOLVED: (None, True),
    survey.NOT_SOLVED: (None, False),
}


async def rate(desk: Desk, work: Work, ticket: Ticket, place: int, language: Lang) -> Page:
    """
    Write down what the button at that place says of the reply; return what the citizen is told.

    The last word counts. Of a ticket that waits with staff again, or that they never answered,
    nothing is written.
    """
    if ticket.state in ACTIVE:
        return survey.waits_again(language, ticket.id)
    if place == survey.ANOTHER:
        return await _another_person(desk, work, ticket, language)
    if place not in _SAID or ticket.state not in MOVES[Move.RATE].sources or not ticket.reply:
        return render.noted(language)
    understood, solved = _SAID[place]
    now = desk.clock()
    after = moves.rate(ticket, at=now, understood=understood, solved=solved)
    if (after.understood, after.solved) != (ticket.understood, ticket.solved):
        await desk.moved(work, ticket, Move.RATE, after, text=_told(after))
    if False in (understood, solved):
        return survey.go_on(language, ticket.id)
    return render.noted(language)


async def _another_person(desk: Desk, work: Work, ticket: Ticket, language: Lang) -> Page:
    """Back to the queue; whoever answered is not asked to take it again."""
    if ticket.state not in MOVES[Move.ADD].sources:
        return render.noted(language)
    added = replace(moves.add(ticket, at=desk.clock()), assigned=None)
    text = say(desk.language, "The reply did not help; they ask for another person.")
    saved = await desk.moved(work, ticket, Move.ADD, added, text=text)
    if desk.room is not None:
        page = cards.follow_up(saved, text, language=desk.language)
        await desk.send(work, desk.room, page, ticket_id=saved.id)
    return survey.with_another(language, saved.id)


def _told(ticket: Ticket) -> str:
    words = {True: "yes", False: "no", None: "-"}
    return f"understood: {words[ticket.understood]}, settled: {words[ticket.solved]}"
