"""The look-back: what was promised for a year, what shows that it is done, and what is overdue."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from functools import partial
from typing import Final

from aiohttp import web

from bot.desk import room_tasks
from bot.desk.lookback.pages import VERDICTS, note_of
from bot.desk.lookback.task import Task, Verdict
from bot.desk.lookback.years import by_year
from bot.desk.roster import Role, Roster
from bot.desk.typed import number_in
from bot.errors import TaskRefused, TicketError
from bot.leaves import leaf
from bot.links import document_path, is_web_page
from bot.texts import say
from bot.web.console.console import Console
from bot.web.console.forms import NOTHING_REFUSED, Refused, day_of, number_of, written
from bot.web.console.lists import LINES, Query
from bot.web.console.visit import Visit
from knowledge.types import Lang

PATH: Final = "/tasks"
CHECK_S: Final = 60.0  # for a look at all evidence while somebody waits for the page
ALL: Final = "all"
DONE: Final = "done"
OVERDUE: Final = "overdue"
ADD: Final = "add"
CHECK: Final = "check"


class TaskPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._services = console.services

    def add(self) -> None:
        console, role = self._console, Role.AGENT
        console.get(PATH, self.listed, role)
        console.post(f"{PATH}/{ADD}", self.promise, Role.SUPERVISOR)
        console.post(f"{PATH}/{CHECK}", self.check, role)
        console.get(f"{PATH}/{{number}}", self.look, role)
        console.post(f"{PATH}/{{number}}/cite", self.cite, role)
        console.post(f"{PATH}/{{number}}/done", self.done, role)

    async def listed(self, visit: Visit) -> web.StreamResponse:
        return await self._listed(visit)

    async def look(self, visit: Visit) -> web.StreamResponse:
        return await self._shown(visit, number_of(visit, "task"))

    async def promise(self, visit: Visit) -> web.StreamResponse:
        try:
            added = await self._added(visit)
        except TicketError as error:
            return await self._listed(visit, Refused.of(visit, ADD, error))
        words = say(visit.language, "Task {id}: done.", id=added.id)
        return await self._console.done(visit, f"{PATH}/{added.id}", words)

    async def check(self, visit: Visit) -> web.StreamResponse:
        """Look at all evidence of a year, or of all years, now."""
        year = number_in(written(visit, "year"))
        try:
            async with asyncio.timeout(CHECK_S):
                doubtful = await self._services.lookback.check(year=year)
        except TimeoutError:
            error = TaskRefused(
                "Not all evidence answered within {seconds} s. Look at it at a terminal: staff "
                "tasks check.",
                seconds=f"{CHECK_S:g}",
            )
            return await self._listed(visit, Refused.of(visit, CHECK, error))
        numbers = ", ".join(str(one.id) for one in doubtful) or "–"
        words = say(
            visit.language, "Looked at. With doubtful evidence: {numbers}", numbers=numbers
        )
        return await self._console.done(visit, PATH, words)

    async def cite(self, visit: Visit) -> web.StreamResponse:
        number, agent = number_of(visit, "task"), visit.actor
        cited = f"{written(visit, 'where')} {written(visit, 'clause')}".strip()
        try:
            await room_tasks.cited(self._services, agent, number, cited)
        except TicketError as error:
            return await self._shown(visit, number, Refused.of(visit, "cite", error))
        return await self._went(visit, number)

    async def done(self, visit: Visit) -> web.StreamResponse:
        number = number_of(visit, "task")
        try:
            await self._services.lookback.done(number, visit.actor, on=day_of(visit, "on"))
        except TicketError as error:
            return await self._shown(visit, number, Refused.of(visit, "done", error))
        return await self._went(visit, number)

    async def _went(self, visit: Visit, number: int) -> web.Response:
        words = say(visit.language, "Task {id}: done.", id=number)
        return await self._console.done(visit, f"{PATH}/{number}", words)

    async def _added(self, visit: Visit) -> Task:
        due = day_of(visit, "due")
        if due is None:
            raise TaskRefused("A task has a day on which it is due.")
        return await self._services.lookback.add(
            visit.actor,
            year=number_in(written(visit, "year")) or due.year,
            title=written(visit, "title"),
            department=written(visit, "department"),
            due=due,
        )

    async def _listed(self, visit: Visit, refused: Refused = NOTHING_REFUSED) -> web.Response:
        query = Query.of(visit, PATH, "state", "department", "year")
        desk, lookback, language = self._services.desk, self._services.lookback, visit.language
        tasks = await lookback.tasks()
        year, department = query.number("year"), query.text("department")
        found = [
            one
            for one in tasks
            if self._fits(one, query.text("state"))
            and (year is None or one.year == year)
            and (not department or one.department == department)
        ]
        return self._console.render(
            visit,
            "tasks.html",
            status=refused.status,
            query=query,
            leaf=leaf(found, query.page, lines=LINES),
            refused=refused,
            today=lookback.today,
            own=_own(self._console, visit),
            departments={key: one.name for key, one in desk.roster.departments.items()},
            name=desk.roster.name,
            years=[(year, year) for year in sorted({one.year for one in tasks})],
            rows=_years(tasks, desk.roster, lookback.today),
            may_add=desk.roster.may(visit.actor, Role.SUPERVISOR),
            states={
                OVERDUE: say(language, "overdue"),
                DONE: say(language, "done"),
                ALL: say(language, "All"),
            },
        )

    def _fits(self, task: Task, state: str) -> bool:
        """Without a state: what is still to do."""
        today = self._services.lookback.today
        fits = {ALL: True, DONE: task.done is not None, OVERDUE: task.is_overdue(today)}
        return fits.get(state, task.done is None)

    async def _shown(
        self, visit: Visit, number: int, refused: Refused = NOTHING_REFUSED
    ) -> web.Response:
        task = await self._services.lookback.get(number)
        roster = self._services.desk.roster
        return self._console.render(
            visit,
            "task.html",
            status=refused.status,
            task=task,
            refused=refused,
            today=self._services.lookback.today,
            department=roster.name(task.department) if task.department else "",
            verdicts=verdicts(visit.language),
            note_of=partial(note_of, language=visit.language),
            holds=Verdict.SAME,
            link=lambda where: where if is_web_page(where) else document_path(where),
        )


def _years(tasks: Sequence[Task], roster: Roster, today: date) -> Sequence[tuple[object, ...]]:
    """A row of the table for each year and department."""
    return [
        (
            one.year,
            roster.name(one.department) if one.department else None,
            one.tasks,
            one.in_time,
            one.late,
            one.open,
            one.overdue,
        )
        for one in by_year(tasks, today=today)
    ]


def verdicts(language: Lang) -> Mapping[Verdict, str]:
    return {one: say(language, VERDICTS[one]) for one in Verdict}


def _own(console: Console, visit: Visit) -> str:
    """The key of the visitor's department, where they are of one."""
    departments = console.services.desk.roster.departments.values()
    own = (
        one.key for one in departments if any(each.is_id(visit.actor.id) for each in one.members)
    )
    return next(own, "")
