"""`push`: what followers of documents are told, and how far it goes."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Annotated

import typer

from bot.cli.shown import mistakes_in_words, out

push = typer.Typer(help="Messages to those who follow a document, a topic or a question.")


@push.command("report")
def push_report(
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """How many follow each document, and what became of the messages about it."""
    with mistakes_in_words():
        from bot.config import Settings
        from bot.push.reporting import report

        found = asyncio.run(report(Settings.read()))
        if as_json:
            sys.stdout.write(json.dumps(found.as_row(), ensure_ascii=False, indent=2) + "\n")
            return
        for line in found.in_words():
            out.print(line, markup=False)


@push.command("plan")
def push_plan(
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only show whom the current release concerns.")
    ] = False,
) -> None:
    """Tell followers of the current release without waiting for PUSH_DELAY_MINUTES."""
    with mistakes_in_words():
        from bot.config import Settings
        from bot.push.planning import begin_now, dry

        settings = Settings.read()
        for line in asyncio.run(dry(settings) if dry_run else begin_now(settings)):
            out.print(line, markup=False)
