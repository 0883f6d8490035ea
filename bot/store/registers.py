"""
Registers: what the desk keeps beside its tickets, one register for each kind of entry.

An entry is a frozen dataclass with `id` and `version`. It is stored whole, as JSON; the fields
that it is looked up by have columns of their own. So a new register takes a dataclass, a line in
REGISTERS and a table in a migration, and every store has it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Generic, Protocol, TypeVar

from bot.accounts.account import Account
from bot.accounts.begun import Begun
from bot.accounts.news import News
from bot.accounts.saved_view import SavedView
from bot.accounts.session import Session
from bot.accounts.tries import Tries
from bot.degrade.level import Kept, Step
from bot.desk.absences import Absence
from bot.desk.canned import Canned
from bot.desk.concerns.concern import Concern
from bot.desk.consultations import Consultation
from bot.desk.digests import Digest
from bot.desk.disclosure.entry import Form, Request
from bot.desk.lookback.task import Task
from bot.desk.publishing.publication import Publication
from bot.desk.publishing.records import Declined, Tally, Use
from bot.desk.publishing.wording import Wording
from bot.desk.reviews import Review
from bot.desk.rounds import Round
from bot.relocations import Relocation
from bot.unfit import Parked


class Entry(Protocol):
    """What a register holds: a frozen dataclass."""

    @property
    def id(self) -> int: ...

    @property
    def version(self) -> int: ...


E = TypeVar("E", bound=Entry)


@dataclass(frozen=True, slots=True, kw_only=True)
class Register(Generic[E]):
    """How entries of one kind are stored. The first of `keys` may be `ticket_id`."""

    kind: type[E]
    name: str  # of the table
    keys: tuple[str, ...] = ()  # fields that `find` looks at
    unique: tuple[str, ...] = ()  # of these together there is one entry
    blank: Callable[[E], E] | None = None  # what stays when the ticket's words are erased;
    # None: nothing does. Only where `ticket_id` is a key.


REGISTERS: Final[Mapping[type, Register[Any]]] = MappingProxyType(
    {
        register.kind: register
        for register in (
            Register(
                kind=Consultation,
                name="consultation",
                keys=("ticket_id", "department", "state"),
                blank=Consultation.blank,
            ),
            Register(kind=Review, name="review", keys=("ticket_id", "state"), blank=Review.blank),
            Register(kind=Absence, name="absence", keys=("agent",)),
            Register(kind=Digest, name="digest"),
            Register(kind=Concern, name="concern", keys=("state",)),
            Register(kind=Task, name="task", keys=("year", "department")),
            Register(
                kind=Relocation,
                name="relocation",
                keys=("channel", "chat"),
                unique=("channel", "chat"),
            ),
            Register(
                kind=Publication,
                name="publication",
                keys=("ticket_id", "stage"),
                unique=("ticket_id",),
                blank=Publication.blank,
            ),
            Register(kind=Wording, name="wording", keys=("ticket_id",), unique=("ticket_id",)),
            Register(
                kind=Use,
                name="publication_use",
                keys=("publication", "message"),
                unique=("message",),
            ),
            Register(
                kind=Tally,
                name="publication_tally",
                keys=("publication",),
                unique=("publication",),
            ),
            Register(kind=Round, name="daily_round", keys=("job",), unique=("job",)),
            Register(
                kind=Declined, name="declined", keys=("conversation",), unique=("conversation",)
            ),
            Register(
                kind=Canned,
                name="canned",
                keys=("name", "language", "department"),
                unique=("name", "language", "department"),
            ),
            Register(
                kind=Form,
                name="disclosure_form",
                keys=("channel", "chat"),
                unique=("channel", "chat"),
            ),
            Register(
                kind=Request,
                name="disclosure",
                keys=("ticket_id", "year", "number"),
                unique=("year", "number"),
                blank=Request.blank,
            ),
            Register(
                kind=Account, name="account", keys=("login", "invitation"), unique=("login",)
            ),
            Register(
                kind=Session, name="staff_session", keys=("token", "account"), unique=("token",)
            ),
            Register(kind=Begun, name="sign_on", keys=("token",), unique=("token",)),
            Register(kind=News, name="console_news", keys=("session",)),
            Register(
                kind=SavedView,
                name="saved_view",
                keys=("account", "name"),
                unique=("account", "name"),
            ),
            Register(
                kind=Parked,
                name="parked",
                keys=("channel", "update_id"),
                unique=("channel", "update_id"),
            ),
            Register(kind=Step, name="level_step", keys=("automatic",)),
            Register(kind=Kept, name="kept_question", keys=("message",), unique=("message",)),
            Register(kind=Tries, name="tries", keys=("subject",), unique=("subject",)),
        )
    }
)
