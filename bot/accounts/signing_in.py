"""
Signing in: a password, then a code. Every try counts before it is looked at (tries.py), and what
is told of a wrong one is the same whether the login exists, has a password, or is closed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.accounts import codes, counting, tokens, tries
from bot.accounts.account import Account, Standing, login_of
from bot.accounts.passwords import Passwords
from bot.accounts.record import STRANGER, Deed, note
from bot.accounts.session import Client, Signed, Stage
from bot.accounts.sessions import Sessions
from bot.errors import EntryChanged, SignInRefused, TooManyTries
from bot.store.base import Store, Work


@dataclass(frozen=True, slots=True)
class Opened:
    """A full session, and the token by which its browser is known from now on."""

    signed: Signed
    device: str = field(repr=False)


class SigningIn:
    def __init__(
        self,
        store: Store,
        sessions: Sessions,
        passwords: Passwords,
        *,
        clock: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._sessions = sessions
        self._passwords = passwords
        self._clock = clock

    async def by_password(self, login: str, password: str, client: Client) -> Signed:
        """
        A session that waits for the code. Raise TooManyTries, SignInRefused.

        The password is compared between two transactions, for that takes a while.
        """
        login = login_of(login)
        async with self._store.begin() as work:
            found = await work.entries(Account).find(login=login)
            account = found[0] if found else None
            device = known_device(account, client)
            subjects = (
                tries.of_login(login, device=device),
                tries.of_address(client.address),
            )
            slowed = await self._counted(work, subjects)
        open_to = account is not None and account.standing is Standing.ACTIVE
        hashed = account.password if account is not None and open_to else ""
        right = await self._passwords.matches(hashed, password)
        async with self._store.begin() as work:
            if account is not None and right and await _is_as_read(work, account):
                await counting.forgive(work, subjects)
                return await self._sessions.begin(work, account, Stage.HALF, client)
            await self._failed(work, STRANGER, account, client, slowed=slowed)
        raise SignInRefused

    async def by_code(self, signed: Signed, code: str, client: Client) -> Opened:
        """The session in full, with another token. Raise TooManyTries, SignInRefused."""
        account, now = signed.account, self._clock()
        device = known_device(account, client)
        subjects = (
            tries.of_code(account.id, device=device),
            tries.of_address(client.address),
        )
        async with self._store.begin() as work:
            slowed = await self._counted(work, subjects)
            step = codes.step_of(account.secret, code, at=now, after=account.step)
            if step is not None and signed.session.stage is Stage.HALF:
                await counting.forgive(work, subjects)
                return await self._opened(work, signed, step, client)
            await self._failed(work, account.member, account, client, slowed=slowed)
        raise SignInRefused

    async def _opened(self, work: Work, signed: Signed, step: int, client: Client) -> Opened:
        device = tokens.new()
        known = replace(signed.account, step=step).on_device(tokens.digest(device))
        try:
            account = await work.entries(Account).save(known)
        except EntryChanged:  # the same code came twice at once
            raise SignInRefused from None
        opened = await self._sessions.rotate(work, signed, account, Stage.FULL)
        now, text = self._clock(), client.address
        await note(work, account.member, Deed.SIGNED_IN, at=now, of=account, text=text)
        return Opened(opened, device)

    async def _counted(self, work: Work, subjects: Sequence[str]) -> bool:
        """Whether the next try has to wait. Raise TooManyTries if this one has to."""
        now = self._clock()
        if wait_s := await counting.wait_s(work, subjects, at=now):
            raise TooManyTries(wait_s)
        return await counting.count(work, subjects, at=now)

    async def _failed(
        self, work: Work, who: str, account: Account | None, client: Client, *, slowed: bool
    ) -> None:
        now = self._clock()
        await note(work, who, Deed.FAILED, at=now, of=account, text=client.address)
        if slowed:
            await note(work, who, Deed.SLOWED, at=now, of=account, text=client.address)


async def _is_as_read(work: Work, account: Account) -> bool:
    """Whether it was not closed, reset or given another password while one was compared."""
    now = await work.entries(Account).get(account.id)
    return (now.standing, now.password) == (account.standing, account.password)


def known_device(account: Account | None, client: Client) -> str:
    """The digest of the browser's token if the account knows it; else empty."""
    if account is None or not client.device:
        return ""
    digest = tokens.digest(client.device)
    return digest if digest in account.devices else ""
