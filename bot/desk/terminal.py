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
from bot.desk import cards
from bot.desk.desk import Desk
from bot.desk.roster_file import read_roster
from bot.desk.tickets import Agent, Ticket
from bot.errors import TicketError, TicketNotFound
from bot.store.base import Store
from bot.store.sql import SqlStore
from bot.texts import say as text_of
from bot.types import Address
from knowledge.types import Lang

HELP: Final = (
    "list · show N · claim N · reply N TEXT · release N · close N · help · quit\n"
    "Without a number, reply, release and close mean the ticket that you claimed last."
)
_LARGEST: Final = 2**31 - 1  # that every database holds


async def terminal(name: str, words: Sequence[str], *, say: Callable[[str], None]) -> bool:
    """Do one command, or with "work" take commands until quit. False if a command failed."""
    async with at_desk(Settings.read()) as (_, desk):
        clerk = Clerk(desk, agent_named(name), say)
        if list(words) == ["work"]:
            await clerk.work()
            return True
        return await clerk.do(words)


@asynccontextmanager
async def at_desk(settings: Settings) -> AsyncIterator[tuple[Store, Desk]]:
    """The desk beside the bot that serves. Raise ConfigError for a roster that is broken."""
    room = settings.telegram_staff_chat
    roster = read_roster(settings.roster)
    async with SqlStore.open(settings.database_url) as store:
        desk = Desk(
            store,
            bureau=settings.bureau,
            clock=settings.now,
            room=Address("telegram", room) if room else None,
            language=settings.staff_language,
            roster=roster,
            clocks=settings.clocks,
        )
        yield store, desk


def agent_named(name: str) -> Agent:
    """Whoever is at this terminal: the roster goes by the login, colleagues by the name."""
    return Agent(f"terminal:{_login()}:{name}", name)


def _login() -> str:
    """The account's name as the system has it; the environment may say anything."""
    try:
        return pwd.getpwuid(os.getuid()).pw_name
    except KeyError:  # a container's user without a name
        return str(os.getuid())


class Clerk:
    """One member of staff at a terminal."""

    def __init__(self, desk: Desk, agent: Agent, say: Callable[[str], None]) -> None:
        self._desk = desk
        self._agent = agent
        self._say = say
        self._held: int | None = None

    async def work(self) -> None:
        self._say(f"{self._agent.name}\n{HELP}")
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
        try:
            if verb == "list":
                await self._list()
            elif verb in _VERBS:
                await self._on_ticket(verb, rest)
            else:
                self._say(HELP)
                return verb == "help"
        except TicketError as error:
            self._say(f"{error}.")
            return False
        except _BadCommandError as error:
            self._say(str(error))
            return False
        return True

    async def _list(self) -> None:
        waiting = await self._desk.waiting(limit=100)
        if not waiting:
            self._say("No tickets wait.")
        for ticket in waiting:
            self._say(f"{_head(ticket)}  {' '.join(ticket.question.split())[:60]}")

    async def _on_ticket(self, verb: str, rest: list[str]) -> None:
        number, words = self._number(verb, rest)
        match verb:
            case "show":
                await self._show(number)
            case "claim":
                ticket = await self._desk.claim(number, self._agent)
                self._held = number
                self._say(f"No. {number} is yours.\n{_card(ticket)}")
            case "reply":
                if not words:
                    raise _BadCommandError("What is the reply? reply N TEXT")
                await self._desk.reply(number, self._agent, " ".join(words))
                self._say(f"No. {number}: reply sent.")
            case "release":
                await self._desk.release(number, self._agent)
                self._say(f"No. {number} is back in the queue.")
            case _:
                await self._desk.close(number, self._agent)
                self._say(f"No. {number} is closed.")

    async def _show(self, number: int) -> None:
        ticket, history = await self._desk.look(number)
        self._say(_card(ticket))
        for event in history:
            self._say(
                f"  {event.at:%Y-%m-%d %H:%M} {event.who} {event.what} {event.text}".rstrip()
            )

    def _number(self, verb: str, rest: list[str]) -> tuple[int, list[str]]:
        if rest and rest[0].lstrip("#№").isdecimal():
            number = int(rest[0].lstrip("#№"))
            if number > _LARGEST:
                raise TicketNotFound(number)
            return number, rest[1:]
        if self._held is not None and verb != "claim":
            return self._held, rest
        raise _BadCommandError(f"Which ticket? {verb} N")


class _BadCommandError(Exception):
    """A command that cannot be read; the message says how to write it."""


_VERBS: Final = frozenset({"show", "claim", "reply", "release", "close"})


def _head(ticket: Ticket) -> str:
    holder = f" {ticket.holder.name}" if ticket.holder else ""
    return f"No. {ticket.id:<5} {ticket.opened:%m-%d %H:%M} {ticket.kind} {ticket.state}{holder}"


def _card(ticket: Ticket) -> str:
    page = cards.card(ticket, language=Lang.EN)
    text = "".join(span.text for span in page.body)
    return text.replace(text_of(Lang.EN, "To answer, reply to this message."), "").rstrip()
