"""The tables. What changes here needs a migration; a test compares the two."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    MetaData,
    Named,
    Table,
    TypedColumns,
    UniqueConstraint,
    false,
    text,
)

from bot.desk.tickets import Deadlines, Evidence, State, TicketKind
from bot.store.columns import ID, Json, Said, SaidAtLength, Utc, Word
from bot.types import Delivery, Message, Outcome, Reason, Result
from knowledge.types import Lang

# Every constraint has a name, for a migration can only change what it can name.
metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    }
)


class Sending(StrEnum):
    PENDING = "pending"
    SENT = "sent"
    DROPPED = "dropped"  # given up


class MessageColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    channel: Named[str] = Column(Said)
    # Repeats the content's until the message is handled: it is not to be kept longer.
    chat: Named[str | None] = Column(Said)
    platform_id: Named[str] = Column(Said)
    # Repeats the content's, to find what is held of a person.
    sender: Named[str | None] = Column(Said)
    content: Named[Message] = Column(Json(Message))
    outcome: Named[Outcome | None] = Column(Json(Outcome))
    result: Named[Result | None] = Column(Word(Result))  # repeats the outcome's, to count by
    reason: Named[Reason | None] = Column(Word(Reason))  # so does this
    received_at: Named[datetime] = Column(Utc)
    finished_at: Named[datetime | None] = Column(Utc)


class ConversationColumns(TypedColumns):
    channel: Named[str] = Column(Said, primary_key=True)
    chat: Named[str] = Column(Said, primary_key=True)
    language: Named[Lang | None] = Column(Word(Lang))
    last_question: Named[int | None] = Column(ID)  # a message, which may be deleted: no key
    chosen: Named[Lang | None] = Column(Word(Lang))
    expects: Named[str] = Column(Said)
    expects_from: Named[str | None] = Column(Said)
    simple: Named[bool] = Column(server_default=false())
    seen_at: Named[datetime | None] = Column(Utc)


class TicketColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    version: Named[int]
    state: Named[State] = Column(Word(State))
    channel: Named[str] = Column(Said)
    chat: Named[str] = Column(Said)
    message_id: Named[str] = Column(Said)
    question: Named[str] = Column(SaidAtLength)
    language: Named[Lang] = Column(Word(Lang))
    reason: Named[Reason] = Column(Word(Reason))
    kind: Named[TicketKind] = Column(Word(TicketKind), server_default=TicketKind.CONSULTATION)
    evidence: Named[Evidence] = Column(Json(Evidence))
    opened: Named[datetime] = Column(Utc)
    changed: Named[datetime] = Column(Utc)
    holder_id: Named[str | None] = Column(Said)
    holder_name: Named[str | None] = Column(Said)
    reply: Named[str | None] = Column(SaidAtLength)
    department: Named[str] = Column(Said, server_default=text("''"))
    sensitive: Named[bool] = Column(server_default=false())
    assigned_id: Named[str | None] = Column(Said)
    assigned_name: Named[str | None] = Column(Said)
    lease: Named[datetime | None] = Column(Utc)
    merged_into: Named[int | None] = Column(ID)  # a ticket; none is ever deleted
    thread: Named[str | None] = Column(Said)
    understood: Named[bool | None]
    solved: Named[bool | None]
    deadlines: Named[Deadlines] = Column(Json(Deadlines), server_default="{}")
    due_at: Named[datetime | None] = Column(Utc)  # of the deadlines, to search by


class AuditColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    ticket_id: Named[int | None] = Column(ID, ForeignKey("ticket.id"))
    at: Named[datetime] = Column(Utc)
    who: Named[str] = Column(Said)
    what: Named[str] = Column(Said)
    why: Named[str] = Column(SaidAtLength)
    text: Named[str] = Column(SaidAtLength)
    salt: Named[str] = Column(Said)
    words: Named[str] = Column(Said)
    previous: Named[str] = Column(Said)
    digest: Named[str] = Column(Said)


class DeliveryColumns(TypedColumns):
    id: Named[int] = Column(ID, primary_key=True)
    channel: Named[str] = Column(Said)
    chat: Named[str] = Column(Said)
    key: Named[str | None] = Column(Said)
    ticket_id: Named[int | None] = Column(ID, ForeignKey("ticket.id"))
    content: Named[Delivery] = Column(Json(Delivery))  # the columns above repeat it, to search by
    state: Named[Sending] = Column(Word(Sending))
    attempts: Named[int]  # failed ones
    queued_at: Named[datetime] = Column(Utc)
    due_at: Named[datetime] = Column(Utc)
    leased_until: Named[datetime | None] = Column(Utc)  # a worker sends it until then
    ended_at: Named[datetime | None] = Column(Utc)  # sent or dropped
    platform_id: Named[str | None] = Column(Said)
    last_error: Named[str | None] = Column(SaidAtLength)


# With sqlite_autoincrement a number is never given twice, even after the last row was deleted:
# an old button or a link must not point at another person's ticket.
message: Final = Table(
    "message",
    metadata,
    MessageColumns,
    UniqueConstraint("channel", "platform_id"),
    Index(
        "ix_message_unfinished",
        "channel",
        "chat",
        "id",
        sqlite_where=text("finished_at IS NULL"),
        postgresql_where=text("finished_at IS NULL"),
    ),
    Index("ix_message_sender", "channel", "sender", "id"),
    sqlite_autoincrement=True,
)
conversation: Final = Table("conversation", metadata, ConversationColumns)
ticket: Final = Table(
    "ticket",
    metadata,
    TicketColumns,
    UniqueConstraint("channel", "message_id"),
    Index("ix_ticket_state", "state", "id"),
    Index("ix_ticket_conversation", "channel", "chat", "id"),
    Index("ix_ticket_due", "state", "due_at"),
    Index("ix_ticket_merged_into", "merged_into"),
    sqlite_autoincrement=True,
)
audit: Final = Table(
    "audit",
    metadata,
    AuditColumns,
    Index("ix_audit_ticket", "ticket_id", "id"),
    sqlite_autoincrement=True,
)
delivery: Final = Table(
    "delivery",
    metadata,
    DeliveryColumns,
    Index("ix_delivery_state", "state", "channel", "chat", "id"),  # due, and delivered
    Index("ix_delivery_key", "channel", "chat", "key", "id"),  # edit
    Index("ix_delivery_platform_id", "channel", "chat", "platform_id", "id"),  # ticket_of
    Index(
        "ix_delivery_leased",  # few at a time
        "channel",
        "chat",
        sqlite_where=text("leased_until IS NOT NULL AND state = 'pending'"),
        postgresql_where=text("leased_until IS NOT NULL AND state = 'pending'"),
    ),
    sqlite_autoincrement=True,
)
