"""`staff roster` and `staff away`: who works here, and who is out of office."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from typing import Annotated

import typer

from bot.cli.shown import mistakes_in_words, out
from bot.desk.absences import Absence
from bot.desk.roster import Department, Member, Roster


def roster() -> None:
    """Departments, their hours and their people; exit 1 if the file is broken."""
    from bot.config import Settings
    from bot.desk.roster_file import read_roster

    with mistakes_in_words():
        settings = Settings.read()
        for line in lines(read_roster(settings.roster)):
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

    agent = agent_named(name)
    async with at_desk(Settings.read()) as (store, desk):
        office = OutOfOffice(store, desk)
        if cancel is not None:
            return [f"Cancelled: {_absence(await office.cancel(cancel, agent), desk.roster)}"]
        if until is None:
            planned = [_absence(one, desk.roster) for one in await office.planned()]
            return planned or ["Nobody is away."]
        first = since or desk.clock().date()
        written = await office.away(agent, first, until, note=note, who=who)
        return [_absence(written, desk.roster)]


def lines(of: Roster) -> Iterator[str]:
    """The roster, as it is understood."""
    if of.is_open:
        yield "There is no roster (set ROSTER, see docs/desk.md): staff may do everything."
    for department in of.departments.values():
        yield from _department(department)
    if of.others:
        yield "Of no department"
        yield from map(_member, of.others)


def _department(department: Department) -> Iterator[str]:
    yield f"{department.name} ({department.key}) · {department.hours}"
    for head, words in (
        ("topics", department.topics),
        ("issuers", department.issuers),
        ("sensitive", department.sensitive),
    ):
        if words:
            yield f"  {head}: {', '.join(words)}"
    yield from map(_member, department.members)
    if not department.members:
        yield "  nobody"


def _member(member: Member) -> str:
    languages = f" · {', '.join(sorted(member.languages))}" if member.languages else ""
    return f"  {member.name} ({member.id}) · {', '.join(sorted(member.roles))}{languages}"


def _absence(absence: Absence, of: Roster) -> str:
    name = next((one.name for one in of.members if one.id == absence.agent), absence.agent)
    note = f" · {absence.note}" if absence.note else ""
    return f"No. {absence.id} {name}: {absence.since} to {absence.until}{note}"
