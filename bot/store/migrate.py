"""Brings a database to the tables of this program."""

from __future__ import annotations

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection
from sqlalchemy.exc import DBAPIError

from bot.errors import StoreError
from bot.store.dialect import lock_migrations
from bot.store.failures import is_denied

SCRIPTS: Final = "bot.store:migrations"  # a package, so that it is found when installed


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """
    Raise StoreError if a newer program has migrated the database, or knows where `to` is, or if
    our role may not do what is to be done. Where nothing is, it needs no right but to read.
    """
    lock_migrations(connection)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", SCRIPTS)
    scripts = ScriptDirectory.from_config(config)
    _refuse_newer(connection, scripts)
    if to not in {*_known(scripts), "head"}:
        raise StoreError(
            f"tables of revision {to} are not known here; the newest are"
            f" {scripts.get_current_head()}. Take the version of Mingbai that has them."
        )
    try:
        command.upgrade(config, to)
    except DBAPIError as error:
        if not is_denied(error):
            raise
        raise StoreError(
            f"the database's tables must be brought to revision {scripts.get_current_head()}, and"
            " this role may not do that: run `run_bot.py db migrate` once with the URL of the role"
            " that owns them, then deploy/postgres/roles.sql, and start again."
        ) from error


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = _known(scripts)
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise StoreError(
            f"the database is newer than this program: it is at revision {min(unknown)},"
            f" and the newest known here is {scripts.get_current_head()}. Start the newer"
            " version of Mingbai again, or restore the copy made before it was installed."
        )


def _known(scripts: ScriptDirectory) -> set[str]:
    return {script.revision for script in scripts.walk_revisions()}
