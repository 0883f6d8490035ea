"""`index`: build, list, switch and measure releases."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.cli.options import (
    DayOption,
    DisclosureOption,
    MoreSources,
    SourceOption,
    said,
    sources_of,
    with_published,
)
from bot.cli.shown import err, mistakes_in_words, out

if TYPE_CHECKING:  # numpy takes its time, and `--help` should not
    from bot.config import Settings
    from index.gate import Review
    from index.golden import Golden
    from index.release import Manifest

GoldenOption = Annotated[
    list[Path] | None,
    typer.Option(help="Golden questions. Default: golden.jsonl in the sources."),
]

releases = typer.Typer(help="Build, list, switch and measure releases of the index.")


@releases.command("build")
def index_build(
    *,
    more: MoreSources = None,
    source: SourceOption = None,
    out_dir: Annotated[
        Path | None, typer.Option("--out", help="Where releases go. Default: RELEASES.")
    ] = None,
    disclosure: DisclosureOption = None,
    if_none: Annotated[bool, typer.Option(help="Only if there is no release yet.")] = False,
    keep: Annotated[int, typer.Option(min=1, help="Releases to keep.")] = 5,
    golden: GoldenOption = None,
    margin: Annotated[
        float | None,
        typer.Option(min=0, max=1, help="Share of them that may be lost. Default: 0.02."),
    ] = None,
    force: Annotated[
        bool, typer.Option("--force", help="Make it current whatever they say.")
    ] = False,
) -> None:
    """Read the sources, build a release and make it current unless the golden gate refuses."""
    with mistakes_in_words():
        from bot.config import Settings
        from index.errors import ReleaseMissing
        from index.golden import find, read_all
        from index.pruning import prune
        from index.release import MANIFEST, current, switch

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
        sources = with_published(sources_of(source, more), settings.published)
        questions = read_all(golden or find(sources))  # first: a mistake costs no build
        manifest, told = _prepare(sources, root, settings, disclosure, forced=force)
        review = _review(questions, root, manifest.name, settings, margin) if questions else None
        admitted = force or review is None or review.passed
        if admitted:
            switch(root, manifest.name)
        # Told when all is done: who reads a pipe may go away.
        if review:
            _tell(review)
        for name in prune(root, keep=keep, store=settings.outside().store):
            out.print(f"removed the old release {name}", markup=False)
        out.print(told, markup=False)
        if not admitted:
            raise typer.Exit(1)
        out.print(f"release {manifest.name} is current in {root}", markup=False)


def _review(
    questions: Sequence[Golden], root: Path, name: str, settings: Settings, margin: float | None
) -> Review:
    """How the release answers the golden questions, beside the one that is current."""
    from bot.cli.gated import gate
    from index.gate import MARGIN

    return gate(
        questions,
        root,
        name,
        settings=settings,
        margin=MARGIN if margin is None else margin,
        today=settings.day(),
    )


def _tell(review: Review) -> None:
    from bot.cli.gated import refusal, review_in_words

    for line in review_in_words(review):
        out.print(line, markup=False)
    if not review.passed:
        err.print(refusal(review), style="red", markup=False)


def _prepare(
    sources: Sequence[Path],
    root: Path,
    settings: Settings,
    disclosure: str | None,
    *,
    forced: bool,
) -> tuple[Manifest, str]:
    """Build a release; return it, and what to tell of it."""
    from bot.cli.opened import lasting
    from bot.cli.workers import fitting
    from index.build import prepare
    from index.provenance import origin
    from knowledge.cache import Cache
    from knowledge.catalogue import linked
    from knowledge.cited import held
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
        answers = held(inherit(linked(library.documents)))
        for skipped in library.skipped:
            bars.console.print(f"skipped  {skipped.path}: {skipped.reason}", markup=False)
        for mended in library.mended:
            damage = ", ".join(f"{one.damage} {one.count}" for one in mended.changes)
            bars.console.print(f"repaired {mended.path}: {damage}", markup=False)
        for one in answers.withdrawn:
            reasons = "; ".join(f"{cite}: {why}" for cite, why in one.broken)
            told = f"withdrawn {one.id} ({one.title}): {reasons}; see `staff published`"
            bars.console.print(told, markup=False)
        with fitting(settings) as fit:
            manifest = prepare(
                answers.documents,
                root,
                encoder=fit,
                progress=progress,
                origin=origin(sources, lasting(settings.choice), forced=forced),
                outside=settings.outside(),
            )
    return manifest, (
        f"{manifest.documents} documents in {manifest.passages} passages, "
        f"{len(library.skipped)} skipped, {len(library.mended)} repaired, "
        f"{time.monotonic() - started:.1f} s"
    )


@releases.command("releases")
def index_releases(
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
) -> None:
    """List releases, oldest first; * marks the current one."""
    with mistakes_in_words():
        from bot.cli.listed import line_of
        from bot.config import Settings
        from index import release

        root = out_dir or Settings.read().releases
        now = release.current(root)
        # No table: it would cut names that `rollback` needs whole.
        for one in release.releases(root):
            out.print(line_of(root, one, current=now), markup=False)


@releases.command("rollback")
def index_rollback(
    name: Annotated[str | None, typer.Argument(help="Default: the one served before.")] = None,
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
) -> None:
    """Make an earlier release current again; running bots follow within seconds."""
    with mistakes_in_words():
        from bot.config import Settings
        from index.release import named, read_manifest, switch
        from index.verified import verify

        root = out_dir or Settings.read().releases
        folder = named(root, name or "previous")
        verify(folder, read_manifest(folder))
        switch(root, folder.name)
        out.print(f"release {folder.name} is current in {root}", markup=False)


@releases.command("diff")
def index_diff(
    old: Annotated[str, typer.Argument(help="A release by name; or current, previous.")] = (
        "previous"
    ),
    new: Annotated[str, typer.Argument(help="Likewise.")] = "current",
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
    golden: GoldenOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """What changed: documents, fields, clauses, and answers to the golden questions."""
    with mistakes_in_words():
        from bot.cli.changed import difference
        from bot.cli.opened import folder_of
        from bot.config import Settings
        from index.golden import read_all

        settings = Settings.read()
        root = out_dir or settings.releases
        found = difference(
            folder_of(old, root),
            folder_of(new, root),
            golden=read_all(golden or []),
            settings=settings,
            today=settings.day(),
        )
        _print_or_json(found.in_words(), found.as_row(), as_json=as_json)


@releases.command("why")
def index_why(
    question: Annotated[str | None, typer.Argument(help="As a citizen would ask it.")] = None,
    message: Annotated[int | None, typer.Option(help="Or a past message, by its number.")] = None,
    on: DayOption = None,
    release: Annotated[
        str | None, typer.Option(help="A name, a folder or `previous`. Default: the current one.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Why a question is answered as it is: every step of the search, with its figures."""
    if (question is None) == (message is None):
        raise typer.BadParameter("give a question, or --message and its number")
    if message is not None and (on or release):
        raise typer.BadParameter("--message has its own day and release")
    with mistakes_in_words():
        from bot.cli.explained import explain_message, explain_question
        from bot.config import Settings

        settings = Settings.read()
        if message is not None:
            told = explain_message(settings, message)
        else:
            day = settings.day(on)
            told = explain_question(settings, question or "", release=release, on=day)
        _print_or_json(told.in_words(), told.as_row(), as_json=as_json)


def _print_or_json(words: Iterable[str], row: Mapping[str, Any], *, as_json: bool) -> None:
    if as_json:
        # Dates are no JSON, and words of an enum are.
        sys.stdout.write(json.dumps(row, ensure_ascii=False, indent=2, default=str) + "\n")
        return
    for line in words:
        out.print(line, markup=False)


@releases.command("eval")
def index_eval(
    folder: Annotated[
        Path | None, typer.Argument(metavar="SET", help="A folder in BEIR layout.")
    ] = None,
    *,
    golden: Annotated[
        Path | None, typer.Option(help="Instead of a set: golden questions to ask a release.")
    ] = None,
    release: Annotated[
        str | None, typer.Option(help="With --golden: a name, a folder, `previous`.")
    ] = None,
    on: DayOption = None,
    refusal: Annotated[
        bool, typer.Option("--refusal", help="Also of a set without unanswerable.jsonl.")
    ] = False,
    against: Annotated[
        Path | None, typer.Option(help="With a set: what --json wrote of it before.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only so many questions.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    report: Annotated[Path | None, typer.Option(help="Write a page with plots (HTML).")] = None,
) -> None:
    """Measure how well a set's questions find their documents, or what golden ones get."""
    if (folder is None) is (golden is None):
        raise typer.BadParameter("name a set, or golden questions with --golden")
    if golden is None and (release or on):
        raise typer.BadParameter("--release and --on go with --golden: a set is built anew")
    if golden is not None and (refusal or against):
        raise typer.BadParameter("--refusal and --against go with a set")
    with mistakes_in_words():
        from bot.cli.graded import graded
        from bot.cli.measured import figures_in_words, measured
        from bot.config import Settings
        from index.evaluation.page import render
        from index.evaluation.report import as_json as figures_of

        settings = Settings.read()
        if golden is not None:
            day = settings.day(on)
            found = graded(golden, release or "current", settings, today=day, limit=limit)
        else:
            assert folder is not None
            found = measured(
                folder,
                settings.choice,
                settings.outside().reranking,
                limit=limit,
                refusal=refusal,
                against=against,
            )
        if as_json:
            sys.stdout.write(json.dumps(figures_of(found)) + "\n")
        else:
            for line in figures_in_words(figures_of(found)):
                out.print(line, markup=False)
        if report is not None:
            report.write_text(render(found), encoding="utf-8")
