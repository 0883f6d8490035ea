"""Clocks, with real days of 2025 and 2026 counted by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from bot.desk.clocks import TERMS, Clocks, Terms
from bot.desk.moves import Move, add, answer, apply, claim
from bot.desk.tickets import Agent, Deadlines, Ticket, TicketKind
from bot.desk.workdays import Calendar, Week
from bot.errors import ClockRefused
from bot.types import Address, Reason
from knowledge.types import Lang

HERE = ZoneInfo("Asia/Shanghai")
CLOCKS = Clocks()
WANG = Agent("telegram:1", "王芳")


def at(day: str, hour: int = 10) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(hour), HERE)


def end(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(23, 59, 59), HERE)


def opened(day: str, kind: TicketKind = TicketKind.CONSULTATION, *, hour: int = 10) -> Ticket:
    moment = at(day, hour)
    return Ticket(
        id=7,
        message_id="m7",
        asked_from=Address("telegram", "1001"),
        question="养狗要办什么证？",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        kind=kind,
        opened=moment,
        changed=moment,
        deadlines=CLOCKS.opened(kind, moment),
    )


def moved(ticket: Ticket, move: Move, day: str, why: str = "", *, hour: int = 10) -> Ticket:
    """The ticket after a move, with the times as they come back from a store: in UTC."""
    moment = at(day, hour)
    match move:
        case Move.ADD:
            after = add(ticket, at=moment)
        case Move.CLAIM:
            after = claim(ticket, by=WANG, at=moment)
        case Move.ANSWER:
            after = answer(ticket, reply="要办犬证。", by=WANG, at=moment)
        case _:
            after = apply(ticket, move, at=moment, why=why)
    return stored(replace(after, deadlines=CLOCKS.moved(ticket, move, after, moment)))


def stored(ticket: Ticket) -> Ticket:
    now = ticket.deadlines
    fields = ("first", "next", "resolution", "responded", "resolved", "paused", "extended")
    values = {name: getattr(now, name) for name in fields}
    in_utc = {name: value and value.astimezone(UTC) for name, value in values.items()}
    return replace(ticket, deadlines=replace(now, **in_utc))


@pytest.mark.parametrize(
    ("kind", "day", "first", "resolution"),
    [
        # A Monday without holidays around it.
        (TicketKind.CONSULTATION, "2026-11-23", "2026-11-24", "2026-11-25"),
        # Tuesday before National Day of 2025: Wednesday 1 October to Wednesday 8 are off.
        (TicketKind.CONSULTATION, "2025-09-30", "2025-10-09", "2025-10-10"),
        # In the holidays; 9, 10, Saturday 11, 13 and 14 October are five.
        (TicketKind.COMPLAINT, "2025-10-03", "2025-10-09", "2025-10-14"),
        # Before the Spring Festival of 2026: Saturday 14 is worked, then 24 to 28 (Saturday), and
        # 2 to 5 March: ten.
        (TicketKind.SUGGESTION, "2026-02-13", "2026-02-14", "2026-03-05"),
        # 16 and 17 September, 18 (Friday), Sunday 20, 21 to 24: 8; 28 to 30: 11; 8 and 9 October,
        # Saturday 10, 12 to 16: 19; Monday 19 October.
        (TicketKind.DISCLOSURE, "2026-09-15", "2026-09-16", "2026-10-19"),
    ],
)
def test_each_kind_has_its_terms(kind: TicketKind, day: str, first: str, resolution: str) -> None:
    due = opened(day, kind).deadlines
    assert due == Deadlines(first=end(first), resolution=end(resolution))
    assert due.due == end(first)


def test_the_day_is_the_one_at_the_bureau() -> None:
    late_on_friday_in_london = datetime(2026, 11, 27, 20, 0, tzinfo=UTC).astimezone(HERE)
    due = CLOCKS.opened(TicketKind.CONSULTATION, late_on_friday_in_london)
    assert due.first == end("2026-11-30")  # it is Saturday at the bureau


def test_a_bureau_elsewhere_counts_its_own_days() -> None:
    elsewhere = Clocks(calendar=Calendar(week=Week.WEEKDAYS))
    zone = ZoneInfo("America/New_York")
    before = datetime(2025, 10, 31, 15, 0, tzinfo=zone)  # a Friday; the clocks change on Sunday
    due = elsewhere.opened(TicketKind.CONSULTATION, before)
    assert due.first == datetime(2025, 11, 3, 23, 59, 59, tzinfo=zone)


def test_an_answer_ends_all_clocks() -> None:
    ticket = moved(opened("2026-11-23"), Move.ANSWER, "2026-11-24")
    assert ticket.deadlines.due is None
    assert ticket.deadlines.responded == ticket.deadlines.resolved == at("2026-11-24")


def test_whoever_writes_again_is_owed_a_word() -> None:
    ticket = moved(opened("2026-11-23", TicketKind.COMPLAINT), Move.CLAIM, "2026-11-23")
    ticket = moved(moved(ticket, Move.ASK, "2026-11-24"), Move.ADD, "2026-11-24")
    assert ticket.deadlines.next == ticket.deadlines.due == end("2026-11-25")
    again = moved(ticket, Move.ADD, "2026-11-25")
    assert again.deadlines.next == end("2026-11-25"), "writing more does not put it off"


def test_what_is_asked_after_the_answer_is_due_anew() -> None:
    answered = moved(opened("2026-11-23"), Move.ANSWER, "2026-11-24")
    ticket = moved(answered, Move.ADD, "2026-11-27")
    assert ticket.deadlines.next == ticket.deadlines.due == end("2026-11-30")
    assert ticket.deadlines.resolution == end("2026-12-01")
    assert ticket.deadlines.resolved is None


def test_what_was_closed_without_a_word_is_not_late_when_it_is_asked_again() -> None:
    closed = moved(opened("2026-11-23"), Move.CLOSE, "2026-11-23")
    ticket = moved(closed, Move.ADD, "2026-12-07")
    assert ticket.deadlines.due == ticket.deadlines.first == end("2026-12-08")


@pytest.mark.parametrize(
    ("stopped", "goes_on", "due"),
    [
        ("2026-09-15", "2026-09-15", "2026-10-19"),  # the same day: nothing is won or lost
        # Thursday 17 September uses two of the twenty; eighteen are left on Friday 9 October:
        # Saturday 10, 12 to 16, 19 to 23, 26 to 30, 2 and 3 November.
        ("2026-09-17", "2026-10-09", "2026-11-03"),
        # Stopped in the holidays with 8 October to the 19th left, nine days. Goes on on a Sunday:
        # 26 to 30 October, 2 to 5 November.
        ("2026-10-03", "2026-10-25", "2026-11-05"),
        # On its last day nothing but that day is left; a Saturday is no day to answer on.
        ("2026-10-19", "2026-11-04", "2026-11-04"),
        ("2026-10-19", "2026-11-07", "2026-11-09"),
    ],
)
def test_what_was_left_in_working_days_is_left_again(stopped: str, goes_on: str, due: str) -> None:
    ticket = moved(
        opened("2026-09-15", TicketKind.DISCLOSURE), Move.PAUSE, stopped, "征求第三方意见"
    )
    assert ticket.deadlines.due is None
    ticket = moved(ticket, Move.RESUME, goes_on)
    assert ticket.deadlines.resolution == end(due)
    assert ticket.deadlines.paused is None


def test_a_pause_does_not_heal_what_was_late() -> None:
    ticket = moved(opened("2026-11-23"), Move.PAUSE, "2026-12-01", "征求第三方意见")
    ticket = moved(ticket, Move.RESUME, "2026-12-10")
    assert ticket.deadlines.due == end("2026-11-24")


def test_the_clock_stands_while_the_citizen_is_asked() -> None:
    ticket = moved(opened("2026-11-23", TicketKind.COMPLAINT), Move.CLAIM, "2026-11-23")
    ticket = moved(ticket, Move.ASK, "2026-11-24")
    assert ticket.deadlines.due is None
    ticket = moved(ticket, Move.ADD, "2026-12-10")  # four of five days were left
    assert ticket.deadlines.resolution == end("2026-12-16")


@pytest.mark.parametrize("move", [Move.RELEASE, Move.LAPSE, Move.TAKE_OVER, Move.TRANSFER])
def test_a_clock_does_not_stand_for_a_citizen_whom_nobody_waits_for(move: Move) -> None:
    ticket = moved(opened("2026-11-23", TicketKind.COMPLAINT), Move.CLAIM, "2026-11-23")
    ticket = moved(moved(ticket, Move.ASK, "2026-11-24"), move, "2026-11-25", "换人")
    assert ticket.deadlines.due == end("2026-12-01")


def test_pressing_does_not_start_a_clock_that_stands() -> None:
    ticket = moved(moved(opened("2026-11-23"), Move.CLAIM, "2026-11-23"), Move.ASK, "2026-11-24")
    pressed = moved(ticket, Move.PRESS, "2026-11-25")
    assert pressed.deadlines.due is None
    assert pressed.deadlines.presses == 1
    assert pressed.deadlines.pressed == at("2026-11-25")


def test_a_disclosure_request_is_extended_once_by_twenty_working_days() -> None:
    ticket = opened("2026-09-15", TicketKind.DISCLOSURE)  # until 19 October
    ticket = moved(ticket, Move.EXTEND, "2026-10-19", "需要检索的信息量大")
    # 20 to 23, 26 to 30 October, 2 to 6, 9 to 13 November: 19; Monday 16 November.
    assert ticket.deadlines.resolution == end("2026-11-16")
    with pytest.raises(ClockRefused, match="once"):
        moved(ticket, Move.EXTEND, "2026-10-20", "再延长")


@pytest.mark.parametrize(
    ("kind", "day", "problem"),
    [
        (TicketKind.CONSULTATION, "2026-09-15", "no extension"),
        (TicketKind.DISCLOSURE, "2026-10-20", "overdue"),
    ],
)
def test_an_extension_is_refused(kind: TicketKind, day: str, problem: str) -> None:
    with pytest.raises(ClockRefused, match=problem):
        moved(opened("2026-09-15", kind), Move.EXTEND, day, "需要检索的信息量大")


def test_a_clock_is_stopped_and_started_once() -> None:
    ticket = opened("2026-09-15", TicketKind.DISCLOSURE)
    with pytest.raises(ClockRefused, match="runs"):
        moved(ticket, Move.RESUME, "2026-09-16")
    standing = moved(ticket, Move.PAUSE, "2026-09-16", "征求第三方意见")
    for move in (Move.PAUSE, Move.EXTEND):
        with pytest.raises(ClockRefused, match="stands"):
            moved(standing, move, "2026-09-17", "再次")


def spoken(ticket: Ticket) -> Ticket:
    """One whose asker had a first word, so that the answer is what is due next."""
    return replace(ticket, deadlines=replace(ticket.deadlines, responded=ticket.opened))


@pytest.mark.parametrize(
    ("ticket", "far", "near"),
    [
        # One working day for the first word: on that day.
        (opened("2026-11-23"), "2026-11-23", "2026-11-24"),
        (opened("2026-11-27"), "2026-11-29", "2026-11-30"),
        # Five working days from Monday 23 November end on the 30th: a quarter is one day.
        (spoken(opened("2026-11-23", TicketKind.COMPLAINT)), "2026-11-26", "2026-11-27"),
        # Twenty from 15 September end on 19 October; five are left on Monday the 12th.
        (spoken(opened("2026-09-15", TicketKind.DISCLOSURE)), "2026-10-10", "2026-10-12"),
    ],
)
def test_a_due_time_is_near_when_a_quarter_is_left(ticket: Ticket, far: str, near: str) -> None:
    assert not CLOCKS.near(ticket, at(far))
    assert CLOCKS.near(ticket, at(near))
    assert ticket.deadlines.due is not None
    assert ticket.deadlines.due <= CLOCKS.horizon(at(near))


def test_nothing_is_near_where_nothing_is_due() -> None:
    answered = moved(opened("2026-11-23"), Move.ANSWER, "2026-11-23")
    assert not CLOCKS.near(answered, at("2026-11-25"))


def test_marks_belong_to_one_due_time() -> None:
    ticket = opened("2026-11-23", TicketKind.COMPLAINT)
    marks = replace(ticket.deadlines, warned=at("2026-11-24"), escalated=at("2026-11-25"))
    ticket = replace(ticket, deadlines=marks)
    claimed = moved(ticket, Move.CLAIM, "2026-11-25")
    assert claimed.deadlines.warned, "nothing else is due than before"
    asked = moved(claimed, Move.ASK, "2026-11-25")
    again = moved(asked, Move.ADD, "2026-11-26")
    assert again.deadlines.warned is None
    assert again.deadlines.escalated is None


def test_a_lease_does_not_end_in_the_holidays() -> None:
    claimed_before = at("2026-10-01", 17)  # the lease of what was claimed on 30 September
    assert CLOCKS.lapses(claimed_before.astimezone(UTC), at("2026-10-01")) == at("2026-10-08", 17)
    assert CLOCKS.lapses(at("2026-11-24", 17), at("2026-11-24")) == at("2026-11-24", 17)


def test_terms_are_read_from_a_setting() -> None:
    assert Terms.parse("1/1/2") == Terms() == TERMS[TicketKind.CONSULTATION]
    assert Terms.parse(" 1 / 2 / 20 / 20 ") == Terms(next=2, resolution=20, extension=20)


@pytest.mark.parametrize(
    "text", ["", "2", "1/1", "1/1/2/0/0", "1/1/x", "0/1/2", "3/1/2", "1/1/251", "1/1/-2"]
)
def test_terms_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"working days|first word"):
        Terms.parse(text)
