"""How a guest behaves: slowly, and only where robots.txt lets it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final
from urllib.robotparser import RobotFileParser

NAME: Final = "MingbaiBot"  # what robots.txt may call us by
_LONGEST_DELAY_S: Final = 30.0  # a robots.txt that asks for more would stop the build


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """Limits of one run."""

    delay_s: float = 1.0  # from one request to a host to the next
    per_host: int = 2  # requests to a host at once
    total: int = 8  # requests at once
    largest: int = 20_000_000  # bytes of a page
    timeout_s: float = 60.0  # for a page; a tenth of it to connect
    contact: str = ""  # shown to the sites: an address of the maintainer
    private: bool = False  # addresses of the inner network may be asked

    @property
    def agent(self) -> str:
        return f"{NAME}/0.1 (policy assistant{f'; {self.contact}' if self.contact else ''})"


@dataclass(frozen=True, slots=True)
class Rules:
    """The robots.txt of one site."""

    parser: RobotFileParser

    def allow(self, url: str) -> bool:
        return self.parser.can_fetch(NAME, url)

    @property
    def delay_s(self) -> float:
        return min(_LONGEST_DELAY_S, float(self.parser.crawl_delay(NAME) or 0))


def rules(text: str) -> Rules:
    parser = RobotFileParser()
    parser.parse(text.splitlines())
    return Rules(parser)


class Host:
    """The queue before one host."""

    def __init__(self, manners: Manners, ask: Callable[[], Awaitable[Rules]]) -> None:
        self._slots = asyncio.Semaphore(manners.per_host)
        self._clock = asyncio.Lock()
        self._delay_s = manners.delay_s
        self._next = 0.0
        self._ask = ask
        self._asking = asyncio.Lock()
        self._rules: Rules | Exception | None = None

    async def rules(self) -> Rules:
        """Return the robots.txt, which is asked for once; or raise what came of it."""
        async with self._asking:
            if self._rules is None:
                try:
                    self._rules = await self._ask()
                    self._delay_s = max(self._delay_s, self._rules.delay_s)
                except Exception as error:  # noqa: BLE001 - every page of the host gets it
                    self._rules = error
            if isinstance(self._rules, Exception):
                raise self._rules
            return self._rules

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait until the host may be asked again."""
        async with self._slots:
            async with self._clock:
                now = asyncio.get_running_loop().time()
                if self._next > now:
                    await asyncio.sleep(self._next - now)
                self._next = asyncio.get_running_loop().time() + self._delay_s
            yield
