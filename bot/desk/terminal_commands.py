"""What can be typed at the desk in a terminal: one table, and what each command does."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC
from enum import Enum, auto
from types import MappingProxyType
from typing import Final, TypeAlias

from bot.desk import review_pages, terminal_pages
from bot.desk.consultations import Consultation
from bot.desk.disclosure.card import shown
from bot.desk.services import Services
from bot.desk.tickets import Agent, Ticket
from bot.errors import TicketNotFound
from bot.texts import say
from knowledge.types import Lang

Run: TypeAlias = Callable[[Services, Agent, int, str], Awaitable[str]]
"""Takes the number and the words behind it; gives what is said."""
MOST: Final = 100  # tickets in a list
NONE: Final = 0  # the number of nothing
WHICH: Final = "Which one?"
OTHER: Final = "With which other one?"
_NUMBER: Final = re.compile(r"[#№]?(?P<number>[0-9]{1,40})")
_LARGEST: Final = 2**63 - 1  # that a database holds


class Numbered(Enum):
    """What the number of a command is of."""

    NOTHING = auto()
    TICKET = auto()  # left out: the one that was claimed last
    OTHER = auto()  # a consultation or a review
    MAYBE = auto()  # or nothing, for all of them


class BadCommandError(Exception):
    """A command that cannot be read."""

    def __init__(self, asks: str) -> None:
        """`asks` is a sentence of bot/texts.py: for what is missing."""
        super().__init__(asks)
        self.asks = asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Command:
    usage: str
    run: Run
    of: Numbered = Numbered.TICKET
    asks: str = ""  # for the words that it needs, where they are missing; see bot/texts.py


def number_in(word: str) -> int | None:
    """A number as people type it, 7 or #7; None for anything else. Raise TicketNotFound."""
    found = _NUMBER.fullmatch(word.strip())
    number = int(found["number"]) if found else None
    if number is not None and number > _LARGEST:
        raise TicketNotFound(number)
    return number


async def _list(services: Services, _agent: Agent, _number: int, _words: str) -> str:
    waiting = await services.desk.waiting(limit=MOST)
    return terminal_pages.listed(
        waiting, language=services.desk.language, at=services.desk.clock()
    )


async def _show(services: Services, _agent: Agent, number: int, _words: str) -> str:
    ticket, events = await services.desk.look(number)
    desk = services.desk
    story = terminal_pages.story(
        events, language=desk.language, roster=desk.roster, zone=desk.clock().tzinfo or UTC
    )
    return "\n".join([await _card(services, ticket), *story])


async def _claim(services: Services, agent: Agent, number: int, _words: str) -> str:
    ticket = await services.desk.claim(number, agent)
    return await _theirs(services, ticket)


async def _release(services: Services, agent: Agent, number: int, _words: str) -> str:
    await services.desk.release(number, agent)
    return say(services.desk.language, "No. {id} is back in the queue.", id=number)


async def _reply(services: Services, agent: Agent, number: int, words: str) -> str:
    text = await services.canned.written_out(number, agent, words)
    ticket = await services.desk.reply(number, agent, text)
    return review_pages.done(ticket, language=services.desk.language)


async def _ask(services: Services, agent: Agent, number: int, words: str) -> str:
    await services.desk.ask(number, agent, words)
    return say(services.desk.language, "No. {id}: the citizen is asked.", id=number)


async def _close(services: Services, agent: Agent, number: int, words: str) -> str:
    await services.desk.close(number, agent, words)
    return say(services.desk.language, "No. {id} is closed.", id=number)


async def _transfer(services: Services, agent: Agent, number: int, words: str) -> str:
    department, _, why = words.partition(" ")
    ticket = await services.desk.triage(number, agent, department, why.strip())
    name = services.desk.roster.name(ticket.department)
    return say(services.desk.language, "No. {id} is with {name}.", id=number, name=name)


async def _return(services: Services, agent: Agent, number: int, words: str) -> str:
    await services.desk.hand_back(number, agent, words)
    return say(services.desk.language, "No. {id} is back where tickets are sorted.", id=number)


async def _take_over(services: Services, agent: Agent, number: int, words: str) -> str:
    ticket = await services.desk.take_over(number, agent, words)
    return await _theirs(services, ticket)


async def _reopen(services: Services, agent: Agent, number: int, words: str) -> str:
    ticket = await services.desk.reopen(number, agent, words)
    return await _theirs(services, ticket)


async def _merge(services: Services, agent: Agent, number: int, words: str) -> str:
    into = number_in(words)
    if into is None:
        raise BadCommandError(OTHER)
    ticket = await services.desk.merge(number, into, agent)
    return say(
        services.desk.language,
        "No. {id} is answered with No. {other}.",
        id=number,
        other=ticket.merged_into,
    )


async def _consult(services: Services, agent: Agent, number: int, words: str) -> str:
    departments, _, question = words.partition(" ")
    made = await services.consulting.ask(number, agent, departments.split(","), question)
    return _consulted(services, made)


async def _consultations(services: Services, _agent: Agent, _number: int, _words: str) -> str:
    owed = await services.consulting.waiting()
    return _consulted(services, owed)


async def _answer_consult(services: Services, agent: Agent, number: int, words: str) -> str:
    ticket = await services.consulting.answer(number, agent, words)
    return say(services.desk.language, "No. {id} has your answer.", id=ticket.id)


async def _cancel_consult(services: Services, agent: Agent, number: int, _words: str) -> str:
    ticket = await services.consulting.cancel(number, agent)
    text = "No. {id} does not wait for consultation {number} any more."
    return say(services.desk.language, text, id=ticket.id, number=number)


async def _draft(services: Services, _agent: Agent, number: int, _words: str) -> str:
    draft = await services.consulting.draft(number)
    return draft or say(services.desk.language, "No. {id}: nobody has answered yet.", id=number)


async def _review(services: Services, _agent: Agent, number: int, _words: str) -> str:
    if number == NONE:
        waiting = await services.reviewing.waiting()
        return terminal_pages.reviews(waiting, language=services.desk.language)
    looked = await services.reviewing.look(number)
    return terminal_pages.review(services.reviewing.page(looked))


async def _approve(services: Services, agent: Agent, number: int, _words: str) -> str:
    ticket = await services.reviewing.approve(number, agent)
    return say(services.desk.language, "No. {id}: reply sent.", id=ticket.id)


async def _reject(services: Services, agent: Agent, number: int, words: str) -> str:
    ticket = await services.reviewing.reject(number, agent, words)
    if ticket.holder is None:
        return say(services.desk.language, "No. {id} is back in the queue.", id=ticket.id)
    return say(
        services.desk.language,
        "No. {id} is back with {name}.",
        id=ticket.id,
        name=ticket.holder.name,
    )


async def _theirs(services: Services, ticket: Ticket) -> str:
    head = say(services.desk.language, "No. {id} is yours.", id=ticket.id)
    return f"{head}\n{await _card(services, ticket)}"


async def _card(services: Services, ticket: Ticket) -> str:
    desk = services.desk
    at = desk.clock()
    consultations = await services.consulting.of(ticket.id)
    async with services.store.begin() as work:
        request = await shown(work, ticket, at=at)
    return terminal_pages.card(
        ticket,
        consultations,
        language=desk.language,
        roster=desk.roster,
        at=at,
        request=request,
    )


def _consulted(services: Services, some: Sequence[Consultation]) -> str:
    desk = services.desk
    return terminal_pages.consultations(
        some, language=desk.language, roster=desk.roster, at=desk.clock()
    )


COMMANDS: Final[Mapping[str, Command]] = MappingProxyType(
    {
        "list": Command(usage="list", run=_list, of=Numbered.NOTHING),
        "show": Command(usage="show N", run=_show),
        "claim": Command(usage="claim N", run=_claim),
        "release": Command(usage="release N", run=_release),
        "reply": Command(usage="reply N TEXT", run=_reply, asks="What is the reply?"),
        "ask": Command(usage="ask N TEXT", run=_ask, asks="What is the question?"),
        "close": Command(usage="close N [WHY]", run=_close),
        "transfer": Command(
            usage="transfer N KEY WHY", run=_transfer, asks="To which department?"
        ),
        "return": Command(usage="return N WHY", run=_return, asks="Why is it not for you?"),
        "take-over": Command(usage="take-over N WHY", run=_take_over, asks="Why?"),
        "reopen": Command(usage="reopen N WHY", run=_reopen, asks="Why?"),
        "merge": Command(usage="merge N M", run=_merge, asks=OTHER),
        "consult": Command(
            usage="consult N KEY,KEY TEXT", run=_consult, asks="Which departments, and what?"
        ),
        "consultations": Command(usage="consultations", run=_consultations, of=Numbered.NOTHING),
        "answer-consult": Command(
            usage="answer-consult C TEXT",
            run=_answer_consult,
            of=Numbered.OTHER,
            asks="What is the answer?",
        ),
        "cancel-consult": Command(
            usage="cancel-consult C", run=_cancel_consult, of=Numbered.OTHER
        ),
        "draft": Command(usage="draft N", run=_draft),
        "review": Command(usage="review [R]", run=_review, of=Numbered.MAYBE),
        "approve": Command(usage="approve R", run=_approve, of=Numbered.OTHER),
        "reject": Command(
            usage="reject R WHY", run=_reject, of=Numbered.OTHER, asks="What is wrong with it?"
        ),
    }
)
LEGEND: Final = (
    "N is a ticket, C a consultation, R a review. Without N the ticket is meant that you claimed "
    "last."
)


def help_in(language: Lang) -> str:
    usages = [*(command.usage for command in COMMANDS.values()), "help", "quit"]
    return f"{' · '.join(usages)}\n{say(language, LEGEND)}"
