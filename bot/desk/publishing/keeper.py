"""
Looks after published answers while the bot serves.

When a release is served: answers that are in it are told to whoever asked first; those whose
passages it does not have any more are withdrawn, and staff are told what changed. The build looks
at the same citations (knowledge/cited.py), so what is withdrawn here answers nothing by then.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Final

import structlog

from bot.desk.bookkeeping import SYSTEM
from bot.desk.desk import Desk
from bot.desk.merged import askers
from bot.desk.publishing import pages
from bot.desk.publishing.declining import WITHOUT_KEY, Declining
from bot.desk.publishing.paper import read
from bot.desk.publishing.publication import OUT, Cited, Publication, Stage
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release, Snapshot
from bot.errors import EntryChanged, PublicationRefused
from bot.store.base import Store, Work
from knowledge.cited import Broken

STEP_S: Final = 60.0

Wrong = Sequence[tuple[Cited, Broken]]
log = structlog.get_logger(__name__)


class Keeper:
    def __init__(
        self,
        store: Store,
        desk: Desk,
        release: Release,
        publishing: Publishing,
        *,
        declining: Declining = WITHOUT_KEY,
    ) -> None:
        self._declining = declining
        self._store = store
        self._desk = desk
        self._release = release
        self._publishing = publishing

    async def run(self) -> None:
        """One step a minute, until cancelled."""
        while True:
            try:
                await self.step()
            except PublicationRefused as error:  # a file was changed by hand: for a person to mend
                log.error("published.folder", problem=str(error))  # noqa: TRY400 - its words are enough
            except Exception:  # a disk that is full, a store out of reach: they may come back
                log.exception("published.failed", retry_s=STEP_S)
            await asyncio.sleep(STEP_S)

    async def step(self) -> None:
        """Do all that is to be done now; doing it again changes nothing."""
        out = [one for one in await self._publishing.all() if one.stage in OUT]
        about = {one.name for one in out} | {c.document_id for one in out for c in one.cites}
        snapshot = await self._release.snapshot(about) if out else None
        if snapshot is not None:
            for one in out:
                with suppress(EntryChanged):  # somebody decided meanwhile; the next step sees it
                    await self._look(one, snapshot)
        await self._publishing.bring()

    async def _look(self, one: Publication, snapshot: Snapshot) -> None:
        today = self._desk.clock().date()
        checked = ((cited, snapshot.broken(cited, today)) for cited in one.cites)
        wrong = [(cited, problem) for cited, problem in checked if problem is not None]
        if wrong:
            await self._withdraw(one, wrong, snapshot)
        elif one.stage is Stage.APPROVED and snapshot.has(one, read(one.paper), today):
            await self._serve(one, snapshot.release)

    async def _withdraw(self, one: Publication, wrong: Wrong, snapshot: Snapshot) -> None:
        why = "; ".join(f"{cited.passage_id}: {problem}" for cited, problem in wrong)
        async with self._store.begin() as work:
            withdrawn = replace(one, stage=Stage.WITHDRAWN, why=why)
            saved = await work.entries(Publication).save(withdrawn)
            await self._note(work, saved, "publication withdrawn", why)
            if self._desk.room is not None:
                today = self._desk.clock().date()
                changed = [(cited, snapshot.now(cited, today)) for cited, _ in wrong]
                page = pages.withdrawn(saved, changed, language=self._desk.language)
                await self._desk.send(work, self._desk.room, page)
            await self._publishing.bring_up(work, saved)
        log.warning("published.withdrawn", number=one.id, why=why)

    async def _serve(self, one: Publication, release: str) -> None:
        async with self._store.begin() as work:
            served = replace(one, stage=Stage.SERVED, release=release)
            if one.told is None:
                served = replace(served, told=self._desk.clock())
                await self._tell(work, served)
            saved = await work.entries(Publication).save(served)
            await self._note(work, saved, "publication served", release)
            await self._publishing.bring_up(work, saved)

    async def _tell(self, work: Work, one: Publication) -> None:
        """Tell whoever asked, and those whose tickets were merged into theirs, once."""
        ticket = await work.tickets.get(one.ticket_id)
        asked = {each.asked_from: each for each in reversed(await askers(work, ticket))}
        for address, each in asked.items():
            if not await self._declining.is_noted(work, address):
                await self._desk.send(work, address, pages.served(one, each))

    async def _note(self, work: Work, one: Publication, what: str, text: str) -> None:
        ticket = await work.tickets.get(one.ticket_id)
        await self._desk.note(work, ticket, SYSTEM, what, text=f"No. {one.id}: {text}")
