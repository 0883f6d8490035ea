"""A steady load: citizens in Telegram and on the page, and staff who answer."""

from __future__ import annotations

import asyncio
import random
import secrets
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Final

import aiohttp

from bot.app import SUGGESTIONS
from tests.chaos.people import question
from tests.e2e.world import STAFF, Browser
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.web.harness import Stream

CITIZENS: Final = 20
CHATTING_S: Final = 0.5  # between two questions in Telegram
VISITS_S: Final = 1.0  # between two visitors of the page
ASKING_S: Final = 15.0  # between two questions for a person: a group takes 20 calls a minute
PATIENCE_S: Final = 20.0
CLAIMABLE: Final = (("认领", "关闭"),)


@dataclass(slots=True)
class Load:
    server: FakeTelegram
    page: str  # its address
    chance: random.Random
    answered: list[tuple[float, float]] = field(default_factory=list)  # when, after seconds
    shown: list[tuple[float, float]] = field(default_factory=list)  # the same, on the page
    tickets: int = 0

    async def run(self, lasts_s: float) -> None:
        """Raise what goes wrong for any of the people, such as an answer that does not come."""
        async with aiohttp.ClientSession() as http, asyncio.timeout(lasts_s + 2 * PATIENCE_S):
            end = time.monotonic() + lasts_s
            async with asyncio.TaskGroup() as group:
                group.create_task(_every(CHATTING_S, end, self._chats()))
                group.create_task(_every(VISITS_S, end, lambda: self._visits(http)))
                group.create_task(_every(ASKING_S, end, self._asks()))

    def _chats(self) -> Callable[[], Awaitable[None]]:
        people = [Person(self.server, 3001 + number) for number in range(CITIZENS)]

        async def chat() -> None:
            person, begun = self.chance.choice(people), time.monotonic()
            person.send(self.chance.choice(SUGGESTIONS))
            await person.hears(timeout_s=PATIENCE_S)
            self.answered.append((begun, time.monotonic() - begun))

        return chat

    async def _visits(self, http: aiohttp.ClientSession) -> None:
        """Somebody opens the page, asks, reads the answer, and goes."""
        chat = secrets.token_urlsafe(24)
        async with http.get(f"{self.page}/api/events", params={"chat": chat}) as response:
            visitor = Browser(http, self.page, chat, Stream(response))
            begun = time.monotonic()
            await visitor.send(self.chance.choice(SUGGESTIONS))
            await visitor.hears()
            self.shown.append((begun, time.monotonic() - begun))
            await asyncio.sleep(self.chance.uniform(0, 1))

    def _asks(self) -> Callable[[], Awaitable[None]]:
        """A question that only a person can answer, and the answer."""
        agent = Person(self.server, 7, name="李敏", chat=STAFF)

        async def ask() -> None:
            citizen = Person(self.server, 5001 + self.tickets)
            citizen.send(question(self.tickets))
            assert "编号" in (await citizen.hears(timeout_s=PATIENCE_S)).text
            while (card := await agent.hears(timeout_s=PATIENCE_S)).buttons[:1] != CLAIMABLE:
                pass
            agent.press(card, CLAIMABLE[0][0])
            await citizen.hears(timeout_s=PATIENCE_S)
            agent.send("请到窗口办理。", reply_to=card)
            assert "请到窗口办理。" in (await citizen.hears(timeout_s=PATIENCE_S)).text
            self.tickets += 1

        return ask


async def _every(pause_s: float, end: float, do: Callable[[], Awaitable[None]]) -> None:
    """Do it again and again, one after the other, with a pause between the beginnings."""
    due = time.monotonic()
    while due < end:
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        await do()
        due = max(due + pause_s, time.monotonic())
