"""What is done with accounts goes into the audit log of the desk."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.accounts.account import Account
from bot.desk.tickets import Event
from bot.store.base import Work

STRANGER: Final = "stranger"  # who, in the audit log: nobody knows yet


class Deed(StrEnum):
    """What, in the audit log. Words of somebody's sign-in never stand there."""

    ADDED = "account added"
    RESET = "account reset"
    DISABLED = "account disabled"
    ENROLLED = "account enrolled"
    SIGNED_IN = "signed in"
    SIGNED_ON = "signed in by single sign-on"
    FAILED = "sign-in failed"
    SLOWED = "sign-in slowed"
    SIGNED_OUT = "signed out"
    SIGNED_OUT_ALL = "signed out everywhere"
    PASSWORD = "password changed"  # noqa: S105 - a deed, not a password
    VIEWED = "viewed"


async def note(
    work: Work, who: str, deed: Deed, *, at: datetime, of: Account | None = None, text: str = ""
) -> None:
    """`of` is the account that it was done with; `text` says where from, or what was looked at."""
    words = [one for one in (of.login if of else "", text) if one]
    await work.audit.note(Event(at=at, who=who, what=deed, text=" · ".join(words)))
