"""
What a browser brings to another worker of the console than it began at: a single sign-on under
way, and what the page after a form says.
"""

from __future__ import annotations

import sqlalchemy as sa

from bot.store.migrations.versions.r0005 import ID, create_register

revision = "r0008"
down_revision = "r0007"


def upgrade() -> None:
    create_register("sign_on", unique=("token",), token=sa.String)
    create_register("console_news", session=ID)
