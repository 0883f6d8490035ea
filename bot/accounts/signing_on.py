"""Signing in with what a single sign-on vouches for: its people who are in the roster."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from bot.accounts import tokens, under_way
from bot.accounts.account import Account, Standing, login_of
from bot.accounts.openid import Identity
from bot.accounts.record import STRANGER, Deed, note
from bot.accounts.session import Client, Stage
from bot.accounts.sessions import Sessions
from bot.accounts.signing_in import Opened
from bot.desk.roster import Roster
from bot.desk.tickets import Agent
from bot.errors import NotInRoster, SignInRefused
from bot.store.base import Store, Work


class SigningOn:
    def __init__(self, store: Store, sessions: Sessions, *, clock: Callable[[], datetime]) -> None:
        self._store = store
        self._sessions = sessions
        self._clock = clock

    async def begin(self, going: str) -> str:
        """Return the token that the browser keeps until it is back; then it goes on there."""
        async with self._store.begin() as work:
            return await under_way.begin(work, going, at=self._clock())

    async def take(self, token: str) -> str:
        """Where the sign-on goes on that a token began; good once. Raise SignOnFailed."""
        async with self._store.begin() as work:
            return (await under_way.take(work, token, at=self._clock())).going

    async def by_identity(self, identity: Identity, roster: Roster, client: Client) -> Opened:
        """
        A full session: a second factor is the provider's business. The account is made the first
        time, and belongs from then on to that person of the provider, whatever they are called.

        Raise NotInRoster, and SignInRefused for a closed account or another person's.
        """
        member = roster.member(Agent(identity.member, identity.name))
        async with self._store.begin() as work:
            opened = None if member is None else await self._opened(work, identity, client)
            if opened is None:
                text = f"{identity.member} · {client.address}"
                await note(work, STRANGER, Deed.FAILED, at=self._clock(), text=text)
        if member is None:
            raise NotInRoster(identity.member)
        if opened is None:
            raise SignInRefused
        return opened

    async def _opened(self, work: Work, identity: Identity, client: Client) -> Opened | None:
        now, device = self._clock(), tokens.new()
        known = await work.entries(Account).add(
            Account(
                login=login_of(identity.member),
                name=identity.name,
                member=identity.member,
                standing=Standing.ACTIVE,
                created=now,
                subject=identity.subject,
            )
        )
        if known.standing is Standing.DISABLED or known.subject not in {"", identity.subject}:
            return None
        known = replace(known, standing=Standing.ACTIVE, subject=identity.subject)
        account = await work.entries(Account).save(known.on_device(tokens.digest(device)))
        signed = await self._sessions.begin(work, account, Stage.FULL, client)
        text = client.address
        await note(work, account.member, Deed.SIGNED_ON, at=now, of=account, text=text)
        return Opened(signed, device)
