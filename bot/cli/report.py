"""`staff report`: a period in figures."""

from __future__ import annotations

import asyncio
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:
    from bot.desk.reports.figures import Report


class Form(StrEnum):
    TEXT = "text"
    JSON = "json"
    CSV = "csv"


def report(
    context: typer.Context,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help="The first day; of this month."),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--until", formats=["%Y-%m-%d"], help="The last day; today."),
    ] = None,
    form: Annotated[Form, typer.Option(help="What it is written as.")] = Form.TEXT,
    path: Annotated[Path | None, typer.Option("--out", help="A file to write it to.")] = None,
    agents: Annotated[
        bool, typer.Option("--agents", help="With who did how much; for supervisors.")
    ] = False,
) -> None:
    """Volume, times against the clocks, what the bot answered, backlog. See docs/desk.md."""
    with mistakes_in_words():
        found = asyncio.run(_report(context.obj, first, last, agents=agents))
        text = _written(found, form)
        if path is None:
            sys.stdout.write(text)
        else:
            path.write_text(text, encoding="utf-8", newline="")
            out.print(str(path), markup=False)


async def _report(
    name: str, first: datetime | None, last: datetime | None, *, agents: bool
) -> Report:
    from bot.config import Settings
    from bot.desk.reports.figures import Period
    from bot.desk.reports.reporter import Reporter
    from bot.desk.terminal import agent_named, at_desk

    settings = Settings.read()
    try:
        period = Period.given(first and first.date(), last and last.date(), today=settings.day())
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--from") from None
    async with at_desk(settings) as (store, desk):
        reporter = Reporter(store, desk)
        return await reporter.report(
            period, agents=agent_named(name, desk.roster) if agents else None
        )


def _written(report: Report, form: Form) -> str:
    from bot.desk.reports.written import as_csv, as_json, as_text

    return {Form.TEXT: as_text, Form.JSON: as_json, Form.CSV: as_csv}[form](report)
