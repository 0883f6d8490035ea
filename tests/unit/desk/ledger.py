"""What must hold of a desk after whatever happened: the log is read again, line by line."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from bot.desk.audit import Sealed, verify
from bot.desk.clocks import Clocks
from bot.desk.moves import MOVES, Move, Who
from bot.desk.roster import Role, Roster
from bot.desk.tickets import ACTIVE, DONE, HELD, Agent, Event, State, Ticket
from bot.store.base import Sought, Store
from bot.types import Address, Delivery
from tests.unit.desk.office import text_of

REPLY: Final = re.compile(r"reply \d+:\d+")  # the words of a reply, each its own
# Whoever closes a question in the moment in which it is answered is shown the reply again: only
# what passes it on counts.
PASSED_ON: Final = "Reply of our staff"
CLOSED: Final = "was closed by our staff"
_MOVES: Final = frozenset(map(str, Move))
_KEEPS_HOLDER: Final = HELD | {State.ANSWERED, State.RATED}


@dataclass(frozen=True, slots=True)
class Kept:
    """All that is stored."""

    tickets: Mapping[int, Ticket]
    lines: Sequence[Sealed]
    told: Mapping[Address, Sequence[Delivery]]  # by citizen

    @classmethod
    async def read(cls, store: Store) -> Kept:
        async with store.begin() as work:
            tickets = await work.tickets.find(Sought(states=frozenset(State)))
            lines = await work.audit.lines(limit=1_000_000)
            told = {}
            for address in {ticket.asked_from for ticket in tickets}:
                held = await work.people.held(address, address.chat)
                told[address] = [one.delivery for one in held.deliveries]
        return cls({ticket.id: ticket for ticket in tickets}, lines, told)

    def root(self, ticket: Ticket) -> Ticket:
        seen: set[int] = set()
        while ticket.state is State.MERGED and ticket.merged_into is not None:
            assert ticket.id not in seen, f"{ticket.id} is merged into itself"
            seen.add(ticket.id)
            ticket = self.tickets[ticket.merged_into]
        return ticket


class Replay:
    """Goes through the log by the table of moves alone, without what made it."""

    def __init__(self, kept: Kept, roster: Roster, clocks: Clocks, here: datetime) -> None:
        self._kept = kept
        self._roster = roster
        self._clocks = clocks
        self._zone = here.tzinfo
        self._keys = {one.name: key for key, one in roster.departments.items()}
        self.tickets: dict[int, Ticket] = {}
        self.due: Counter[tuple[str, int, str]] = Counter()  # replies: chat, ticket, words

    def run(self) -> None:
        for line in self._kept.lines:
            event = line.event
            if event.what in _MOVES and event.ticket_id is not None:
                self._move(event, event.ticket_id)

    def _move(self, event: Event, number: int) -> None:
        move, at = Move(event.what), event.at.astimezone(self._zone)
        if move is Move.OPEN:
            assert number not in self.tickets, f"{number} was opened twice"
            stored = self._kept.tickets[number]
            self.tickets[number] = Ticket(
                id=number,
                message_id=stored.message_id,
                asked_from=stored.asked_from,
                question=stored.question,
                language=stored.language,
                reason=stored.reason,
                kind=stored.kind,
                opened=stored.opened,
                changed=stored.opened,
                deadlines=self._clocks.opened(stored.kind, at),
            )
            return
        before = self.tickets[number]
        self._require_legal(before, move, event)
        after = self._after(before, move, event)
        deadlines = self._clocks.moved(before, move, after, at)
        self.tickets[number] = replace(after, deadlines=deadlines)
        self._note_replies(self.tickets[number], move, event)

    def _require_legal(self, before: Ticket, move: Move, event: Event) -> None:
        rule, where = MOVES[move], f"line about {before.id}: {before.state} {event}"
        assert before.state in rule.sources, where
        assert event.why or not rule.reason, where
        holder = before.holder.id if before.holder else None
        reviewed = move is Move.ANSWER and before.state is State.REVIEWING
        who: Mapping[Who, Callable[[], bool]] = {
            Who.HOLDER: lambda: holder in {None, event.who} or event.who == "system",
            Who.ANYBODY: lambda: event.who != "citizen",
            Who.CITIZEN: lambda: event.who == "citizen",
            Who.SYSTEM: lambda: event.who == "system",
            Who.SUPERVISOR: lambda: self._roster.may(Agent(event.who, ""), Role.SUPERVISOR),
            Who.REVIEWER: lambda: holder != event.who,
        }
        assert holder != event.who if reviewed else who[rule.who](), where

    def _after(self, before: Ticket, move: Move, event: Event) -> Ticket:
        state, department, holder = before.state, before.department, before.holder
        if move in {Move.TRIAGE, Move.TRANSFER}:
            department = self._keys[event.text]
        if move is Move.RETURN:
            department = ""
        takes = {Move.CLAIM, Move.TAKE_OVER, Move.SUBMIT}
        if move in takes or (move is Move.ANSWER and state is not State.REVIEWING):
            holder = Agent(event.who, "")
        if move is Move.ADD:
            state = _added(state)
        state = MOVES[move].to or state
        if state is State.OPEN and department:
            state = State.TRIAGED
        return replace(
            before,
            state=state,
            department=department,
            holder=holder if state in _KEEPS_HOLDER else None,
            merged_into=int(event.text) if move is Move.MERGE else _merged(before, move),
            reply=event.text if move is Move.ANSWER else before.reply,
        )

    def _note_replies(self, ticket: Ticket, move: Move, event: Event) -> None:
        if move is Move.ANSWER:
            self._owe(ticket, event.text)
        if move is Move.MERGE and (into := self.tickets[int(event.text)]).state not in ACTIVE:
            assert into.reply, f"{ticket.id} went into {into.id}, which nobody answers"
            self._owe(ticket, into.reply)

    def _owe(self, ticket: Ticket, reply: str) -> None:
        """It goes to whoever asked, and to those whose tickets were merged into it."""
        self.due[ticket.asked_from.chat, ticket.id, reply] += 1
        for other in self.tickets.values():
            if other.state is State.MERGED and other.merged_into == ticket.id:
                self._owe(other, reply)


def check(kept: Kept, replay: Replay, *, now: datetime) -> None:
    """All of it."""
    assert verify(kept.lines).problems == ()
    replay.run()
    assert set(replay.tickets) == set(kept.tickets)
    for number, stored in kept.tickets.items():
        _check_state(stored, replay.tickets[number])
        _check_clock(stored, now=now)
        _check_not_lost(kept, stored)
    told, due = _replies(kept), replay.due
    assert told == due, f"too many {told - due}, too few {due - told}"
    answers = Counter(line.event.text for line in kept.lines if line.event.what == Move.ANSWER)
    assert set(answers.values()) == {1}, "a reply went out twice"


def _check_state(stored: Ticket, replayed: Ticket) -> None:
    quiet = replace(stored.deadlines, warned=None, escalated=None)
    told = replace(replayed.deadlines, warned=None, escalated=None)
    assert (
        stored.state,
        stored.department,
        stored.holder and stored.holder.id,
        stored.merged_into,
        stored.reply,
        quiet,
    ) == (
        replayed.state,
        replayed.department,
        replayed.holder and replayed.holder.id,
        replayed.merged_into,
        replayed.reply,
        told,
    ), f"ticket {stored.id}"
    assert (stored.holder is not None) == (stored.state in HELD) or stored.state in DONE
    assert (stored.lease is not None) == (stored.state is State.CLAIMED), stored


def _check_clock(stored: Ticket, *, now: datetime) -> None:
    """What is late was told to a supervisor; what waits is due, stands, or is with somebody."""
    deadlines = stored.deadlines
    if stored.state not in ACTIVE:
        assert deadlines.resolved is not None, stored
        assert (deadlines.next, deadlines.paused) == (None, None), stored
        return
    if deadlines.due is None:
        assert deadlines.paused or stored.holder or stored.assigned, stored
    elif deadlines.due < now:
        assert deadlines.escalated is not None, stored


def _check_not_lost(kept: Kept, stored: Ticket) -> None:
    """Who asked has a reply, or was told that there is none, or waits for somebody."""
    root = kept.root(stored)
    if root.state in ACTIVE:
        return
    if root.state is State.WITHDRAWN:
        assert root.id == stored.id, f"{stored.id} went with {root.id}, which was withdrawn"
        return
    number = f"No. {stored.id} "
    mine = [one for one in kept.told[stored.asked_from] if one.ticket_id in {stored.id, None}]
    heard = [text_of(one) for one in mine]
    assert any(REPLY.search(text) or (CLOSED in text and number in text) for text in heard), stored


def _replies(kept: Kept) -> Counter[tuple[str, int, str]]:
    return Counter(
        (address.chat, delivery.ticket_id or 0, found[0])
        for address, deliveries in kept.told.items()
        for delivery in deliveries
        if (text := text_of(delivery)).startswith(PASSED_ON) and (found := REPLY.search(text))
    )


def _added(state: State) -> State:
    if state is State.ASKED:
        return State.CLAIMED
    return state if state in ACTIVE else State.OPEN


def _merged(before: Ticket, move: Move) -> int | None:
    return None if move is Move.SPLIT else before.merged_into
