"""Two questions under a reply of staff: was it understood, is the matter settled? Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from bot.actions import Action, Verb
from bot.desk.tickets import State, Ticket
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span
from knowledge.types import Lang

# Places of the buttons.
UNDERSTOOD: Final = 1
NOT_UNDERSTOOD: Final = 2
SOLVED: Final = 3
NOT_SOLVED: Final = 4
ANOTHER: Final = 5  # person


def asked(page: Page, ticket: Ticket) -> Page:
    """
    The reply with both questions as buttons, until the citizen has answered one.

    Nothing waits for them. What was merged is rated where it was asked first.
    """
    if ticket.state is not State.ANSWERED or (ticket.understood, ticket.solved) != (None, None):
        return page
    language, number = ticket.language, ticket.id
    understood = (
        Button(say(language, "I understand it"), _action(number, UNDERSTOOD)),
        Button(say(language, "I do not"), _action(number, NOT_UNDERSTOOD)),
    )
    solved = (
        Button(say(language, "It is settled"), _action(number, SOLVED)),
        Button(say(language, "It is not settled"), _action(number, NOT_SOLVED)),
    )
    return replace(page, buttons=(*page.buttons, understood, solved))


def go_on(language: Lang, number: int) -> Page:
    """It was no help: on with the same ticket, or with another person."""
    text = say(
        language,
        "I am sorry. You can go on with your question No. {id}, or another person looks at it.",
        id=number,
    )
    more = Button(say(language, "Ask further"), str(Action(Verb.MORE, number)))
    another = Button(say(language, "Another person"), _action(number, ANOTHER))
    return Page((Span(text),), ((more, another),))


def with_another(language: Lang, number: int) -> Page:
    text = say(
        language,
        "Another person looks at your question No. {id}. You get the reply here.",
        id=number,
    )
    return Page((Span(text),))


def waits_again(language: Lang, number: int) -> Page:
    text = say(language, "Your question No. {id} is with our staff again.", id=number)
    return Page((Span(text),))


def _action(number: int, place: int) -> str:
    return str(Action(Verb.RATE, number, place))
