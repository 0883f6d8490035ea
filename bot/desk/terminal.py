"""Staff without Telegram: tickets in the terminal, in one command or one after the other."""

from __future__ import annotations

import asyncio
import os
import pwd
import shlex
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Final

from bot.config import Settings
from bot.desk.desk import Desk
from bot.desk.roster import Roster
from bot.desk.services import Services
from bot.desk.set_up import desk_of
from bot.desk.sorry import sorry
from bot.desk.terminal_commands import (
    COMMANDS,
    NONE,
    WHICH,
    BadCommandError,
    Command,
    Numbered,
    help_in,
    number_in,
)
from bot.desk.tickets import Agent
from bot.errors import TicketError
from bot.store.base import Store
from bot.store.sql import SqlStore
from bot.texts import say

CLAIM: Final = "claim"  # the ticket is then meant where no number is given


async def terminal(name: str, words: Sequence[str], *, say: Callable[[str], None]) -> bool:
    """Do one command, or with "work" take commands until quit. False if a command failed."""
    settings = Settings.read()
    async with at_desk(settings) as (store, desk):
        services = Services(store=store, desk=desk, consult_days=settings.consult_days)
        clerk = Clerk(services, agent_named(name, desk.roster), say)
        if list(words) == ["work"]:
            await clerk.work()
            return True
        return await clerk.do(words)


@asynccontextmanager
async def at_desk(settings: Settings) -> AsyncIterator[tuple[Store, Desk]]:
    """The desk beside the bot that serves. Raise ConfigError for a roster that is broken."""
    async with SqlStore.open(settings.database_url) as store:
        yield store, await desk_of(settings, store)


def agent_named(name: str, roster: Roster) -> Agent:
    """Whoever is at this terminal: their member of the roster, else the login with the name."""
    return roster.acting(Agent(f"terminal:{_login()}:{name}", name))


def _login() -> str:
    """The account's name as the system has it; the environment may say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        return str(os.getuid())


class Clerk:
    """One member of staff at a terminal."""

    def __init__(self, services: Services, agent: Agent, say: Callable[[str], None]) -> None:
        self._services = services
        self._language = services.desk.language
        self._agent = agent
        self._say = say
        self._held: int | None = None

    async def work(self) -> None:
        self._say(f"{self._agent.name}\n{help_in(self._language)}")
        await self.do(["list"])
        while True:
            try:
                line = await asyncio.to_thread(input, "> ")
            except EOFError:
                return
            try:
                words = shlex.split(line)
            except ValueError:  # an apostrophe in a reply is no quotation
                words = line.split()
            if words[:1] in (["quit"], ["exit"], ["q"]):
                return
            if words:
                await self.do(words)

    async def do(self, words: Sequence[str]) -> bool:
        """Do one command; say what is wrong with it, if anything."""
        verb, rest = words[0], list(words[1:])
        command = COMMANDS.get(verb)
        if command is None:
            self._say(help_in(self._language))
            return verb == "help"
        try:
            number, text = self._read(verb, command, rest)
            self._say(await command.run(self._services, self._agent, number, text))
        except TicketError as error:
            self._say(sorry(error, self._language))
            return False
        except BadCommandError as error:
            asks = say(self._language, error.asks)
            self._say(f"{asks} {command.usage}")
            return False
        if verb == CLAIM:
            self._held = number
        return True

    def _read(self, verb: str, command: Command, rest: list[str]) -> tuple[int, str]:
        """The number and the words of a command."""
        number = NONE
        if command.of is not Numbered.NOTHING:
            number, rest = self._number(verb, command, rest)
        text = " ".join(rest)
        if command.asks and not text.strip():
            raise BadCommandError(command.asks)
        return number, text

    def _number(self, verb: str, command: Command, rest: list[str]) -> tuple[int, list[str]]:
        number = number_in(rest[0]) if rest else None
        if number is not None:
            return number, rest[1:]
        if command.of is Numbered.MAYBE:
            return NONE, rest
        if self._held is not None and command.of is Numbered.TICKET and verb != CLAIM:
            return self._held, rest
        raise BadCommandError(WHICH)
