"""Why a question is answered as it is: each step of the search, with its figures."""

from __future__ import annotations

import asyncio
from datetime import date

from aiohttp import web

from bot.desk.typed import day_in
from bot.errors import MaintenanceRefused
from bot.privacy import mask
from bot.web.console.maintain.base import Pages
from bot.web.console.maintain.wording import FEATURES
from bot.web.console.visit import Visit
from index.errors import SearchError

LONGEST = 500  # characters of a question


class WhyPages(Pages):
    async def look(self, visit: Visit) -> web.StreamResponse:
        own, query = self._maintenance, visit.request.query
        rows = await asyncio.to_thread(own.shelf.rows)
        question = " ".join(query.get("question", "").split())[:LONGEST]
        release = query.get("release", "") or own.served() or own.shelf.current()
        on = day_in(query.get("on", "")) or own.desk.clock().date()
        return self.render(
            visit,
            "why.html",
            names=[one.name for one in rows],
            question=question,
            release=release,
            on=on,
            why=await self._explained(visit, question, release, on) if question else None,
            features=FEATURES,
            longest=LONGEST,
        )

    async def _explained(self, visit: Visit, question: str, release: str, on: date) -> object:
        await self._console.viewed(visit, f"why {release}: {mask(question)}")
        try:
            return await self._maintenance.why(question, release, on)
        except SearchError as error:
            raise MaintenanceRefused(
                "The release cannot be used: {problem}", problem=str(error)
            ) from error
