"""/level in the staff room: how much the bot does by itself, and the switch for it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.degrade.level import LEVELS, Level
from bot.degrade.until import until_and_why
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
        until, why = until_and_why(behind, services.desk.clock())
        await services.levels.set(Level(word), agent, why=why, until=until)
    else:
        return None
    return [told(say(services.language, "Done. Every worker follows within some seconds."))]


async def lines(services: RoomServices) -> Sequence[str]:
    """The level of this worker, and the last steps."""
    level = say(services.language, LEVELS[services.level()])
    now = say(services.language, "Level now: {level}", level=level)
    return [now, *await services.levels.last(SHOWN)]


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
