"""Reports in the console: tables in words, files, and who did how much for supervisors alone."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import pytest

from bot.desk.reports.figures import Section
from bot.desk.tickets import Agent
from bot.types import Result
from bot.web.console.report_words import ITEMS, PARTS
from tests.web.console.staffed import Staffed, staffed

WANG = Agent("telegram:1", "王芳")


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        ticket = await opened.front.office.opens()
        await opened.front.office.desk.reply(ticket.id, WANG, "每月240元。")
        yield opened


def test_every_section_and_result_has_words() -> None:
    assert PARTS.keys() == set(Section)
    assert ITEMS[Section.MESSAGES].keys() == set(Result)


async def test_a_period_as_tables_in_words(at: Staffed) -> None:
    text = (await at.wang.get("/console/reports")).text
    assert '<h2 id="tickets">Tickets by kind</h2>' in text
    assert '<th scope="row">question</th>' in text
    assert '<th scope="row">replied</th>' in text
    assert "answer_median_days" not in text
    assert "王芳</th>" not in text
    before = (await at.wang.get("/console/reports?from=2026-10-01&until=2026-10-31")).text
    assert '<th scope="row">replied</th>' not in before
    assert "no period" in (await at.wang.get("/console/reports?from=2026-10-01&until=x")).words


async def test_who_did_how_much_is_for_supervisors_and_written_down(at: Staffed) -> None:
    for path in ("/console/reports", "/console/reports.csv", "/console/reports.json"):
        assert (await at.wang.get(f"{path}?agents=yes")).status == 403
    text = (await at.zhao.get("/console/reports?agents=yes")).text
    assert '<th scope="row">王芳</th>' in text
    assert "/console/reports.csv?from=2026-11-01&amp;until=2026-11-23&amp;agents=yes" in text
    assert "report with agents (2026-11-01 – 2026-11-23)" in await at.viewed()


async def test_the_same_as_files(at: Staffed) -> None:
    csv = await at.wang.get("/console/reports.csv?from=2026-11-01&until=2026-11-23")
    assert "tickets by kind,total,opened,1" in csv.text
    assert "report-2026-11-01-2026-11-23.csv" in csv.headers["Content-Disposition"]
    found = json.loads((await at.wang.get("/console/reports.json")).text)
    assert found["tickets by kind"]["total"]["answered"] == 1
