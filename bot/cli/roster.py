"""`staff roster` and `staff away`: who works here, and who is out of office."""

from __future__ import annotations

import asyncio
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out
from knowledge.types import Lang

if TYPE_CHECKING:
    from bot.desk.absences import Absence
    from bot.desk.roster import Roster


def roster() -> None:
    """Departments, their hours and their people; exit 1 if the file is broken."""
    from bot.config import Settings
    from bot.desk.roster_file import read_roster
    from bot.desk.roster_pages import lines

    with mistakes_in_words():
        settings = Settings.read()
        for line in lines(read_roster(settings.roster), language=Lang.EN):
            out.print(line, markup=False)


def away(
    context: typer.Context,
    since: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; today if left out."),
    ] = None,
    until: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="The last day.")
    ] = None,
    note: Annotated[str, typer.Option(help="What colleagues may know of it.")] = "",
    who: Annotated[str, typer.Option(help="Id of another member; for supervisors.")] = "",
    cancel: Annotated[int | None, typer.Option(help="Number of an absence to take back.")] = None,
) -> None:
    """Be out of office: nobody asks you to take a ticket then. Without dates: who is away when."""
    if until is None and (since is not None or note or who):
        raise typer.BadParameter("say until when: --until 2026-12-31")
    if until is not None and cancel is not None:
        raise typer.BadParameter("either --until or --cancel, not both")
    with mistakes_in_words():
        first, last = since and since.date(), until and until.date()
        for line in asyncio.run(
            _away(context.obj, first, last, note=note, who=who, cancel=cancel)
        ):
            out.print(line, markup=False)


async def _away(
    name: str,
    since: date | None,
    until: date | None,
    *,
    note: str,
    who: str,
    cancel: int | None,
) -> list[str]:
    from bot.config import Settings
    from bot.desk.out_of_office import OutOfOffice
    from bot.desk.terminal import agent_named, at_desk

    async with at_desk(Settings.read()) as (store, desk):
        agent = agent_named(name, desk.roster)
        office = OutOfOffice(store, desk)
        if cancel is not None:
            return [f"Cancelled: {_absence(await office.cancel(cancel, agent), desk.roster)}"]
        if until is None:
            planned = [_absence(one, desk.roster) for one in await office.planned()]
            return planned or ["Nobody is away."]
        first = since or desk.clock().date()
        written = await office.away(agent, first, until, note=note, who=who)
        return [_absence(written, desk.roster)]


def _absence(absence: Absence, of: Roster) -> str:
    from bot.desk.roster_pages import absence_line

    return f"No. {absence.id} {absence_line(absence, of)}"
