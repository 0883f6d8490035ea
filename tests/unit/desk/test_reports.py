"""Reports over both stores: every figure against what was done by hand."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from bot.desk import moves
from bot.desk.moves import Move
from bot.desk.pressing import press
from bot.desk.reports.figures import Figure, Period, Report, Section, Value
from bot.desk.reports.reporter import Reporter
from bot.desk.reports.written import as_csv, as_json, as_text
from bot.desk.tickets import Agent, Draft, TicketKind
from bot.errors import NotAllowed
from bot.types import Address, Input, Message, Outcome, Reason, Result
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, HERE, LI, WANG, ZHAO, Office, store_of

NOVEMBER = Period(first=date(2026, 11, 1), last=date(2026, 11, 30))


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


async def reported(
    office: Office, period: Period = NOVEMBER, *, agents: Agent | None = None
) -> Report:
    reporter = Reporter(office.store, office.desk)
    return await reporter.report(period, agents=agents)


async def figures(office: Office, section: Section, item: str) -> dict[str, Value]:
    found = await reported(office)
    return dict(found.sections()[section][item])


async def wrote(
    office: Office,
    name: str,
    result: Result,
    *,
    reason: Reason | None = None,
    pressed: str = "",
    picked: int | None = None,
) -> int:
    """A message with what became of it; its ledger id."""
    message = Message(
        id=name,
        address=CHAT,
        sender="1001",
        kind=Input.ACTION if pressed else Input.TEXT,
        text=pressed or "养狗要办什么证？",
        at=office.time.now,
    )
    outcome = Outcome(result=result, reason=reason, language=Lang.EN, picked=picked)
    async with office.store.begin() as work:
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        await work.inbox.finish(accepted.id, outcome, at=office.time.now)
    return accepted.id


async def asked_staff(office: Office, message: str, reason: Reason) -> None:
    draft = Draft(
        message_id=message,
        asked_from=CHAT,
        question="养狗要办什么证？",
        language=Lang.EN,
        reason=reason,
        opened=office.time.now,
    )
    async with office.store.begin() as work:
        await office.desk.open(work, draft)


async def test_times_are_counted_in_working_days(office: Office) -> None:
    friday = await office.opens()  # opened on Monday at ten
    office.time.set("2026-11-24", 22)
    await office.desk.reply(friday.id, WANG, "要办犬证。")
    found = await figures(office, Section.TICKETS, "total")
    assert found["opened"] == found["answered"] == 1
    assert found["first_word_median_days"] == found["answer_median_days"] == 1.5
    assert (found["first_word_in_time_share"], found["answer_in_time_share"]) == (1.0, 1.0)


async def test_what_is_overdue_counts_though_nobody_answered(office: Office) -> None:
    await office.opens()
    office.time.set("2026-11-27")
    found = await figures(office, Section.TICKETS, "total")
    assert found["answer_in_time_share"] == 0.0
    assert found["answer_median_days"] is None
    backlog = await figures(office, Section.BACKLOG, "total")
    assert (backlog["waiting"], backlog["oldest_days"]) == (1, 4.0)
    assert backlog["age_in_time_share"] == 0.0


async def test_what_was_withdrawn_is_neither_late_nor_waiting(office: Office) -> None:
    ticket = await office.opens()
    async with office.store.begin() as work:
        gone = moves.apply(ticket, Move.WITHDRAW, at=office.time.now)
        await office.desk.moved(work, ticket, Move.WITHDRAW, gone)
    office.time.set("2026-11-27")
    assert (await figures(office, Section.TICKETS, "total"))["answer_in_time_share"] is None
    assert Section.BACKLOG not in (await reported(office)).sections()


async def test_departments_and_kinds_are_counted_apart(office: Office) -> None:
    first, _ = await office.opens(), await office.opens(TicketKind.COMPLAINT)
    await office.desk.triage(first.id, WANG, "housing")
    sections = (await reported(office)).sections()
    assert {item: values["opened"] for item, values in sections[Section.TICKETS].items()} == {
        "total": 2,
        "consultation": 1,
        "complaint": 1,
    }
    assert {item: values["opened"] for item, values in sections[Section.DEPARTMENTS].items()} == {
        "": 1,
        "住房科": 1,
    }


async def test_a_period_ends_at_midnight_at_the_bureau(office: Office) -> None:
    office.time.set("2026-11-30", 23, 59)
    await office.opens()
    office.time.set("2026-12-01", 0, 0)
    await office.opens()
    days = (await reported(office)).sections()[Section.TICKETS_BY_DAY]
    assert days == {"2026-11-30": {"opened": 1}}


async def test_an_answer_that_was_not_enough_is_a_failure(office: Office) -> None:
    await wrote(office, "m-fine", Result.ANSWERED)
    await wrote(office, "m-low", Result.ANSWERED)
    await wrote(office, "m-person", Result.ANSWERED)
    await wrote(office, "m-none", Result.UNRESOLVED, reason=Reason.UNSURE)
    await wrote(office, "m-straight", Result.HUMAN_REQUESTED, reason=Reason.ASKED_FOR_PERSON)
    await asked_staff(office, "m-low", Reason.LOW_RATING)
    await asked_staff(office, "m-person", Reason.ASKED_FOR_PERSON)
    await asked_staff(office, "m-none", Reason.UNSURE)
    await asked_staff(office, "m-straight", Reason.ASKED_FOR_PERSON)
    found = await figures(office, Section.QUESTIONS, "the bot")
    assert (found["asked"], found["answered"], found["answered_share"]) == (4, 3, 0.75)
    assert (found["then_a_person"], found["then_a_person_share"]) == (2, 0.667)


async def test_a_choice_is_an_answer_to_the_question_that_was_offered_it(office: Office) -> None:
    offered = await wrote(office, "m-offered", Result.CLARIFY)
    await wrote(office, "m-left", Result.CLARIFY)
    await wrote(office, "m-pick", Result.ANSWERED, pressed=f"pick:{offered}:1", picked=offered)
    await asked_staff(office, "m-offered", Reason.ASKED_FOR_PERSON)
    found = await figures(office, Section.QUESTIONS, "the bot")
    assert (found["asked"], found["answered"]) == (2, 1)
    assert (found["offered"], found["chosen"], found["chosen_share"]) == (2, 1, 0.5)
    assert found["then_a_person"] == 1


async def test_votes_are_counted_and_the_work_of_staff_is_not(office: Office) -> None:
    await wrote(office, "m1", Result.SMALL_TALK, pressed="up:7")
    await wrote(office, "m2", Result.SMALL_TALK, pressed="down:7")
    await wrote(office, "m3", Result.SMALL_TALK, pressed="down:8")
    await wrote(office, "m4", Result.STAFF)
    sections = (await reported(office)).sections()
    found = sections[Section.QUESTIONS]["the bot"]
    assert (found["helpful"], found["no_help"]) == (1, 2)
    assert sections[Section.MESSAGES] == {"small_talk": {"messages": 3}}


async def test_what_comes_back_is_reopened_even_if_it_was_answered_before(office: Office) -> None:
    office.time.set("2026-10-29")
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    office.time.set("2026-11-02")
    async with office.store.begin() as work:
        await office.desk.follow_up(work, ticket.id, "在哪里办？")
        await office.desk.follow_up(work, ticket.id, "急。")  # it waits already
    async with office.store.begin() as work:
        await press(office.desk, work, await work.tickets.get(ticket.id))
    found = (await reported(office)).sections()[Section.MOVES]
    assert found == {"asked": {"times": 2}, "pressed": {"times": 1}, "reopened": {"times": 1}}


async def test_ratings_count_where_they_were_given(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    await office.opens()
    async with office.store.begin() as work:
        now = await work.tickets.get(ticket.id)
        rated = moves.rate(now, at=office.time.now, understood=True, solved=False)
        await office.desk.moved(work, now, Move.RATE, rated)
    found = await figures(office, Section.TICKETS, "total")
    assert (found["rated"], found["understood_share"], found["solved_share"]) == (1, 1.0, 0.0)


async def test_who_did_how_much_is_for_supervisors(office: Office) -> None:
    ticket, other = await office.opens(), await office.opens()
    await office.desk.reply(ticket.id, WANG, "要办犬证。")
    await office.desk.claim(other.id, LI)
    assert Section.AGENTS not in (await reported(office)).sections()
    with pytest.raises(NotAllowed):
        await reported(office, agents=WANG)
    found = (await reported(office, agents=ZHAO)).sections()[Section.AGENTS]
    assert found["王芳"] == {
        "claimed": 0,
        "replied": 1,
        "transferred": 0,
        "released": 0,
        "closed": 0,
        "holds_now": 0,
    }
    assert (found["李雷"]["claimed"], found["李雷"]["holds_now"]) == (1, 1)


NASTY = Report(
    period=NOVEMBER,
    made=datetime(2026, 11, 30, 18, tzinfo=HERE),
    figures=(
        Figure(Section.DEPARTMENTS, "=1+1", "opened", 2),
        Figure(Section.DEPARTMENTS, "住房科", "answer_median_days", 1.5),
        Figure(Section.DEPARTMENTS, "住房科", "solved_share", 0.8),
        Figure(Section.DEPARTMENTS, "", "opened", 3),
        Figure(Section.DEPARTMENTS, "", "solved_share", None),
    ),
)


@pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@sum", "\t=1", "\r=1"])
def test_a_name_is_never_a_formula(name: str) -> None:
    nasty = replace(NASTY, figures=(replace(NASTY.figures[0], item=name),))
    _, row = csv.reader(io.StringIO(as_csv(nasty), newline=""))
    assert row == ["departments", f"'{name}", "opened", "2"]


def test_csv_has_a_line_for_each_figure() -> None:
    text = as_csv(NASTY)
    assert text.startswith("\ufeffsection,item,figure,value\r\n")
    assert "departments,住房科,answer_median_days,1.5\r\n" in text
    assert text.endswith("departments,,solved_share,\r\n")


def test_json_has_the_figures_by_section_item_and_name() -> None:
    found = json.loads(as_json(NASTY))
    assert found["first"] == "2026-11-01"
    assert found["departments"]["住房科"] == {"answer_median_days": 1.5, "solved_share": 0.8}


def test_text_tells_shares_and_days_as_people_read_them() -> None:
    assert as_text(NASTY) == (
        "2026-11-01 to 2026-11-30, as known 2026-11-30 18:00\n"
        "\nDepartments\n"
        "  =1+1: 2\n"
        "  住房科: answer median 1.5 days · solved 80.0%\n"
        "  none yet: opened 3\n"
    )


async def test_messages_come_in_pages_without_their_words(office: Office) -> None:
    numbers = [await wrote(office, f"m{n}", Result.ANSWERED) for n in range(3)]
    since, until = office.time.now.replace(hour=0), office.time.now.replace(hour=23)
    async with office.store.begin() as work:
        await work.inbox.accept(
            Message(id="open", address=Address("web", "1"), sender="1", at=office.time.now)
        )
        first = await work.inbox.handled(since, until, limit=2)
        rest = await work.inbox.handled(since, until, after=first[-1].id, limit=2)
        assert await work.inbox.handled(since, since) == []
    assert [one.id for one in (*first, *rest)] == numbers
    assert (first[0].message_id, first[0].language, first[0].pressed) == ("m0", Lang.EN, "")
