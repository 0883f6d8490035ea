"""
Several workers: which messages of a conversation are not handled yet, and who sends a delivery.
Updates of a platform that could not be taken. Levels, and questions kept during maintenance.
"""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

from bot.store.migrations.versions.r0005 import ID, create_register

revision = "r0007"
down_revision = "r0006"

TIME = sa.DateTime(timezone=True)
UNFINISHED = sa.text("finished_at IS NULL")
LEASED = sa.text("leased_until IS NOT NULL AND state = 'pending'")


def upgrade() -> None:
    op.add_column("message", sa.Column("chat", sa.String))
    fill_unfinished()
    op.drop_index("ix_message_unfinished", "message")
    op.create_index(
        "ix_message_unfinished",
        "message",
        ["channel", "chat", "id"],
        sqlite_where=UNFINISHED,
        postgresql_where=UNFINISHED,
    )
    op.add_column("delivery", sa.Column("leased_until", TIME))
    op.create_index(
        "ix_delivery_leased",
        "delivery",
        ["channel", "chat"],
        sqlite_where=LEASED,
        postgresql_where=LEASED,
    )
    create_register(
        "parked", unique=("channel", "update_id"), channel=sa.String, update_id=sa.String
    )
    create_register("level_step", automatic=sa.Boolean)
    create_register("kept_question", unique=("message",), message=ID)


def fill_unfinished() -> None:
    message = sa.table(
        "message",
        sa.column("id", sa.BigInteger),
        sa.column("chat", sa.String),
        sa.column("content", sa.Text),
        sa.column("finished_at", TIME),
    )
    connection = op.get_bind()
    left = sa.select(message.c.id, message.c.content).where(message.c.finished_at.is_(None))
    for number, content in connection.execute(left).all():
        chat = json.loads(content)["address"]["chat"]
        connection.execute(message.update().where(message.c.id == number).values(chat=chat))
