"""Mingbai 明白: the one command line. Wires the parts together and holds no logic."""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from bot.cli.audit import audit
from bot.cli.level import level
from bot.cli.moving import backup, database, restore
from bot.cli.options import DayOption
from bot.cli.push import push
from bot.cli.releases import releases
from bot.cli.retention import retention
from bot.cli.shown import mistakes_in_words, out
from bot.cli.sources import knowledge
from bot.cli.tickets import staff

cli = typer.Typer(
    help=__doc__, no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False
)
cli.add_typer(releases, name="index")
cli.add_typer(knowledge, name="knowledge")
cli.add_typer(push, name="push")
cli.add_typer(audit, name="audit")
cli.add_typer(staff, name="staff")
cli.add_typer(level, name="level")
cli.add_typer(database, name="db")
cli.command()(retention)
cli.command()(backup)
cli.command()(restore)


@cli.callback(invoke_without_command=True)
def main(context: typer.Context) -> None:
    """Serve: the web page, and Telegram if there is a token."""
    if context.invoked_subcommand is None:
        with mistakes_in_words():
            from bot.serve import serve

            asyncio.run(serve(show=lambda line: out.print(line, markup=False)))


@cli.command()
def ask(
    question: Annotated[str, typer.Argument(help="A question, as a citizen would ask it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    release: Annotated[
        Path | None, typer.Option(help="A release, or the folder that releases are in.")
    ] = None,
    on: DayOption = None,
) -> None:
    """Answer one question. Nothing is stored, and no ticket is opened."""
    with mistakes_in_words():
        from bot.ask import answer_once
        from bot.config import Settings

        settings = Settings.read()
        said = answer_once(settings, question, release=release, on=settings.day(on))
        if as_json:
            sys.stdout.write(json.dumps(said.as_json(), ensure_ascii=False, indent=2) + "\n")
        else:
            out.print(said.text, markup=False)


@cli.command()
def qr(
    out_file: Annotated[Path, typer.Option("--out", help="File to write: .png or .svg.")],
    document: Annotated[str | None, typer.Option(help="Id of a document to open.")] = None,
    topic: Annotated[str | None, typer.Option(help="Name of a topic to open.")] = None,
) -> None:
    """Write a QR code that opens the bot, at a document or topic if one is given."""
    if document is not None and topic is not None:
        raise typer.BadParameter("name a document or a topic, not both")
    with mistakes_in_words():
        from bot.cli.qr import draw
        from bot.config import Settings

        settings = Settings.read()
        job = draw(settings, out_file, document=document, topic=topic, on=settings.day())
        out.print(asyncio.run(job), markup=False)


@cli.command()
def check() -> None:
    """Look at settings, release, database and channels: a line each; exit 1 if one is wrong."""
    from bot.check import checks
    from bot.serve import log_to_stderr

    log_to_stderr("ERROR")  # warnings are in the lines
    lines = asyncio.run(checks())
    for line in lines:
        mark = "[green]ok [/]" if line.fine else "[red]bad[/]"
        mark = "[yellow]!! [/]" if line.warns else mark
        out.print(f"{mark} {line.name:10}", end="")
        out.print(line.text, markup=False)
    if not all(line.fine for line in lines):
        raise typer.Exit(1)


if __name__ == "__main__":
    cli()
