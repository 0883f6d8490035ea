"""A document is taken out of the sources, after a question; and put back."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from aiohttp import web

from bot.errors import MaintenanceRefused
from bot.maintain.sources import Folder, folders
from bot.maintain.trash import require
from bot.texts import say
from bot.web.console.maintain.base import Pages, reason
from bot.web.console.maintain.documents import HERE
from bot.web.console.visit import Visit


class RemovalPages(Pages):
    async def ask(self, visit: Visit) -> web.StreamResponse:
        """What it means, and why it is to be: the form that removes it."""
        query = visit.request.query
        folder, name = await self._chosen(query)
        return self.render(
            visit, "remove.html", folder=folder, place=query["folder"], name=name, back=HERE
        )

    async def remove(self, visit: Visit) -> web.StreamResponse:
        own = self._maintenance
        folder, name = await self._chosen(visit.form)
        why = reason(visit)
        # Not inside of `noted`: a large file takes longer than others wait for the database.
        await asyncio.to_thread(own.trash.remove, folder, name, visit.actor, why=why)
        text = f"{name} ({folder.path.name})"
        async with own.noted(visit.actor, "document removed", text, why=why):
            pass
        words = say(
            visit.language,
            "{name} is not among the sources any more. Citizens are answered from it until a "
            "release without it is current.",
            name=name,
        )
        return await self._console.done(visit, HERE, words)

    async def put_back(self, visit: Visit) -> web.StreamResponse:
        own = self._maintenance
        known = await asyncio.to_thread(folders, own.settings.source_paths)
        one = await asyncio.to_thread(own.trash.put_back, visit.text("removed"), known)
        text = f"{one.note.name} ({one.folder.name})"
        async with own.noted(visit.actor, "document put back", text):
            pass
        words = say(
            visit.language,
            "{name} is among the sources. The next build reads it.",
            name=one.note.name,
        )
        return await self._console.done(visit, HERE, words)

    async def _chosen(self, fields: Mapping[str, str]) -> tuple[Folder, str]:
        """A document by its folder's place in the settings, and its name as it is listed there."""
        known = await asyncio.to_thread(folders, self._maintenance.settings.source_paths)
        by_place = {str(place): one for place, one in enumerate(known) if one.is_folder}
        folder, name = by_place.get(fields.get("folder", "")), fields.get("name", "")
        if folder is None:
            raise MaintenanceRefused("{name} is not among the sources any more.", name=name)
        require(folder, name)
        return folder, name
