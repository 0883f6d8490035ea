"""What a citizen's message passes before it is answered: not too fast, and in turn."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Final

from bot import asides
from bot.danger import tells_of_danger
from bot.dispatch import Handler
from bot.ending import end
from bot.fairness import Limiter, Pace
from bot.languages import speaks
from bot.render import Page
from bot.store.base import Accepted, Conversation, Store, Work
from bot.types import Delivery, Input, Message, Outcome, Reason, Result
from knowledge.types import Lang

_NOTICE: Final = Pace(per_minute=1, burst=1)  # of being too fast: told once a minute at most


class Turnstile:
    """A handler before the one that answers."""

    def __init__(
        self,
        inner: Handler,
        store: Store,
        *,
        pace: Pace,
        clock: Callable[[], datetime],
        default: Lang = Lang.ZH_HANS,
    ) -> None:
        self._inner = inner
        self._store = store
        self._limiter = Limiter(pace)
        self._notices = Limiter(_NOTICE)
        self._clock = clock
        self._default = default

    async def handle(self, accepted: Accepted) -> Outcome:
        message = accepted.message
        if _is_urgent(message):
            return await self._inner.handle(accepted)
        wait_s = self._limiter.wait_s(_who(message), at_s=message.at.timestamp())
        if wait_s:
            return await self._refuse(accepted, wait_s)
        return await self._inner.handle(accepted)

    async def fail(self, accepted: Accepted) -> Outcome:
        return await self._inner.fail(accepted)

    async def crowded(self, accepted: Accepted, before: int) -> None:
        """
        Tell somebody who waits that so many are before them.

        Once, however often the bot starts again: else one that does so all the time would be
        busy telling everybody to wait.
        """
        address, key = accepted.message.address, f"wait:{accepted.id}"
        async with self._store.begin() as work:
            if await work.outbox.known(address, key):
                return
            talk = await work.conversations.get(address)
            page = asides.in_turn(self._language(accepted.message, talk), before=before)
            await self._say(work, accepted, page, key=key)

    async def _refuse(self, accepted: Accepted, wait_s: int) -> Outcome:
        message = accepted.message
        silent = self._notices.wait_s(_who(message), at_s=message.at.timestamp())
        async with self._store.begin() as work:
            talk = await work.conversations.get(message.address)
            language = self._language(message, talk)
            outcome = Outcome(result=Result.BLOCKED, reason=Reason.TOO_FAST, language=language)
            if not silent:
                await self._say(work, accepted, asides.too_fast(language, wait_s=wait_s))
            await end(work, accepted.id, outcome, at=self._clock())
        return outcome

    async def _say(
        self, work: Work, accepted: Accepted, page: Page, *, key: str | None = None
    ) -> None:
        to = accepted.message.address
        delivery = Delivery(to=to, body=page.body, buttons=page.buttons, key=key)
        await work.outbox.enqueue(delivery, at=self._clock())

    def _language(self, message: Message, talk: Conversation) -> Lang:
        known = talk.chosen or talk.language or speaks(message.language or "")
        return known or self._default


def _is_urgent(message: Message) -> bool:
    return message.kind in {Input.TEXT, Input.EDITED} and tells_of_danger(message.text)


def _who(message: Message) -> str:
    return f"{message.address.channel}:{message.sender}"
