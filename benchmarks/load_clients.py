"""
People who ask, as a load: so many at a time, or so many a second.

Each question is somebody new, for the pace of one person is limited by design. Times are in
milliseconds, from the moment the question is posted until its answer is there.
"""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from itertools import count, cycle
from typing import Final, TypeAlias

from aiohttp import ClientSession

from bot.channels.telegram_webhook import HEADER, PATH
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.web.harness import Stream

PATIENCE_S: Final = 60.0
AT_ONCE: Final = 40  # posts that Telegram makes at a time; see bot.channels.telegram_webhook

Ask: TypeAlias = Callable[[str], Awaitable[float]]
"""Ask that, and return how many milliseconds it took."""

_people = count(10_001)


async def closed_loop(
    ask: Ask, texts: Sequence[str], *, clients: int, lasts_s: float
) -> tuple[list[float], float]:
    """
    As many clients, each of which asks anew as soon as it has its answer.

    Return the times, and the seconds until the last of them had its answer.
    """
    asked, times = cycle(texts), []
    started = time.perf_counter()

    async def client() -> None:
        while time.perf_counter() < started + lasts_s:
            times.append(await ask(next(asked)))

    async with asyncio.TaskGroup() as group:
        for _ in range(clients):
            group.create_task(client())
    return times, time.perf_counter() - started


async def open_loop(
    ask: Ask, texts: Sequence[str], *, per_s: float, lasts_s: float, seed: int = 1
) -> list[float]:
    """
    Questions come at chance moments, so many a second, whether those before are answered or not.

    A closed loop asks less where it is answered late, and so hides how long people wait.
    """
    asked, chance = cycle(texts), random.Random(seed)  # noqa: S311 - not for secrets
    due = started = time.perf_counter()
    tasks: list[asyncio.Task[float]] = []
    async with asyncio.TaskGroup() as group:
        while (due := due + chance.expovariate(per_s)) < started + lasts_s:
            await asyncio.sleep(due - time.perf_counter())
            tasks.append(group.create_task(_asked(ask, next(asked))))
    return [task.result() for task in tasks]


async def _asked(ask: Ask, text: str) -> float:
    return await ask(text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitors:
    """
    People on the chat page, whose stream is open before they ask.

    Which worker has the stream and which one gets the question is chance, as behind a balancer
    that knows nobody.
    """

    http: ClientSession
    urls: Sequence[str]

    async def ask(self, text: str) -> float:
        chat, page = secrets.token_urlsafe(24), {"text": text, "id": secrets.token_urlsafe(8)}
        async with self.http.get(f"{self._url()}/api/events", params={"chat": chat}) as response:
            stream = Stream(response)
            while (await stream.next()).name != "ready":
                pass
            started = time.perf_counter()
            async with self.http.post(
                f"{self._url()}/api/messages", json={"chat": chat, **page}
            ) as taken:
                taken.raise_for_status()
            await stream.message()
            return (time.perf_counter() - started) * 1000

    def _url(self) -> str:
        return random.choice(self.urls)  # noqa: S311 - not for secrets


@dataclass(frozen=True, slots=True, kw_only=True)
class Chatters:
    """People in Telegram, whose messages Telegram posts to the workers in turn."""

    http: ClientSession
    urls: Sequence[str]
    server: FakeTelegram

    async def ask(self, text: str) -> float:
        person = Person(self.server, next(_people))
        started = time.perf_counter()
        await self._post(person, text)
        await person.hears(timeout_s=PATIENCE_S)
        return (time.perf_counter() - started) * 1000

    async def post_all(self, texts: Sequence[str]) -> None:
        """Return once all are taken, AT_ONCE at a time, answered or not."""
        places = asyncio.Semaphore(AT_ONCE)

        async def post(text: str) -> None:
            async with places:
                await self._post(Person(self.server, next(_people)), text)

        async with asyncio.TaskGroup() as group:
            for text in texts:
                group.create_task(post(text))

    async def _post(self, person: Person, text: str) -> None:
        person.send(text)
        update = self.server.updates.pending[-1]
        self.server.updates.done(update)
        url = self.urls[update["update_id"] % len(self.urls)] + PATH
        headers = {HEADER: self.server.updates.secret}
        async with self.http.post(url, json=update, headers=headers) as taken:
            taken.raise_for_status()
