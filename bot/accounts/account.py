"""An account of the staff console. Pure data."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from bot.desk.tickets import Agent

DEVICES: Final = 8  # browsers that are remembered; the one that signed in longest ago goes
LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{0,39}")
SINGLE_SIGN_ON: Final = "oidc:"  # what the member id of somebody from there begins with


class Standing(StrEnum):
    INVITED = "invited"  # has a link to choose a password and a second factor with
    ACTIVE = "active"
    DISABLED = "disabled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """
    `member` is the id of a member of the roster, or any id where the desk is open: "web:wang".

    Of the tokens only digests are kept. `password` is what argon2 makes of it. `secret` is the
    second factor's, in base 32, as the authenticator has it. repr() shows none, for logs have it.
    """

    id: int = 0  # given by the store
    version: int = 1
    login: str
    name: str  # as colleagues see it
    member: str
    standing: Standing = Standing.INVITED
    created: datetime
    password: str = field(default="", repr=False)
    secret: str = field(default="", repr=False)
    step: int = 0  # of the last code that was taken: a code is taken once
    invitation: str = field(default="", repr=False)  # digest of the one-time code
    invited_until: datetime | None = None
    devices: tuple[str, ...] = ()  # digests, of those that signed in; the newest last
    subject: str = ""  # of single sign-on: whose account that is, whatever its name

    @property
    def agent(self) -> Agent:
        return Agent(self.member, self.name)

    def without_secrets(self) -> Self:
        """Nothing that it was opened with opens it any more."""
        return replace(
            self,
            password="",
            secret="",
            step=0,
            invitation="",
            invited_until=None,
            devices=(),
            subject="",
        )

    def on_device(self, digest: str) -> Self:
        """With that browser as the one that signed in last."""
        others = tuple(one for one in self.devices if one != digest)
        return replace(self, devices=(*others, digest)[-DEVICES:])


def login_of(text: str) -> str:
    """A login as it is stored: however it is typed, it is one."""
    return unicodedata.normalize("NFKC", text).strip().casefold()
