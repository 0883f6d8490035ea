"""The tables of the annual report, counted by hand."""

from __future__ import annotations

import csv
import io
from datetime import date

from bot.desk.disclosure.entry import Applicant, Dispute, Remedy, Verdict
from bot.desk.disclosure.results import RULES, Line
from bot.desk.disclosure.tables import (
    BROUGHT,
    CARRIED,
    NEW,
    RESULTS,
    RESULTS_TOTAL,
    Annual,
    Counted,
    annual,
    as_csv,
)


def counted(
    received: str,
    ended: str = "",
    line: Line = Line.OPEN,
    applicant: Applicant = Applicant.PERSON,
) -> Counted:
    return Counted(
        applicant=applicant,
        received=date.fromisoformat(received),
        ended=date.fromisoformat(ended) if ended else None,
        line=line if ended else None,
    )


REQUESTS = [
    counted("2025-12-30", "2026-01-09"),  # brought forward
    counted("2025-12-31", "2025-12-31"),  # of the year before altogether
    counted("2026-01-01", "2026-02-01", Line.SECRET, Applicant.ENTERPRISE),
    counted("2026-06-01", "2026-12-31", Line.OPEN),
    counted("2026-12-01", "2027-01-01", Line.PARTLY),  # carried on
    counted("2026-12-31", applicant=Applicant.LEGAL),  # carried on
    counted("2027-01-01", "2027-01-02"),
]


def row(of: Annual, name: str) -> tuple[int, ...]:
    (found,) = [one.counts for one in of.requests if one.name == name]
    return found


def test_the_lines_of_a_year() -> None:
    found = annual(2026, REQUESTS)
    assert row(found, NEW) == (2, 1, 0, 0, 1, 0, 4)
    assert row(found, BROUGHT) == (1, 0, 0, 0, 0, 0, 1)
    assert row(found, f"{RESULTS}-（一）予以公开") == (2, 0, 0, 0, 0, 0, 2)
    assert row(found, f"{RESULTS}-（三）不予公开-1.属于国家秘密") == (0, 1, 0, 0, 0, 0, 1)
    assert row(found, f"{RESULTS}-（二）部分公开") == (0, 0, 0, 0, 0, 0, 0)
    assert row(found, RESULTS_TOTAL) == (2, 1, 0, 0, 0, 0, 3)
    assert row(found, CARRIED) == (1, 0, 0, 0, 1, 0, 2)


def test_what_came_is_what_was_done_and_what_is_carried_on() -> None:
    for year in (2025, 2026, 2027):
        found = annual(year, REQUESTS)
        came = zip(row(found, NEW), row(found, BROUGHT), strict=True)
        went = zip(row(found, RESULTS_TOTAL), row(found, CARRIED), strict=True)
        assert list(map(sum, came)) == list(map(sum, went))


def test_what_is_carried_on_is_brought_forward_next_year() -> None:
    before, after = annual(2026, REQUESTS), annual(2027, REQUESTS)
    assert row(before, CARRIED) == row(after, BROUGHT)


def test_every_result_has_its_line() -> None:
    lines = [rule.line for rule in RULES.values()]
    assert set(lines) == set(Line)


def test_disputes_by_remedy() -> None:
    upheld = Dispute(
        remedy=Remedy.LAWSUIT,
        begun=date(2026, 3, 1),
        ended=date(2026, 5, 1),
        verdict=Verdict.CORRECTED,
    )
    running = Dispute(remedy=Remedy.APPEAL, begun=date(2026, 12, 31))
    one = Counted(
        applicant=Applicant.PERSON,
        received=date(2026, 1, 1),
        ended=date(2026, 1, 2),
        line=Line.OPEN,
        disputes=(upheld, running),
    )
    assert [row.counts for row in annual(2026, [one]).disputes] == [
        (0, 0, 0, 0, 0),
        (0, 1, 0, 0, 1),
        (0, 0, 0, 1, 1),
    ]


def test_the_csv_opens_in_a_spreadsheet() -> None:
    text = as_csv(annual(2026, REQUESTS))
    assert text.startswith(
        "\ufeff2026,自然人,商业企业,科研机构,社会公益组织,法律服务机构,其他,总计\r\n"
    )
    lines = list(csv.reader(io.StringIO(text)))
    assert lines[1] == ["一、本年新收政府信息公开申请数量", "2", "1", "0", "0", "1", "0", "4"]
    assert len(lines) == 1 + 2 + 21 + 2 + 1 + 1 + 3
