"""How much the bot does by itself: the level now, the switch, and the last steps."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from aiohttp import web

from bot.degrade import pages
from bot.degrade.level import LEVELS, Level
from bot.degrade.levels import ROLES
from bot.degrade.until import until_or_refused
from bot.errors import LevelRefused, TicketError
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import NOTHING_REFUSED, Refused, written
from bot.web.console.visit import Visit

PATH: Final = "/level"
SET: Final = "set"
AUTO: Final = "auto"
SHOWN: Final = 30  # steps


class LevelPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.look, *ROLES)
        console.post(f"{PATH}/{SET}", self.switch, *ROLES)
        console.post(f"{PATH}/{AUTO}", self.lift, *ROLES)

    async def look(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit)

    async def switch(self, visit: Visit) -> web.StreamResponse:
        try:
            await self._services.levels.set(
                _level_of(visit), visit.actor, why=written(visit, "why"), until=self._until(visit)
            )
        except TicketError as error:
            return await self._shown(visit, Refused.of(visit, SET, error))
        return await self._done(visit)

    async def lift(self, visit: Visit) -> web.StreamResponse:
        try:
            await self._services.levels.lift(visit.actor)
        except TicketError as error:
            return await self._shown(visit, Refused.of(visit, AUTO, error))
        return await self._done(visit)

    async def _done(self, visit: Visit) -> web.Response:
        self._console.stored()
        words = say(visit.language, "Done. Every worker follows within some seconds.")
        return await self._console.done(visit, PATH, words)

    def _until(self, visit: Visit) -> datetime | None:
        return until_or_refused(written(visit, "until"), self._services.desk.clock())

    async def _shown(self, visit: Visit, refused: Refused = NOTHING_REFUSED) -> web.Response:
        desk, language = self._services.desk, visit.language
        steps = await self._services.levels.steps(limit=SHOWN)
        hand = await self._services.levels.by_hand()
        at = desk.clock()
        return self._console.render(
            visit,
            "level.html",
            status=refused.status,
            refused=refused,
            now=say(language, LEVELS[self._services.level()]),
            by_hand=say(language, LEVELS[hand.holds(at)])
            if hand
            else say(language, LEVELS[Level.FULL]),
            levels={one.value: say(language, LEVELS[one]) for one in Level},
            steps=[pages.line(one, language, zone=at.tzinfo) for one in steps],
        )


def _level_of(visit: Visit) -> Level:
    """Raise LevelRefused for what is no level."""
    text = written(visit, "level")
    if text not in list(Level):
        raise LevelRefused("{text} is no level.", text=text)
    return Level(text)
