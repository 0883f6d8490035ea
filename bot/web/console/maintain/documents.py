"""Documents: what is among the sources, what waits beside them, what the readers say of that."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from aiohttp import web

from bot.desk.sorry import sorry
from bot.errors import MaintenanceRefused
from bot.maintain.sources import Folder, folders
from bot.render import STANDINGS
from bot.texts import say
from bot.web.console.maintain.base import PATH, Pages
from bot.web.console.maintain.findings import in_words
from bot.web.console.maintain.uploading import take_files
from bot.web.console.maintain.wording import SEVERITIES
from bot.web.console.visit import Visit
from knowledge.intake import ENDINGS

LINES = 500  # files of a folder that are listed
HERE = f"{PATH}/documents"


class DocumentPages(Pages):
    async def look(self, visit: Visit) -> web.StreamResponse:
        own = self._maintenance
        paths = own.settings.source_paths
        found = await asyncio.to_thread(folders, paths)
        return self.render(
            visit,
            "documents.html",
            folders=found,
            lines=LINES,
            takers=_takers(found),
            removed=(await asyncio.to_thread(own.trash.listed))[:LINES],
            staged=await asyncio.to_thread(own.staging.listed),
            report=await asyncio.to_thread(own.ingestion.report),
            severities=SEVERITIES,
            in_words=partial(in_words, language=visit.language),
            standings=STANDINGS,
            endings=" ".join(ENDINGS),
            accept=",".join(ENDINGS),
        )

    async def upload(self, visit: Visit) -> web.StreamResponse:
        own, language = self._maintenance, visit.language
        found = await take_files(visit.parts, own.staging)
        for name in found.taken:
            async with own.noted(visit.actor, "document uploaded", name):
                pass
        words = [sorry(one, language) for one in found.refused]
        if found.taken:
            words.insert(0, say(language, "Uploaded: {names}", names=", ".join(found.taken)))
            words += await self._checked(visit)
        return await self._console.done(
            visit, HERE, *(words or [say(language, "No file was chosen.")])
        )

    async def check(self, visit: Visit) -> web.StreamResponse:
        return await self._console.done(visit, HERE, *await self._checked(visit))

    async def take_over(self, visit: Visit) -> web.StreamResponse:
        own, name = self._maintenance, visit.text("name")
        folder = await self._chosen(visit.text("folder"))
        replace = visit.text("replace") == "yes"
        # Not inside of `noted`: a large file takes longer than others wait for the database.
        await asyncio.to_thread(own.staging.take_over, name, folder, replace=replace)
        async with own.noted(visit.actor, "document taken over", f"{name} ({folder.name})"):
            pass
        text = "{name} is among the sources. The next build reads it."
        return await self._console.done(visit, HERE, say(visit.language, text, name=name))

    async def discard(self, visit: Visit) -> web.StreamResponse:
        own, name = self._maintenance, visit.text("name")
        async with own.noted(visit.actor, "document discarded", name):
            await asyncio.to_thread(own.staging.discard, name)
        words = say(visit.language, "{name} is erased.", name=name)
        return await self._console.done(visit, HERE, words)

    async def _checked(self, visit: Visit) -> list[str]:
        """Have it read; the words for what came of it."""
        own = self._maintenance
        first = next((one for one in own.settings.source_paths if one.is_dir()), None)
        if await own.ingestion.check(first):
            return []
        text = "The files could not be read to the end: there is no report. Discard the last one."
        return [say(visit.language, text)]

    async def _chosen(self, number: str) -> Path:
        """The folder by its place in the settings: what a browser sends is never a path."""
        takers = _takers(await asyncio.to_thread(folders, self._maintenance.settings.source_paths))
        for place, one in takers:
            if number == str(place):
                return one.path
        raise MaintenanceRefused("No folder of sources is set: name one in SOURCES.")


def _takers(found: Sequence[Folder]) -> list[tuple[int, Folder]]:
    """Folders that a document may be put into, with their places."""
    return [(place, one) for place, one in enumerate(found) if one.is_folder]
