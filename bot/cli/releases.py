"""`index`: build, list, switch and measure releases."""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.options import SAMPLE, DisclosureOption, MoreSources, SourceOption, said
from bot.cli.shown import err, mistakes_in_words, out

releases = typer.Typer(help="Build, list, switch and measure releases of the index.")


@releases.command("build")
def index_build(
    more: MoreSources = None,
    source: SourceOption = None,
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Where releases go. Default: RELEASES.")
    ] = None,
    disclosure: DisclosureOption = None,
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
            disclosure=said(disclosure),
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


@releases.command("releases")
def index_releases(
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
) -> None:
    """List releases, oldest first; * marks the current one."""
    with mistakes_in_words():
        from bot.config import Settings
        from index import release

        root = out_dir or Settings.read().releases
        now = release.current(root)
        # No table: it would cut names that `rollback` needs whole.
        for one in release.releases(root):
            mark = "*" if one.name == now else " "
            counts = f"{one.documents} documents  {one.passages} passages"
            out.print(f"{mark} {one.name}  {one.created}  {one.encoder}  {counts}", markup=False)


@releases.command("rollback")
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


@releases.command("eval")
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
