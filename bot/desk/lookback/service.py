"""The register of tasks: what is promised, done and overdue, and whether its evidence holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Final

from bot.desk.desk import Desk
from bot.desk.lookback.sayings import Place, Saying, Sayings
from bot.desk.lookback.task import OTHERWISE, Evidence, Task, Verdict
from bot.desk.roster import Role
from bot.desk.tickets import Agent, Event
from bot.errors import TaskRefused
from bot.store.base import Store, Work

LONGEST: Final = 300  # characters of a title
YEARS: Final = range(2000, 2101)


class LookBack:
    def __init__(self, store: Store, desk: Desk, sayings: Sayings) -> None:
        self._store = store
        self._desk = desk
        self._sayings = sayings

    @property
    def today(self) -> date:
        """At the bureau."""
        return self._desk.clock().date()

    async def add(
        self, agent: Agent, *, year: int, title: str, department: str, due: date
    ) -> Task:
        """For supervisors. Raise TaskRefused, NotAllowed, NoSuchDepartment."""
        self._desk.roster.require_role(agent, Role.SUPERVISOR)
        if not self._desk.roster.is_open:
            self._desk.roster.require(department)
        title = " ".join(title.split())
        if not 0 < len(title) <= LONGEST:
            raise TaskRefused("A task has a title of at most {most} characters.", most=LONGEST)
        if year not in YEARS:
            raise TaskRefused("{year} is no year that tasks are of.", year=year)
        task = Task(year=year, title=title, department=department, due=due)
        async with self._store.begin() as work:
            added = await work.entries(Task).add(task)
            await self._note(work, added, agent, "added")
        return added

    async def cite(self, number: int, agent: Agent, place: Place) -> Task:
        """Add evidence, as it reads today. Raise TaskRefused where it cannot be read."""
        self._desk.roster.require_role(agent, Role.AGENT)
        today = self.today
        said = (await self._sayings.read([place], on=today))[place]
        if said.verdict is not Verdict.SAME:
            raise TaskRefused("{where} cannot be cited: {why}", where=place.where, why=said.note)
        new = Evidence(
            where=place.where, clause=place.clause, digest=said.digest, cited=today, checked=today
        )
        async with self._store.begin() as work:
            task = await work.entries(Task).get(number)
            kept = tuple(one for one in task.evidence if _place(one) != place)
            saved = await work.entries(Task).save(replace(task, evidence=(*kept, new)))
            await self._note(work, saved, agent, "cited", place.where)
        return saved

    async def done(self, number: int, agent: Agent, *, on: date | None = None) -> Task:
        """Done on that day, today if none is given. Raise TaskRefused without evidence."""
        self._desk.roster.require_role(agent, Role.AGENT)
        today = self.today
        if on is not None and on > today:
            raise TaskRefused("{day} is yet to come.", day=on)
        async with self._store.begin() as work:
            task = await work.entries(Task).get(number)
            if not task.evidence:
                raise TaskRefused(
                    "Task {number} has no evidence; cite what shows that it is done.",
                    number=number,
                )
            saved = await work.entries(Task).save(replace(task, done=on or today))
            await self._note(work, saved, agent, "done", str(saved.done))
        return saved

    async def tasks(self, *, year: int | None = None) -> Sequence[Task]:
        """By the day they are due."""
        async with self._store.read() as work:
            entries = work.entries(Task)
            found = await (entries.find() if year is None else entries.find(year=year))
        return sorted(found, key=lambda task: (task.due, task.id))

    async def get(self, number: int) -> Task:
        """Raise EntryNotFound."""
        async with self._store.read() as work:
            return await work.entries(Task).get(number)

    async def check(self, *, year: int | None = None) -> Sequence[Task]:
        """Look at all evidence; write down what was found, and return tasks with doubtful one."""
        today = self.today
        tasks = await self.tasks(year=year)
        places = sorted({_place(one) for task in tasks for one in task.evidence})
        said = await self._sayings.read(places, on=today)
        checked = []
        for task in tasks:
            async with self._store.begin() as work:
                now = await work.entries(Task).get(task.id)  # others may have cited meanwhile
                looked = replace(now, evidence=tuple(_looked(now.evidence, said, today)))
                checked.append(await work.entries(Task).save(looked) if looked != now else now)
        return [task for task in checked if task.doubtful]

    async def _note(self, work: Work, task: Task, agent: Agent, what: str, text: str = "") -> None:
        told = f"{task.id} {text}".rstrip()
        event = Event(at=self._desk.clock(), who=agent.id, what=f"task {what}", text=told)
        await self._desk.log(work, event)


def _place(evidence: Evidence) -> Place:
    return Place(evidence.where, evidence.clause)


def _looked(
    evidence: Iterable[Evidence], said: Mapping[Place, Saying], today: date
) -> Iterable[Evidence]:
    for one in evidence:
        saying = said.get(_place(one))
        if saying is None:
            yield one
            continue
        verdict = saying.verdict
        if verdict is Verdict.SAME and saying.digest != one.digest:
            verdict = Verdict.CHANGED
        note = saying.note or (OTHERWISE if verdict is Verdict.CHANGED else "")
        yield replace(one, checked=today, verdict=verdict, note=note)
