"""
Posts the fake's updates to a webhook, as Telegram does: again until it is told 200.

What belongs to one chat goes out in order, one at a time; the chats side by side.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_rules import Json

HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"


class Courier:
    """
    `url` gives where the webhook really is: no test has TLS and a name that the world knows.

    It is asked for each post, for there may be many workers behind one name.
    """

    def __init__(
        self,
        server: FakeTelegram,
        url: Callable[[], str],
        http: ClientSession,
        *,
        pause_s: float,
    ) -> None:
        self.answers: list[int] = []  # the status of each post; 0 where there was none
        self._server = server
        self._url = url
        self._http = http
        self._pause_s = pause_s
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        updates = self._server.updates
        try:
            while True:
                for update in updates.pending:
                    chat = _chat_of(update)
                    if updates.webhook and chat not in self._busy:
                        self._busy[chat] = asyncio.create_task(self._deliver(chat, update))
                with suppress(TimeoutError):
                    await self._server.changes.until(lambda: None, timeout_s=self._pause_s)
        finally:
            for task in self._busy.values():
                task.cancel()

    async def post(self, update: Json, *, secret: str | None = None) -> int:
        given = self._server.updates.secret if secret is None else secret
        headers = {HEADER: given} if given else {}
        try:
            async with self._http.post(self._url(), json=update, headers=headers) as response:
                return response.status
        except (ClientError, TimeoutError):
            return 0

    async def _deliver(self, chat: int, update: Json) -> None:
        try:
            status = await self.post(update)
            self.answers.append(status)
            if status == 200:
                self._server.updates.done(update)
                return
            self._server.updates.trouble = {
                "last_error_date": int(time.time()),
                "last_error_message": f"Wrong response from the webhook: {status}",
            }
            await asyncio.sleep(self._pause_s)
        finally:
            del self._busy[chat]


@asynccontextmanager
async def posting(
    server: FakeTelegram, url: str | Callable[[], str], *, pause_s: float = 0.02
) -> AsyncIterator[Courier]:
    where = url if callable(url) else lambda: url
    async with ClientSession(timeout=ClientTimeout(total=5)) as http:
        courier = Courier(server, where, http, pause_s=pause_s)
        task = asyncio.create_task(courier.run())
        try:
            yield courier
        finally:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


def _chat_of(update: Json) -> int:
    """What its order is kept within: the chat, or whoever pressed or typed."""
    content = next(value for name, value in update.items() if name != "update_id")
    where = content.get("chat") or content.get("from") or {}
    return int(where.get("id", 0))
