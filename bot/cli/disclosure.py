"""`staff disclosure`: requests for information, from the register to the annual report."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli import disclosed
from bot.cli.shown import mistakes_in_words, out, print_table
from bot.desk.disclosure.entry import Dispute, Remedy, Verdict
from bot.desk.disclosure.letter import Decision
from bot.desk.disclosure.results import Result
from bot.desk.disclosure.tables import as_csv
from bot.desk.tickets import ACTIVE, Agent, State
from bot.errors import BotError

if TYPE_CHECKING:  # they take a second: see _counter
    from bot.desk.disclosure.handling import Disclosures
    from bot.desk.timekeeping import Timekeeper

disclosure = typer.Typer(help="Requests for information that is not published.")
DAY: Final = ["%Y-%m-%d"]
Number = Annotated[str, typer.Argument(help="Of the ticket, or of the request: 7 or 2026-0001.")]


@dataclass(frozen=True, slots=True)
class _Counter:
    disclosures: Disclosures
    timekeeper: Timekeeper
    agent: Agent
    zone: tzinfo  # the bureau's

    async def ticket(self, number: str) -> int:
        return await self.disclosures.numbered(number)


@disclosure.command("list")
def list_(
    context: typer.Context,
    every: Annotated[bool, typer.Option("--all", help="Those that are done, too.")] = False,
) -> None:
    """Registered requests that wait or are being handled."""

    async def job(at: _Counter) -> None:
        states = frozenset(State) if every else ACTIVE
        for case in await at.disclosures.cases(states=states):
            out.print(disclosed.line(case, zone=at.zone), markup=False)

    _run(context, job)


@disclosure.command()
def show(context: typer.Context, number: Number) -> None:
    """One request with all that was done; name and contact only to whoever holds it."""

    async def job(at: _Counter) -> None:
        ticket_id = await at.ticket(number)
        case = await at.disclosures.case(ticket_id)
        for line in disclosed.lines(case, zone=at.zone):
            out.print(line, markup=False)
        holder = case.ticket.holder
        if holder is not None and holder.id == at.agent.id:
            request = await at.disclosures.applicant(ticket_id, at.agent)
            out.print(f"Applicant: {request.name}\nContact: {request.contact}", markup=False)

    _run(context, job)


@disclosure.command()
def correct(
    context: typer.Context,
    number: Number,
    items: Annotated[str, typer.Argument(help="All that is to be made clear.")],
    until: Annotated[
        datetime | None,
        typer.Option(formats=DAY, help="The last day for it; 15 working days if left out."),
    ] = None,
) -> None:
    """Ask the applicant to make the request clear, once; the clock begins anew with the answer."""

    async def job(at: _Counter) -> None:
        ticket_id = await at.ticket(number)
        last = until and until.date()
        request = await at.disclosures.ask_correction(ticket_id, at.agent, items, until=last)
        assert request.correction is not None
        out.print(f"{request.registration}: asked, until {request.correction.until}.")

    _run(context, job)


@disclosure.command()
def hear(
    context: typer.Context,
    number: Number,
    whom: Annotated[str, typer.Argument(help="Whom the information concerns, and why.")],
) -> None:
    """Others are asked; the clock stands until they answered."""

    async def job(at: _Counter) -> None:
        request = await at.disclosures.hear(await at.ticket(number), at.agent, whom)
        out.print(f"{request.registration}: the clock stands.")

    _run(context, job)


@disclosure.command()
def heard(
    context: typer.Context,
    number: Number,
    opinion: Annotated[str, typer.Argument(help="What they said; nothing if none came.")] = "",
) -> None:
    """They answered, or did not in time; the clock goes on."""

    async def job(at: _Counter) -> None:
        request = await at.disclosures.heard(await at.ticket(number), at.agent, opinion)
        out.print(f"{request.registration}: the clock goes on.")

    _run(context, job)


@disclosure.command()
def extend(
    context: typer.Context,
    number: Number,
    why: Annotated[str, typer.Argument(help="The reason; the applicant is told.")],
) -> None:
    """Put the reply off by 20 working days, once."""

    async def job(at: _Counter) -> None:
        ticket = await at.timekeeper.extend(await at.ticket(number), at.agent, why)
        out.print(f"No. {ticket.id}: extended; the applicant is told.")

    _run(context, job)


@disclosure.command()
def reply(
    context: typer.Context,
    number: Number,
    result: Result,
    *,
    text: Annotated[
        str, typer.Option(help="The information, or the reasons; @FILE reads it from a file.")
    ] = "",
    ground: Annotated[
        Result | None, typer.Option(help="Of what stays closed, where a part is opened.")
    ] = None,
    link: Annotated[str, typer.Option(help="Where it is published.")] = "",
    office: Annotated[
        str, typer.Option(help="Who has it, and how to reach them; nothing where nobody knows.")
    ] = "",
    replaces: Annotated[
        str, typer.Option(help="Why the letter that is out is replaced; both are kept.")
    ] = "",
) -> None:
    """Decide; the letter goes to the applicant, of a sensitive request after a second look."""

    async def job(at: _Counter) -> None:
        decision = Decision(
            result=result,
            text=_words(text),
            ground=ground,
            link=link,
            office=office,
            corrects=replaces,
        )
        ticket_id = await at.ticket(number)
        letter = await at.disclosures.reply(ticket_id, at.agent, decision)
        out.print(letter.text, markup=False)
        if (await at.disclosures.case(ticket_id)).request.proposed is not None:
            out.print(f"Not sent yet: another person runs staff disclosure approve {ticket_id}.")

    _run(context, job)


@disclosure.command()
def approve(context: typer.Context, number: Number) -> None:
    """Let out the letter of a sensitive request that somebody else wrote."""

    async def job(at: _Counter) -> None:
        letter = await at.disclosures.approve(await at.ticket(number), at.agent)
        out.print(letter.text, markup=False)

    _run(context, job)


@disclosure.command()
def letter(
    context: typer.Context,
    number: Number,
    out_file: Annotated[Path, typer.Option("--out", help="File to write: .docx or .pdf.")],
    which: Annotated[
        int | None,
        typer.Option(min=1, help="Of several letters, from 1; the last one, which holds."),
    ] = None,
) -> None:
    """Write the letter of an answered request to a file."""
    if out_file.suffix.lower() not in {".docx", ".pdf"}:
        raise typer.BadParameter("--out needs a name that ends with .docx or .pdf")

    async def job(at: _Counter) -> None:
        letter = await at.disclosures.letter(await at.ticket(number), place=which)
        word = out_file.suffix.lower() == ".docx"
        file = at.disclosures.as_word(letter) if word else at.disclosures.as_pdf(letter)
        _write(out_file, file.data)

    _run(context, job)


@disclosure.command()
def dispute(
    context: typer.Context,
    number: Number,
    remedy: Remedy,
    begun: Annotated[datetime, typer.Option(formats=DAY, help="The day it began.")],
    ended: Annotated[
        datetime | None, typer.Option(formats=DAY, help="The day it was decided.")
    ] = None,
    verdict: Annotated[Verdict | None, typer.Option(help="What was decided.")] = None,
) -> None:
    """Write down a review or a lawsuit about a reply; again, with its end, when it is decided."""

    async def job(at: _Counter) -> None:
        noted = Dispute(
            remedy=remedy, begun=begun.date(), ended=ended and ended.date(), verdict=verdict
        )
        request = await at.disclosures.note_dispute(await at.ticket(number), at.agent, noted)
        out.print(f"{request.registration}: noted.")

    _run(context, job)


@disclosure.command()
def annual(
    context: typer.Context,
    year: Annotated[int, typer.Argument(min=2000, max=9998)],
    out_file: Annotated[
        Path | None, typer.Option("--out", help="File to write the tables to, as CSV.")
    ] = None,
) -> None:
    """The tables of the annual report: requests by applicant and result, reviews and lawsuits."""

    async def job(at: _Counter) -> None:
        found = await at.disclosures.annual(year)
        if out_file is not None:
            _write(out_file, as_csv(found).encode())
            return
        for table in disclosed.tables(found):
            print_table(table)

    _run(context, job)


def _run(context: typer.Context, job: Callable[[_Counter], Awaitable[None]]) -> None:
    async def done() -> None:
        async with _counter(context.obj) as at:
            await job(at)

    with mistakes_in_words():
        asyncio.run(done())


@asynccontextmanager
async def _counter(name: str) -> AsyncIterator[_Counter]:
    from bot.config import Settings
    from bot.desk.disclosure.handling import Disclosures
    from bot.desk.terminal import agent_named, at_desk
    from bot.desk.timekeeping import Timekeeper

    settings = Settings.read()
    async with at_desk(settings) as (store, desk):
        yield _Counter(
            Disclosures(store, desk, sender=settings.letter_sender, font=settings.letter_font),
            Timekeeper(store, desk),
            agent_named(name, desk.roster),
            settings.zone,
        )


def _words(text: str) -> str:
    if not text.startswith("@"):
        return text
    try:
        return Path(text[1:]).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise BotError(f"{text[1:]} cannot be read as UTF-8 text: {error}") from None


def _write(path: Path, data: bytes) -> None:
    try:
        path.write_bytes(data)
    except OSError as error:
        raise BotError(f"{path} cannot be written: {error.strerror}") from None
    out.print(f"{path}: {len(data)} bytes.", markup=False)
