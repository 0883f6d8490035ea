"""What dashboards count, over both stores; the figures of one whole period are in tests/web."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.desk.clocks import TERMS
from bot.desk.concerns.concern import Asked, Concern
from bot.desk.publishing.publication import Publication, Stage
from bot.desk.publishing.records import Use
from bot.desk.reports.figures import Period
from bot.desk.reports.overview import Overview, Topic
from bot.desk.reports.overviews import Overviews, before, concerns, weeks_of
from bot.desk.reports.spreads import MISSED, Spreads
from bot.desk.tickets import Agent, Deadlines, State, TicketKind
from bot.desk.workdays import CHINA
from bot.types import Address, Message, Outcome, Result
from knowledge.types import Document, Kind, Lang
from tests.unit.desk.office import HERE, WANG, Office, store_of
from tests.web.console.busy_year import citation

NOVEMBER = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


async def no_documents() -> Sequence[Document]:
    return ()


async def overview(office: Office, period: Period = NOVEMBER) -> Overview:
    return await Overviews(office.store, office.desk, no_documents).overview(period)


async def answered(office: Office, name: str, *documents: tuple[str, Kind]) -> int:
    """A question that these documents answered; its ledger id."""
    message = Message(
        id=name,
        address=Address("telegram", name),
        sender=name,
        text="养狗要办什么证？",
        at=office.time.now,
    )
    citations = tuple(citation(one, one, kind) for one, kind in documents)
    outcome = Outcome(result=Result.ANSWERED, language=Lang.EN, citations=citations)
    async with office.store.begin() as work:
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        await work.inbox.finish(accepted.id, outcome, at=office.time.now)
    return accepted.id


async def test_both_stores_tell_which_documents_were_quoted(office: Office) -> None:
    await answered(office, "1", ("dogs-explained", Kind.INTERPRETATION), ("dogs", Kind.POLICY))
    await answered(office, "2", ("dogs-explained", Kind.INTERPRETATION))
    office.time.set("2026-12-01")
    await answered(office, "3", ("dogs", Kind.POLICY))
    tables = (await overview(office)).tables
    assert tables[Topic.DOCUMENTS].rows == (
        ("dogs-explained", "interpretation", 2, 0),
        ("dogs", "policy", 0, 1),
    )
    assert tables[Topic.INTERPRETATIONS].rows == (("dogs-explained", 2, 1),)


async def test_a_published_answer_counts_where_its_question_was_asked(office: Office) -> None:
    async with office.store.begin() as work:
        await work.entries(Publication).add(
            Publication(
                ticket_id=1,
                stage=Stage.SERVED,
                question="养狗要办什么证？",
                answer="犬证。",
                language=Lang.ZH_HANS,
                cites=(),
                proposed_by=Agent("telegram:9", "林"),
                proposed=office.time.now,
            )
        )
    for name, day, helpful in (("1", "2026-11-02", True), ("2", "2026-12-01", False)):
        office.time.set(day)
        number = await answered(office, name, ("answer-1", Kind.ANSWER))
        async with office.store.begin() as work:
            use = Use(publication=1, message=number, at=office.time.now, helpful=helpful)
            await work.entries(Use).add(use)
    table = (await overview(office)).tables[Topic.PUBLISHED]
    assert table.rows == (("养狗要办什么证？", 1, 1, 0),)


async def test_the_period_before_is_as_long_and_ends_where_this_one_begins(office: Office) -> None:
    assert before(NOVEMBER) == Period(first=date(2026, 10, 2), last=date(2026, 10, 31))
    office.time.set("2026-10-01", 23, 59)
    await answered(office, "1", ("dogs", Kind.POLICY))
    office.time.set("2026-10-31", 23, 59)
    await answered(office, "2", ("dogs", Kind.POLICY))
    found = await overview(office)
    assert (found.now.asked, found.before.asked) == (0, 1)
    assert found.tables[Topic.DOCUMENTS].rows == ()


async def test_what_is_done_within_its_term_stands_before_the_line(office: Office) -> None:
    """Two working days: what is opened on Friday evening is in time until Tuesday night."""
    office.time.set("2026-11-20", 18)
    ticket = await office.opens()
    for day, label in (("2026-11-20", "0"), ("2026-11-22", "0"), ("2026-11-24", "2")):
        spreads = Spreads(CHINA, TERMS, at=datetime(2026, 12, 31, tzinfo=HERE))
        done = datetime.fromisoformat(f"{day}T20:00").replace(tzinfo=HERE)
        deadlines = replace(ticket.deadlines, responded=done, resolved=done)
        spreads.take(replace(ticket, state=State.ANSWERED, reply="犬证。", deadlines=deadlines))
        counted = [row for row in spreads.answer.table().rows if row[2]]
        assert counted == [("consultation", label, 1, 2)]
        assert ticket.deadlines.resolution is not None
        assert done <= ticket.deadlines.resolution


async def test_long_ones_are_together_and_what_was_not_done_is_overdue(office: Office) -> None:
    ticket = await office.opens()
    now = datetime(2026, 12, 31, tzinfo=HERE)
    spreads = Spreads(CHINA, TERMS, at=now)
    long = replace(ticket.deadlines, responded=now, resolved=now)
    spreads.take(replace(ticket, reply="犬证。", deadlines=long))
    spreads.take(ticket)
    spreads.take(replace(ticket, state=State.WITHDRAWN))
    spreads.take(replace(ticket, kind=TicketKind.COMPLAINT, deadlines=Deadlines()))
    counted = [row[1:] for row in spreads.answer.table().rows if row[2]]
    assert counted == [("5+", 1, 2), (MISSED, 1, 2)]


def test_concerns_are_counted_by_week_and_those_of_other_weeks_left_out() -> None:
    hot = Concern(
        id=1,
        label="轮渡停航",
        days=(
            Asked(date(2026, 11, 1), 9),
            Asked(date(2026, 11, 2), 3),
            Asked(date(2026, 11, 8), 4),
        ),
        found=date(2026, 11, 2),
        due=date(2026, 11, 4),
    )
    old = replace(hot, id=2, days=(Asked(date(2026, 9, 1), 5),))
    weeks = weeks_of(Period(first=date(2026, 11, 2), last=date(2026, 11, 9)))
    assert concerns([old, hot], weeks).rows == (
        (1, "轮渡停航", "2026-11-02", 7),
        (1, "轮渡停航", "2026-11-09", 0),
    )


async def test_departments_have_their_times(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    rows = (await overview(office)).tables[Topic.DEPARTMENTS].rows
    assert [(row[1], row[2]) for row in rows] == [(1, 1)]
