"""`knowledge`: look at sources before they are built."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.box import SIMPLE
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from bot.cli.options import (
    DayOption,
    DisclosureOption,
    MoreSources,
    SourceOption,
    said,
    sources_of,
)
from bot.cli.shown import err, mistakes_in_words, out, print_table

if TYPE_CHECKING:
    from knowledge.check import Checked
    from knowledge.problems import Problem


knowledge = typer.Typer(help="Look at sources before they are built.")


@knowledge.command("check")
def knowledge_check(
    more: MoreSources = None,
    source: SourceOption = None,
    disclosure: DisclosureOption = None,
    on: DayOption = None,
) -> None:
    """Name each problem and what to do; exit 1 if a text is unreadable or contradicted."""
    with mistakes_in_words():
        from bot.config import Settings
        from knowledge.check import counts

        settings = Settings.read()
        sources = sources_of(source, more, settings.source_paths)
        checked = _checked(sources, disclosure, settings.day(on))
        if checked.problems:
            print_table(_problems(checked.problems))
        found = ", ".join(f"{count} {name}" for name, count in counts(checked.problems))
        out.print(f"{len(checked.library.documents)} documents: {found}", markup=False)
    if checked.failed:
        raise typer.Exit(1)


@knowledge.command("report")
def knowledge_report(
    out_dir: Annotated[Path, typer.Option("--out", help="Where the two files go.")],
    more: MoreSources = None,
    source: SourceOption = None,
    disclosure: DisclosureOption = None,
    on: DayOption = None,
) -> None:
    """Write report.json and report.html: what was read, what is damaged, missing or wrong."""
    with mistakes_in_words():
        from bot.config import Settings
        from knowledge.report import write_report

        settings = Settings.read()
        sources = sources_of(source, more, settings.source_paths)
        checked = _checked(sources, disclosure, settings.day(on))
        for path in write_report(checked, out_dir, sources=[str(one) for one in sources]):
            out.print(str(path), markup=False)


def _checked(sources: Sequence[Path], disclosure: str | None, on: date) -> Checked:
    from knowledge.check import check
    from knowledge.library import read_library

    with Progress(TextColumn("reading"), BarColumn(), MofNCompleteColumn(), console=err) as bars:
        task = bars.add_task("reading", total=None)
        library = read_library(
            sources,
            disclosure=said(disclosure),
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    return check(library, on=on)


def _problems(problems: Sequence[Problem]) -> Table:
    table = Table(box=SIMPLE, show_edge=False)
    for name in ("", "document", "problem", "what to do"):
        table.add_column(name, overflow="fold")  # names are needed whole
    for one in problems:
        values = " / ".join(value for value in (one.declared, one.found) if value)
        said = f"{one.about}: {one.problem}" + (f" ({values})" if values else "")
        table.add_row(*(Text(cell) for cell in (one.severity, one.document, said, one.mend)))
    return table
