"""Citizens in browsers, whose proxy asks any worker and tries the next one where that is gone."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ClientError, ClientSession

from tests.web.harness import Stream, text_of

PAUSE_S: Final = 0.1  # before the next worker is asked


@dataclass(slots=True)
class Workers:
    """Where they are; whoever is dead answers nothing."""

    urls: Sequence[str]
    chance: random.Random

    def any(self) -> str:
        return self.chance.choice(self.urls)


@dataclass(slots=True)
class Page:
    """One conversation, with what its stream of events has shown."""

    workers: Workers
    http: ClientSession
    chat: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    said: list[str] = field(default_factory=list)
    seen: list[int] = field(default_factory=list)  # ids of events, as they came
    texts: list[str] = field(default_factory=list)
    moved: int = 0  # how often a stream broke off and another worker was asked
    repeated: int = 0  # how often a message was posted again

    async def say(self, text: str) -> None:
        """Return once a worker has it; until then the same message is posted to any of them."""
        self.said.append(text)
        body = {"chat": self.chat, "id": secrets.token_hex(8), "language": "zh-CN", "text": text}
        while not await self._posted(body):
            self.repeated += 1
            await asyncio.sleep(PAUSE_S)

    async def _posted(self, body: dict[str, str]) -> bool:
        try:
            async with self.http.post(f"{self.workers.any()}/api/messages", json=body) as answer:
                return answer.status == 202
        except ClientError:
            return False

    async def read(self) -> None:
        """Read until cancelled; begin again behind the last event that was seen."""
        while True:
            try:
                await self._read()
            except (ClientError, EOFError, TimeoutError):
                self.moved += 1
                await asyncio.sleep(PAUSE_S)

    async def _read(self) -> None:
        headers = {"Last-Event-ID": str(self.seen[-1])} if self.seen else {}
        url = f"{self.workers.any()}/api/events"
        async with self.http.get(url, params={"chat": self.chat}, headers=headers) as answer:
            answer.raise_for_status()
            stream = Stream(answer)
            while True:
                event = await stream.next()
                if event.name == "message":
                    self.seen.append(int(event.id))
                    self.texts.append(text_of(event.data))
