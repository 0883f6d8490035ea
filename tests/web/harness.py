"""The pages on a real server, and browsers that read its events."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, Final

import aiohttp

from bot.channels.web import WebChannel
from bot.store.base import Store
from bot.types import Address, Delivery, Message, Span
from bot.web.app import Mount, create_app, serving
from bot.web.config import WebConfig

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN: Final = "ann-" + "A" * 28
BEN: Final = "ben-" + "B" * 28
CONFIG: Final = WebConfig(
    title="明白 · 政策问答",
    bureau="临江市人力资源和社会保障局",
    hotline="12345",
    suggestions=("失业金怎么领？",),
    poll_s=0.1,
)
SOON_S: Final = 5.0  # by then, or the test has failed


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(SOON_S):
        while not condition():  # noqa: ASYNC110 - nothing tells of these conditions
            await asyncio.sleep(0.005)


def said(text: str, *, chat: str = ANN, key: str | None = None) -> Delivery:
    return Delivery(to=Address("web", chat), body=(Span(text),), key=key)


@dataclass
class Core:
    """Stands for the dispatcher: writes messages down; a test may order it to fail."""

    store: Store
    messages: list[Message] = field(default_factory=list)
    failure: Exception | None = None

    async def __call__(self, messages: Sequence[Message]) -> None:
        if self.failure is not None:
            raise self.failure
        for message in messages:
            async with self.store.begin() as work:
                if await work.inbox.accept(message) is not None:
                    self.messages.append(message)


@dataclass
class Site:
    url: str
    store: Store
    channel: WebChannel
    core: Core
    http: aiohttp.ClientSession

    async def say(self, **fields: object) -> aiohttp.ClientResponse:
        whole = {"chat": ANN, "id": "message-1", **fields}
        return await self.post(json.dumps(whole, ensure_ascii=False).encode())

    async def post(
        self, body: bytes, content_type: str = "application/json", **headers: str
    ) -> aiohttp.ClientResponse:
        url = f"{self.url}/api/messages"
        return await self.http.post(
            url, data=body, headers={"Content-Type": content_type, **headers}
        )

    async def queue(self, delivery: Delivery) -> int:
        async with self.store.begin() as work:
            return await work.outbox.enqueue(delivery, at=NOON)

    async def mark(self, queued_id: int, platform_id: str) -> None:
        async with self.store.begin() as work:
            await work.outbox.sent(queued_id, platform_id=platform_id, at=NOON)

    async def deliver(self, delivery: Delivery) -> int:
        """As the sender does it."""
        queued_id = await self.queue(delivery)
        platform_id = await self.channel.send(delivery, edit=None)
        await self.mark(queued_id, platform_id)
        self.channel.notify(delivery.to)
        return queued_id

    @asynccontextmanager
    async def reading(
        self, chat: str = ANN, *, after: int | None = None, last: str = ""
    ) -> AsyncIterator[Stream]:
        query = {"chat": chat} | ({} if after is None else {"after": str(after)})
        headers = {"Last-Event-ID": last} if last else {}
        url = f"{self.url}/api/events"
        async with self.http.get(url, params=query, headers=headers) as response:
            yield Stream(response)


@dataclass(frozen=True)
class Event:
    id: str
    name: str
    data: Any


class Stream:
    """Reads events as a browser does."""

    def __init__(self, response: aiohttp.ClientResponse) -> None:
        self.response = response

    async def next(self) -> Event:
        """Return the next event of any name."""
        fields: dict[str, str] = {}
        async with asyncio.timeout(SOON_S):
            while line := (await self.response.content.readline()).decode():
                name, _, value = line.rstrip("\n").partition(": ")
                if line != "\n":
                    fields[name] = value
                elif "data" in fields:
                    data = json.loads(fields["data"])
                    return Event(fields.get("id", ""), fields.get("event", "message"), data)
                else:
                    fields.clear()
        raise EOFError

    async def message(self) -> Any:
        """Return the data of the next delivery."""
        while (event := await self.next()).name != "message":
            pass
        return event.data

    async def texts(self, number: int) -> list[str]:
        return [text_of(await self.message()) for _ in range(number)]

    async def waiting(self) -> list[str]:
        """Return the texts that were there before the stream was opened."""
        found: list[str] = []
        while (event := await self.next()).name != "ready":
            found.append(text_of(event.data))
        return found


def text_of(data: Any) -> str:
    return "".join(span["text"] for span in data["body"])


@asynccontextmanager
async def site_of(
    store: Store,
    config: WebConfig = CONFIG,
    *,
    listening: bool = True,
    documents: Mount | None = None,
) -> AsyncIterator[Site]:
    channel = WebChannel()
    core = Core(store)
    app = create_app(store=store, channel=channel, config=config, more=documents)
    async with (
        aiohttp.ClientSession() as http,
        serving(app, host="127.0.0.1", port=0) as port,
        _running(channel, core, listening=listening),
    ):
        yield Site(f"http://127.0.0.1:{port}", store, channel, core, http)


@asynccontextmanager
async def _running(channel: WebChannel, core: Core, *, listening: bool) -> AsyncIterator[None]:
    if not listening:
        yield
        return
    task = asyncio.create_task(channel.run(core))
    await until(lambda: channel.listening)
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
