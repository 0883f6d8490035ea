"""Who wrote a message, the language that a citizen chose, and whose next message is meant."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "r0002"
down_revision = "r0001"

BATCH = 500


def upgrade() -> None:
    op.add_column("message", sa.Column("sender", sa.String))
    op.add_column("conversation", sa.Column("chosen", sa.String))
    op.add_column("conversation", sa.Column("expects_from", sa.String))
    fill_senders()
    op.create_index("ix_message_sender", "message", ["channel", "sender", "id"])


def fill_senders() -> None:
    """From the JSON of each message: the two databases read that in two ways, Python in one."""
    message = sa.table("message", sa.column("id"), sa.column("content"), sa.column("sender"))
    connection = op.get_bind()
    last = 0
    while rows := connection.execute(
        sa.select(message.c.id, message.c.content)
        .where(message.c.id > last)
        .order_by(message.c.id)
        .limit(BATCH)
    ).all():
        for number, content in rows:
            sender = json.loads(content)["sender"]
            connection.execute(
                sa.update(message).where(message.c.id == number).values(sender=sender)
            )
        last = rows[-1].id
