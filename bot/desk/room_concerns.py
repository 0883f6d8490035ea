"""/concerns in the staff room: what many citizens ask of late and got no good answer to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk.concerns import pages
from bot.desk.concerns.concern import Concern, Course
from bot.desk.cutting import fitted
from bot.desk.listing import LONGEST, Entry, Listing, listed
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, prompt, told
from bot.desk.room_services import RoomServices
from bot.desk.roster import Role
from bot.desk.tickets import Agent
from bot.desk.typed import day_in, number_in, numbered, split
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span


async def concerns(
    services: RoomServices, agent: Agent, page: int | None = None
) -> Sequence[Said]:
    """Those that are not closed, by the day a response is due, with a button that shows each."""
    language, today = services.language, services.concerns.today
    found = await services.concerns.open()
    entries = [
        Entry(pages.line(one, language=language, today=today), pages.button(one)) for one in found
    ]
    head = say(language, "Hot concerns: {count}", count=len(found))
    of = Listing.CONCERNS
    return [listed(head, entries, of=of, page=page, agent=agent, language=language)]


async def show(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """One with its examples and what can be done about it. Raise EntryNotFound."""
    del agent  # whoever is in the room may look
    return [_shown(services, await services.concerns.get(number), anew=True)]


async def own(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    return [_shown(services, await services.concerns.own(number, agent))]


async def respond(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """Ask for the response."""
    await services.concerns.get(number)
    action = Action(Verb.RESPOND, number)
    return [prompt(action, agent, language=services.language)]


async def responded(
    services: RoomServices, agent: Agent, number: int, words: str
) -> Sequence[Said]:
    return _done(services, await services.concerns.answer(number, agent, words))


async def settle(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """Close it; where it has no response a supervisor is asked why."""
    concern = await services.concerns.get(number)
    if concern.state is Course.ANSWERED:
        return [_shown(services, await services.concerns.close(number, agent))]
    services.desk.roster.require_role(agent, Role.SUPERVISOR)
    return [prompt(Action(Verb.SETTLE, number), agent, language=services.language)]


async def settled(services: RoomServices, agent: Agent, number: int, words: str) -> Sequence[Said]:
    return _done(services, await services.concerns.close(number, agent, words))


async def _concerns(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    if not rest:
        return await concerns(services, agent)
    number = number_in(rest)
    if number is not None:
        return await show(services, agent, number)
    step, behind = split(rest)
    number, words = numbered(behind) or (0, "")
    changed = await _changed(services, agent, step, number, words) if number else None
    return None if changed is None else [_shown(services, changed, anew=True)]


async def _changed(
    services: RoomServices, agent: Agent, step: str, number: int, words: str
) -> Concern | None:
    """The concern after a step; None where the step cannot be read."""
    match step:
        case "own":
            due = day_in(words)
            if words and due is None:
                return None
            return await services.concerns.own(number, agent, due=due)
        case "answer" if words:
            return await services.concerns.answer(number, agent, words)
        case "close":
            return await services.concerns.close(number, agent, words)
        case _:
            return None


def _done(services: RoomServices, concern: Concern) -> Sequence[Said]:
    """In place of the message that asked; the concern's own message is shown as it is now."""
    done = say(services.language, "Concern {id}: done.", id=concern.id)
    return [told(done), _shown(services, concern)]


def _shown(services: RoomServices, concern: Concern, *, anew: bool = False) -> Said:
    language, roster = services.language, services.desk.roster
    head = pages.line(concern, language=language, today=services.concerns.today)
    text = "\n".join((head, *pages.details(concern, language=language, roster=roster)))
    keys = []
    if concern.state is Course.NEW:
        keys.append(Button(say(language, "I take it"), str(Action(Verb.OWN, concern.id))))
    if concern.state is not Course.CLOSED:
        respond = str(Action(Verb.RESPOND, concern.id))
        keys += [
            Button(say(language, "Name the response"), respond),
            Button(say(language, "Close"), str(Action(Verb.SETTLE, concern.id))),
        ]
    page = Page(fitted([Span(text)], LONGEST), (tuple(keys),) if keys else ())
    return Said(page=page, key=f"concern:{concern.id}", anew=anew)


CONCERNS: Final = Command(
    name="concerns",
    group=Group.PUBLIC,
    help="hot concerns: take, answer, close",
    usage=(
        "/concerns\n"
        "/concerns 3\n"
        "/concerns own 3 2026-12-01\n"
        "/concerns answer 3 DOCUMENT-OR-LINK\n"
        "/concerns close 3 REASON"
    ),
    run=_concerns,
)
