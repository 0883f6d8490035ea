"""`db copy`, `backup` and `restore`: an installation's data on the move."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:
    from bot.backup.making import Files
    from bot.backup.restoring import Places
    from bot.config import Settings

database = typer.Typer(help="The database.", no_args_is_help=True)


@database.command()
def copy(
    to: Annotated[
        str,
        typer.Option(
            envvar="COPY_TO",
            help="URL of the other database, without rows. Write it into the environment if it"
            " holds a password: other users of the machine see what a command is given.",
        ),
    ],
) -> None:
    """
    Copy all rows of DATABASE_URL into another database, and compare them one by one.

    Stop the bot before: what comes in afterwards is not copied. Then set DATABASE_URL to the new
    one and start it again.
    """
    with mistakes_in_words():
        from bot.config import Settings
        from bot.store.moving.copying import copy as copied

        def told(table: str, rows: int) -> None:
            if rows:
                out.print(f"{table:20} {rows:>9,}", markup=False)

        rows = asyncio.run(copied(Settings.read().database_url, to, told=told))
        out.print(f"{rows:,} rows were copied and compared. Now set DATABASE_URL, and start.")


@database.command()
def migrate() -> None:
    """Bring DATABASE_URL to this program's tables. A start does so too, where its role may."""
    with mistakes_in_words():
        from bot.config import Settings
        from bot.store.moving.copying import migrated

        revision = asyncio.run(migrated(Settings.read().database_url))
        out.print(f"The database has the tables of revision {revision}.", markup=False)


def backup(
    to: Annotated[
        Path | None,
        typer.Argument(help="File to write; without one, a new one in data/backups."),
    ] = None,
) -> None:
    """
    Write the database, the sources, the served release, glossary and roster into one file.

    The bot may serve meanwhile. The file holds what citizens wrote, and no setting or secret:
    keep it where nobody else reads it, and keep .env beside it.
    """
    with mistakes_in_words():
        from bot.backup.making import make
        from bot.config import Settings

        settings = Settings.read()
        now = settings.now()
        path = to or Path("data/backups") / f"mingbai-{now:%Y%m%d-%H%M%S}.zip"
        manifest = asyncio.run(make(settings.database_url, path, files=_files(settings), at=now))
        rows = sum(one.rows for one in manifest.tables)
        size = path.stat().st_size / (1 << 20)
        told = f"{path}: {rows:,} rows, {len(manifest.files):,} files, {size:.1f} MB"
        out.print(told + f", release {manifest.release or 'none'}", markup=False)


def restore(
    path: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")],
    check: Annotated[
        bool, typer.Option("--check", help="Only read it and compare; restore nothing.")
    ] = False,
) -> None:
    """
    Bring an installation back from a backup, into a database without rows.

    Files that are there already stay as they are.
    """
    with mistakes_in_words():
        from bot.backup.restoring import look
        from bot.backup.restoring import restore as restored
        from bot.config import Settings

        if check:
            manifest = look(path)
            rows = sum(one.rows for one in manifest.tables)
            out.print(
                f"{path} is whole: of {manifest.at}, {rows:,} rows, {len(manifest.files):,} files,"
                f" release {manifest.release or 'none'}",
                markup=False,
            )
            return
        settings = Settings.read()
        done = asyncio.run(restored(path, settings.database_url, _places(settings)))
        for one in done.kept:
            out.print(f"kept: {one} was there with other content", markup=False)
        if done.manifest.release:
            _serve(settings, done.manifest.release)
        told = (
            f"{done.rows:,} rows and {len(done.written):,} files are back, of {done.manifest.at}"
        )
        out.print(told, markup=False)


def _serve(settings: Settings, release: str) -> None:
    from index.errors import ReleaseMissing
    from index.release import current, switch

    try:
        served = current(settings.releases)
    except ReleaseMissing:  # none is
        switch(settings.releases, release)
    else:
        if served != release:
            out.print(f"release {served} is served, not {release}: switch if it is meant so")


def _files(settings: Settings) -> Files:
    from bot.backup.making import Files
    from index.errors import ReleaseMissing
    from index.release import current, named

    try:
        name = current(settings.releases)
    except ReleaseMissing:  # nothing was built yet
        name = ""
    return Files(
        sources=settings.source_paths,
        release=named(settings.releases, name) if name else None,
        glossary=settings.glossary,
        roster=settings.roster,
    )


def _places(settings: Settings) -> Places:
    from bot.backup.restoring import Places

    return Places(
        releases=settings.releases,
        others=settings.releases.parent / "restored",
        sources=settings.source_paths,
        glossary=settings.glossary,
        roster=settings.roster,
    )
