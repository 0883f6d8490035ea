"""Brings a database to the tables of this program."""

from __future__ import annotations

from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from bot.errors import StoreError
from bot.store.dialect import lock_migrations

SCRIPTS: Final = "bot.store:migrations"  # a package, so that it is found when installed


def upgrade(connection: Connection, *, to: str = "head") -> None:
    """Raise StoreError if a newer program has migrated the database."""
    lock_migrations(connection)
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", SCRIPTS)
    _refuse_newer(connection, ScriptDirectory.from_config(config))
    command.upgrade(config, to)


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    known = {script.revision for script in scripts.walk_revisions()}
    unknown = set(MigrationContext.configure(connection).get_current_heads()) - known
    if unknown:
        raise StoreError(
            f"the database is newer than this program: it is at revision {min(unknown)},"
            f" and the newest known here is {scripts.get_current_head()}. Start the newer"
            " version of Mingbai again, or restore the copy made before it was installed."
        )
