"""Requests for information as the terminal shows them. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING

from rich.table import Table

from bot.desk.disclosure.tables import COLUMNS, TOTAL, VERDICTS, Annual, Row

if TYPE_CHECKING:  # it takes a second: see disclosure.py
    from bot.desk.disclosure.casebook import Case


def line(case: Case, *, zone: tzinfo) -> str:
    """Days are told in `zone`, the bureau's: the store has another one."""
    request, ticket = case.request, case.ticket
    due = ticket.deadlines.resolution
    dates = _day(request.received, zone) + (f" due {_day(due, zone)}" if due else "")
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
            yield f"Correction of {_day(correction.received, zone)}: {correction.text}"
    for hearing in request.hearings:
        until = f" until {hearing.until}" if hearing.until else ""
        ended = f"running{until}" if hearing.ended is None else hearing.opinion or "no answer"
        yield f"Heard since {_day(hearing.asked, zone)}: {hearing.whom}: {ended}"
    for place, letter in enumerate(request.letters, start=1):
        day = _day(letter.at, zone)
        yield f"Letter {place} of {day} by {letter.by.name}: {letter.result}"
        yield from letter.paragraphs
    for one in request.disputes:
        yield f"{one.remedy} since {one.begun}: {one.verdict or 'not decided'}"


def _day(moment: datetime, zone: tzinfo) -> str:
    return moment.astimezone(zone).date().isoformat()


def tables(of: Annual) -> Iterator[Table]:
    yield _table(f"{of.year}", [*COLUMNS.values(), TOTAL], of.requests)
    yield _table(f"{of.year}", [*VERDICTS.values(), TOTAL], of.disputes)


def _table(title: str, columns: list[str], rows: tuple[Row, ...]) -> Table:
    shown = Table(title, *columns)
    for row in rows:
        shown.add_row(row.name, *map(str, row.counts))
    return shown
