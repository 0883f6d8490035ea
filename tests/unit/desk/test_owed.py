"""
Whatever is done in whatever order: what staff owe is due some day, or stands for a reason.

Random moves of citizens, staff and time, through the services that the front ends call. The moves
that a ticket does not allow are refused, and change nothing.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from itertools import count
from typing import Final, TypeAlias

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.desk import satisfaction, survey
from bot.desk.consultations import Consultation, Consulted
from bot.desk.consulting import Consulting
from bot.desk.disclosure.corrections import received
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision, Sender
from bot.desk.disclosure.results import Result
from bot.desk.moves import Move
from bot.desk.pressing import press, withdraw
from bot.desk.reviewing import Reviewing
from bot.desk.reviews import Review, Reviewed
from bot.desk.roster import Roster
from bot.desk.tickets import ACTIVE, Deadlines, Event, State, Ticket, TicketKind
from bot.errors import BotError
from bot.store.base import Sought
from bot.store.memory import MemoryStore
from knowledge.types import Lang
from tests.unit.desk.office import LI, ROSTER, SUN, WANG, ZHAO, Office
from tests.unit.desk.requests import filed

SENSITIVE: Final = "冒名领取补贴"
KINDS: Final = (TicketKind.CONSULTATION, TicketKind.COMPLAINT)
QUESTIONS: Final = 3
TICKETS: Final = 4  # the last one is a request for information
WITHOUT_CLOCK: Final = 3
DECISION: Final = Decision(result=Result.OPEN, text="处理决定见附件。")
_words: Final = count(1)


class Run:
    """One bot with its services."""

    def __init__(self) -> None:
        self.office = Office(MemoryStore(), roster=_careful())
        self.consulting = Consulting(self.office.store, self.office.desk)
        self.reviewing = Reviewing(self.office.store, self.office.desk)
        self.disclosures = Disclosures(
            self.office.store, self.office.desk, sender=Sender(bureau="澜港市市政管理局")
        )


def _careful() -> Roster:
    housing = replace(ROSTER.departments["housing"], sensitive=("冒名",))
    return Roster({**ROSTER.departments, "housing": housing})


Step: TypeAlias = Callable[[Run, int], Awaitable[object]]


async def _citizen(
    run: Run, number: int, does: Callable[..., Awaitable[object]], *more: object
) -> None:
    async with run.office.store.begin() as work:
        await does(run.office.desk, work, await work.tickets.get(number), *more)


async def _adds(run: Run, number: int) -> None:
    """As citizen.py does: what is asked of a request is looked at afterwards."""
    desk = run.office.desk
    async with run.office.store.begin() as work:
        ticket = await desk.follow_up(work, number, "还有一个问题。")
        await received(desk, work, ticket, "还有一个问题。", language=Lang.EN)


async def _another_person(run: Run, number: int) -> None:
    await _citizen(run, number, satisfaction.rate, survey.ANOTHER, Lang.EN)


async def _rates(run: Run, number: int) -> None:
    await _citizen(run, number, satisfaction.rate, survey.NOT_SOLVED, Lang.EN)


async def _consults(run: Run, number: int) -> None:
    await run.consulting.ask(number, WANG, ["pension"], "可以吗？")


async def _is_advised(run: Run, number: int) -> None:
    for one in await run.consulting.of(number):
        if one.state is Consulted.WAITING:
            await run.consulting.answer(one.id, LI, "可以。")


async def _gives_up_asking(run: Run, number: int) -> None:
    for one in await run.consulting.of(number):
        if one.state is Consulted.WAITING:
            await run.consulting.cancel(one.id, WANG)


async def _reviews(run: Run, number: int, *, well: bool) -> None:
    async with run.office.store.begin() as work:
        found = await work.entries(Review).find(ticket_id=number, state=Reviewed.WAITING)
    for one in found:
        if well:
            await run.reviewing.approve(one.id, ZHAO)
        else:
            await run.reviewing.reject(one.id, ZHAO, "缺依据")


async def _passes(run: Run, _number: int, *, days: int) -> None:
    run.office.time.now += timedelta(days=days)
    await run.office.watch(archive_days=30).step()


STEPS: Final[Mapping[str, Step]] = {
    "the citizen adds": _adds,
    "the citizen rates": _rates,
    "the citizen wants another person": _another_person,
    "the citizen presses": lambda run, number: _citizen(run, number, press),
    "the citizen withdraws": lambda run, number: _citizen(run, number, withdraw),
    "sorted": lambda run, number: run.office.desk.triage(number, WANG, "housing", "归住房"),
    "handed on": lambda run, number: run.office.desk.triage(number, WANG, "pension", "归养老"),
    "handed back": lambda run, number: run.office.desk.hand_back(number, WANG, "不归我们"),
    "claimed": lambda run, number: run.office.desk.claim(number, WANG),
    "taken over": lambda run, number: run.office.desk.take_over(number, SUN, "太久了"),
    "released": lambda run, number: run.office.desk.release(number, WANG),
    "the citizen is asked": lambda run, number: run.office.desk.ask(number, WANG, "哪个小区？"),
    "replied": lambda run, number: run.office.desk.reply(number, WANG, f"答复{next(_words)}"),
    "closed": lambda run, number: run.office.desk.close(number, WANG),
    "merged": lambda run, number: run.office.desk.merge(number, number % QUESTIONS + 1, WANG),
    "extended": lambda run, number: run.office.timekeeper.extend(number, WANG, "要检索"),
    "a correction is asked for": lambda run, number: run.disclosures.ask_correction(
        number, WANG, "哪一年的？"
    ),
    "others are heard": lambda run, number: run.disclosures.hear(number, WANG, "受让方"),
    "others were heard": lambda run, number: run.disclosures.heard(number, WANG, "同意"),
    "decided": lambda run, number: run.disclosures.reply(number, WANG, DECISION),
    "the letter is let out": lambda run, number: run.disclosures.approve(number, ZHAO),
    "paused": lambda run, number: run.office.timekeeper.pause(number, WANG, "征求意见"),
    "resumed": lambda run, number: run.office.timekeeper.resume(number, WANG),
    "consults": _consults,
    "is advised": _is_advised,
    "gives up asking": _gives_up_asking,
    "approved": lambda run, number: _reviews(run, number, well=True),
    "rejected": lambda run, number: _reviews(run, number, well=False),
    "a day passes": lambda run, number: _passes(run, number, days=1),
    "weeks pass": lambda run, number: _passes(run, number, days=32),
}


async def owed(run: Run) -> None:
    """Of all that staff owe: it is due, or stands for a reason that the log has."""
    async with run.office.store.begin() as work:
        for ticket in await work.tickets.find(Sought(states=ACTIVE)):
            events = await work.audit.of(ticket.id)
            assert _is_due(ticket) or _stands(ticket, events), ticket
            if ticket.state is State.CONSULTING:
                asked = await work.entries(Consultation).find(
                    ticket_id=ticket.id, state=Consulted.WAITING
                )
                assert asked, "nobody is asked"
            if ticket.state is State.REVIEWING:
                drafts = await work.entries(Review).find(
                    ticket_id=ticket.id, state=Reviewed.WAITING
                )
                assert drafts, "nothing is to be reviewed"


def _is_due(ticket: Ticket) -> bool:
    return ticket.deadlines.due is not None


def _stands(ticket: Ticket, events: Sequence[Event]) -> bool:
    """The citizen is asked, or staff stopped it and said why; and then it will be due again."""
    goes_on = replace(ticket, deadlines=replace(ticket.deadlines, paused=None))
    if ticket.deadlines.paused is None or not _is_due(goes_on):
        return False
    stopped = [one for one in events if one.what in {Move.PAUSE, Move.ASK}]
    return bool(stopped) and bool(stopped[-1].why or stopped[-1].text)


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@given(
    kind=st.sampled_from(KINDS),
    steps=st.lists(
        st.tuples(st.sampled_from(sorted(STEPS)), st.integers(1, TICKETS)), max_size=25
    ),
)
@settings(max_examples=100, deadline=None)
@example(  # a sensitive reply corrected, and the correction sent back
    kind=TicketKind.CONSULTATION,
    steps=[
        ("replied", 1),
        ("approved", 1),
        ("replied", 1),
        ("rejected", 1),
        ("a day passes", 1),
        ("weeks pass", 1),
    ],
)
@example(  # before the first look of the day gave it a clock
    kind=TicketKind.CONSULTATION, steps=[("the citizen presses", WITHOUT_CLOCK)]
)
def test_what_staff_owe_is_due_or_stands_for_a_reason(
    kind: TicketKind, steps: list[tuple[str, int]]
) -> None:
    asyncio.run(_run(kind, steps))


async def _run(kind: TicketKind, steps: list[tuple[str, int]]) -> None:
    """On four tickets: two of them are sensitive, and one is from before there were clocks."""
    run = Run()
    for question in (SENSITIVE, "养狗要办什么证？", "狗证怎么办？"):
        await run.office.opens(kind, question=question)
    assert await filed(run.office, f"{SENSITIVE}的处理决定") == TICKETS
    async with run.office.store.begin() as work:  # as it was before there were clocks
        last = await work.tickets.get(WITHOUT_CLOCK)
        await work.tickets.save(replace(last, deadlines=Deadlines()))
    for step, number in steps:
        try:
            await STEPS[step](run, number)
        except BotError:
            continue
        await run.office.watch().step()
        await owed(run)
