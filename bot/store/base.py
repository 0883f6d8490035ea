"""
The storage port: one transaction at a time, and a small part for each thing that is kept.

What a message leads to (its outcome, a ticket, the deliveries) is written in one
transaction, so a crash leaves all of it or nothing.

Texts are stored as they came. Times are aware, and come back in UTC. Every method raises
StoreError when the database fails.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from bot.desk.audit import Sealed
from bot.desk.tickets import ACTIVE, Draft, Event, State, Ticket, TicketKind
from bot.push.runs import Run
from bot.store.pushed import Push, PushDraft, Reach
from bot.store.registers import Entry
from bot.store.waiting import Backlog
from bot.subscriptions import Followers, Subscription, Wish
from bot.types import Address, Delivery, Message, Outcome, Reason, Result
from knowledge.types import Kind, Lang

E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A message in the ledger."""

    id: int
    message: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """A message whose handling has ended."""

    id: int
    message: Message
    outcome: Outcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Conversation:
    address: Address
    language: Lang | None = None  # of the last message that had one
    last_question: int | None = None  # ledger id
    chosen: Lang | None = None  # by the citizen: it wins over what a message is written in
    expects: str = ""  # an action: what the next message is for
    expects_from: str | None = None  # the sender whose next message is meant; None: anybody's
    simple: bool = False  # short replies
    seen: datetime | None = None  # when the last message was handled


@dataclass(frozen=True, slots=True, kw_only=True)
class Queued:
    """A delivery in the outbox."""

    id: int
    delivery: Delivery
    attempts: int = 0  # failed ones so far
    edit: str | None = None  # platform id of the last message sent before it, same address and key
    platform_id: str | None = None  # once sent


SUPERSEDED: Final = "a later delivery takes its place"  # why one was dropped


def taking_place(alike: Sequence[Queued]) -> Queued:
    """The first of those that wait with one key (oldest first), saying what the last one says."""
    anew = any(one.delivery.anew for one in alike)
    return replace(alike[0], delivery=replace(alike[-1].delivery, anew=anew))


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What is stored of a person: what they wrote, and the chat they have with us alone."""

    conversation: Conversation
    messages: tuple[Past, ...] = ()  # handled ones, oldest first; in groups as well
    deliveries: tuple[Queued, ...] = ()  # to that chat, oldest first
    tickets: tuple[Ticket, ...] = ()  # asked in that chat, or by this person in a group


@dataclass(frozen=True, slots=True)
class Erased:
    """How much was erased."""

    messages: int
    deliveries: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sought:
    """Which tickets are looked for, oldest first; what is None does not matter."""

    states: frozenset[State] = ACTIVE
    kinds: frozenset[TicketKind] | None = None
    department: str | None = None  # "": those without one
    holder: str | None = None  # an agent's id
    merged_into: int | None = None
    due: datetime | None = None  # something is due before then
    lapsed: datetime | None = None  # held, and the lease ended before then
    opened: tuple[datetime, datetime] | None = None  # from, and until before
    numbers: frozenset[int] | None = None
    after: int = 0  # only numbers above this one
    limit: int | None = None
    newest: bool = False  # newest first


@dataclass(frozen=True, slots=True)
class Given:
    """A document that was quoted."""

    document_id: str
    kind: Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """A handled message without its words: what reports count."""

    id: int
    channel: str
    message_id: str  # the platform's; of what retention erased it is another one
    at: datetime  # when it came
    result: Result
    reason: Reason | None
    language: Lang
    pressed: str = ""  # the action, of a button
    picked: int | None = None  # see Outcome.picked
    given: tuple[Given, ...] = ()  # quoted, the best first; of what retention erased nothing


class Inbox(Protocol):
    """The ledger of what came in."""

    async def accept(self, message: Message, /) -> Accepted | None:
        """Write the message down; None if (channel, message id) is there already."""

    async def unfinished(self, address: Address | None = None, /) -> Sequence[Accepted]:
        """Accepted, but not finished; of one conversation, if one is named. Oldest first."""

    async def finish(self, accepted_id: int, outcome: Outcome, /, *, at: datetime) -> bool:
        """
        Write down what became of it; tell whether this is its first outcome, which stays.

        Whoever is told that it is not has handled what another worker has handled too.
        """

    async def get(self, accepted_id: int, /) -> Past | None:
        """Return a finished message with its outcome; None if unknown or unfinished."""

    async def handled(
        self, since: datetime, until: datetime, /, *, after: int = 0, limit: int = 1000
    ) -> Sequence[Handled]:
        """Finished ones that came from `since` until before `until`, with ids above `after`."""


class Conversations(Protocol):
    async def get(self, address: Address, /) -> Conversation:
        """Return the conversation; a new one if there was none."""

    async def save(self, conversation: Conversation, /) -> None: ...


class Tickets(Protocol):
    async def open(self, draft: Draft, /) -> Ticket:
        """Create a ticket; the same (channel, message id) again gives that ticket as it is now."""

    async def get(self, ticket_id: int, /) -> Ticket:
        """Raise TicketNotFound."""

    async def save(self, ticket: Ticket, /) -> Ticket:
        """Replace, and return it with its new version; raise TicketChanged if the stored
        version is another, TicketNotFound if there is none.
        """

    async def find(self, sought: Sought, /) -> Sequence[Ticket]:
        """Those that fit, by their numbers."""

    async def versions(self, sought: Sought, /) -> Mapping[int, int]:
        """By number, without reading them: a ticket that was changed has another version."""

    async def held(self) -> Mapping[str, int]:
        """How many tickets each member of staff holds, by the holder's id."""

    async def of(self, address: Address, /, *, limit: int = 20) -> Sequence[Ticket]:
        """The tickets asked from that conversation, newest first."""


class Audit(Protocol):
    """What was done, by whom and when: appended to, and never changed. See bot.desk.audit."""

    async def note(self, event: Event, /) -> None:
        """Append. Raise TicketNotFound for a ticket that is not there."""

    async def of(self, *ticket_ids: int) -> Sequence[Event]:
        """The history of a ticket, or of several, oldest first."""

    async def lines(
        self, *, after: int = 0, limit: int = 1000, of_tickets: bool = False
    ) -> Sequence[Sealed]:
        """
        The log itself behind the line with that number, oldest first.

        With `of_tickets` only lines about a ticket: most others tell that somebody looked.
        """

    async def newest(self, *, of_tickets: bool = False) -> int:
        """The number of the last line; 0 if there is none yet."""


class Entries(Protocol[E]):
    """One register: what the desk keeps beside its tickets. See registers.py."""

    async def add(self, entry: E, /) -> E:
        """
        Return it with its number. Where the register is unique in some fields, the same again
        gives the entry that is there.
        """

    async def get(self, number: int, /) -> E:
        """Raise EntryNotFound."""

    async def save(self, entry: E, /) -> E:
        """Replace, and return it with its new version; raise EntryChanged if the stored
        version is another, EntryNotFound if there is none.
        """

    async def remove(self, number: int, /) -> None:
        """Nothing happens if it is not there."""

    async def find(
        self, *, limit: int | None = None, newest: bool = False, **keys: object
    ) -> Sequence[E]:
        """
        Those whose keys have these values, oldest first; a tuple or a set means any of it.

        Only the register's own keys may be named.
        """


class Outbox(Protocol):
    """
    Deliveries on their way. In one conversation they leave in the order they came.

    What was sent or dropped stays so: sent, put_off and drop then change nothing.

    Where several workers send, each takes what it sends: until then or until its lease is over,
    nothing of that conversation is due to another. The clocks of their machines must agree.
    """

    async def enqueue(self, delivery: Delivery, /, *, at: datetime) -> int:
        """
        Put it last in its conversation; return its id. TicketNotFound if its ticket is none.

        With a key what it says may leave under the id of an earlier one: see `take`.
        """

    async def due(
        self, *, at: datetime, limit: int = 50, channels: Collection[str] | None = None
    ) -> Sequence[Queued]:
        """
        Return what may be sent now: the oldest unsent delivery of each conversation, unless
        it was put off to a time after `at`, or something there is leased. Oldest first.
        """

    async def take(
        self, due: Sequence[Queued], /, *, at: datetime, until: datetime | None
    ) -> Sequence[Queued]:
        """
        Return what is to be sent of what is due: without what somebody else has taken since, and
        each saying what the last that waits with its address and key says. The others of the key
        are dropped, and what it said before with them: it keeps its place in the conversation,
        however often it fails.

        They are leased until `until`; None is for who is alone.
        """

    async def keep(self, queued_ids: Collection[int], /, *, until: datetime) -> None:
        """What is leased and still being sent stays so until then."""

    async def give_back(self, queued_id: int, /, *, until: datetime) -> None:
        """
        What was leased until then and is not being sent is due again. Nothing happens if somebody
        else has taken it since.
        """

    async def sent(self, queued_id: int, /, *, platform_id: str, at: datetime) -> None: ...

    async def put_off(
        self, queued_id: int, /, *, until: datetime, error: str, failed: bool = True
    ) -> None:
        """Try again at `until`; count a failed attempt, unless it was only too early."""

    async def drop(self, queued_id: int, /, *, at: datetime, error: str) -> None:
        """Give up on it; the next one of that conversation may leave."""

    async def delivered(
        self, address: Address, /, *, after: int = 0, limit: int = 200
    ) -> Sequence[Queued]:
        """Sent deliveries of a conversation with an id above `after`, oldest first."""

    async def ticket_of(self, address: Address, platform_id: str, /) -> int | None:
        """The ticket that a sent message is about, as last edited."""

    async def shows(self, address: Address, platform_id: str, /) -> Delivery | None:
        """What a sent message shows, as last edited."""

    async def waiting(self, address: Address, /) -> int:
        """How many deliveries to a conversation wait."""

    async def known(self, address: Address, key: str, /) -> bool:
        """Whether something with that key was sent there, or is on its way."""

    async def move(self, address: Address, to: Address, /) -> None:
        """The conversation has another address now: what waits goes there."""


class People(Protocol):
    """What is stored of one person: to be handed out, or to be erased."""

    async def held(self, address: Address, sender: str, /) -> Held:
        """`address` is the chat that the person has with us alone."""

    async def erase(self, address: Address, sender: str, /) -> Erased:
        """
        Delete the person's handled messages with their outcomes, the conversation, and what was
        sent to it. Tickets stay, and so does what is on its way about one.
        """


class DataClass(StrEnum):
    """What has a time of its own."""

    MESSAGES = "messages"  # what citizens wrote, and what became of it
    DELIVERIES = "deliveries"  # what they were told, and the cards of staff
    CONVERSATIONS = "conversations"  # the language chosen, what the next message is for
    TICKETS = "tickets"  # answered or closed ones, with their history


class Records(Protocol):
    """
    What is kept for a time only. Age counts from the end: handled, sent, answered, last used.

    What is not finished never expires. Of what does, the row stays without the person, to be
    counted; a conversation goes as a whole.
    """

    async def expired(self, what: DataClass, /, *, before: datetime) -> int:
        """Count what ended before and is not erased yet."""

    async def erase(
        self, what: DataClass, /, *, before: datetime, at: datetime, limit: int
    ) -> int:
        """Erase up to `limit` of it (conversations: all), oldest first; return how many."""


class Backlogs(Protocol):
    async def read(self, *, at: datetime, soon: datetime) -> Backlog:
        """What waits at `at`; a ticket that is due before `soon` is due soon."""


class Subscriptions(Protocol):
    """Who follows what."""

    async def add(self, wish: Wish, /) -> Subscription:
        """The same conversation and target again give the subscription that is there."""

    async def of(self, address: Address, /) -> Sequence[Subscription]:
        """Oldest first."""

    async def remove(self, address: Address, subscription_id: int, /) -> Subscription | None:
        """Return what was removed; None if that conversation has no such subscription."""

    async def remove_all(self, address: Address, /) -> int:
        """Return how many there were."""

    async def waiting(self, release: str, /, *, limit: int | None = None) -> Sequence[Address]:
        """Conversations that were not yet told of that release, the oldest subscription first."""

    async def told(self, address: Address, release: str, /) -> None:
        """All subscriptions of a conversation are told of that release."""

    async def followers(self) -> Sequence[Followers]:
        """By what they follow; questions apart, which are people's own."""


class Pushes(Protocol):
    """What was told to those who follow something, and what came of it."""

    async def last_run(self) -> Run | None: ...

    async def save_run(self, run: Run, /) -> None:
        """Write it, or write it anew."""

    async def add(self, draft: PushDraft, /, *, at: datetime) -> int | None:
        """Return its id; None if that conversation has one of that run already."""

    async def enqueued(self, push_id: int, delivery_id: int, /) -> None:
        """It is on its way, as that delivery of the outbox."""

    async def get(self, address: Address, push_id: int, /) -> Push | None:
        """Return it; None if that conversation has none with that id."""

    async def opened(self, push_id: int, place: int, /, *, at: datetime) -> None:
        """The item at that place, from 1, was looked at; the first time counts."""

    async def voted(self, push_id: int, place: int, /, *, helpful: bool) -> None:
        """The last vote counts."""

    async def pending(self, *, tried: bool) -> int:
        """How many have not left the outbox yet: of those that were put off, or of the others."""

    async def unlink(self, address: Address, /) -> None:
        """Take the conversation out of what was sent to it; the figures stay."""

    async def reach(self) -> Sequence[Reach]:
        """By document, the most sent first."""


class Work(Protocol):
    """One transaction."""

    @property
    def inbox(self) -> Inbox: ...

    @property
    def conversations(self) -> Conversations: ...

    @property
    def tickets(self) -> Tickets: ...

    @property
    def audit(self) -> Audit: ...

    def entries(self, kind: type[E], /) -> Entries[E]:
        """The register of that kind of entry."""

    @property
    def outbox(self) -> Outbox: ...

    @property
    def subscriptions(self) -> Subscriptions: ...

    @property
    def pushes(self) -> Pushes: ...

    @property
    def people(self) -> People: ...

    @property
    def records(self) -> Records: ...

    @property
    def backlog(self) -> Backlogs: ...


class Store(Protocol):
    def begin(self) -> AbstractAsyncContextManager[Work]:
        """
        Commit when the block ends well; roll everything back when it raises.

        Transactions may wait for each other: keep them short, send nothing in them, and never
        begin one inside another.
        """

    def read(self) -> AbstractAsyncContextManager[Work]:
        """
        One state of the store, as it was when the block first looked: for what only reads.

        It sees all that was committed before, waits for no transaction, and lets none wait.
        Raise StoreError where something is written in it, at its end at the latest.
        """
