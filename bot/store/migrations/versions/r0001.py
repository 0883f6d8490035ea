"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0001"
down_revision = None

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_message()
    create_conversation()
    create_ticket()
    create_ticket_event()
    create_delivery()


def create_message() -> None:
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("platform_id", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text),
        sa.Column("result", sa.String),
        sa.Column("reason", sa.String),
        sa.Column("received_at", TIME, nullable=False),
        sa.Column("finished_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_message"),
        sa.UniqueConstraint("channel", "platform_id", name="uq_message_channel_platform_id"),
        sqlite_autoincrement=True,
    )
    unfinished = sa.text("finished_at IS NULL")
    op.create_index(
        "ix_message_unfinished",
        "message",
        ["id"],
        sqlite_where=unfinished,
        postgresql_where=unfinished,
    )


def create_conversation() -> None:
    op.create_table(
        "conversation",
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("chat", sa.String, nullable=False),
        sa.Column("language", sa.String),
        sa.Column("last_question", ID),
        sa.Column("expects", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("channel", "chat", name="pk_conversation"),
    )


def create_ticket() -> None:
    op.create_table(
        "ticket",
        sa.Column("id", ID, nullable=False),
        sa.Column("version", sa.Integer, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("chat", sa.String, nullable=False),
        sa.Column("message_id", sa.String, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("reason", sa.String, nullable=False),
        sa.Column("evidence", sa.Text, nullable=False),
        sa.Column("opened", TIME, nullable=False),
        sa.Column("changed", TIME, nullable=False),
        sa.Column("holder_id", sa.String),
        sa.Column("holder_name", sa.String),
        sa.Column("reply", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_ticket"),
        sa.UniqueConstraint("channel", "message_id", name="uq_ticket_channel_message_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_state", "ticket", ["state", "id"])
    op.create_index("ix_ticket_conversation", "ticket", ["channel", "chat", "id"])


def create_ticket_event() -> None:
    op.create_table(
        "ticket_event",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ticket_event"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_ticket_event_ticket_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_ticket_event_ticket", "ticket_event", ["ticket_id", "id"])


def create_delivery() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("chat", sa.String, nullable=False),
        sa.Column("key", sa.String),
        sa.Column("ticket_id", ID),
        sa.Column("content", sa.Text, nullable=False),
        sa.Column("state", sa.String, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("queued_at", TIME, nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("ended_at", TIME),
        sa.Column("platform_id", sa.String),
        sa.Column("last_error", sa.Text),
        sa.PrimaryKeyConstraint("id", name="pk_delivery"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_delivery_ticket_id"),
        sqlite_autoincrement=True,
    )
    conversation = ["channel", "chat"]
    op.create_index("ix_delivery_state", "delivery", ["state", *conversation, "id"])
    op.create_index("ix_delivery_key", "delivery", [*conversation, "key", "id"])
    op.create_index("ix_delivery_platform_id", "delivery", [*conversation, "platform_id", "id"])
