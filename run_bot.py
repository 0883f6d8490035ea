"""Mingbai 明白: the one command line. Wires the parts together and holds no logic."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.box import SIMPLE
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from bot.errors import BotError
from index.errors import SearchError
from knowledge.errors import KnowledgeError

if TYPE_CHECKING:
    from knowledge.check import Checked
    from knowledge.problems import Problem
    from knowledge.types import Disclosure

SAMPLE = Path(__file__).parent / "knowledge" / "sample"

cli = typer.Typer(
    help=__doc__, no_args_is_help=False, add_completion=False, pretty_exceptions_enable=False
)
index_cli = typer.Typer(help="Build, list, switch and measure releases of the index.")
staff_cli = typer.Typer(help="Work off tickets in the terminal.")
knowledge_cli = typer.Typer(help="Look at sources before they are built.")
cli.add_typer(index_cli, name="index")
cli.add_typer(knowledge_cli, name="knowledge")
cli.add_typer(staff_cli, name="staff")
out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


@contextmanager
def mistakes_in_words() -> Iterator[None]:
    """Errors that we raise on purpose end the command with their sentence, not a traceback."""
    try:
        yield
    except (BotError, SearchError, KnowledgeError) as error:
        err.print(str(error), style="red", markup=False)
        raise typer.Exit(1) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        err.print(
            f"{where}{error.strerror or error}; check the path, its permissions and free space",
            style="red",
            markup=False,
        )
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        raise typer.Exit(130) from None


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
    on: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of that day.")
    ] = None,
) -> None:
    """Answer one question. Nothing is stored, and no ticket is opened."""
    with mistakes_in_words():
        from bot.ask import answer_once
        from bot.config import Settings

        day = on.date() if on else date.today()  # noqa: DTZ011 - a bureau's day is the local one
        said = answer_once(Settings.read(), question, release=release, on=day)
        if as_json:
            sys.stdout.write(json.dumps(said.as_json(), ensure_ascii=False, indent=2) + "\n")
        else:
            out.print(said.text, markup=False)


@index_cli.command("build")
def index_build(
    more: Annotated[list[Path] | None, typer.Argument(help="More sources.")] = None,
    source: Annotated[
        list[Path] | None,
        typer.Option(help="Folder or file of policies; several may follow. Default: the sample."),
    ] = None,
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Where releases go. Default: RELEASES.")
    ] = None,
    disclosure: Annotated[
        str | None, typer.Option(help="open: for files that do not say it themselves.")
    ] = None,
    if_none: Annotated[bool, typer.Option(help="Only if there is no release yet.")] = False,
    keep: Annotated[int, typer.Option(min=1, help="Releases to keep.")] = 5,
) -> None:
    """Read the sources, build a release and make it current."""
    with mistakes_in_words():
        from bot.config import Settings
        from index.errors import ReleaseMissing
        from index.release import MANIFEST, current

        settings = Settings.read()
        root = out_dir or settings.releases
        if if_none:
            try:
                name = current(root)
            except ReleaseMissing:
                name = ""
            if name and (root / name / MANIFEST).is_file():
                out.print(f"The index is there: {name}", markup=False)
                return
        sources = [*(source or []), *(more or [])] or [SAMPLE]
        _build(sources, root, disclosure, keep)


def _build(sources: Sequence[Path], root: Path, disclosure: str | None, keep: int) -> None:
    from bot.config import Settings
    from index.build import build, prune
    from knowledge.cache import Cache
    from knowledge.catalogue import linked
    from knowledge.library import read_library
    from knowledge.validity import inherit

    said = _said(disclosure)
    started = time.monotonic()
    columns = (TextColumn("{task.description:12}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=err) as bars:
        tasks: dict[str, Any] = {}

        def progress(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bars.add_task(step, total=total)
            bars.update(tasks[step], completed=done, total=total)

        library = read_library(
            sources,
            disclosure=said,
            cache=Cache(root / ".read"),
            progress=lambda done, total: progress("reading", done, total),
        )
        documents = inherit(linked(library.documents))
        for skipped in library.skipped:
            bars.console.print(f"skipped  {skipped.path}: {skipped.reason}", markup=False)
        for mended in library.mended:
            damage = ", ".join(f"{one.damage} {one.count}" for one in mended.changes)
            bars.console.print(f"repaired {mended.path}: {damage}", markup=False)
        manifest = build(documents, root, encoder=Settings.read().choice.fit, progress=progress)
    for name in prune(root, keep=keep):
        out.print(f"removed the old release {name}", markup=False)
    out.print(
        f"{manifest.documents} documents in {manifest.passages} passages, "
        f"{len(library.skipped)} skipped, {len(library.mended)} repaired, "
        f"{time.monotonic() - started:.1f} s\n"
        f"release {manifest.name} is current in {root}",
        markup=False,
    )


@index_cli.command("releases")
def index_releases(
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
) -> None:
    """List releases, oldest first; * marks the current one."""
    with mistakes_in_words():
        from bot.config import Settings
        from index.release import current, releases

        root = out_dir or Settings.read().releases
        now = current(root)
        for one in releases(root):  # no table: it would cut names that `rollback` needs whole
            mark = "*" if one.name == now else " "
            counts = f"{one.documents} documents  {one.passages} passages"
            out.print(f"{mark} {one.name}  {one.created}  {one.encoder}  {counts}", markup=False)


@index_cli.command("rollback")
def index_rollback(
    name: Annotated[str | None, typer.Argument(help="Default: the one before.")] = None,
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
) -> None:
    """Make an earlier release current again; running bots follow within seconds."""
    with mistakes_in_words():
        from bot.config import Settings
        from index.release import previous, read_manifest, switch, verify

        root = out_dir or Settings.read().releases
        target = name or previous(root)
        verify(root / target, read_manifest(root / target))
        switch(root, target)
        out.print(f"release {target} is current in {root}", markup=False)


@index_cli.command("eval")
def index_eval(
    folder: Annotated[Path, typer.Argument(metavar="SET", help="A folder in BEIR layout.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions.")] = None,
) -> None:
    """Index a set and measure how well its questions find their documents."""
    with mistakes_in_words():
        figures = _evaluate(folder, limit)
        if as_json:
            sys.stdout.write(json.dumps(figures) + "\n")
        else:
            for name, value in figures.items():
                out.print(f"{name:14} {value}", markup=False)


def _evaluate(folder: Path, limit: int | None) -> dict[str, float]:
    from bot.config import Settings
    from index.build import build, load
    from index.evaluate import DEPTH, evaluate, read_documents, read_questions

    choice = Settings.read().choice
    questions = read_questions(folder, limit=limit)
    documents = read_documents(folder)
    with tempfile.TemporaryDirectory() as scratch:
        started = time.perf_counter()
        manifest = build(documents, Path(scratch), encoder=choice.fit, calibrate=False)
        build_s = time.perf_counter() - started
        searcher = load(Path(scratch) / manifest.name, encoder=choice.load)
        figures = evaluate(questions, lambda text: searcher.documents(text, limit=DEPTH))
    counts = {"documents": len(documents), "queries": len(questions.texts)}
    return {**counts, **figures, "build_s": round(build_s, 2)}


SourceOption = Annotated[
    list[Path] | None,
    typer.Option(help="Folder or file of policies; several may follow. Default: the sample."),
]
MoreSources = Annotated[list[Path] | None, typer.Argument(help="More sources.")]
DisclosureOption = Annotated[
    str | None, typer.Option(help="open: for files that do not say it themselves.")
]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of that day.")]


@knowledge_cli.command("check")
def knowledge_check(
    more: MoreSources = None,
    source: SourceOption = None,
    disclosure: DisclosureOption = None,
    on: DayOption = None,
) -> None:
    """Name each problem and what to do; exit 1 if a text is unreadable or contradicted."""
    with mistakes_in_words():
        from knowledge.check import counts

        checked = _checked([*(source or []), *(more or [])] or [SAMPLE], disclosure, on)
        if checked.problems:
            Console(highlight=False).print(_problems(checked.problems))
        found = ", ".join(f"{count} {name}" for name, count in counts(checked.problems))
        out.print(f"{len(checked.library.documents)} documents: {found}", markup=False)
    if checked.failed:
        raise typer.Exit(1)


@knowledge_cli.command("report")
def knowledge_report(
    out_dir: Annotated[Path, typer.Option("--out", help="Where the two files go.")],
    more: MoreSources = None,
    source: SourceOption = None,
    disclosure: DisclosureOption = None,
    on: DayOption = None,
) -> None:
    """Write report.json and report.html: what was read, what is damaged, missing or wrong."""
    with mistakes_in_words():
        from knowledge.report import write_report

        sources = [*(source or []), *(more or [])] or [SAMPLE]
        checked = _checked(sources, disclosure, on)
        for path in write_report(checked, out_dir, sources=[str(one) for one in sources]):
            out.print(str(path), markup=False)


def _checked(sources: Sequence[Path], disclosure: str | None, on: datetime | None) -> Checked:
    from knowledge.check import check
    from knowledge.library import read_library

    said = _said(disclosure)
    day = on.date() if on else date.today()  # noqa: DTZ011 - a bureau's day is the local one
    with Progress(TextColumn("reading"), BarColumn(), MofNCompleteColumn(), console=err) as bars:
        task = bars.add_task("reading", total=None)
        library = read_library(
            sources,
            disclosure=said,
            progress=lambda done, total: bars.update(task, completed=done, total=total),
        )
    return check(library, on=day)


def _said(disclosure: str | None) -> Disclosure | None:
    from knowledge.types import Disclosure

    if disclosure not in {None, Disclosure.OPEN}:
        raise typer.BadParameter(
            "only `open` can be said of a whole source", param_hint="disclosure"
        )
    return Disclosure.OPEN if disclosure else None


def _problems(problems: Sequence[Problem]) -> Table:
    table = Table(box=SIMPLE, show_edge=False)
    for name in ("", "document", "problem", "what to do"):
        table.add_column(name, overflow="fold")  # names are needed whole
    for one in problems:
        values = " / ".join(value for value in (one.declared, one.found) if value)
        said = f"{one.about}: {one.problem}" + (f" ({values})" if values else "")
        table.add_row(*(Text(cell) for cell in (one.severity, one.document, said, one.mend)))
    return table


@cli.command()
def check() -> None:
    """Look at settings, release, database and channels: a line each; exit 1 if one is wrong."""
    from bot.check import checks
    from bot.serve import log_to_stderr

    log_to_stderr("ERROR")  # warnings are in the lines
    lines = asyncio.run(checks())
    for line in lines:
        mark = "[green]ok [/]" if line.fine else "[red]bad[/]"
        out.print(f"{mark} {line.name:10}", end="")
        out.print(line.text, markup=False)
    if not all(line.fine for line in lines):
        raise typer.Exit(1)


@staff_cli.callback(invoke_without_command=True)
def staff(
    context: typer.Context,
    name: Annotated[
        str, typer.Option("--as", help="Your name, as colleagues see it.")
    ] = os.environ.get("USER", "staff"),
) -> None:
    """Without a command: work off tickets one after the other."""
    context.obj = name
    if context.invoked_subcommand is None:
        _terminal(name, ["work"])


@staff_cli.command("list")
def staff_list(context: typer.Context) -> None:
    """Tickets that wait or are being handled, oldest first."""
    _terminal(context.obj, ["list"])


@staff_cli.command("show")
def staff_show(context: typer.Context, number: int) -> None:
    """One ticket with its history."""
    _terminal(context.obj, ["show", str(number)])


@staff_cli.command("claim")
def staff_claim(context: typer.Context, number: int) -> None:
    """Take a ticket; until you release it nobody else can."""
    _terminal(context.obj, ["claim", str(number)])


@staff_cli.command("release")
def staff_release(context: typer.Context, number: int) -> None:
    """Give a ticket back to the queue."""
    _terminal(context.obj, ["release", str(number)])


@staff_cli.command("reply")
def staff_reply(context: typer.Context, number: int, text: str) -> None:
    """Reply to the citizen, in the chat where the question was asked."""
    _terminal(context.obj, ["reply", str(number), text])


@staff_cli.command("close")
def staff_close(context: typer.Context, number: int) -> None:
    """Close a ticket."""
    _terminal(context.obj, ["close", str(number)])


def _terminal(name: str, words: Sequence[str]) -> None:
    with mistakes_in_words():
        from bot.terminal import terminal

        done = asyncio.run(terminal(name, words, say=lambda t: out.print(t, markup=False)))
        if not done:
            raise typer.Exit(1)


if __name__ == "__main__":
    cli()
