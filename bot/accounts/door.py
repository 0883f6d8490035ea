"""The services of accounts that the console calls, over one store."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Self

from bot.accounts.enrolling import Enrolling
from bot.accounts.passwords import Passwords
from bot.accounts.session import Limits
from bot.accounts.sessions import Sessions
from bot.accounts.signing_in import SigningIn
from bot.accounts.signing_on import SigningOn
from bot.store.base import Store


@dataclass(frozen=True, slots=True)
class Door:
    sessions: Sessions
    signing_in: SigningIn
    signing_on: SigningOn
    enrolling: Enrolling

    @classmethod
    def of(
        cls,
        store: Store,
        *,
        clock: Callable[[], datetime],
        limits: Limits | None = None,
        passwords: Passwords | None = None,
    ) -> Self:
        sessions = Sessions(store, clock=clock, limits=limits)
        passwords = passwords or Passwords()
        return cls(
            sessions=sessions,
            signing_in=SigningIn(store, sessions, passwords, clock=clock),
            signing_on=SigningOn(store, sessions, clock=clock),
            enrolling=Enrolling(store, sessions, passwords, clock=clock),
        )
