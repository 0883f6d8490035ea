"""`audit`: what staff did, and whether the record of it is whole."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:
    from bot.desk.audit import Sealed

audit = typer.Typer(help="What staff did, and whether the record of it is whole.")
BATCH: Final = 1000


@audit.command()
def verify(
    head: Annotated[
        str, typer.Option(help="Digest that an earlier run told: it must still be in the log.")
    ] = "",
) -> None:
    """Look through the whole log; exit 1 where a line was changed, removed or added."""
    from bot.config import Settings

    with mistakes_in_words():
        asyncio.run(_verify(Settings.read().database_url, head))


@audit.command()
def show(ticket: Annotated[int, typer.Argument(help="Number of a ticket.")]) -> None:
    """Print what was done about a ticket, oldest first."""
    from bot.config import Settings

    with mistakes_in_words():
        asyncio.run(_show(Settings.read().database_url, ticket))


async def _verify(url: str, head: str) -> None:
    from bot.desk.audit import Verifier
    from bot.errors import BotError

    verifier = Verifier()
    seen = not head
    async for line in _lines(url):
        verifier.take(line)
        seen = seen or line.digest == head
    verdict = verifier.verdict()
    problems = [*verdict.problems]
    if not seen:
        problems.append("the digest given is not in the log: its end was cut off or rewritten")
    if problems:
        raise BotError("\n".join(problems))
    out.print(f"{verdict.lines} lines, whole; head {verdict.digest}")


async def _show(url: str, ticket_id: int) -> None:
    from bot.store.sql import SqlStore

    async with SqlStore.open(url) as store, store.read() as work:
        await work.tickets.get(ticket_id)  # raises TicketNotFound
        for event in await work.audit.of(ticket_id):
            why = f" because: {event.why}" if event.why else ""
            line = (
                f"{event.at:%Y-%m-%d %H:%M:%S} UTC  {event.who}  {event.what}{why}  {event.text}"
            )
            out.print(line.rstrip(), markup=False)


async def _lines(url: str) -> AsyncIterator[Sealed]:
    from bot.desk.paging import each, lines
    from bot.store.sql import SqlStore

    async with SqlStore.open(url) as store:
        async for line in each(lines(store, size=BATCH)):
            yield line
