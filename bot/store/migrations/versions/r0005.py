"""
The desk: departments, leases, deadlines and ratings of tickets, the audit log as a hash chain, and
the registers.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

from bot.desk.audit import START, Sealed
from bot.desk.tickets import Event
from bot.store.audit import row_of
from bot.store.columns import Utc

revision = "r0005"
down_revision = "r0004"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)
BATCH: Final = 500


def upgrade() -> None:
    extend_ticket()
    rewrite_ticket()
    create_audit()
    chain_events()
    op.drop_index("ix_ticket_event_ticket", "ticket_event")
    op.drop_table("ticket_event")
    create_register("consultation", ticket_id=ID, department=sa.String, state=sa.String)
    create_register("review", ticket_id=ID, state=sa.String)
    create_register("absence", agent=sa.String)
    create_register("digest")
    create_register("concern", state=sa.String)
    create_register("task", year=ID, department=sa.String)
    create_register("relocation", unique=("channel", "chat"), channel=sa.String, chat=sa.String)
    create_register("publication", unique=("ticket_id",), ticket_id=ID, stage=sa.String)
    create_register("publication_use", unique=("message",), publication=ID, message=ID)
    create_register("declined", unique=("conversation",), conversation=sa.String)
    create_register(
        "canned",
        unique=("name", "language", "department"),
        name=sa.String,
        language=sa.String,
        department=sa.String,
    )
    create_register(
        "disclosure_form", unique=("channel", "chat"), channel=sa.String, chat=sa.String
    )
    create_register("disclosure", unique=("year", "number"), ticket_id=ID, year=ID, number=ID)


def extend_ticket() -> None:
    for column in (
        sa.Column("department", sa.String, nullable=False, server_default=sa.text("''")),
        sa.Column("sensitive", sa.Boolean, nullable=False, server_default=sa.false()),
        sa.Column("assigned_id", sa.String),
        sa.Column("assigned_name", sa.String),
        sa.Column("lease", TIME),
        sa.Column("merged_into", ID),
        sa.Column("thread", sa.String),
        sa.Column("understood", sa.Boolean),
        sa.Column("solved", sa.Boolean),
        sa.Column("deadlines", sa.Text, nullable=False, server_default="{}"),
        sa.Column("due_at", TIME),
    ):
        op.add_column("ticket", column)
    op.create_index("ix_ticket_due", "ticket", ["state", "due_at"])
    op.create_index("ix_ticket_merged_into", "ticket", ["merged_into"])


def rewrite_ticket() -> None:
    """What was closed is archived, and evidence that was text is text within its record."""
    ticket = sa.table(
        "ticket",
        sa.column("id", ID),
        sa.column("state", sa.String),
        sa.column("evidence", sa.Text),
    )
    connection = op.get_bind()
    connection.execute(ticket.update().where(ticket.c.state == "closed").values(state="archived"))
    rows = connection.execute(sa.select(ticket.c.id, ticket.c.evidence)).all()
    for number, text in rows:
        record = json.dumps({"text": text} if text else {}, ensure_ascii=False)
        connection.execute(ticket.update().where(ticket.c.id == number).values(evidence=record))


def create_audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", ID, nullable=False),
        sa.Column("ticket_id", ID),
        sa.Column("at", TIME, nullable=False),
        sa.Column("who", sa.String, nullable=False),
        sa.Column("what", sa.String, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("salt", sa.String, nullable=False),
        sa.Column("words", sa.String, nullable=False),
        sa.Column("previous", sa.String, nullable=False),
        sa.Column("digest", sa.String, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.ForeignKeyConstraint(["ticket_id"], ["ticket.id"], name="fk_audit_ticket_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_ticket", "audit", ["ticket_id", "id"])


def chain_events() -> None:
    """The history of tickets becomes the first part of the chain, in the order it was written."""
    events = sa.table(
        "ticket_event",
        sa.column("id", ID),
        sa.column("ticket_id", ID),
        sa.column("at", Utc),
        sa.column("who", sa.String),
        sa.column("what", sa.String),
        sa.column("text", sa.Text),
    )
    audit = sa.table(
        "audit",
        *(sa.column(name) for name in ("id", "ticket_id")),
        sa.column("at", Utc),
        *(
            sa.column(name)
            for name in ("who", "what", "why", "text", "salt", "words", "previous", "digest")
        ),
    )
    connection = op.get_bind()
    previous, after, number = START, 0, 0
    while rows := connection.execute(
        sa.select(events).where(events.c.id > after).order_by(events.c.id).limit(BATCH)
    ).all():
        for row in rows:
            number += 1
            event = Event(
                ticket_id=row.ticket_id, at=row.at, who=row.who, what=row.what, text=row.text
            )
            sealed = Sealed.after(previous, event, number=number)
            connection.execute(audit.insert().values(row_of(sealed)))
            previous, after = sealed.digest, row.id


def create_register(name: str, /, *, unique: Sequence[str] = (), **keys: Any) -> None:
    """
    A register that is looked up by these keys; all of them must have a value. Of what has the
    same `unique` ones there is one entry.
    """
    once = [sa.UniqueConstraint(*unique, name=f"uq_{name}_{'_'.join(unique)}")] if unique else []
    op.create_table(
        name,
        sa.Column("id", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        *(sa.Column(key, kind, nullable=False) for key, kind in keys.items()),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{name}"),
        *once,
        sqlite_autoincrement=True,
    )
    for key in keys:
        op.create_index(f"ix_{name}_{key}", name, [key, "id"])
