"""A build: begun, watched while it runs, cancelled, and its log."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

import structlog
from aiohttp import web

from bot.maintain.build_log import Stage
from bot.maintain.builds import Build
from bot.maintain.maintenance import Maintenance
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.maintain.base import PATH, Pages
from bot.web.console.maintain.wording import STAGES, STARTING, STEPS
from bot.web.console.visit import Visit
from bot.web.events import HEADERS, START
from knowledge.types import Lang

HERE: Final = f"{PATH}/build"
LOOK_S: Final = 0.5
STREAM_S: Final = 60.0  # then the browser comes again, and is asked anew who it is
MOST: Final = 50  # streams

log = structlog.get_logger(__name__)


class BuildPages(Pages):
    def __init__(self, console: Console, maintenance: Maintenance) -> None:
        super().__init__(console, maintenance)
        self._closing = asyncio.Event()
        self._streams = 0

    async def close(self, _app: web.Application) -> None:
        """End all streams, that the server need not wait for them."""
        self._closing.set()

    async def look(self, visit: Visit) -> web.StreamResponse:
        builds = self._maintenance.builds
        return await self._page(visit, await asyncio.to_thread(builds.latest))

    async def log(self, visit: Visit) -> web.StreamResponse:
        builds = self._maintenance.builds
        found = await asyncio.to_thread(builds.get, visit.request.match_info["build"])
        return await self._page(visit, found)

    async def start(self, visit: Visit) -> web.StreamResponse:
        own = self._maintenance
        async with own.noted(visit.actor, "build started", ""):
            await asyncio.to_thread(own.builds.start, visit.actor)
        return await self._console.done(visit, HERE)

    async def cancel(self, visit: Visit) -> web.StreamResponse:
        own = self._maintenance
        # Not inside of `noted`: it may take longer than others wait for the database.
        name = await asyncio.to_thread(own.builds.cancel, visit.actor)
        async with own.noted(visit.actor, "build cancelled", name):
            pass
        return await self._console.done(visit, HERE, say(visit.language, STAGES[Stage.CANCELLED]))

    async def events(self, visit: Visit) -> web.StreamResponse:
        """How far the build is, each time it is further, until it ends."""
        if self._closing.is_set() or self._streams >= MOST:
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE)
        response = web.StreamResponse(headers=HEADERS)
        self._streams += 1
        try:
            await response.prepare(visit.request)
            await response.write(START)
            await self._pour(response, visit.language)
        except ConnectionError:
            log.debug("console.build.left")
        finally:
            self._streams -= 1
        return response

    async def _pour(self, response: web.StreamResponse, language: Lang) -> None:
        loop = asyncio.get_running_loop()
        until, before = loop.time() + STREAM_S, ""
        while loop.time() < until and not self._closing.is_set():
            build = await asyncio.to_thread(self._maintenance.builds.latest)
            text = json.dumps(state_of(build, language), ensure_ascii=False)
            if text != before:
                await response.write(f"data: {text}\n\n".encode())
                before = text
            if build is None or build.stage is not Stage.RUNNING:
                return
            try:
                async with asyncio.timeout(LOOK_S):
                    await self._closing.wait()
            except TimeoutError:
                continue

    async def _page(self, visit: Visit, build: Build | None) -> web.Response:
        own = self._maintenance
        row = None
        if build is not None and build.stage is Stage.BUILT:
            rows = await asyncio.to_thread(own.shelf.rows)
            row = next((one for one in rows if one.name == build.log.release), None)
        return self.render(
            visit,
            "build.html",
            build=build,
            state=state_of(build, visit.language),
            row=row,
            in_terminal=await asyncio.to_thread(own.builds.runs_in_terminal),
            others=await asyncio.to_thread(own.builds.names),
            sources=own.settings.source_paths,
        )


def state_of(build: Build | None, language: Lang) -> Mapping[str, object]:
    """What the page and its script show."""
    if build is None:
        return {"stage": "", "percent": 0, "words": ""}
    log = build.log
    words = say(language, STAGES[build.stage])
    if build.stage is Stage.RUNNING:
        label = STEPS.get(log.step, STARTING)
        step = say(language, label)
        count = f" {log.done} / {log.total}" if log.total else ""
        words = f"{step}{count}"
    return {"stage": build.stage, "percent": log.percent, "words": words}
