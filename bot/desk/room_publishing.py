"""From a reply to an answer for everybody, in the staff room: its buttons, words and /publish."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from bot.actions import Action, Verb
from bot.desk.publishing import draft_pages
from bot.desk.publishing.publication import ALIVE
from bot.desk.publishing.wordings import Worded
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, prompt, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import number_in
from bot.texts import say

Doing: TypeAlias = Callable[[RoomServices, Action, int, Agent], Awaitable[Sequence[Said]]]
Telling: TypeAlias = Callable[[RoomServices, int, Agent, str], Awaitable[Sequence[Said]]]


async def pressed(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    """What a button does. Raise TicketError, as all here do."""
    return await PRESSED[action.verb](services, action, number, agent)


async def answered(
    services: RoomServices, action: Action, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    """What the words do that a button asked for."""
    return await ANSWERED[action.verb](services, number, agent, words)


async def look(services: RoomServices, _: Action, number: int, agent: Agent) -> Sequence[Said]:
    """What was proposed of a ticket, if that is alive; else what would be."""
    for one in await services.publishing.of(number):
        if one.stage in ALIVE:
            await services.publishing.show(one)
            return ()
    return [_shown(services, await services.wordings.look(number, agent), anew=True)]


async def cite(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    return [_shown(services, await services.wordings.cite(number, agent, action.place or 0))]


async def propose(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    """What was looked at becomes a message of its own for whoever approves."""
    one = await services.wordings.propose(number, agent, seen=action.place or 0)
    text = "No. {id}: {name} proposed the answer for everybody."
    done = told(say(services.language, text, id=number, name=one.proposed_by.name), number)
    return [replace(done, key=_key(number))]


async def let_out(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    await services.publishing.approve(number, agent, seen=action.place or 0)
    return ()


async def ask_words(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    await services.wordings.look(number, agent)
    return [prompt(action, agent, language=services.language, ticket_id=number)]


async def ask_why(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    one = await services.publishing.waiting(number, agent)
    return [prompt(action, agent, language=services.language, ticket_id=one.ticket_id)]


async def question(
    services: RoomServices, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    return _anew(services, await services.wordings.word(number, agent, question=words))


async def answer(services: RoomServices, number: int, agent: Agent, words: str) -> Sequence[Said]:
    return _anew(services, await services.wordings.word(number, agent, answer=words))


async def turned_down(
    services: RoomServices, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    one = await services.publishing.refuse(number, agent, words)
    done = say(services.language, "No. {id}: done.", id=one.ticket_id)
    return [told(done, one.ticket_id)]


async def publish(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    """Without a number: what waits for somebody."""
    if not rest:
        known = await services.publishing.all()
        page = draft_pages.listing(known, language=services.language)
        return [Said(page=page, key=f"publishing:{agent.id}", anew=True)]
    number = number_in(rest)
    if number is None:
        return None
    return await look(services, Action(Verb.PUBLISH, number), number, agent)


def _shown(services: RoomServices, worded: Worded, *, anew: bool = False) -> Said:
    """One message for a ticket, whoever words it."""
    page = draft_pages.worded(
        worded.wording, worded.prepared, worded.passages, language=services.language
    )
    number = worded.wording.ticket_id
    return Said(page=page, ticket_id=number, key=_key(number), anew=anew)


def _anew(services: RoomServices, worded: Worded) -> Sequence[Said]:
    """In place of the prompt that it is done, and below it how it reads now."""
    number = worded.wording.ticket_id
    text = "No. {id}: worded anew. See below."
    return [
        told(say(services.language, text, id=number), number),
        _shown(services, worded, anew=True),
    ]


def _key(number: int) -> str:
    return f"wording:{number}"


PUBLISH: Final = Command(
    name="publish",
    group=Group.PUBLIC,
    help="replies that become answers for everybody",
    usage="/publish\n/publish 7",
    run=publish,
)
PRESSED: Final[Mapping[Verb, Doing]] = {
    Verb.PUBLISH: look,
    Verb.WORD_QUESTION: ask_words,
    Verb.WORD_ANSWER: ask_words,
    Verb.CITE: cite,
    Verb.PROPOSE: propose,
    Verb.LET_OUT: let_out,
    Verb.TURN_DOWN: ask_why,
}
ANSWERED: Final[Mapping[Verb, Telling]] = {
    Verb.WORD_QUESTION: question,
    Verb.WORD_ANSWER: answer,
    Verb.TURN_DOWN: turned_down,
}
