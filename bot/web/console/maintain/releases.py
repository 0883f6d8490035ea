"""Releases: the list, each one closely, how two differ, and which is current."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Final

from aiohttp import web

from bot.desk.sorry import sorry
from bot.errors import MaintenanceRefused
from bot.maintain.shelf import Row, Shelf, Told, require_encoder
from bot.texts import say
from bot.web.console.maintain.base import PATH, Pages, reason
from bot.web.console.maintain.wording import VERDICTS
from bot.web.console.visit import Visit
from index.diff import Changes, ClauseChange, Run, runs

MOST_DOCUMENTS: Final = 100  # of each kind that a page of differences shows
IN_THE_LOG: Final[Mapping[Told, str]] = {
    Told.REFUSED: " (refused by the golden gate)",
    Told.OWED: " (the golden gate had not told yet)",
    Told.BROKEN: " (what the golden gate told cannot be read)",
}


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
            unfit=self._unfit(visit, row),
        )

    async def switch(self, visit: Visit) -> web.StreamResponse:
        own, row = self._maintenance, await self._row(visit)
        why = reason(visit)
        if row.doubtful and visit.text("seen") != "yes":
            raise MaintenanceRefused("Tick that you have seen what this release answers wrongly.")
        await asyncio.to_thread(own.shelf.check, row.name, encoder=own.settings.encoder)
        text = row.name + IN_THE_LOG.get(row.told, "")
        # Not inside of `noted`: an upload takes longer than others wait for the database.
        await asyncio.to_thread(own.shelf.switch, row.name, seen=visit.text("current"))
        async with own.noted(visit.actor, "release switched", text, why=why):
            pass
        words = "{name} is current. The bot takes it over within seconds."
        return await self._console.done(visit, PATH, say(visit.language, words, name=row.name))

    async def differences(self, visit: Visit) -> web.StreamResponse:
        shelf, query = self._maintenance.shelf, visit.request.query
        rows = await asyncio.to_thread(shelf.rows)
        names = [one.name for one in rows]
        old = query.get("old") or (names[1] if len(names) > 1 else "")
        new = query.get("new") or (names[0] if names else "")
        compared = await asyncio.to_thread(_differences, shelf, old, new) if old and new else None
        found, words = compared or (None, {})
        return self.render(
            visit,
            "differences.html",
            names=names,
            old=old,
            new=new,
            found=found,
            most=MOST_DOCUMENTS,
            runs=words,
        )

    def _unfit(self, visit: Visit, row: Row) -> str:
        """Why the bot would not take it over, or ""."""
        try:
            require_encoder(row.manifest, self._maintenance.settings.encoder)
        except MaintenanceRefused as error:
            return sorry(error, visit.language)
        return ""

    async def _row(self, visit: Visit) -> Row:
        name = visit.request.match_info["release"]
        return await asyncio.to_thread(self._maintenance.shelf.row, name)


def _differences(
    shelf: Shelf, old: str, new: str
) -> tuple[Changes, Mapping[ClauseChange, Sequence[Run]]]:
    """With the words of each clause that is shown: to compare a long one takes its time."""
    found = shelf.differences(old, new)
    clauses = (clause for one in found.changed[:MOST_DOCUMENTS] for clause in one.clauses)
    return found, {clause: _runs(clause) for clause in clauses}


def _runs(clause: ClauseChange) -> Sequence[Run]:
    return runs(clause.old.text if clause.old else "", clause.new.text if clause.new else "")
