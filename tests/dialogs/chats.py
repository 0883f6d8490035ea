"""One person in one chat, the same for each channel: what they can do, and what they see."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from itertools import count
from typing import Any, Final, Protocol

from bot.types import Address
from tests.e2e.world import Browser, World
from tests.telegram.client import Heard, Person, Sent
from tests.web.harness import text_of

_people = count(700_001)


@dataclass(frozen=True, slots=True)
class Seen:
    """A message of the bot's."""

    text: str
    buttons: tuple[str, ...]  # labels


class Chat(Protocol):
    address: Address

    async def says(self, text: str) -> None: ...

    async def presses(self, label: str) -> None:
        """Press the newest button with that label; KeyError if there is none."""

    async def replies(self, text: str) -> None:
        """Answer the bot's newest message."""

    async def edits(self, text: str) -> None:
        """Change what one said last."""

    async def sends(self, kind: str) -> None:
        """Send a "sticker", a "photo" or a "voice" message."""

    async def reads(self, *, until: int) -> list[Seen]:
        """What is new, up to that delivery, which was sent."""


class TelegramChat:
    def __init__(self, person: Person) -> None:
        self.address = Address("telegram", str(person.chat))
        self._person = person
        self._heard: list[Heard] = []
        self._last: Sent | None = None

    async def says(self, text: str) -> None:
        self._last = self._person.send(text)

    async def presses(self, label: str) -> None:
        bearing = [one for one in self._heard if any(label in row for row in one.buttons)]
        if not bearing:
            raise KeyError(label)
        self._person.press(bearing[-1], label)

    async def replies(self, text: str) -> None:
        self._last = self._person.send(text, reply_to=self._heard[-1])

    async def edits(self, text: str) -> None:
        assert self._last is not None
        self._person.edit(self._last, text=text)

    async def sends(self, kind: str) -> None:
        ways: Mapping[str, Callable[[], Sent]] = {
            "sticker": self._person.sticker,
            "photo": self._person.photo,
            "voice": self._person.voice,
        }
        ways[kind]()

    async def reads(self, *, until: int) -> list[Seen]:  # noqa: ARG002 - what was sent is here
        fresh = self._person.unread()
        self._heard += fresh
        return [
            Seen(one.text, tuple(label for row in one.buttons for label in row)) for one in fresh
        ]


class WebChat:
    def __init__(self, browser: Browser) -> None:
        self.address = Address("web", browser.chat)
        self._browser = browser
        self._heard: list[Any] = []

    async def says(self, text: str) -> None:
        await self._browser.send(text)

    async def presses(self, label: str) -> None:
        bearing = [one for one in self._heard if label in _labels(one)]
        if not bearing:
            raise KeyError(label)
        await self._browser.press(bearing[-1], label)

    async def replies(self, text: str) -> None:
        await self._browser.reply(self._heard[-1], text)

    async def edits(self, text: str) -> None:
        raise NotImplementedError("the page cannot change what was sent")

    async def sends(self, kind: str) -> None:
        raise NotImplementedError("the page sends words only")

    async def reads(self, *, until: int) -> list[Seen]:
        known = len(self._heard)
        while (self._heard[-1]["id"] if self._heard else 0) < until:
            self._heard.append(await self._browser.hears())
        return [Seen(text_of(one), _labels(one)) for one in self._heard[known:]]


def _labels(message: Any) -> tuple[str, ...]:
    return tuple(button["label"] for row in message["buttons"] for button in row)


@asynccontextmanager
async def on_telegram(world: World, phone: str) -> AsyncIterator[Chat]:
    yield TelegramChat(world.citizen(next(_people), language=phone))


@asynccontextmanager
async def on_the_page(world: World, phone: str) -> AsyncIterator[Chat]:
    async with world.browser(phone) as browser:
        yield WebChat(browser)


CHANNELS: Final[Mapping[str, Callable[[World, str], AbstractAsyncContextManager[Chat]]]] = {
    "telegram": on_telegram,
    "web": on_the_page,
}
