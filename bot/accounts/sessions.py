"""Sessions: begun, found by the token of a browser, given another token, ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.accounts import counting, tokens, under_way
from bot.accounts.account import Account, Standing
from bot.accounts.news import News
from bot.accounts.record import Deed, note
from bot.accounts.session import Client, Limits, Session, Signed, Stage
from bot.errors import EntryChanged, SignInRefused
from bot.store.base import Store, Work

SEEN: Final = timedelta(minutes=1)  # more often it is not written down
BROWSER_CHARS: Final = 200
STANDINGS: Final[Mapping[Stage, Standing]] = {  # of the account, or a session opens nothing
    Stage.ENROLLING: Standing.INVITED,
    Stage.HALF: Standing.ACTIVE,
    Stage.FULL: Standing.ACTIVE,
}


class Sessions:
    def __init__(
        self, store: Store, *, clock: Callable[[], datetime], limits: Limits | None = None
    ) -> None:
        self._store = store
        self._clock = clock
        self._limits = limits or Limits()

    async def find(self, token: str, *, used: bool = True) -> Signed | None:
        """
        Whose session a token opens; None if it opens none any more.

        Without `used` it is a script that asks, and the silence after which a session ends goes
        on: else a page left open would keep it for ever. Nor does it get the news of a form.
        """
        now = self._clock()
        async with self._store.begin() as work:
            found = await work.entries(Session).find(token=tokens.digest(token))
            if not found or found[0].is_over(now, self._limits):
                return None
            account = await work.entries(Account).get(found[0].account)
            if account.standing is not STANDINGS[found[0].stage]:
                return None
            session = found[0]
            if used and now >= session.seen + SEEN:
                with suppress(EntryChanged):  # another request of the same browser was first
                    session = await work.entries(Session).save(replace(session, seen=now))
            news = await work.entries(News).find(session=session.id) if used else ()
        return Signed(session=session, account=account, token=token, news=news)

    async def tell(self, signed: Signed, *words: str, received: str = "") -> None:
        """The next page of the session says it, at whichever worker. See News."""
        news = News(session=signed.session.id, at=self._clock(), words=words, received=received)
        async with self._store.begin() as work:
            await work.entries(News).add(news)

    async def told(self, news: Sequence[News]) -> None:
        """A page has said it."""
        async with self._store.begin() as work:
            for one in news:
                await work.entries(News).remove(one.id)

    async def begin(self, work: Work, account: Account, stage: Stage, client: Client) -> Signed:
        """A new session, in the transaction of what it begins with."""
        now, token = self._clock(), tokens.new()
        await drop_old(work, at=now, limits=self._limits)
        session = await work.entries(Session).add(
            Session(
                token=tokens.digest(token),
                account=account.id,
                stage=stage,
                begun=now,
                seen=now,
                address=client.address,
                browser=client.browser[:BROWSER_CHARS],
            )
        )
        return Signed(session=session, account=account, token=token)

    async def rotate(self, work: Work, signed: Signed, account: Account, stage: Stage) -> Signed:
        """
        Another token, and its time begins anew: whoever had the old one has nothing.

        Raise SignInRefused where it was ended or rotated meanwhile.
        """
        now, token = self._clock(), tokens.new()
        found = await work.entries(Session).find(token=signed.session.token)
        if not found:
            raise SignInRefused
        rotated = replace(found[0], token=tokens.digest(token), stage=stage, begun=now, seen=now)
        session = await work.entries(Session).save(rotated)
        return Signed(session=session, account=account, token=token)

    async def sign_out(self, signed: Signed) -> None:
        now = self._clock()
        async with self._store.begin() as work:
            await work.entries(Session).remove(signed.session.id)
            who = signed.agent.id
            await note(work, who, Deed.SIGNED_OUT, at=now, of=signed.account)

    async def of(self, account: Account) -> Sequence[Session]:
        """Those that are open, the newest first."""
        now = self._clock()
        async with self._store.read() as work:
            found = await work.entries(Session).find(account=account.id, newest=True)
        return [
            one for one in found if one.stage is Stage.FULL and not one.is_over(now, self._limits)
        ]

    async def sign_out_elsewhere(self, signed: Signed) -> int:
        """End the account's other sessions; return how many there were."""
        now = self._clock()
        async with self._store.begin() as work:
            ended = await end_all(work, signed.account, but=signed.session.id)
            text = f"{ended} elsewhere"
            who = signed.agent.id
            await note(work, who, Deed.SIGNED_OUT_ALL, at=now, of=signed.account, text=text)
        return ended

    async def viewed(self, signed: Signed, what: str) -> None:
        """
        Write down that somebody looked at it: "ticket 7".

        It stands in the log without the ticket's number in its column: the ticket's history, of
        which citizens get a copy, tells what was done about it.
        """
        async with self._store.begin() as work:
            await note(work, signed.agent.id, Deed.VIEWED, at=self._clock(), text=what)


async def end_all(work: Work, account: Account, *, but: int | None = None) -> int:
    """End the sessions of an account, but for one; return how many."""
    ended = [one for one in await work.entries(Session).find(account=account.id) if one.id != but]
    for one in ended:
        await work.entries(Session).remove(one.id)
    return len(ended)


async def drop_old(work: Work, *, at: datetime, limits: Limits) -> None:
    """
    Sessions that are over, with the addresses in them; what no page of theirs said; tries that
    count no more; sign-ons that nobody finished.
    """
    for one in await work.entries(Session).find():
        if one.is_over(at, limits):
            await work.entries(Session).remove(one.id)
    for news in await work.entries(News).find():
        if at >= news.at + limits.whole:
            await work.entries(News).remove(news.id)
    await counting.drop_old(work, at=at)
    await under_way.drop_old(work, at=at)
