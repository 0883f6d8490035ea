"""
The store in plain dicts: for tests, and for trying the bot out. It forgets at the end.

Everything here looks through all it has: honest and short, not fast.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice
from typing import Any, Final, TypeVar

from bot.desk.audit import START, Sealed
from bot.desk.tickets import HELD, Agent, Draft, Event, Ticket
from bot.errors import StoreError, TicketChanged, TicketNotFound
from bot.store.base import Accepted, Conversation, Erased, Given, Handled, Held, Past, Sought
from bot.store.memory_backlog import MemoryBacklogs
from bot.store.memory_entries import MemoryEntries
from bot.store.memory_outbox import MemoryOutbox, Slot, next_number
from bot.store.memory_pushes import MemoryPushes, MemorySubscriptions, PushRows
from bot.store.memory_records import MemoryRecords
from bot.store.registers import REGISTERS, Entry
from bot.types import Address, Input, Message, Outcome

E = TypeVar("E", bound=Entry)
_NOBODY: Final = Agent("", "")


@dataclass(frozen=True, slots=True)
class _Rows:
    """All that is stored, by number. The values are frozen: a copy of the dicts is a copy."""

    messages: dict[int, Accepted] = field(default_factory=dict)
    outcomes: dict[int, Outcome] = field(default_factory=dict)
    finished: dict[int, datetime] = field(default_factory=dict)
    conversations: dict[Address, Conversation] = field(default_factory=dict)
    tickets: dict[int, Ticket] = field(default_factory=dict)
    lines: list[Sealed] = field(default_factory=list)
    entries: dict[tuple[type, int], Any] = field(default_factory=dict)
    slots: dict[int, Slot] = field(default_factory=dict)
    numbers: dict[str, int] = field(default_factory=dict)  # given last; none is given twice
    pushes: PushRows = field(default_factory=PushRows)

    def copy(self) -> _Rows:
        return _Rows(
            dict(self.messages),
            dict(self.outcomes),
            dict(self.finished),
            dict(self.conversations),
            dict(self.tickets),
            list(self.lines),
            dict(self.entries),
            dict(self.slots),
            dict(self.numbers),
            self.pushes.copy(),
        )


class MemoryStore:
    def __init__(self) -> None:
        self._rows = _Rows()
        self._lock = asyncio.Lock()

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[MemoryWork]:
        async with self._lock:
            draft = self._rows.copy()
            yield MemoryWork(draft)
            self._rows = draft  # not reached when the block raises

    @asynccontextmanager
    async def read(self) -> AsyncIterator[MemoryWork]:
        rows = self._rows
        seen = rows.copy()
        yield MemoryWork(seen)
        if seen != rows:
            raise StoreError("a block that only reads has written; begin a transaction for that")


class MemoryWork:
    def __init__(self, rows: _Rows) -> None:
        self.inbox = MemoryInbox(rows)
        self.conversations = MemoryConversations(rows)
        self.tickets = MemoryTickets(rows)
        self.audit = MemoryAudit(rows)
        self.outbox = MemoryOutbox(rows.slots, rows.tickets, rows.numbers)
        self.people = MemoryPeople(rows, self.outbox)
        self.records = MemoryRecords(
            messages=rows.messages,
            outcomes=rows.outcomes,
            finished=rows.finished,
            conversations=rows.conversations,
            tickets=rows.tickets,
            audit=self.audit,
            entries=rows.entries,
            slots=rows.slots,
        )
        self.subscriptions = MemorySubscriptions(rows.pushes)
        self.pushes = MemoryPushes(rows.pushes, rows.slots)
        self.backlog = MemoryBacklogs(rows.messages, rows.outcomes, rows.slots, rows.tickets)
        self._rows = rows

    def entries(self, kind: type[E], /) -> MemoryEntries[E]:
        return MemoryEntries(self._rows.entries, self._rows.numbers, REGISTERS[kind])


@dataclass(frozen=True, slots=True)
class MemoryInbox:
    rows: _Rows

    async def accept(self, message: Message, /) -> Accepted | None:
        here = {(row.message.address.channel, row.message.id) for row in self._all()}
        if (message.address.channel, message.id) in here:
            return None
        accepted = Accepted(next_number(self.rows.numbers, "message"), message)
        self.rows.messages[accepted.id] = accepted
        return accepted

    async def unfinished(self, address: Address | None = None, /) -> Sequence[Accepted]:
        left = [row for row in self._all() if row.id not in self.rows.outcomes]
        return [row for row in left if address in {None, row.message.address}]

    async def finish(self, accepted_id: int, outcome: Outcome, /, *, at: datetime) -> bool:
        if accepted_id not in self.rows.messages or accepted_id in self.rows.outcomes:
            return False
        self.rows.finished[accepted_id] = at
        self.rows.outcomes[accepted_id] = outcome
        return True

    async def get(self, accepted_id: int, /) -> Past | None:
        outcome = self.rows.outcomes.get(accepted_id)
        if outcome is None:
            return None
        message = self.rows.messages[accepted_id].message
        return Past(id=accepted_id, message=message, outcome=outcome)

    async def handled(
        self, since: datetime, until: datetime, /, *, after: int = 0, limit: int = 1000
    ) -> Sequence[Handled]:
        came = [row for row in self._all() if since <= row.message.at < until and row.id > after]
        ended = (await self.get(row.id) for row in sorted(came, key=lambda row: row.id))
        return [_handled(past) async for past in ended if past is not None][:limit]

    def _all(self) -> Iterable[Accepted]:
        return self.rows.messages.values()


def _handled(past: Past) -> Handled:
    message, outcome = past.message, past.outcome
    return Handled(
        id=past.id,
        channel=message.address.channel,
        message_id=message.id,
        at=message.at,
        result=outcome.result,
        reason=outcome.reason,
        language=outcome.language,
        pressed=message.text if message.kind is Input.ACTION else "",
        picked=outcome.picked,
        given=tuple(Given(one.document_id, one.kind) for one in outcome.citations),
    )


@dataclass(frozen=True, slots=True)
class MemoryConversations:
    rows: _Rows

    async def get(self, address: Address, /) -> Conversation:
        return self.rows.conversations.get(address, Conversation(address=address))

    async def save(self, conversation: Conversation, /) -> None:
        self.rows.conversations[conversation.address] = conversation


@dataclass(frozen=True, slots=True)
class MemoryTickets:
    rows: _Rows

    async def open(self, draft: Draft, /) -> Ticket:
        key = draft.asked_from.channel, draft.message_id
        for ticket in self.rows.tickets.values():
            if (ticket.asked_from.channel, ticket.message_id) == key:
                return ticket
        ticket = Ticket(
            id=len(self.rows.tickets) + 1,
            message_id=draft.message_id,
            asked_from=draft.asked_from,
            question=draft.question,
            language=draft.language,
            reason=draft.reason,
            kind=draft.kind,
            evidence=draft.evidence,
            opened=draft.opened,
            changed=draft.opened,
        )
        self.rows.tickets[ticket.id] = ticket
        return ticket

    async def get(self, ticket_id: int, /) -> Ticket:
        try:
            return self.rows.tickets[ticket_id]
        except KeyError:
            raise TicketNotFound(ticket_id) from None

    async def save(self, ticket: Ticket, /) -> Ticket:
        if (await self.get(ticket.id)).version != ticket.version:
            raise TicketChanged(ticket.id)
        saved = replace(ticket, version=ticket.version + 1)
        self.rows.tickets[ticket.id] = saved
        return saved

    async def find(self, sought: Sought, /) -> Sequence[Ticket]:
        found = [t for t in self.rows.tickets.values() if _fits(t, sought)]
        return (found[::-1] if sought.newest else found)[: sought.limit]

    async def versions(self, sought: Sought, /) -> Mapping[int, int]:
        return {one.id: one.version for one in await self.find(sought)}

    async def held(self) -> Mapping[str, int]:
        held = (t for t in self.rows.tickets.values() if t.state in HELD)
        return Counter(t.holder.id for t in held if t.holder is not None)

    async def of(self, address: Address, /, *, limit: int = 20) -> Sequence[Ticket]:
        found = reversed(self.rows.tickets.values())
        return [t for t in found if t.asked_from == address][:limit]


def _fits(ticket: Ticket, sought: Sought) -> bool:
    due = ticket.deadlines.due
    opened = sought.opened
    return (
        ticket.state in sought.states
        and ticket.id > sought.after
        and (sought.numbers is None or ticket.id in sought.numbers)
        and (sought.kinds is None or ticket.kind in sought.kinds)
        and (sought.department is None or ticket.department == sought.department)
        and (sought.holder is None or (ticket.holder or _NOBODY).id == sought.holder)
        and (sought.merged_into is None or ticket.merged_into == sought.merged_into)
        and (sought.due is None or (due is not None and due < sought.due))
        and (sought.lapsed is None or (ticket.lease is not None and ticket.lease < sought.lapsed))
        and (opened is None or opened[0] <= ticket.opened < opened[1])
    )


@dataclass(frozen=True, slots=True)
class MemoryAudit:
    rows: _Rows

    async def note(self, event: Event, /) -> None:
        if event.ticket_id is not None and event.ticket_id not in self.rows.tickets:
            raise TicketNotFound(event.ticket_id)
        lines = self.rows.lines
        previous = lines[-1].digest if lines else START
        lines.append(Sealed.after(previous, event, number=len(lines) + 1))

    async def of(self, *ticket_ids: int) -> Sequence[Event]:
        return [one.event for one in self.rows.lines if one.event.ticket_id in ticket_ids]

    async def lines(
        self, *, after: int = 0, limit: int = 1000, of_tickets: bool = False
    ) -> Sequence[Sealed]:
        found = (line for line in self._about(of_tickets=of_tickets) if line.id > after)
        return list(islice(found, limit))

    async def newest(self, *, of_tickets: bool = False) -> int:
        return max((line.id for line in self._about(of_tickets=of_tickets)), default=0)

    def _about(self, *, of_tickets: bool) -> Iterable[Sealed]:
        return (
            one for one in self.rows.lines if not of_tickets or one.event.ticket_id is not None
        )

    def erase(self, ticket_id: int) -> None:
        """Take the words out of what was written about a ticket."""
        self.rows.lines[:] = [
            line.erased() if line.event.ticket_id == ticket_id else line
            for line in self.rows.lines
        ]


@dataclass(frozen=True, slots=True)
class MemoryPeople:
    rows: _Rows
    outbox: MemoryOutbox

    async def held(self, address: Address, sender: str, /) -> Held:
        written = self._written(address, sender)
        asked = {(row.message.address.channel, row.message.id) for row in written}
        return Held(
            conversation=self.rows.conversations.get(address, Conversation(address=address)),
            messages=tuple(
                Past(id=row.id, message=row.message, outcome=self.rows.outcomes[row.id])
                for row in written
                if row.id in self.rows.outcomes
            ),
            deliveries=self.outbox.all_to(address),
            tickets=tuple(
                ticket
                for ticket in self.rows.tickets.values()
                if ticket.asked_from == address
                or (ticket.asked_from.channel, ticket.message_id) in asked
            ),
        )

    async def erase(self, address: Address, sender: str, /) -> Erased:
        written = [
            row.id for row in self._written(address, sender) if row.id in self.rows.outcomes
        ]
        for number in written:
            del self.rows.messages[number], self.rows.outcomes[number]
        self.rows.conversations.pop(address, None)
        return Erased(messages=len(written), deliveries=self.outbox.erase(address))

    def _written(self, address: Address, sender: str) -> list[Accepted]:
        return [
            row
            for row in self.rows.messages.values()
            if row.message.address.channel == address.channel
            and row.message.sender in {sender, address.chat}
        ]
