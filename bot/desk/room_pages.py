"""What the staff room says besides cards: prompts, lists of departments, help. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cards
from bot.desk.roster import Roster, number_of
from bot.desk.tickets import Agent
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span
from knowledge.types import Lang

IN_A_ROW: Final = 2  # departments
PROMPTS: Final[Mapping[Verb, str]] = {
    Verb.REPLY: "{name}: reply to this message with your answer to No. {id}.",
    Verb.ASK: "{name}: reply to this message with what you ask the citizen of No. {id}.",
    Verb.TRANSFER: "{name}: reply to this message with the reason for giving No. {id} to {to}.",
    Verb.RETURN: "{name}: reply to this message with the reason for returning No. {id}.",
    Verb.TAKE_OVER: "{name}: reply to this message with the reason for taking over No. {id}.",
    Verb.CONSULT: "{name}: reply to this message with your question to {to} about No. {id}.",
    Verb.MERGE: "{name}: reply to this message with the number of the one that No. {id} repeats.",
    Verb.CLOSE: "{name}: reply to this message with the reason for closing No. {id}.",
    Verb.REOPEN: "{name}: reply to this message with why No. {id} is opened again.",
    Verb.PAUSE: "{name}: reply to this message with why the clock of No. {id} stops.",
    Verb.EXTEND: "{name}: reply to this message with the reason for extending No. {id}.",
    Verb.REJECT: "{name}: reply to this message with what must change in review {id}.",
    Verb.ADVISE: "{name}: reply to this message with your answer to consultation {id}.",
    Verb.WORD_QUESTION: (
        "{name}: reply to this message with the question of No. {id} as everybody asks it."
    ),
    Verb.WORD_ANSWER: (
        "{name}: reply to this message with the answer to No. {id} as everybody may read it."
    ),
    Verb.TURN_DOWN: (
        "{name}: reply to this message with why answer for everybody {id} is not approved."
    ),
    Verb.RESPOND: (
        "{name}: reply to this message with the document or link that answers concern {id}."
    ),
    Verb.SETTLE: "{name}: reply to this message with why concern {id} needs no response.",
    Verb.EVIDENCE: (
        "{name}: reply to this message with the document and clause, or the link, that shows "
        "task {id} is done."
    ),
}
HELP: Final = (
    "“?” behind a command: how to write it.\n"
    "Reply to a card to answer the citizen; reply to any other message to talk among yourselves."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One message to the room."""

    page: Page
    ticket_id: int | None = None
    expects: Action | None = None  # what an answer to it is for
    key: str | None = None
    anew: bool = False
    prompts: bool = False  # it asks for more; what comes of that takes its place
    apart: bool = False  # it takes no place: the prompt still waits


def told(text: str, ticket_id: int | None = None) -> Said:
    return Said(page=Page(cards.plain(text)), ticket_id=ticket_id)


def prompt(
    action: Action,
    agent: Agent,
    *,
    language: Lang,
    ticket_id: int | None = None,
    to: str = "",
    buttons: Sequence[Button] = (),
) -> Said:
    """Ask for the words that `action` needs, to be given as a reply to this message."""
    text = say(language, PROMPTS[action.verb], name=agent.name, id=action.target, to=to)
    page = Page((Span(text),), (tuple(buttons),) if buttons else ())
    return Said(page=page, ticket_id=ticket_id, expects=action, prompts=True)


def departments(
    action: Action, *, language: Lang, roster: Roster, but: str, returnable: bool = False
) -> Said:
    """To which department? `but` is the one that has it."""
    if action.verb is Verb.CONSULT:
        text = say(language, "No. {id}: which department is asked?", id=action.target)
    else:
        text = say(language, "No. {id}: to which department?", id=action.target)
    keys = [
        Button(one.name, str(Action(action.verb, action.target, number_of(key))))
        for key, one in roster.departments.items()
        if key != but
    ]
    if returnable:
        back = Button(say(language, "Return"), str(Action(Verb.RETURN, action.target)))
        keys.append(back)
    rows = [tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW)]
    page = Page(cards.plain(text), tuple(rows))
    return Said(page=page, ticket_id=action.target, prompts=True)
