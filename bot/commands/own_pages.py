"""A citizen's own questions with staff: how far they are, and what one can do meanwhile. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cutting
from bot.desk.cards import STATES
from bot.desk.notices import day_of
from bot.desk.tickets import ACTIVE, State, Ticket
from bot.render import Bureau, Page
from bot.texts import say
from bot.types import Button, Span, Style
from knowledge.types import Lang

MOST_TICKETS: Final = 8  # on a small screen
LONGEST_QUESTION: Final = 60  # characters of a question in a list
LONGEST_REPLY: Final = 300  # units of a reply there
YES: Final = 1  # place in the action of a button
NO: Final = 2


def listed(language: Lang, own: Sequence[Ticket], bureau: Bureau, at: datetime) -> Page:
    """
    The citizen's tickets with their state, those that wait first.

    What waits has the day of the reply and its buttons. What was merged is as merged.as_asked
    gives it, and has the reply. `at` is the time at the bureau.
    """
    if not own:
        return _plain(say(language, "You have no questions with our staff."))
    spans = [Span(say(language, "Your questions with our staff:"), Style.BOLD)]
    shown = sorted(own, key=lambda one: one.state not in ACTIVE)[:MOST_TICKETS]
    for one in shown:
        spans.append(Span(f"\n{_line(language, one)}"))
        if one.state in ACTIVE:
            spans.append(Span(f"\n{due_line(language, one, bureau, at)}"))
        elif reply := _reply(one):
            spans += [Span("\n"), Span(cutting.line(reply, LONGEST_REPLY), Style.QUOTE)]
    buttons = tuple(_buttons(language, one) for one in shown if one.state in ACTIVE)
    return Page(tuple(spans), buttons)


def due_line(language: Lang, ticket: Ticket, bureau: Bureau, at: datetime) -> str:
    """Until when there is a reply, as staff owe it now."""
    resolution = ticket.deadlines.resolution
    if ticket.state is State.ASKED and ticket.deadlines.paused is not None:
        return say(language, "Our staff asked you something, and go on when you answer.")
    if ticket.deadlines.paused is not None:
        return say(language, "Our staff wait for others who are asked about it.")
    if resolution is None:  # from before there were clocks; the next look gives it one
        return say(language, "You will have a reply here.")
    day = day_of(resolution, at)
    if resolution >= at:
        return say(language, "Reply by {day}.", day=day)
    return say(
        language,
        "The reply was due by {day}. We are sorry; you can also call {hotline}.",
        day=day,
        hotline=bureau.hotline,
    )


def pressed(language: Lang, ticket: Ticket, bureau: Bureau, at: datetime) -> Page:
    head = say(language, "Our staff now see that you are waiting for No. {id}.", id=ticket.id)
    return Page((Span(head, Style.BOLD), Span(f"\n{due_line(language, ticket, bureau, at)}")))


def pressed_before(language: Lang, ticket: Ticket, bureau: Bureau, at: datetime) -> Page:
    head = say(
        language, "You asked for No. {id} today already, and our staff know it.", id=ticket.id
    )
    return Page((Span(head, Style.BOLD), Span(f"\n{due_line(language, ticket, bureau, at)}")))


def waits_no_more(language: Lang, ticket: Ticket) -> Page:
    state = say(language, STATES[ticket.state])
    text = "No. {id} does not wait for our staff any more: {state}."
    spans = [Span(say(language, text, id=ticket.id, state=state))]
    if reply := _reply(ticket):
        spans += [Span("\n"), Span(reply, Style.QUOTE)]
    return Page(tuple(spans))


def answered_with_another(language: Lang, ticket: Ticket, bureau: Bureau, at: datetime) -> Page:
    """It cannot be withdrawn: somebody else asked the same, and is answered anyway."""
    text = (
        "No. {id} is answered together with the same question of others, and cannot be withdrawn "
        "by itself."
    )
    due = due_line(language, ticket, bureau, at)
    return _plain(f"{say(language, text, id=ticket.id)}\n{due}")


def unknown(language: Lang, ticket_id: int) -> Page:
    return _plain(say(language, "There is no No. {id}.", id=ticket_id))


def confirm_withdrawal(language: Lang, ticket_id: int) -> Page:
    text = say(
        language, "Shall I withdraw No. {id}? Our staff will then not reply to it.", id=ticket_id
    )
    yes = Button(say(language, "Yes, withdraw"), str(Action(Verb.WITHDRAW, ticket_id, YES)))
    no = Button(say(language, "No, keep"), str(Action(Verb.WITHDRAW, ticket_id, NO)))
    return Page((Span(text),), ((yes, no),))


def withdrawn(language: Lang, ticket_id: int) -> Page:
    text = "No. {id} is withdrawn. Ask again whenever you like."
    return _plain(say(language, text, id=ticket_id))


def kept(language: Lang, ticket_id: int) -> Page:
    return _plain(say(language, "All right, No. {id} stays with our staff.", id=ticket_id))


def _line(language: Lang, ticket: Ticket) -> str:
    flat = " ".join(ticket.question.split())
    return say(
        language,
        "No. {id} ({state}): {question}",
        id=ticket.id,
        state=say(language, STATES[ticket.state]),
        question=flat if len(flat) <= LONGEST_QUESTION else f"{flat[: LONGEST_QUESTION - 1]}…",
    )


def _reply(ticket: Ticket) -> str:
    """That to a question that was merged: it was given to somebody else's, and may be missed."""
    return (ticket.reply or "") if ticket.merged_into is not None else ""


def _buttons(language: Lang, ticket: Ticket) -> tuple[Button, ...]:
    press = say(language, "Ask for No. {id}", id=ticket.id)
    asks = Button(press, str(Action(Verb.PRESS, ticket.id)))
    if ticket.merged_into is not None:
        return (asks,)
    withdraw = say(language, "Withdraw No. {id}", id=ticket.id)
    return asks, Button(withdraw, str(Action(Verb.WITHDRAW, ticket.id)))


def _plain(text: str) -> Page:
    return Page((Span(text),))
