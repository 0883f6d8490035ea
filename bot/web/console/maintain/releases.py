"""Releases: the list, each one closely, how two differ, and which is current."""

from __future__ import annotations

import asyncio

from aiohttp import web

from bot.errors import MaintenanceRefused
from bot.maintain.shelf import Row
from bot.texts import say
from bot.web.console.maintain.base import PATH, Pages, reason
from bot.web.console.maintain.wording import VERDICTS
from bot.web.console.visit import Visit
from index.diff import runs

MOST_DOCUMENTS = 100  # of each kind that a page of differences shows


class ReleasePages(Pages):
    async def listed(self, visit: Visit) -> web.StreamResponse:
        shelf = self._maintenance.shelf
        return self.render(
            visit,
            "releases.html",
            rows=await asyncio.to_thread(shelf.rows),
            served=self._maintenance.served(),
            previous=await asyncio.to_thread(shelf.previous),
        )

    async def look(self, visit: Visit) -> web.StreamResponse:
        row = await self._row(visit)
        return self.render(
            visit,
            "release.html",
            row=row,
            served=self._maintenance.served(),
            current=await asyncio.to_thread(self._maintenance.shelf.current),
            verdicts=VERDICTS,
        )

    async def switch(self, visit: Visit) -> web.StreamResponse:
        own, row = self._maintenance, await self._row(visit)
        why = reason(visit)
        if row.refused and visit.text("seen") != "yes":
            raise MaintenanceRefused("Tick that you have seen what this release answers wrongly.")
        await asyncio.to_thread(own.shelf.check, row.name)
        text = f"{row.name} (refused by the golden gate)" if row.refused else row.name
        async with own.noted(visit.actor, "release switched", text, why=why):
            await asyncio.to_thread(own.shelf.switch, row.name, seen=visit.text("current"))
        words = "{name} is current. The bot takes it over within seconds."
        return self._console.done(visit, PATH, say(visit.language, words, name=row.name))

    async def differences(self, visit: Visit) -> web.StreamResponse:
        shelf, query = self._maintenance.shelf, visit.request.query
        rows = await asyncio.to_thread(shelf.rows)
        names = [one.name for one in rows]
        old = query.get("old") or (names[1] if len(names) > 1 else "")
        new = query.get("new") or (names[0] if names else "")
        found = await asyncio.to_thread(shelf.differences, old, new) if old and new else None
        return self.render(
            visit,
            "differences.html",
            names=names,
            old=old,
            new=new,
            found=found,
            most=MOST_DOCUMENTS,
            runs=runs,
        )

    async def _row(self, visit: Visit) -> Row:
        name = visit.request.match_info["release"]
        return await asyncio.to_thread(self._maintenance.shelf.row, name)
