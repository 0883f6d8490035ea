"""Who follows what, and what was told because of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "r0003"
down_revision = "r0002"

ID = sa.BigInteger().with_variant(sa.Integer, "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    create_subscription()
    create_run()
    create_news()
    create_push()
    create_item()


def create_subscription() -> None:
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("chat", sa.String, nullable=False),
        sa.Column("follows", sa.String, nullable=False),
        sa.Column("target", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("release", sa.String, nullable=False),
        sa.Column("language", sa.String, nullable=False),
        sa.Column("since", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_subscription"),
        sa.UniqueConstraint(
            "channel",
            "chat",
            "follows",
            "target",
            name="uq_subscription_channel_chat_follows_target",
        ),
        sqlite_autoincrement=True,
    )
    op.create_index(
        "ix_subscription_release", "subscription", ["release", "channel", "chat", "id"]
    )


def create_run() -> None:
    op.create_table(
        "push_run",
        sa.Column("id", ID, nullable=False),
        sa.Column("release", sa.String, nullable=False),
        sa.Column("seen", TIME, nullable=False),
        sa.Column("begun", TIME),
        sa.Column("ended", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_push_run"),
    )


def create_news() -> None:
    op.create_table(
        "push_news",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("since", sa.String, nullable=False),
        sa.Column("document_id", sa.String, nullable=False),
        sa.Column("content", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push_news"),
        sa.ForeignKeyConstraint(["run_id"], ["push_run.id"], name="fk_push_news_run_id"),
        sa.UniqueConstraint(
            "run_id", "since", "document_id", name="uq_push_news_run_id_since_document_id"
        ),
        sqlite_autoincrement=True,
    )


def create_push() -> None:
    op.create_table(
        "push",
        sa.Column("id", ID, nullable=False),
        sa.Column("run_id", ID, nullable=False),
        sa.Column("channel", sa.String, nullable=False),
        sa.Column("chat", sa.String, nullable=False),
        sa.Column("delivery_id", ID),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_push"),
        sa.ForeignKeyConstraint(["run_id"], ["push_run.id"], name="fk_push_run_id"),
        sa.UniqueConstraint("run_id", "channel", "chat", name="uq_push_run_id_channel_chat"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_push_delivery", "push", ["delivery_id"])


def create_item() -> None:
    op.create_table(
        "push_item",
        sa.Column("push_id", ID, nullable=False),
        sa.Column("place", sa.Integer, nullable=False),
        sa.Column("document_id", sa.String, nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("news_id", ID),
        sa.Column("opened_at", TIME),
        sa.Column("helpful", sa.Boolean),
        sa.PrimaryKeyConstraint("push_id", "place", name="pk_push_item"),
        sa.ForeignKeyConstraint(["push_id"], ["push.id"], name="fk_push_item_push_id"),
        sa.ForeignKeyConstraint(["news_id"], ["push_news.id"], name="fk_push_item_news_id"),
    )
