"""What a ticket is (a question, a complaint …), short replies, and when a chat was last used."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "r0004"
down_revision = "r0003"

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column(
        "ticket", sa.Column("kind", sa.String, nullable=False, server_default="consultation")
    )
    op.add_column(
        "conversation",
        sa.Column("simple", sa.Boolean, nullable=False, server_default=sa.false()),
    )
    op.add_column("conversation", sa.Column("seen_at", TIME))
    # When the older ones were used is not known: their time begins now.
    seen = sa.table("conversation", sa.column("seen_at", TIME)).update()
    op.execute(seen.values(seen_at=datetime.now(UTC)))
