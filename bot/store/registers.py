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

from bot.desk.absences import Absence
from bot.desk.consultations import Consultation
from bot.desk.disclosure.entry import Form, Request


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
            Register(kind=Absence, name="absence", keys=("agent",)),
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
        )
    }
)
