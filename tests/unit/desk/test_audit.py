"""The hash chain: what was done cannot be changed unseen, and words can be erased."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from bot.desk.audit import ERASED, START, Sealed, verify
from bot.desk.tickets import Event

AT = datetime(2026, 3, 2, 9, 0, 0, 123456, tzinfo=UTC)
EVENTS = (
    Event(ticket_id=1, at=AT, who="citizen", what="opened", text="养狗要办什么证？"),
    Event(ticket_id=1, at=AT, who="telegram:4711", what="transferred", why="归公安管"),
    Event(at=AT, who="terminal:wang", what="looked at the queue"),
    Event(ticket_id=1, at=AT, who="telegram:4711", what="replied", text="请到公安局办理。"),
)


def chained(events: Sequence[Event] = EVENTS) -> list[Sealed]:
    lines: list[Sealed] = []
    for number, event in enumerate(events, start=1):
        previous = lines[-1].digest if lines else START
        lines.append(Sealed.after(previous, event, number=number))
    return lines


def changed(line: Sealed, **fields: object) -> Sealed:
    return replace(line, event=replace(line.event, **fields))  # type: ignore[arg-type]  # any field


def test_a_chain_holds() -> None:
    lines = chained()
    verdict = verify(lines)
    assert (verdict.lines, verdict.digest, verdict.problems) == (4, lines[-1].digest, ())


def test_an_empty_log_holds() -> None:
    assert verify([]).digest == START


@pytest.mark.parametrize(
    ("spoil", "problem"),
    [
        (lambda one: changed(one, text="请到民政局办理。"), "its words were changed"),
        (lambda one: changed(one, why="随便"), "its words were changed"),
        (lambda one: changed(one, who="telegram:1"), "it was changed"),
        (lambda one: changed(one, what="closed"), "it was changed"),
        (lambda one: changed(one, at=AT + timedelta(microseconds=1)), "it was changed"),
        (lambda one: changed(one, ticket_id=2), "it was changed"),
        (lambda one: changed(one.erased(), text="别的"), "it has words although"),
    ],
)
@pytest.mark.parametrize("place", [0, 1, 3])
def test_a_changed_line_is_found(
    spoil: Callable[[Sealed], Sealed], problem: str, place: int
) -> None:
    lines = chained()
    lines[place] = spoil(lines[place])
    told = verify(lines).problems
    assert any(one.startswith(f"line {place + 1}: {problem}") for one in told), told


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_removed_line_is_found(place: int) -> None:
    lines = chained()
    del lines[place]
    assert verify(lines).problems == (
        f"line {place + 2}: the line before it was changed, removed or added",
    )


def test_lines_in_another_order_are_found() -> None:
    lines = chained()
    lines[1], lines[2] = lines[2], lines[1]
    assert verify(lines).problems


def test_words_can_be_erased_when_a_line_says_so() -> None:
    lines = [line.erased() if line.event.ticket_id == 1 else line for line in chained()]
    assert [line.event.text for line in lines] == [""] * 4
    assert verify(lines).problems == ("line 4: erased, and no line says so",)
    told = Event(ticket_id=1, at=AT, who="retention", what=ERASED)
    lines.append(Sealed.after(lines[-1].digest, told, number=5))
    assert verify(lines).problems == ()


def test_the_same_words_have_another_digest_each_time() -> None:
    one, two = (Sealed.after(START, EVENTS[0], number=1) for _ in range(2))
    assert one.words != two.words


def test_the_zone_that_a_time_is_told_in_does_not_matter() -> None:
    at = AT.astimezone(timezone(timedelta(hours=8)))
    line = Sealed.after(START, EVENTS[0], number=1)
    assert not changed(line, at=at).problem
