"""Everything a maintainer's pages need, as the settings say; each deed goes into the audit log."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Self

from bot.config import Settings
from bot.desk.bookkeeping import Bookkeeping
from bot.desk.tickets import Agent, Event
from bot.intents import question_of
from bot.maintain.build_lock import FOLDER, builds_of
from bot.maintain.builds import Builds
from bot.maintain.glossary_file import GlossaryFile
from bot.maintain.ingestion import Ingestion
from bot.maintain.program import Program
from bot.maintain.shelf import Shelf
from bot.maintain.staging import Staging
from bot.maintain.trash import Trash
from bot.opened import open_as_built
from bot.privacy import clean, mask
from bot.store.base import Store
from index.explanation import Explanation
from index.why import explain


@dataclass(frozen=True, slots=True, kw_only=True)
class Maintenance:
    store: Store
    desk: Bookkeeping
    settings: Settings
    served: Callable[[], str]  # name of the release that answers now, or ""
    staging: Staging
    trash: Trash
    ingestion: Ingestion
    builds: Builds
    shelf: Shelf
    glossary: GlossaryFile | None  # None: no setting says where it is
    explaining: asyncio.Lock  # one at a time: each opens a release

    @classmethod
    def of(
        cls, settings: Settings, store: Store, desk: Bookkeeping, *, served: Callable[[], str]
    ) -> Self:
        folder = settings.shared / FOLDER
        program = Program(_told(settings))
        staging = Staging(folder / "uploaded")
        return cls(
            store=store,
            desk=desk,
            settings=settings,
            served=served,
            staging=staging,
            trash=Trash(folder / "removed", clock=desk.clock),
            ingestion=Ingestion(staging, folder / "report", program),
            builds=Builds(builds_of(settings.shared), program, clock=desk.clock),
            shelf=Shelf(settings.releases, settings.source_paths, url=settings.releases_url),
            glossary=GlossaryFile(settings.glossary) if settings.glossary else None,
            explaining=asyncio.Lock(),
        )

    @asynccontextmanager
    async def noted(
        self, agent: Agent, what: str, text: str, *, why: str = ""
    ) -> AsyncIterator[None]:
        """What is done in the block stands in the audit log, or neither is."""
        async with self.store.begin() as work:
            event = Event(at=self.desk.clock(), who=agent.id, what=what, why=why, text=text)
            await self.desk.log(work, event)
            yield

    async def why(self, question: str, release: str, on: date) -> Explanation:
        """Raise MaintenanceRefused and SearchError. The question is masked as a citizen's is."""
        folder = self.shelf.folder(release)
        async with self.explaining:
            return await asyncio.to_thread(self._explained, question, folder, on)

    def _explained(self, question: str, folder: Path, on: date) -> Explanation:
        searcher = open_as_built(self.settings, folder)
        return explain(searcher, question_of(mask(clean(question))), on)


def _told(settings: Settings) -> dict[str, str]:
    """Where things are: a process of its own reads the other settings as we did."""
    return {
        "RELEASES": str(settings.releases),
        "SOURCES": settings.sources,
        "PUBLISHED": str(settings.published),
        "GLOSSARY": str(settings.glossary or ""),
    }
