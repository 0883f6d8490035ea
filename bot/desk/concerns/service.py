"""Looks for hot concerns, and lets staff take, answer and close them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time
from functools import partial
from typing import Final

from bot.desk.bookkeeping import SYSTEM
from bot.desk.concerns import bursts, pages
from bot.desk.concerns.concern import Concern, Course
from bot.desk.concerns.finding import Found, Grouping, Question, find
from bot.desk.concerns.reading import questions
from bot.desk.desk import Desk
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Event
from bot.desk.workdays import DAY
from bot.errors import ConcernRefused, EntryChanged
from bot.store.base import Store, Work

OPEN: Final = frozenset({Course.NEW, Course.OWNED, Course.ANSWERED})
_LINK: Final = ("http://", "https://")


class Concerns:
    def __init__(
        self,
        store: Store,
        desk: Desk,
        *,
        group: Grouping,
        published: Callable[[str], bool],
        thread_setup: Callable[[], None] = lambda: None,
    ) -> None:
        """
        `published` tells whether the release that is served has a document by that id.

        `thread_setup` is called in the thread that looks, before it does.
        """
        self._thread_setup = thread_setup
        self._store = store
        self._desk = desk
        self._group = group
        self._published = published

    @property
    def today(self) -> date:
        """At the bureau."""
        return self._desk.clock().date()

    async def look(self) -> Sequence[Concern]:
        """
        Look at the weeks up to today; return what became hot. Once a day is meant.

        Raise EntryChanged if a concern was changed meanwhile: nothing is written then.
        """
        now = self._desk.clock()
        midnight = datetime.combine(now.date() + DAY, time(0), now.tzinfo)
        since = midnight - bursts.RECENT - bursts.WEEKS
        asked = await questions(self._store, since, midnight)
        known = await self.all()
        found = await self._found(asked, known, now.date())
        async with self._store.begin() as work:
            if list(await work.entries(Concern).find()) != list(known):
                raise EntryChanged("concern", 0)
            hot = await self._write(work, found)
            if hot and self._desk.room is not None:
                page = pages.found(hot, language=self._desk.language)
                await self._desk.send(work, self._desk.room, page)
        return hot

    async def _found(
        self, asked: Sequence[Question], known: Sequence[Concern], today: date
    ) -> Sequence[Found]:
        """In a thread of its own: it takes seconds, and the bot answers meanwhile."""
        thread = ThreadPoolExecutor(1, "concerns", initializer=self._thread_setup)
        job = partial(find, asked, known, self._group, today=today)
        try:
            return await asyncio.get_running_loop().run_in_executor(thread, job)
        finally:
            thread.shutdown(wait=False)

    async def all(self) -> Sequence[Concern]:
        async with self._store.read() as work:
            return await work.entries(Concern).find()

    async def open(self) -> Sequence[Concern]:
        """What is not closed, by the day a response is due."""
        return sorted(
            (one for one in await self.all() if one.state in OPEN),
            key=lambda one: (one.due, one.id),
        )

    async def get(self, number: int) -> Concern:
        """Raise EntryNotFound."""
        async with self._store.read() as work:
            return await work.entries(Concern).get(number)

    async def own(self, number: int, agent: Agent, *, due: date | None = None) -> Concern:
        """Take it, with another due day if one is given. A supervisor takes it from anybody."""
        async with self._store.begin() as work:
            before = await self._get(work, number, agent)
            if before.state is Course.CLOSED:
                raise ConcernRefused("Concern {number} is closed.", number=number)
            self._require_owner(before, agent)
            due = due or before.due
            if due < before.found:
                raise ConcernRefused(
                    "Concern {number} was found on {found}; it is not due earlier.",
                    number=number,
                    found=before.found,
                )
            state = Course.OWNED if before.state is Course.NEW else before.state
            after = replace(before, state=state, owner=agent, due=due)
            return await self._save(work, after, agent, "owned", text=due.isoformat())

    async def answer(self, number: int, agent: Agent, response: str) -> Concern:
        """A response is published: a document of the release that is served, or a link."""
        response = response.strip()
        known = response.startswith(_LINK) or await asyncio.to_thread(self._published, response)
        if not known:
            raise ConcernRefused(
                "Concern {number} needs a published response: {response} is neither a link nor a "
                "document.",
                number=number,
                response=response,
            )
        async with self._store.begin() as work:
            before = await self._get(work, number, agent)
            self._require_owner(before, agent)
            after = replace(before, state=Course.ANSWERED, owner=agent, response=response)
            return await self._save(work, after, agent, "answered", text=response)

    async def close(self, number: int, agent: Agent, why: str = "") -> Concern:
        """With its response; a supervisor may close what needs none, and says why."""
        async with self._store.begin() as work:
            before = await self._get(work, number, agent)
            if before.state is not Course.ANSWERED:
                self._desk.roster.require_role(agent, Role.SUPERVISOR)
                if not why.strip():
                    raise ConcernRefused(
                        "Concern {number} has no published response; say why it needs none.",
                        number=number,
                    )
            after = replace(before, state=Course.CLOSED, closed=self._desk.clock().date())
            return await self._save(work, after, agent, "closed", why=why.strip())

    async def _write(self, work: Work, found: Sequence[Found]) -> Sequence[Concern]:
        hot = []
        for one in found:
            entries = work.entries(Concern)
            saved = await (entries.save if one.concern.id else entries.add)(one.concern)
            if one.hot:
                await self._note(work, saved, SYSTEM, "found")
                hot.append(saved)
        return hot

    async def _get(self, work: Work, number: int, agent: Agent) -> Concern:
        self._desk.roster.require_role(agent, Role.AGENT)
        return await work.entries(Concern).get(number)

    def _require_owner(self, concern: Concern, agent: Agent) -> None:
        if concern.owner is not None and concern.owner.id != agent.id:
            self._desk.roster.require_role(agent, Role.SUPERVISOR)

    async def _save(
        self, work: Work, after: Concern, agent: Agent, what: str, *, text: str = "", why: str = ""
    ) -> Concern:
        saved = await work.entries(Concern).save(after)
        await self._note(work, saved, agent.id, what, text=text, why=why)
        return saved

    async def _note(
        self, work: Work, concern: Concern, who: str, what: str, *, text: str = "", why: str = ""
    ) -> None:
        """By number: the log is kept for good, and citizens' words are not."""
        told = f"{concern.id} {text}".rstrip()
        event = Event(at=self._desk.clock(), who=who, what=f"concern {what}", why=why, text=told)
        await self._desk.log(work, event)
