"""`staff`: tickets in the terminal."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Sequence
from typing import Annotated

import typer

from bot.cli.roster import away, roster
from bot.cli.shown import mistakes_in_words, out

staff = typer.Typer(help="Work off tickets in the terminal.")
staff.command()(roster)
staff.command()(away)


@staff.callback(invoke_without_command=True)
def work(
    context: typer.Context,
    name: Annotated[
        str, typer.Option("--as", help="Your name, as colleagues see it.")
    ] = os.environ.get("USER", "staff"),
) -> None:
    """Without a command: work off tickets one after the other."""
    context.obj = name
    if context.invoked_subcommand is None:
        _terminal(name, ["work"])


@staff.command("list")
def staff_list(context: typer.Context) -> None:
    """Tickets that wait or are being handled, oldest first."""
    _terminal(context.obj, ["list"])


@staff.command("show")
def staff_show(context: typer.Context, number: int) -> None:
    """One ticket with its history."""
    _terminal(context.obj, ["show", str(number)])


@staff.command("claim")
def staff_claim(context: typer.Context, number: int) -> None:
    """Take a ticket; until you release it nobody else can."""
    _terminal(context.obj, ["claim", str(number)])


@staff.command("release")
def staff_release(context: typer.Context, number: int) -> None:
    """Give a ticket back to the queue."""
    _terminal(context.obj, ["release", str(number)])


@staff.command("reply")
def staff_reply(context: typer.Context, number: int, text: str) -> None:
    """Reply to the citizen, in the chat where the question was asked."""
    _terminal(context.obj, ["reply", str(number), text])


@staff.command("close")
def staff_close(context: typer.Context, number: int) -> None:
    """Close a ticket."""
    _terminal(context.obj, ["close", str(number)])


def _terminal(name: str, words: Sequence[str]) -> None:
    with mistakes_in_words():
        from bot.desk.terminal import terminal

        done = asyncio.run(terminal(name, words, say=lambda t: out.print(t, markup=False)))
        if not done:
            raise typer.Exit(1)
