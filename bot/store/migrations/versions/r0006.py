"""
Accounts of the staff console, their sessions and kept views, and who guesses; what is done once a
day by one process of several; what stays of uses of published answers.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.migrations.versions.r0005 import ID, create_register

revision = "r0006"
down_revision = "r0005"


def upgrade() -> None:
    create_register("account", unique=("login",), login=sa.String, invitation=sa.String)
    create_register("staff_session", unique=("token",), token=sa.String, account=ID)
    create_register("tries", unique=("subject",), subject=sa.String)
    create_register("wording", unique=("ticket_id",), ticket_id=ID)
    create_register("daily_round", unique=("job",), job=sa.String)
    create_register("publication_tally", unique=("publication",), publication=ID)
    create_register("saved_view", unique=("account", "name"), account=ID, name=sa.String)
