"""Citizens in browsers, whose proxy asks any worker and tries the next one where that is gone."""

from __future__ import annotations

import asyncio
import random
import secrets
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Final

from aiohttp import ClientError, ClientSession

from bot.types import Address

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
    moved: int = 0  # how often a stream broke off and another worker was asked
    repeated: int = 0  # how often a message was posted again

    @property
    def address(self) -> Address:
        return Address("web", self.chat)

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
            with suppress(ClientError):
                await self._read()
            self.moved += 1
            await asyncio.sleep(PAUSE_S)

    async def _read(self) -> None:
        headers = {"Last-Event-ID": str(self.seen[-1])} if self.seen else {}
        url = f"{self.workers.any()}/api/events"
        async with self.http.get(url, params={"chat": self.chat}, headers=headers) as answer:
            answer.raise_for_status()
            fields: dict[str, str] = {}
            async for line in answer.content:
                name, _, value = line.decode().rstrip("\n").partition(": ")
                if name:
                    fields[name] = value
                elif "id" in fields:  # whole: a line that broke off in it is never empty
                    self.seen.append(int(fields["id"]))
                    fields.clear()
