"""Requests for information as the terminal shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import tzinfo
from typing import TYPE_CHECKING

from rich.table import Table

from bot.desk.disclosure.tables import COLUMNS, TOTAL, VERDICTS, Annual, Row

if TYPE_CHECKING:  # it takes a second: see disclosure.py
    from bot.desk.disclosure.casebook import Case


def line(case: Case, *, zone: tzinfo) -> str:
    """Days are told in `zone`, the bureau's: the store has another one."""
    request, ticket = case.request, case.ticket
    due = ticket.deadlines.resolution
    received = f"{request.received.astimezone(zone):%Y-%m-%d}"
    dates = received + (f" due {due.astimezone(zone):%Y-%m-%d}" if due else "")
    result = f" {request.answer.result}" if request.answer else ""
    holder = f" {ticket.holder.name}" if ticket.holder else ""
    words = " ".join(ticket.question.split())[:40]
    head = f"{request.registration} No. {ticket.id} {dates} {request.applicant}"
    return f"{head} {ticket.state}{holder}{result}  {words}"


def lines(case: Case, *, zone: tzinfo) -> Iterator[str]:
    """As `line`."""
    request = case.request
    yield line(case, zone=zone)
    yield f"Wanted: {case.ticket.question}"
    yield f"Form: {request.medium} · reply: {request.way}"
    if request.correct_by is not None and request.correction is None and not request.letters:
        yield f"A correction may be asked for until {request.correct_by}."
    if correction := request.correction:
        yield f"Correction asked for, until {correction.until}: {correction.items}"
        if correction.received is not None:
            yield f"Correction of {correction.received.astimezone(zone):%Y-%m-%d}: {correction.text}"
    for hearing in request.hearings:
        until = f" until {hearing.until}" if hearing.until else ""
        ended = f"running{until}" if hearing.ended is None else hearing.opinion or "no answer"
        yield f"Heard since {hearing.asked.astimezone(zone):%Y-%m-%d}: {hearing.whom}: {ended}"
    for place, letter in enumerate(request.letters, start=1):
        yield f"Letter {place} of {letter.at.astimezone(zone):%Y-%m-%d} by {letter.by.name}: {letter.result}"
        yield from letter.paragraphs
    for one in request.disputes:
        yield f"{one.remedy} since {one.begun}: {one.verdict or 'not decided'}"


def tables(of: Annual) -> Iterator[Table]:
    yield _table(f"{of.year}", [*COLUMNS.values(), TOTAL], of.requests)
    yield _table(f"{of.year}", [*VERDICTS.values(), TOTAL], of.disputes)


def _table(title: str, columns: list[str], rows: tuple[Row, ...]) -> Table:
    shown = Table(title, *columns)
    for row in rows:
        shown.add_row(row.name, *map(str, row.counts))
    return shown
