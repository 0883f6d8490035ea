"""
Requests for information in the staff room: their buttons, and the words that these ask for.

A letter is decided in three steps: its result (a group, then one of it, then what stays closed),
and the words. The words are read as those of `/disclosure 7 RESULT …` are: see dictation.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from bot.actions import Action, Verb
from bot.desk import cards, moves, review_pages
from bot.desk.disclosure import dictation
from bot.desk.disclosure.choosing import Chosen
from bot.desk.disclosure.results import RULES, Need
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent, Ticket
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span
from knowledge.types import Lang

NOTHING: Final = 1  # place of HEARD: no opinion came
IN_A_ROW: Final = 2  # buttons
NEEDS: Final = {
    Need.LINK: "First line: where it is published.",
    Need.OFFICE: "First line: who has it and how to reach them; - where nobody knows.",
}


LETTERS: Final = frozenset({Verb.DECIDE, Verb.ANEW})
VERBS: Final = LETTERS | {Verb.CORRECT, Verb.HEAR, Verb.HEARD}


async def pressed(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    """What a button of VERBS does. Raise TicketError."""
    doing = _decide if action.verb in LETTERS else _step
    return await doing(services, action, number, agent)


async def answered(
    services: RoomServices, action: Action, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    """What the words do that it asked for. Raise TicketError."""
    doing = _decided if action.verb in LETTERS else _stepped
    return await doing(services, action, number, agent, words)


async def _decide(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    """The next choice of a letter, or, where all is chosen, its words are asked for."""
    anew = action.verb is Verb.ANEW
    case = await services.disclosures.case(number)
    moves.require_holder(case.ticket, agent)
    chosen = Chosen.of(action.place or 0)
    if chosen.sends and chosen.may_send and not anew:
        await services.disclosures.reply(number, agent, dictation.decision(chosen, ""))
        return [_replied(await services.ticket(number), services.language)]
    await services.desk.claim_if_open(number, agent)
    if not chosen.is_whole:
        return [_choice(action, chosen, services.language)]
    return [_words_wanted(action, replace(chosen, sends=False), agent, services.language)]


async def _decided(
    services: RoomServices, action: Action, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    """The words came: the letter goes out, or to a second person."""
    chosen = Chosen.of(action.place or 0)
    if not chosen.is_whole:
        return ()
    decision = dictation.decision(chosen, words, anew=action.verb is Verb.ANEW)
    await services.disclosures.reply(number, agent, decision)
    return [_replied(await services.ticket(number), services.language)]


async def _step(
    services: RoomServices, action: Action, number: int, agent: Agent
) -> Sequence[Said]:
    """Ask for the words of a correction, of a hearing, or of what came of it."""
    case = await services.disclosures.case(number)
    moves.require_holder(case.ticket, agent)
    if action.verb is Verb.HEARD and action.place == NOTHING:
        await services.disclosures.heard(number, agent)
        return [_done(number, services.language)]
    await services.desk.claim_if_open(number, agent)
    language = services.language
    keys: tuple[tuple[Button, ...], ...] = ()
    match action.verb:
        case Verb.CORRECT:
            text = say(
                language,
                "{name}: reply to this message with all that the applicant of No. {id} must make "
                "clear. It goes out as you write it, once; the clock stands until they answer.",
                name=agent.name,
                id=number,
            )
        case Verb.HEAR:
            text = say(
                language,
                "{name}: reply to this message with whom No. {id} concerns, and why. They have 15 "
                "working days; the clock stands until then.",
                name=agent.name,
                id=number,
            )
        case _:
            text = say(
                language,
                "{name}: reply to this message with what they said about No. {id}.",
                name=agent.name,
                id=number,
            )
            label = say(language, "No opinion came")
            keys = ((Button(label, str(Action(Verb.HEARD, number, NOTHING))),),)
    expects = Action(action.verb, number)
    return [_prompt(text, keys, number, expects)]


async def _stepped(
    services: RoomServices, action: Action, number: int, agent: Agent, words: str
) -> Sequence[Said]:
    match action.verb:
        case Verb.CORRECT:
            await services.disclosures.ask_correction(number, agent, words)
        case Verb.HEAR:
            await services.disclosures.hear(number, agent, words)
        case _:
            await services.disclosures.heard(number, agent, words)
    return [_done(number, services.language)]


async def approved(
    services: RoomServices, review: int, agent: Agent, *, seen: int | None = None
) -> Ticket:
    """
    A second person lets a reply out: that to a request goes as its letter.

    Raise as Reviewing.approve and Disclosures.approve do.
    """
    ticket = (await services.reviewing.look(review)).ticket
    if not await services.disclosures.proposes(ticket.id):
        return await services.reviewing.approve(review, agent, seen=seen)
    await services.disclosures.approve(ticket.id, agent, review=review, seen=seen)
    return await services.ticket(ticket.id)


def _choice(action: Action, chosen: Chosen, language: Lang) -> Said:
    """What may be chosen next."""
    number = action.target
    if chosen.result is not None:
        text = say(language, "No. {id}: why does a part stay closed?", id=number)
    elif chosen.group:
        text = say(language, "No. {id}: which result exactly?", id=number)
    else:
        text = say(language, "No. {id}: which result has the letter?", id=number)
    keys = [
        Button(say(language, label), str(Action(action.verb, number, one.place)))
        for label, one in chosen.next()
    ]
    if chosen.group:
        keys.append(Button(say(language, "Choose again"), str(Action(action.verb, number))))
    rows = tuple(tuple(keys[at : at + IN_A_ROW]) for at in range(0, len(keys), IN_A_ROW))
    return Said(page=Page(cards.plain(text), rows), ticket_id=number, prompts=True)


def _words_wanted(action: Action, chosen: Chosen, agent: Agent, language: Lang) -> Said:
    assert chosen.result is not None
    assert action.target is not None
    rule, anew = RULES[chosen.result], action.verb is Verb.ANEW
    head = say(
        language,
        "{name}: reply to this message with the words of the letter to No. {id}: {result}.",
        name=agent.name,
        id=action.target,
        result=say(language, RULES[chosen.result].label),
    )
    wants = [head]
    if anew:
        wants.append(say(language, "First line: why the letter that is out is replaced."))
    if rule.needs in NEEDS:
        wants.append(say(language, NEEDS[rule.needs]))
    if rule.words:
        wants.append(say(language, "Then the information, or the reasons."))
    back = Button(say(language, "Choose again"), str(Action(action.verb, action.target)))
    keys = [back]
    if chosen.may_send and not anew:
        sends = Action(action.verb, action.target, replace(chosen, sends=True).place)
        keys.insert(0, Button(say(language, "Send without words"), str(sends)))
    expects = Action(action.verb, action.target, chosen.place)
    return _prompt("\n".join(wants), (tuple(keys),), action.target, expects)


def _prompt(text: str, keys: tuple[tuple[Button, ...], ...], number: int, expects: Action) -> Said:
    page = Page((Span(text),), keys)
    return Said(page=page, ticket_id=number, expects=expects, prompts=True)


def _replied(ticket: Ticket, language: Lang) -> Said:
    return told(review_pages.done(ticket, language=language), ticket.id)


def _done(number: int, language: Lang) -> Said:
    return told(say(language, "No. {id}: done; the applicant is told.", id=number), number)
