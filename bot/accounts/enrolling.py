"""
Enrolling: with a one-time link somebody chooses a password and sets up an authenticator.

The link opens the account until both are done, or its time is over; so a closed window in between
loses nothing. Later the password is changed here too.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.accounts import codes, counting, tokens, tries
from bot.accounts.account import Account, Standing
from bot.accounts.passwords import Passwords, weakness
from bot.accounts.record import Deed, note
from bot.accounts.session import Client, Signed, Stage
from bot.accounts.sessions import Sessions, end_all
from bot.accounts.signing_in import Opened, known_device
from bot.errors import InvitationOver, PasswordRefused, SignInRefused, TooManyTries
from bot.store.base import Store, Work


class Enrolling:
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

    async def invited(self, code: str) -> Account:
        """Whom the link is for. Raise InvitationOver."""
        async with self._store.begin() as work:
            return await self._invited(work, code)

    async def choose(self, code: str, password: str, client: Client) -> Signed:
        """
        Set the password; a session that sets up the second factor. Raise InvitationOver,
        PasswordRefused.
        """
        account = await self.invited(code)
        hashed = await self._hashed(password, account)
        async with self._store.begin() as work:
            account = await self._invited(work, code)
            secret = codes.new_secret()
            chosen = replace(account, password=hashed, secret=secret, step=0)
            saved = await work.entries(Account).save(chosen)
            await end_all(work, saved)
            return await self._sessions.begin(work, saved, Stage.ENROLLING, client)

    async def confirm(self, signed: Signed, code: str, client: Client) -> Opened:
        """
        The authenticator shows the right code: the account is open. Raise SignInRefused for a
        wrong one, InvitationOver where the link was used or replaced meanwhile.
        """
        now = self._clock()
        async with self._store.begin() as work:
            account = await work.entries(Account).get(signed.account.id)
            enrolling = signed.session.stage is Stage.ENROLLING
            if not enrolling or account.standing is not Standing.INVITED:
                raise InvitationOver
            step = codes.step_of(account.secret, code, at=now, after=account.step)
            if step is None:
                raise SignInRefused
            device = tokens.new()
            account = replace(
                account, standing=Standing.ACTIVE, step=step, invitation="", invited_until=None
            )
            saved = await work.entries(Account).save(account.on_device(tokens.digest(device)))
            opened = await self._sessions.rotate(work, signed, saved, Stage.FULL)
            text = client.address
            await note(work, saved.member, Deed.ENROLLED, at=now, of=saved, text=text)
            await note(work, saved.member, Deed.SIGNED_IN, at=now, of=saved, text=text)
        return Opened(opened, device)

    async def change(self, signed: Signed, old: str, new: str, client: Client) -> Signed:
        """
        Another password; other sessions end, and this one gets another token. Raise
        SignInRefused for a wrong old one, TooManyTries, PasswordRefused.
        """
        account = signed.account
        subject = tries.of_login(account.login, device=known_device(account, client))
        now = self._clock()
        async with self._store.begin() as work:
            if wait_s := await counting.wait_s(work, [subject], at=now):
                raise TooManyTries(wait_s)
            await counting.count(work, [subject], at=now)
        if not await self._passwords.matches(account.password, old):
            async with self._store.begin() as work:
                await note(work, account.member, Deed.FAILED, at=now, of=account)
            raise SignInRefused
        hashed = await self._hashed(new, account)
        async with self._store.begin() as work:
            await counting.forgive(work, [subject])
            current = await work.entries(Account).get(account.id)
            saved = await work.entries(Account).save(replace(current, password=hashed))
            await end_all(work, saved, but=signed.session.id)
            await note(work, saved.member, Deed.PASSWORD, at=now, of=saved)
            return await self._sessions.rotate(work, signed, saved, Stage.FULL)

    async def _hashed(self, password: str, account: Account) -> str:
        if weak := weakness(password, login=account.login):
            raise PasswordRefused(weak)
        return await self._passwords.hashed(password)

    async def _invited(self, work: Work, code: str) -> Account:
        now = self._clock()
        for account in await work.entries(Account).find(invitation=tokens.digest(code)):
            fits = account.standing is Standing.INVITED and account.invited_until is not None
            if fits and account.invited_until is not None and now < account.invited_until:
                return account
        raise InvitationOver
