"""`staff concerns`: what many citizens ask of late and got no good answer to."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:
    from bot.desk.concerns.concern import Concern
    from bot.desk.concerns.service import Concerns
    from bot.desk.tickets import Agent

concerns = typer.Typer(help="Hot concerns: found, taken, answered in public, closed.")


@concerns.command("find")
def concerns_find(context: typer.Context) -> None:
    """Look at the last five weeks; meant for once a day. Staff are told of what is new."""

    async def job(service: Concerns, _agent: Agent) -> list[str]:
        hot = await service.look()
        return [line(one, service.today) for one in hot] or ["Nothing is hot."]

    _do(context.obj, job)


@concerns.command("list")
def concerns_list(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Closed ones as well.")] = False,
) -> None:
    """Open concerns, by the day a response is due."""

    async def job(service: Concerns, _agent: Agent) -> list[str]:
        found = await (service.all() if every else service.open())
        return [line(one, service.today) for one in found] or ["There are no concerns."]

    _do(context.obj, job)


@concerns.command("show")
def concerns_show(context: typer.Context, number: int) -> None:
    """One concern, with its questions and counts by day."""

    async def job(service: Concerns, _agent: Agent) -> list[str]:
        found = await service.get(number)
        return [line(found, service.today), *details(found)]

    _do(context.obj, job)


@concerns.command("own")
def concerns_own(
    context: typer.Context,
    number: int,
    due: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="When a response is due.")
    ] = None,
) -> None:
    """Take a concern; you see to it that it is answered in public."""

    async def job(service: Concerns, agent: Agent) -> list[str]:
        owned = await service.own(number, agent, due=due.date() if due else None)
        return [line(owned, service.today)]

    _do(context.obj, job)


@concerns.command("answer")
def concerns_answer(
    context: typer.Context,
    number: int,
    response: Annotated[str, typer.Argument(help="Id of a published document, or a link.")],
) -> None:
    """Name the response that was published."""

    async def job(service: Concerns, agent: Agent) -> list[str]:
        return [line(await service.answer(number, agent, response), service.today)]

    _do(context.obj, job)


@concerns.command("close")
def concerns_close(
    context: typer.Context,
    number: int,
    why: Annotated[str, typer.Option(help="Why it needs no response; for supervisors.")] = "",
) -> None:
    """Close a concern that is answered."""

    async def job(service: Concerns, agent: Agent) -> list[str]:
        return [line(await service.close(number, agent, why), service.today)]

    _do(context.obj, job)


def line(concern: Concern, today: date) -> str:
    """A concern in one line."""
    owner = f" {concern.owner.name}" if concern.owner else ""
    late = " OVERDUE" if concern.is_late(today) else ""
    label = " ".join(concern.label.split())[:60] or "(words erased)"
    counts = f"{concern.recent} in 7 days, {concern.before} in the 4 weeks before"
    return (
        f"No. {concern.id} {concern.state}{owner} · due {concern.due}{late} · {counts} · {label}"
    )


def details(concern: Concern) -> list[str]:
    found = [f"  asked: {text}" for text in concern.examples]
    if concern.department:
        found.append(f"  department: {concern.department}")
    if concern.tickets:
        found.append(f"  tickets: {', '.join(map(str, concern.tickets))}")
    found += [f"  {one.day}: {one.citizens}" for one in concern.days]
    if concern.response:
        found.append(f"  response: {concern.response}")
    return found


def _do(name: str, job: Callable[[Concerns, Agent], Coroutine[None, None, list[str]]]) -> None:
    async def run() -> list[str]:
        from bot.desk.terminal import agent_named

        async with _service() as service:
            return await job(service, agent_named(name))

    with mistakes_in_words():
        for text in asyncio.run(run()):
            out.print(text, markup=False)


@asynccontextmanager
async def _service() -> AsyncIterator[Concerns]:
    from bot.config import Settings
    from bot.desk.concerns.service import Concerns
    from bot.desk.terminal import at_desk
    from bot.library import documents_of
    from index.grouping import group
    from index.release import current

    settings = Settings.read()

    def published(document: str) -> bool:
        folder = settings.releases / current(settings.releases)
        return any(one.id == document for one in documents_of(folder))

    async with at_desk(settings) as (store, desk):
        yield Concerns(store, desk, group=group, published=published)
