"""`index`: build, list, switch and measure releases."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.options import (
    DayOption,
    DisclosureOption,
    MoreSources,
    SourceOption,
    said,
    sources_of,
    with_published,
)
from bot.cli.progress import Form
from bot.cli.shown import mistakes_in_words, out

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
    hold: Annotated[
        bool, typer.Option("--hold", help="Leave it to `rollback NAME` to make it current.")
    ] = False,
    progress: Annotated[
        Form, typer.Option(help="json: a line a step, for a program that watches.")
    ] = Form.BARS,
) -> None:
    """Read the sources, build a release and make it current unless the golden gate refuses."""
    if hold and force:
        raise typer.BadParameter("--hold makes nothing current, whatever the golden gate says")
    with mistakes_in_words():
        from bot.cli.building import Admitted, Wanted, built
        from bot.config import Settings
        from bot.maintain.build_lock import alone
        from index.errors import ReleaseMissing
        from index.gate import MARGIN
        from index.golden import find, read_all
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
        named = sources_of(source, more, settings.source_paths)
        sources = with_published(named, settings.published)
        wanted = Wanted(
            sources=sources,
            root=root,
            golden=read_all(golden or find(sources)),  # first: a mistake costs no build
            disclosure=said(disclosure),
            margin=MARGIN if margin is None else margin,
            keep=keep,
            admitted=Admitted.ALWAYS if force else Admitted.NEVER if hold else Admitted.BY_GATE,
            form=progress,
        )
        with alone(settings.shared if root == settings.releases else root):
            passed = built(wanted, settings)
        if not passed:
            raise typer.Exit(1)


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
        from index.release import named, read_manifest
        from index.remote import make_current
        from index.verified import verify

        settings = Settings.read()
        root = out_dir or settings.releases
        folder = named(root, name or "previous")
        verify(folder, read_manifest(folder))
        make_current(settings.releases_url, root, folder.name)
        out.print(f"release {folder.name} is current in {root}", markup=False)


@releases.command("push")
def index_push(
    name: Annotated[str, typer.Argument(help="A release by name; or current, previous.")] = (
        "current"
    ),
    out_dir: Annotated[Path | None, typer.Option("--out", help="Where releases are.")] = None,
) -> None:
    """Put a release where RELEASES_URL says, and make it the one that all workers serve."""
    with mistakes_in_words():
        from bot.config import Settings
        from bot.errors import ConfigError
        from index.release import named
        from index.remote import make_current

        settings = Settings.read()
        if not settings.releases_url:
            raise ConfigError(["RELEASES_URL is not set; see .env.example"])
        root = out_dir or settings.releases
        folder = named(root, name)
        make_current(settings.releases_url, root, folder.name)
        out.print(f"release {folder.name} is current at RELEASES_URL and in {root}", markup=False)


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
        from bot.config import Settings
        from bot.opened import folder_of
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
