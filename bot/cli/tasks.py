"""`staff tasks`: the look-back at what was promised for a year."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.registered import Job, Opened, call
from knowledge.types import Lang

if TYPE_CHECKING:
    from bot.desk.lookback.service import LookBack
    from bot.desk.lookback.task import Task

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

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        day = due.date()
        added = await opened.service.add(
            opened.agent, year=year or day.year, title=title, department=department, due=day
        )
        return _lines(opened, added)

    _do(context.obj, job)


@tasks.command("cite")
def tasks_cite(
    context: typer.Context,
    number: int,
    where: Annotated[str, typer.Argument(help="Id of a published document, or a link.")],
    clause: ClauseOption = "",
) -> None:
    """Add what shows that a task is done, as it reads today."""

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        from bot.desk.lookback.sayings import Place

        place = Place(where, clause)
        return _lines(opened, await opened.service.cite(number, opened.agent, place))

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

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        day = on.date() if on else None
        return _lines(opened, await opened.service.done(number, opened.agent, on=day))

    _do(context.obj, job)


@tasks.command("list")
def tasks_list(
    context: typer.Context,
    year: YearOption = None,
    overdue: Annotated[bool, typer.Option("--overdue", help="Only what is overdue.")] = False,
) -> None:
    """Tasks by the day they are due."""

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        found = await opened.service.tasks(year=year)
        today = opened.service.today
        wanted = [one for one in found if not overdue or one.is_overdue(today)]
        return [_lines(opened, one)[0] for one in wanted] or ["There are no such tasks."]

    _do(context.obj, job)


@tasks.command("show")
def tasks_show(context: typer.Context, number: int) -> None:
    """One task with its evidence."""

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        return _lines(opened, await opened.service.get(number))

    _do(context.obj, job)


@tasks.command("years")
def tasks_years(context: typer.Context) -> None:
    """By year and department: done in time, done late, open, overdue."""

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        from bot.desk.lookback.pages import year_line
        from bot.desk.lookback.years import by_year

        rows = by_year(await opened.service.tasks(), today=opened.service.today)
        told = [year_line(one, language=Lang.EN, roster=opened.roster) for one in rows]
        return told or ["There are no tasks."]

    _do(context.obj, job)


@tasks.command("check")
def tasks_check(context: typer.Context, year: YearOption = None) -> None:
    """Read all evidence again: exit 1 if something is gone or does not say the same."""
    doubtful = False

    async def job(opened: Opened[LookBack]) -> Sequence[str]:
        nonlocal doubtful
        found = await opened.service.check(year=year)
        doubtful = bool(found)
        told = [text for one in found for text in _lines(opened, one)]
        return told or ["All evidence says what it said."]

    _do(context.obj, job)
    if doubtful:
        raise typer.Exit(1)


def _lines(opened: Opened[LookBack], task: Task) -> Sequence[str]:
    from bot.desk.lookback import pages

    today = opened.service.today
    return pages.lines(task, language=Lang.EN, roster=opened.roster, today=today)


def _do(name: str, job: Job[LookBack]) -> None:
    from bot.desk.lookback.set_up import lookback_of

    call(name, lookback_of, job)
