"""`staff concerns`: what many citizens ask of late and got no good answer to."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.registered import Job, Opened, call
from knowledge.types import Lang

if TYPE_CHECKING:
    from bot.desk.concerns.concern import Concern
    from bot.desk.concerns.service import Concerns

concerns = typer.Typer(help="Hot concerns: found, taken, answered in public, closed.")


@concerns.command("find")
def concerns_find(context: typer.Context) -> None:
    """Look at the last five weeks; meant for once a day. Staff are told of what is new."""

    async def job(opened: Opened[Concerns]) -> Sequence[str]:
        hot = await opened.service.look()
        return [_line(opened, one) for one in hot] or ["Nothing is hot."]

    _do(context.obj, job)


@concerns.command("list")
def concerns_list(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Closed ones as well.")] = False,
) -> None:
    """Open concerns, by the day a response is due."""

    async def job(opened: Opened[Concerns]) -> Sequence[str]:
        service = opened.service
        found = await (service.all() if every else service.open())
        return [_line(opened, one) for one in found] or ["There are no concerns."]

    _do(context.obj, job)


@concerns.command("show")
def concerns_show(context: typer.Context, number: int) -> None:
    """One concern, with its questions and counts by day."""

    async def job(opened: Opened[Concerns]) -> Sequence[str]:
        from bot.desk.concerns import pages

        found = await opened.service.get(number)
        details = pages.details(found, language=Lang.EN, roster=opened.roster)
        return [_line(opened, found), *details]

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

    async def job(opened: Opened[Concerns]) -> Sequence[str]:
        day = due.date() if due else None
        return [_line(opened, await opened.service.own(number, opened.agent, due=day))]

    _do(context.obj, job)


@concerns.command("answer")
def concerns_answer(
    context: typer.Context,
    number: int,
    response: Annotated[str, typer.Argument(help="Id of a published document, or a link.")],
) -> None:
    """Name the response that was published."""

    async def job(opened: Opened[Concerns]) -> Sequence[str]:
        return [_line(opened, await opened.service.answer(number, opened.agent, response))]

    _do(context.obj, job)


@concerns.command("close")
def concerns_close(
    context: typer.Context,
    number: int,
    why: Annotated[str, typer.Option(help="Why it needs no response; for supervisors.")] = "",
) -> None:
    """Close a concern that is answered."""

    async def job(opened: Opened[Concerns]) -> Sequence[str]:
        return [_line(opened, await opened.service.close(number, opened.agent, why))]

    _do(context.obj, job)


def _line(opened: Opened[Concerns], concern: Concern) -> str:
    from bot.desk.concerns import pages

    return pages.line(concern, language=Lang.EN, today=opened.service.today)


def _do(name: str, job: Job[Concerns]) -> None:
    from bot.desk.concerns.set_up import concerns_of

    call(name, concerns_of, job)
