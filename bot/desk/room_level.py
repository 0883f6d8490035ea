"""/level in the staff room: how much the bot does by itself, and the switch for it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.degrade import pages
from bot.degrade.level import LEVELS, Level
from bot.degrade.until import until_in
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import split
from bot.texts import say

SHOWN: Final = 5  # steps
AUTO: Final = "auto"


async def _level(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    if not rest:
        return [told("\n".join(await lines(services)))]
    word, behind = split(rest)
    if word == AUTO:
        await services.levels.lift(agent, why=behind)
    elif word in list(Level):
        until, why = _until_and_why(behind, services.desk.clock())
        await services.levels.set(Level(word), agent, why=why, until=until)
    else:
        return None
    return [told(say(services.language, "Done. Every worker follows within some seconds."))]


async def lines(services: RoomServices) -> Sequence[str]:
    """The level of this worker, and the last steps."""
    language, zone = services.language, services.desk.clock().tzinfo
    now = say(language, "Level now: {level}", level=say(language, LEVELS[services.level()]))
    steps = await services.levels.steps(limit=SHOWN)
    return [now, *(pages.line(one, language, zone=zone) for one in steps)]


def _until_and_why(text: str, now: datetime) -> tuple[datetime | None, str]:
    """A time or a day with a time may come before the reason."""
    first, rest = split(text)
    second, behind = split(rest)
    if (until := until_in(f"{first} {second}", now)) is not None:
        return until, behind
    until = until_in(first, now)
    return until, rest if until is not None else text


LEVEL: Final = Command(
    name="level",
    group=Group.COLLEAGUES,
    help="how much the bot does by itself",
    usage=(
        "/level\n"
        "/level quotation WHY\n"
        "/level published WHY\n"
        "/level people 14:30 WHY\n"
        "/level maintenance 2026-12-01 14:30 WHY\n"
        "/level auto"
    ),
    run=_level,
)
