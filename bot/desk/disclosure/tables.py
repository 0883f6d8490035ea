"""
The tables of the annual report on open government: requests by applicant and result, reviews and
lawsuits. Pure.

The report is due by 31 January (articles 49 and 50). Its lines and columns are those of the form
that the State Council's office gives (国办公开办函〔2021〕30号), tables three and four.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from types import MappingProxyType
from typing import Final

from bot.desk.disclosure.entry import Applicant, Dispute, Remedy, Request, Verdict
from bot.desk.disclosure.results import RULES, Line
from bot.desk.tickets import DONE, Ticket

COLUMNS: Final = MappingProxyType(
    {
        Applicant.PERSON: "自然人",
        Applicant.ENTERPRISE: "商业企业",
        Applicant.RESEARCH: "科研机构",
        Applicant.WELFARE: "社会公益组织",
        Applicant.LEGAL: "法律服务机构",
        Applicant.OTHER: "其他",
    }
)
TOTAL: Final = "总计"
NEW: Final = "一、本年新收政府信息公开申请数量"
BROUGHT: Final = "二、上年结转政府信息公开申请数量"
RESULTS: Final = "三、本年度办理结果"
RESULTS_TOTAL: Final = f"{RESULTS}-（七）总计"
CARRIED: Final = "四、结转下年度继续办理"
REMEDIES: Final = MappingProxyType(
    {
        Remedy.REVIEW: "行政复议",
        Remedy.LAWSUIT: "行政诉讼-未经复议直接起诉",
        Remedy.APPEAL: "行政诉讼-复议后起诉",
    }
)
VERDICTS: Final = MappingProxyType(
    {
        Verdict.UPHELD: "结果维持",
        Verdict.CORRECTED: "结果纠正",
        Verdict.OTHER: "其他结果",
        None: "尚未审结",
    }
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """A request as far as the tables count it."""

    applicant: Applicant
    received: date
    ended: date | None  # None: still being handled
    line: Line | None
    disputes: tuple[Dispute, ...] = ()


@dataclass(frozen=True, slots=True)
class Row:
    name: str
    counts: tuple[int, ...]  # the last one is the total


@dataclass(frozen=True, slots=True, kw_only=True)
class Annual:
    year: int
    requests: tuple[Row, ...]  # columns: COLUMNS, TOTAL
    disputes: tuple[Row, ...]  # columns: VERDICTS, TOTAL


def counted(request: Request, ticket: Ticket, *, zone: tzinfo | None) -> Counted:
    """
    The days are those at the bureau. What ended without a letter (withdrawn, closed) ended with
    the ticket's last move, and is an "other".

    It ended with its first letter. One that replaced it in the same year decides on the line; a
    later one does not, for the report of that year is out.
    """
    ended, line = None, None
    if request.letters:
        ended = request.letters[0].at
        year = ended.astimezone(zone).year
        held = [one for one in request.letters if one.at.astimezone(zone).year == year]
        line = RULES[held[-1].result].line
    elif ticket.state in DONE:
        ended, line = ticket.changed, Line.OTHER
    return Counted(
        applicant=request.applicant,
        received=request.received.astimezone(zone).date(),
        ended=ended and ended.astimezone(zone).date(),
        line=line,
        disputes=request.disputes,
    )


def annual(year: int, requests: Sequence[Counted]) -> Annual:
    """
    The tables of a year. New and brought forward together are the results and what is carried on.

    What ended in a later year is counted as carried on, so that a report stays what it was.
    """
    first, last = date(year, 1, 1), date(year, 12, 31)

    def open_on(one: Counted, day: date) -> bool:
        """Received by the end of that day, and not ended by then."""
        return one.received <= day and (one.ended is None or one.ended > day)

    def ended(one: Counted) -> bool:
        return one.ended is not None and first <= one.ended <= last

    def row(name: str, counts: Callable[[Counted], bool]) -> Row:
        return Row(name, _by_applicant(one for one in requests if counts(one)))

    def row_of(line: Line) -> Row:
        return row(f"{RESULTS}-{line}", lambda one: ended(one) and one.line is line)

    before = date(year - 1, 12, 31)
    rows = (
        row(NEW, lambda one: first <= one.received <= last),
        row(BROUGHT, lambda one: open_on(one, before)),
        *map(row_of, Line),
        row(RESULTS_TOTAL, ended),
        row(CARRIED, lambda one: open_on(one, last)),
    )
    disputes = [dispute for one in requests for dispute in one.disputes]
    return Annual(
        year=year,
        requests=rows,
        disputes=tuple(
            Row(name, _by_verdict(disputes, remedy, first, last))
            for remedy, name in REMEDIES.items()
        ),
    )


def as_csv(of: Annual) -> str:
    """Both tables, one under the other; with the mark by which Excel knows UTF-8."""
    out = io.StringIO()
    lines = csv.writer(out)
    lines.writerow([str(of.year), *COLUMNS.values(), TOTAL])
    lines.writerows([row.name, *row.counts] for row in of.requests)
    lines.writerow([])
    lines.writerow([str(of.year), *VERDICTS.values(), TOTAL])
    lines.writerows([row.name, *row.counts] for row in of.disputes)
    return f"\ufeff{out.getvalue()}"


def _by_applicant(requests: Iterable[Counted]) -> tuple[int, ...]:
    kinds = [one.applicant for one in requests]
    return (*(kinds.count(applicant) for applicant in COLUMNS), len(kinds))


def _by_verdict(
    disputes: Sequence[Dispute], remedy: Remedy, first: date, last: date
) -> tuple[int, ...]:
    """Those of the year: that ended in it, or had begun and not ended with it."""
    verdicts = [
        one.verdict if one.ended is not None and one.ended <= last else None
        for one in disputes
        if one.remedy is remedy and one.begun <= last and (one.ended is None or one.ended >= first)
    ]
    return (*(verdicts.count(verdict) for verdict in VERDICTS), len(verdicts))
