"""The whole bot with everything real around it: an index, a database, a Bot API server, a page."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp

from bot.app import running
from bot.config import Settings
from bot.parts import App
from bot.store.base import Store
from bot.store.sql import SqlStore
from index.build import load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.web.harness import Stream, text_of

STAFF: Final = -1009001
NOON: Final = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


class Clock:
    """Stands still until a test moves it."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> datetime:
        return self.at

    def forward(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    clock: Clock
    app: App
    index: Live
    store: Store
    server: FakeTelegram
    settings: Settings
    http: aiohttp.ClientSession

    def citizen(self, user_id: int = 1001, **more: Any) -> Person:
        return Person(self.server, user_id, **more)

    def agent(self, user_id: int, name: str) -> Person:
        return Person(self.server, user_id, name=name, chat=STAFF)

    @asynccontextmanager
    async def browser(self, language: str = "zh-CN") -> AsyncIterator[Browser]:
        chat = secrets.token_urlsafe(24)
        url = f"http://127.0.0.1:{self.app.web_port}"
        async with self.http.get(f"{url}/api/events", params={"chat": chat}) as response:
            yield Browser(self.http, url, chat, Stream(response), language)


class Browser:
    """A citizen on the web page."""

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        chat: str,
        stream: Stream,
        language: str = "zh-CN",
    ) -> None:
        self._http = http
        self._url = url
        self._stream = stream
        self._language = language
        self.chat = chat

    async def send(self, text: str) -> None:
        await self._post(text=text)

    async def reply(self, message: Any, text: str) -> None:
        await self._post(text=text, reply_to=message["ref"])

    async def press(self, message: Any, label: str) -> None:
        actions = {b["label"]: b["action"] for row in message["buttons"] for b in row}
        await self._post(action=actions[label])

    async def hears(self) -> Any:
        return await self._stream.message()

    async def hears_text(self) -> str:
        return text_of(await self.hears())

    async def _post(self, **what: str) -> None:
        body = {"chat": self.chat, "id": secrets.token_hex(8), "language": self._language, **what}
        async with self._http.post(f"{self._url}/api/messages", json=body) as response:
            assert response.status == 202, await response.text()


@asynccontextmanager
async def world(
    releases: Path, scratch: Path, *, staff: bool = True, **more: Any
) -> AsyncIterator[World]:
    """Everything, running. Without `staff` there is no staff group."""
    async with AsyncExitStack() as stack:
        clock = Clock()
        server = await stack.enter_async_context(FakeTelegram())
        server.chats.open_group(STAFF, "客服群")
        server.minutes.clock = lambda: clock().timestamp()
        settings = Settings.read(
            {
                "telegram_bot_token": server.token,
                "telegram_api_url": server.url,
                "telegram_staff_chat": str(STAFF) if staff else None,
                "web_port": 0,
                "web_address_per_minute": 1_000_000,  # all citizens of a test are at one
                "database_url": f"sqlite+aiosqlite:///{scratch / 'bot.sqlite'}",
                "releases": releases,
                "_env_file": None,
                **more,
            }
        )
        index = Live(
            releases,
            lambda folder: load(folder, encoder=Choice().load, expect="builtin"),
            thread_setup=one_thread,
        )
        stack.callback(index.close)
        await index.refresh()
        store = await stack.enter_async_context(SqlStore.open(settings.database_url))
        app = await stack.enter_async_context(running(settings, store, index, clock=clock))
        http = await stack.enter_async_context(aiohttp.ClientSession())
        yield World(
            clock=clock,
            app=app,
            index=index,
            store=store,
            server=server,
            settings=settings,
            http=http,
        )
