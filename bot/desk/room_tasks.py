"""/tasks in the staff room: the look-back at what was promised for a year."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from typing import Final

from bot.actions import Action, Verb
from bot.desk.cutting import fitted
from bot.desk.listing import LONGEST, Entry, Listing, listed
from bot.desk.lookback import pages
from bot.desk.lookback.sayings import Place
from bot.desk.lookback.task import Task
from bot.desk.lookback.years import by_year
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said, prompt, told
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import day_in, department_in, number_in, numbered, split
from bot.errors import TaskRefused
from bot.render import Page
from bot.texts import say
from bot.types import Button, Span

PATIENCE_S: Final = 30.0  # for a page that is cited: nobody is served in the room meanwhile
_ADDED: Final = re.compile(
    r"(?P<title>.+?)\s+(?P<due>\d{4}-\d\d-\d\d)(?:\s+(?P<department>.+))?", re.DOTALL | re.ASCII
)


async def tasks(services: RoomServices, agent: Agent, page: int | None = None) -> Sequence[Said]:
    """What is not done, what is overdue first, with a button that shows each."""
    language, today = services.language, services.lookback.today
    owed = [one for one in await services.lookback.tasks() if one.done is None]
    entries = [Entry(_line(services, one), _button(one)) for one in owed]
    head = say(
        language,
        "Tasks to do: {count}, overdue {late}",
        count=len(owed),
        late=sum(one.is_overdue(today) for one in owed),
    )
    of = Listing.TASKS
    return [listed(head, entries, of=of, page=page, agent=agent, language=language)]


async def years(services: RoomServices, agent: Agent, page: int | None = None) -> Sequence[Said]:
    """By year and department: done in time, done late, open, overdue."""
    language, roster = services.language, services.desk.roster
    rows = by_year(await services.lookback.tasks(), today=services.lookback.today)
    entries = [Entry(pages.year_line(one, language=language, roster=roster)) for one in rows]
    head = say(language, "Tasks by year") if rows else say(language, "There are no tasks.")
    of = Listing.YEARS
    return [listed(head, entries, of=of, page=page, agent=agent, language=language)]


async def show(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """One with its evidence and what can be done about it. Raise EntryNotFound."""
    del agent  # whoever is in the room may look
    return [_shown(services, await services.lookback.get(number), anew=True)]


async def finish(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """It is done today."""
    return [_shown(services, await services.lookback.done(number, agent))]


async def cite(services: RoomServices, agent: Agent, number: int) -> Sequence[Said]:
    """Ask what shows that it is done."""
    await services.lookback.get(number)
    return [prompt(Action(Verb.EVIDENCE, number), agent, language=services.language)]


async def cited(services: RoomServices, agent: Agent, number: int, words: str) -> Sequence[Said]:
    task = await _cited(services, agent, number, words)
    done = say(services.language, "Task {id}: done.", id=number)
    return [told(done), _shown(services, task)]


async def _tasks(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    if not rest:
        return await tasks(services, agent)
    if rest == "years":
        return await years(services, agent)
    number = number_in(rest)
    if number is not None:
        return await show(services, agent, number)
    step, behind = split(rest)
    changed = await _changed(services, agent, step, behind)
    return None if changed is None else [_shown(services, changed, anew=True)]


async def _changed(services: RoomServices, agent: Agent, step: str, behind: str) -> Task | None:
    """The task after a step; None where the step cannot be read."""
    if step == "add":
        return await _add(services, agent, behind)
    number, words = numbered(behind) or (0, "")
    match step:
        case "done" if number:
            on = day_in(words)
            if words and on is None:
                return None
            return await services.lookback.done(number, agent, on=on)
        case "cite" if number and words:
            return await _cited(services, agent, number, words)
        case _:
            return None


async def _add(services: RoomServices, agent: Agent, behind: str) -> Task | None:
    found = _ADDED.fullmatch(behind)
    due = day_in(found["due"]) if found else None
    if found is None or due is None:
        return None
    key = department_in(found["department"] or "", agent, services.desk.roster)
    return await services.lookback.add(
        agent, year=due.year, title=found["title"], department=key, due=due
    )


async def _cited(services: RoomServices, agent: Agent, number: int, words: str) -> Task:
    """Raise TaskRefused where it cannot be read, or not in time."""
    where, clause = split(words)
    try:
        async with asyncio.timeout(PATIENCE_S):
            return await services.lookback.cite(number, agent, Place(where, clause))
    except TimeoutError:
        raise TaskRefused(
            "{place} did not answer within {seconds} s. Try again later, or cite it at a "
            "terminal: staff tasks cite.",
            place=where,
            seconds=f"{PATIENCE_S:g}",
        ) from None


def _button(task: Task) -> Button:
    """Shows it."""
    label = str(task.id)
    return Button(label, str(Action(Verb.TASK, task.id)))


def _line(services: RoomServices, task: Task) -> str:
    return pages.line(
        task,
        language=services.language,
        roster=services.desk.roster,
        today=services.lookback.today,
    )


def _shown(services: RoomServices, task: Task, *, anew: bool = False) -> Said:
    language = services.language
    text = "\n".join(
        pages.lines(
            task,
            language=language,
            roster=services.desk.roster,
            today=services.lookback.today,
        )
    )
    keys = [Button(say(language, "Cite"), str(Action(Verb.EVIDENCE, task.id)))]
    if task.done is None:
        keys.append(Button(say(language, "It is done"), str(Action(Verb.DONE, task.id))))
    page = Page(fitted([Span(text)], LONGEST), (tuple(keys),))
    return Said(page=page, key=f"task:{task.id}", anew=anew)


TASKS: Final = Command(
    name="tasks",
    group=Group.PUBLIC,
    help="what was promised for a year: open, overdue, shown by what",
    usage=(
        "/tasks\n"
        "/tasks 3\n"
        "/tasks cite 3 DOCUMENT CLAUSE\n"
        "/tasks cite 3 LINK\n"
        "/tasks done 3\n"
        "/tasks add TITLE 2026-12-31 DEPARTMENT\n"
        "/tasks years"
    ),
    run=_tasks,
)
