"""What commands about a register of the desk share: its service, opened, and what is printed."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeAlias, TypeVar

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:  # the database takes its time, and `--help` should not
    from bot.config import Settings
    from bot.desk.desk import Desk
    from bot.desk.roster import Roster
    from bot.desk.tickets import Agent
    from bot.store.base import Store

Service = TypeVar("Service")


@dataclass(frozen=True, slots=True)
class Opened(Generic[Service]):
    """A service, with whoever calls it and the roster."""

    service: Service
    agent: Agent
    roster: Roster


Job: TypeAlias = Callable[[Opened[Service]], Awaitable[Sequence[str]]]


def call(name: str, made: Callable[[Settings, Store, Desk], Service], job: Job[Service]) -> None:
    """Make the service over the desk, do the job as `name`, and print the lines it gives."""

    async def run() -> Sequence[str]:
        from bot.config import Settings
        from bot.desk.terminal import agent_named, at_desk

        settings = Settings.read()
        async with at_desk(settings) as (store, desk):
            service = made(settings, store, desk)
            return await job(Opened(service, agent_named(name, desk.roster), desk.roster))

    with mistakes_in_words():
        for text in asyncio.run(run()):
            out.print(text, markup=False)
