"""The maintainer's pages, behind one function that adds them."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.desk.roster import Role
from bot.web.console.console import Console
from bot.web.console.maintain.base import PATH
from bot.web.console.maintain.building import BuildPages
from bot.web.console.maintain.calibration import CalibrationPages
from bot.web.console.maintain.documents import DocumentPages
from bot.web.console.maintain.glossary import GlossaryPages
from bot.web.console.maintain.releases import ReleasePages
from bot.web.console.maintain.removal import RemovalPages
from bot.web.console.maintain.why import WhyPages

RELEASE: Final = rf"{PATH}/releases/{{release:[\w-]{{1,60}}}}"
LOG: Final = rf"{PATH}/build/logs/{{build:[\d-]{{1,40}}}}"


class Closing:
    """What is to be ended with the server."""

    def __init__(self, builds: BuildPages | None) -> None:
        self._builds = builds

    async def close(self, app: web.Application) -> None:
        if self._builds is not None:
            await self._builds.close(app)


def add_pages(console: Console) -> Closing:
    """Add them where there is something to maintain."""
    maintenance = console.maintenance
    if maintenance is None:
        return Closing(None)
    only = Role.MAINTAINER
    releases = ReleasePages(console, maintenance)
    console.get(PATH, releases.listed, only)
    console.get(f"{PATH}/differences", releases.differences, only)
    console.get(RELEASE, releases.look, only)
    console.post(f"{RELEASE}/switch", releases.switch, only)
    documents = DocumentPages(console, maintenance)
    console.get(f"{PATH}/documents", documents.look, only)
    console.upload(f"{PATH}/documents/upload", documents.upload, only)
    console.post(f"{PATH}/documents/check", documents.check, only)
    console.post(f"{PATH}/documents/take-over", documents.take_over, only)
    console.post(f"{PATH}/documents/discard", documents.discard, only)
    removed = RemovalPages(console, maintenance)
    console.get(f"{PATH}/documents/remove", removed.ask, only)
    console.post(f"{PATH}/documents/remove", removed.remove, only)
    console.post(f"{PATH}/documents/put-back", removed.put_back, only)
    builds = BuildPages(console, maintenance)
    console.get(f"{PATH}/build", builds.look, only)
    console.get(f"{PATH}/build/events", builds.events, only)
    console.get(LOG, builds.log, only)
    console.post(f"{PATH}/build/start", builds.start, only)
    console.post(f"{PATH}/build/cancel", builds.cancel, only)
    why = WhyPages(console, maintenance)
    console.get(f"{PATH}/why", why.look, only)
    console.post(f"{PATH}/why", why.explain, only)
    glossary = GlossaryPages(console, maintenance)
    console.get(f"{PATH}/glossary", glossary.look, only)
    console.post(f"{PATH}/glossary/add", glossary.add, only)
    console.post(f"{PATH}/glossary/save", glossary.save, only)
    console.get(f"{PATH}/calibration", CalibrationPages(console, maintenance).look, only)
    return Closing(builds)
