"""`staff tasks`: the look-back at what was promised for a year."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:
    from bot.desk.lookback.service import LookBack
    from bot.desk.lookback.task import Evidence, Task
    from bot.desk.lookback.years import Row
    from bot.desk.tickets import Agent

tasks = typer.Typer(help="Tasks of a year: due when, done when, shown by what.")
YearOption = Annotated[int | None, typer.Option(help="Only tasks of that year.")]
ClauseOption = Annotated[
    str, typer.Option(help="Of the document: 第十四条. All of it if left out.")
]


@tasks.command("add")
def tasks_add(
    context: typer.Context,
    title: str,
    due: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help="The last day.")],
    department: Annotated[str, typer.Option(help="Its key in the roster.")],
    year: Annotated[int | None, typer.Option(help="That of the last day if left out.")] = None,
) -> None:
    """Write a task down; for supervisors."""

    async def job(service: LookBack, agent: Agent) -> list[str]:
        day = due.date()
        added = await service.add(
            agent, year=year or day.year, title=title, department=department, due=day
        )
        return lines(added, service.today)

    _do(context.obj, job)


@tasks.command("cite")
def tasks_cite(
    context: typer.Context,
    number: int,
    where: Annotated[str, typer.Argument(help="Id of a published document, or a link.")],
    clause: ClauseOption = "",
) -> None:
    """Add what shows that a task is done, as it reads today."""

    async def job(service: LookBack, agent: Agent) -> list[str]:
        from bot.desk.lookback.sayings import Place

        return lines(await service.cite(number, agent, Place(where, clause)), service.today)

    _do(context.obj, job)


@tasks.command("done")
def tasks_done(
    context: typer.Context,
    number: int,
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="Today if left out.")
    ] = None,
) -> None:
    """A task is done; what shows it must be cited."""

    async def job(service: LookBack, agent: Agent) -> list[str]:
        done = await service.done(number, agent, on=on.date() if on else None)
        return lines(done, service.today)

    _do(context.obj, job)


@tasks.command("list")
def tasks_list(
    context: typer.Context,
    year: YearOption = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
) -> None:
    """Tasks by the day they are due."""

    async def job(service: LookBack, _agent: Agent) -> list[str]:
        found = await service.tasks(year=year)
        wanted = [one for one in found if not overdue or one.is_overdue(service.today)]
        told = [lines(one, service.today)[0] for one in wanted]
        return told or ["There are no such tasks."]

    _do(context.obj, job)


@tasks.command("show")
def tasks_show(context: typer.Context, number: int) -> None:
    """One task with its evidence."""

    async def job(service: LookBack, _agent: Agent) -> list[str]:
        return lines(await service.get(number), service.today)

    _do(context.obj, job)


@tasks.command("years")
def tasks_years(context: typer.Context) -> None:
    """By year and department: done in time, done late, open, overdue."""

    async def job(service: LookBack, _agent: Agent) -> list[str]:
        from bot.desk.lookback.years import by_year

        found = by_year(await service.tasks(), today=service.today)
        return [_row(one) for one in found] or ["There are no tasks."]

    _do(context.obj, job)


@tasks.command("check")
def tasks_check(context: typer.Context, year: YearOption = None) -> None:
    """Read all evidence again: exit 1 if something is gone or does not say the same."""
    doubtful = False

    async def job(service: LookBack, _agent: Agent) -> list[str]:
        nonlocal doubtful
        found = await service.check(year=year)
        doubtful = bool(found)
        told = [text for one in found for text in lines(one, service.today)]
        return told or ["All evidence says what it said."]

    _do(context.obj, job)
    if doubtful:
        raise typer.Exit(1)


def lines(task: Task, today: date) -> list[str]:
    """A task, and a line for each piece of its evidence."""
    done = f"done {task.done}" if task.done else "open"
    late = " late" if task.done and task.is_late(today) else ""
    late = " OVERDUE" if task.is_overdue(today) else late
    head = f"No. {task.id} {task.year} {task.department} · due {task.due} · {done}{late}"
    return [f"{head} · {task.title}", *map(_evidence, task.evidence)]


def _evidence(one: Evidence) -> str:
    clause = f" {one.clause}" if one.clause else ""
    note = f": {one.note}" if one.note else ""
    return f"  {one.where}{clause} · {one.verdict} on {one.checked}{note}"


def _row(row: Row) -> str:
    done = f"done in time {row.in_time}, late {row.late}"
    left = f"open {row.open}, overdue {row.overdue}"
    return f"{row.year} {row.department}: {row.tasks} tasks · {done} · {left}"


def _do(name: str, job: Callable[[LookBack, Agent], Coroutine[None, None, list[str]]]) -> None:
    async def run() -> list[str]:
        from bot.desk.terminal import agent_named

        async with _service() as service:
            return await job(service, agent_named(name))

    with mistakes_in_words():
        for text in asyncio.run(run()):
            out.print(text, markup=False)


@asynccontextmanager
async def _service() -> AsyncIterator[LookBack]:
    from bot.config import Settings
    from bot.desk.lookback.sayings import PublishedSayings
    from bot.desk.lookback.service import LookBack
    from bot.desk.terminal import at_desk
    from knowledge.manners import Manners

    settings = Settings.read()
    copies = settings.releases.parent / "lookback"
    sayings = PublishedSayings(settings.releases, copies, Manners())
    async with at_desk(settings) as (store, desk):
        yield LookBack(store, desk, sayings)
