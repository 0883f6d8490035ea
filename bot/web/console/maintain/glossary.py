"""The bureau's own glossary: entries put in, changed, taken out; the next build reads it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from typing import Final

from aiohttp import web

from bot.desk.typed import number_in
from bot.errors import MaintenanceRefused
from bot.maintain.glossary_file import GlossaryFile
from bot.maintain.glossary_text import Entry, Same, Seeks, added, changed, entries, words_of
from bot.texts import say
from bot.web.console.forms import NOTHING_REFUSED, Refused
from bot.web.console.maintain.base import PATH, Pages
from bot.web.console.visit import Visit

HERE: Final = f"{PATH}/glossary"
SHOWN: Final = 120  # characters of an entry in the audit log


class GlossaryPages(Pages):
    async def look(self, visit: Visit) -> web.StreamResponse:
        return await self._page(visit, NOTHING_REFUSED)

    async def add(self, visit: Visit) -> web.StreamResponse:
        entry = _typed(visit)
        return await self._change(visit, "add", "glossary entry added", partial(_add, entry))

    async def save(self, visit: Visit) -> web.StreamResponse:
        place = number_in(visit.text("place"))
        entry = None if visit.text("do") == "remove" else _typed(visit)
        what = "glossary entry removed" if entry is None else "glossary entry changed"
        edit = partial(_change, -1 if place is None else place, entry)
        return await self._change(visit, f"save-{place}", what, edit)

    async def _change(
        self, visit: Visit, deed: str, what: str, edit: Callable[[str], str]
    ) -> web.StreamResponse:
        own = self._maintenance
        text = " / ".join(_words(_typed(visit)))[:SHOWN]
        try:
            async with own.noted(visit.actor, what, text):
                await asyncio.to_thread(self._file.change, visit.text("seen"), edit)
        except MaintenanceRefused as error:
            return await self._page(visit, Refused.of(visit, deed, error))
        words = say(visit.language, "Kept. It counts from the next build on.")
        return await self._console.done(visit, HERE, words)

    @property
    def _file(self) -> GlossaryFile:
        if self._maintenance.glossary is None:
            raise MaintenanceRefused("There is no glossary of your own yet: name one in GLOSSARY.")
        return self._maintenance.glossary

    async def _page(self, visit: Visit, refused: Refused) -> web.Response:
        version, found, problem = None, [], ""
        if self._maintenance.glossary is not None:
            version = await asyncio.to_thread(self._maintenance.glossary.read)
            try:
                found = [one.entry for one in entries(version.text)]
            except MaintenanceRefused as error:
                problem = Refused.of(visit, "", error).problem
        return self.render(
            visit,
            "glossary.html",
            status=refused.status,
            version=version,
            found=[(isinstance(one, Same), one) for one in found],
            refused=refused,
            broken=problem,
        )


def _add(entry: Entry, text: str) -> str:
    return added(text, entry)


def _change(place: int, entry: Entry | None, text: str) -> str:
    return changed(text, place, entry)


def _typed(visit: Visit) -> Entry:
    if visit.text("kind") == "seeks":
        return Seeks(asks=words_of(visit.text("asks")), tells=words_of(visit.text("tells")))
    return Same(words=words_of(visit.text("words")))


def _words(entry: Entry) -> tuple[str, ...]:
    return entry.words if isinstance(entry, Same) else (*entry.asks, *entry.tells)
