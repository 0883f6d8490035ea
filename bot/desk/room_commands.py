"""The table of commands in the staff room, and what /help makes of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk.disclosure import dictation
from bot.desk.room_buttons import Buttons
from bot.desk.room_clocks import EXTEND, PAUSE, RESUME
from bot.desk.room_command import Command, Group
from bot.desk.room_concerns import CONCERNS
from bot.desk.room_level import LEVEL
from bot.desk.room_lists import CANCEL_CONSULT, CONSULTATIONS, REVIEW
from bot.desk.room_pages import HELP, Said, told
from bot.desk.room_publishing import PUBLISH
from bot.desk.room_queue import View, queue
from bot.desk.room_reports import REPORT
from bot.desk.room_roster import AWAY, ROSTER
from bot.desk.room_services import RoomServices
from bot.desk.room_tasks import TASKS
from bot.desk.tickets import Agent
from bot.desk.typed import number_in
from bot.render import Page
from bot.texts import say
from bot.types import Span, Style
from knowledge.types import Lang

GROUPS: Final[Mapping[Group, str]] = {
    Group.TICKETS: "Tickets",
    Group.COLLEAGUES: "Colleagues",
    Group.PUBLIC: "Everybody's matters",
}
_COMMAND: Final = re.compile(r"/(?P<name>[a-z_]+)(?:\s+(?P<rest>.*))?", re.DOTALL)
_HOW: Final = frozenset({"?", "？"})  # asks how a command is written


async def commanded(services: RoomServices, agent: Agent, text: str) -> Sequence[Said] | None:
    """What a command says; None for what is no command of this room. Raise TicketError."""
    found = _COMMAND.fullmatch(text.strip())
    command = _BY_NAME.get(found["name"]) if found else None
    if found is None or command is None:
        return None
    rest = (found["rest"] or "").strip()
    said = None if rest in _HOW else await command.run(services, agent, rest)
    return [_how(command, services.language)] if said is None else said


def menu(language: Lang) -> Sequence[tuple[str, str]]:
    """Names with a few words of help, for a platform that shows them."""
    return [(command.name, say(language, command.help)) for command in COMMANDS]


def _how(command: Command, language: Lang) -> Said:
    head = say(language, "Write it like this:")
    return told(f"{head}\n{say(language, command.usage)}")


async def _queue(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    del rest
    return [await queue(services.store, services.desk, agent, view=View.ALL, anew=True)]


async def _ticket(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    number = number_in(rest)
    if number is None:
        return None
    return await Buttons(services).pressed(Action(Verb.CARD, number), agent)


async def _disclosure(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    """What a line says is done about a request for information."""
    if not rest:
        return None
    language = services.language
    done = await dictation.do(
        services.disclosures, services.timekeeper, agent, rest, language=language
    )
    return [told(done)]


async def _help(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said]:
    """Each command in a line under the heading of its group."""
    del agent, rest
    language = services.language
    spans = []
    for group in Group:
        spans.append(Span(f"{say(language, GROUPS[group])}\n", Style.BOLD))
        spans += [Span(_line(one, language)) for one in COMMANDS if one.group is group]
    spans.append(Span(say(language, HELP)))
    return [Said(page=Page(tuple(spans)))]


def _line(command: Command, language: Lang) -> str:
    first, *_ = say(language, command.usage).splitlines()
    return f"{first} · {say(language, command.help)}\n"


COMMANDS: Final = (
    Command(
        name="queue",
        group=Group.TICKETS,
        help="what waits, what is late first",
        usage="/queue",
        run=_queue,
    ),
    Command(
        name="ticket",
        group=Group.TICKETS,
        help="the card of a ticket",
        usage="/ticket 7",
        run=_ticket,
    ),
    EXTEND,
    PAUSE,
    RESUME,
    Command(
        name="disclosure",
        group=Group.TICKETS,
        help="decide a request for information",
        usage=(
            "/disclosure 7 RESULT TEXT\n"
            "/disclosure 7 replace RESULT WHY, then TEXT in the next line\n"
            "/disclosure 7 correct ITEMS\n"
            "/disclosure 7 hear WHOM\n"
            "/disclosure 7 heard OPINION\n"
            "/disclosure 7 extend REASON\n"
            "/disclosure 7 approve"
        ),
        run=_disclosure,
    ),
    CONSULTATIONS,
    CANCEL_CONSULT,
    REVIEW,
    AWAY,
    ROSTER,
    CONCERNS,
    TASKS,
    PUBLISH,
    REPORT,
    LEVEL,
    Command(
        name="help",
        group=Group.COLLEAGUES,
        help="all commands",
        usage="/help",
        run=_help,
    ),
)
_BY_NAME: Final[Mapping[str, Command]] = {command.name: command for command in COMMANDS}
