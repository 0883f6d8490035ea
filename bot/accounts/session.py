"""A session: somebody who has signed in, in one browser. Pure data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from bot.accounts.account import Account
from bot.accounts.news import News
from bot.accounts.tokens import form_token
from bot.desk.tickets import Agent

UNFINISHED: Final = timedelta(minutes=15)  # to type a code, or to set up an authenticator


class Stage(StrEnum):
    ENROLLING = "enrolling"  # has chosen a password, and sets up the second factor
    HALF = "half"  # the password was right; the code is still to come
    FULL = "full"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long a session lasts."""

    idle: timedelta = timedelta(minutes=30)  # without a request
    whole: timedelta = timedelta(hours=12)


@dataclass(frozen=True, slots=True, kw_only=True)
class Client:
    """From where a request comes. `device` is the token that a browser got when it signed in."""

    address: str
    browser: str = ""
    device: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    id: int = 0  # given by the store
    version: int = 1
    token: str  # its digest
    account: int
    stage: Stage
    begun: datetime
    seen: datetime
    address: str = ""
    browser: str = ""

    def is_over(self, at: datetime, limits: Limits) -> bool:
        if self.stage is not Stage.FULL:
            return at >= self.begun + UNFINISHED
        return at >= min(self.seen + limits.idle, self.begun + limits.whole)


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """A session with the token that opens it, which only the browser has."""

    session: Session
    account: Account
    token: str = field(repr=False)
    news: Sequence[News] = ()  # what the next page says

    @property
    def agent(self) -> Agent:
        return self.account.agent

    @property
    def form_token(self) -> str:
        return form_token(self.token)
