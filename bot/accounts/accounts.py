"""Accounts as whoever runs the bot keeps them: added, invited again, closed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final

from bot.accounts import tokens
from bot.accounts.account import LOGIN, Account, Standing, login_of
from bot.accounts.record import Deed, note
from bot.accounts.session import Session
from bot.accounts.sessions import end_all
from bot.errors import AccountExists, AccountNotFound, ConfigError
from bot.store.base import Store, Work

VALID: Final = timedelta(hours=24)  # a one-time link


@dataclass(frozen=True, slots=True)
class Invitation:
    """What opens an account once, to choose a password and a second factor with."""

    account: Account
    code: str = field(repr=False)
    until: datetime


class Accounts:
    """`who` is who does it, in the audit log: "terminal:wang"."""

    def __init__(self, store: Store, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._clock = clock

    async def add(self, login: str, *, name: str, member: str, who: str) -> Invitation:
        """Raise ConfigError for a login that cannot be one, AccountExists."""
        login = login_of(login)
        if not LOGIN.fullmatch(login):
            raise ConfigError([f"login {login!r}: write small letters, digits, - . _; at most 40"])
        now, code = self._clock(), tokens.new()
        async with self._store.begin() as work:
            wanted = _invited(
                Account(login=login, name=name, member=member, created=now), code, now
            )
            added = await work.entries(Account).add(wanted)
            if added.invitation != wanted.invitation:
                raise AccountExists(login)
            await note(work, who, Deed.ADDED, at=now, of=added, text=member)
        return Invitation(added, code, now + VALID)

    async def reset(self, login: str, *, who: str) -> Invitation:
        """
        A new link for a lost password or second factor; it opens a disabled account again. What
        opened the account until now does not any more. Raise AccountNotFound.
        """
        now, code = self._clock(), tokens.new()
        async with self._store.begin() as work:
            account = await account_of(work, login)
            account = _invited(account.without_secrets(), code, now)
            saved = await work.entries(Account).save(account)
            await end_all(work, saved)
            await note(work, who, Deed.RESET, at=now, of=saved)
        return Invitation(saved, code, now + VALID)

    async def disable(self, login: str, *, who: str) -> Account:
        """Raise AccountNotFound."""
        now = self._clock()
        async with self._store.begin() as work:
            account = (await account_of(work, login)).without_secrets()
            saved = await work.entries(Account).save(replace(account, standing=Standing.DISABLED))
            await end_all(work, saved)
            await note(work, who, Deed.DISABLED, at=now, of=saved)
        return saved

    async def sign_out(self, login: str, *, who: str) -> int:
        """End all sessions of an account; return how many. Raise AccountNotFound."""
        now = self._clock()
        async with self._store.begin() as work:
            account = await account_of(work, login)
            ended = await end_all(work, account)
            await note(work, who, Deed.SIGNED_OUT_ALL, at=now, of=account, text=f"{ended}")
        return ended

    async def all(self) -> Sequence[tuple[Account, Sequence[Session]]]:
        """Every account by its login, with its sessions."""
        async with self._store.read() as work:
            accounts = await work.entries(Account).find()
            found = [(one, await work.entries(Session).find(account=one.id)) for one in accounts]
        return sorted(found, key=lambda pair: pair[0].login)


async def account_of(work: Work, login: str) -> Account:
    """Raise AccountNotFound."""
    login = login_of(login)
    for account in await work.entries(Account).find(login=login):
        return account
    raise AccountNotFound(login)


def _invited(account: Account, code: str, at: datetime) -> Account:
    return replace(
        account,
        standing=Standing.INVITED,
        invitation=tokens.digest(code),
        invited_until=at + VALID,
    )
