"""Why a question is answered as it is: each step of the search, with its figures."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date

from aiohttp import web

from bot.desk.typed import day_in
from bot.render import STANDINGS
from bot.web.console.maintain.base import Pages
from bot.web.console.maintain.wording import FEATURES
from bot.web.console.visit import Visit

LONGEST = 500  # characters of a question


class WhyPages(Pages):
    async def look(self, visit: Visit) -> web.StreamResponse:
        """The form alone; a release may be chosen by a link."""
        return await self._page(visit, visit.request.query)

    async def explain(self, visit: Visit) -> web.StreamResponse:
        """By a form: what is asked stands in no address, and so in no log."""
        return await self._page(visit, visit.form, asks=True)

    async def _page(
        self, visit: Visit, fields: Mapping[str, str], *, asks: bool = False
    ) -> web.Response:
        own = self._maintenance
        rows = await asyncio.to_thread(own.shelf.rows)
        question = " ".join(fields.get("question", "").split())[:LONGEST] if asks else ""
        release = fields.get("release", "") or own.served() or own.shelf.current()
        on = day_in(fields.get("on", "")) or own.desk.clock().date()
        return self.render(
            visit,
            "why.html",
            names=[one.name for one in rows],
            question=question,
            release=release,
            on=on,
            why=await self._explained(visit, question, release, on) if question else None,
            features=FEATURES,
            standings=STANDINGS,
            longest=LONGEST,
        )

    async def _explained(self, visit: Visit, question: str, release: str, on: date) -> object:
        why = await self._maintenance.why(question, release, on)
        # Now the release is one that there is.
        await self._console.viewed(visit, f"why a question is answered so ({release})")
        return why
