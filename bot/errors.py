"""
Failures of the bot.

* BotError
  + ConfigError
  + StoreError
  + ChannelError
    - Throttled
    - Refused
      . Gone
  + TicketError
    - TicketNotFound
    - IllegalTransition
    - TicketChanged
    - HeldByAnother
    - ReasonMissing
    - ClockRefused
    - NotAllowed
    - NoSuchDepartment
    - AbsenceRefused
    - DisclosureRefused
    - ConsultationRefused
    - ReviewRefused
    - PublicationRefused
    - CannedRefused
    - PassageGone
    - ConcernRefused
    - TaskRefused
    - EntryNotFound
    - EntryChanged
  + QuotationError
    - Misquoted
    - ReleaseChanged
"""

from __future__ import annotations

from collections.abc import Sequence


class BotError(Exception):
    """Base of every error this package raises on purpose."""


class ConfigError(BotError):
    """The settings are unusable. Lists every problem with its mend, never a secret."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class StoreError(BotError):
    """The database cannot be used: not there, not ours, not readable, or busy for too long."""


class ChannelError(BotError):
    """A platform did not take a delivery; trying again later may help."""


class Throttled(ChannelError):
    """The platform asks for a pause."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"retry after {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class Refused(ChannelError):
    """The platform will never take this delivery."""


class Gone(Refused):
    """Nothing can reach that conversation any more: blocked by the user, chat deleted ..."""


class TicketError(BotError):
    """Base of ticket errors."""


class TicketNotFound(TicketError):
    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"no ticket {ticket_id}")
        self.ticket_id = ticket_id


class IllegalTransition(TicketError):
    def __init__(self, ticket_id: int, *, now: str, wanted: str) -> None:
        super().__init__(f"ticket {ticket_id} is {now}; it cannot be {wanted}")
        self.ticket_id = ticket_id
        self.now = now
        self.wanted = wanted


class TicketChanged(TicketError):
    """Someone else changed the ticket first; read it again."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(f"ticket {ticket_id} was changed meanwhile")
        self.ticket_id = ticket_id


class HeldByAnother(TicketError):
    """One member of staff at a time holds a ticket, and it is somebody else."""

    def __init__(self, ticket_id: int, holder: str) -> None:
        super().__init__(f"ticket {ticket_id} is held by {holder}")
        self.ticket_id = ticket_id
        self.holder = holder


class ReasonMissing(TicketError):
    """This move must say why."""

    def __init__(self, ticket_id: int, move: str) -> None:
        super().__init__(f"ticket {ticket_id} cannot be {move} without a reason")
        self.ticket_id = ticket_id
        self.move = move


class ClockRefused(TicketError):
    """A clock that stands is not stopped, one that runs not started, and a term put off once."""

    def __init__(self, ticket_id: int, problem: str) -> None:
        super().__init__(f"ticket {ticket_id}: {problem}")
        self.ticket_id = ticket_id
        self.problem = problem


class NotAllowed(TicketError):
    """That is for another role."""

    def __init__(self, name: str, *, role: str) -> None:
        super().__init__(f"{name} may not do that: it is for {role}s")
        self.name = name
        self.role = role


class NoSuchDepartment(TicketError):
    def __init__(self, key: str, *, known: Sequence[str]) -> None:
        there = ", ".join(known) or "none; the roster has no departments"
        super().__init__(f"no department {key!r}; there are: {there}")
        self.key = key
        self.known = tuple(known)


class AbsenceRefused(TicketError):
    """An absence that cannot be written down as it was said."""


class ConsultationRefused(TicketError):
    """A question to another department that cannot be asked, answered or cancelled."""


class ReviewRefused(TicketError):
    """A reply that does not wait for this person's review."""


class DisclosureRefused(TicketError):
    """A request for information that cannot be handled in that way; the message says why."""


class LetterOwed(DisclosureRefused):
    """A registered request is answered with a letter, and with nothing else."""

    def __init__(self, ticket_id: int, registration: str) -> None:
        super().__init__(
            f"No. {ticket_id} is request {registration}: it ends with a letter, by "
            f"`staff disclosure reply {ticket_id}` and, where a second person looks at it, "
            f"`staff disclosure approve {ticket_id}`"
        )
        self.ticket_id = ticket_id
        self.registration = registration


class PublicationRefused(TicketError):
    """An answer that cannot be published as it is. Lists every problem."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class CannedRefused(TicketError):
    """A canned reply that cannot be kept or used as it was said."""


class PassageGone(TicketError):
    """What a card shows is not in force in the release that is served, or reads otherwise."""

    def __init__(self, ticket_id: int, number: int) -> None:
        super().__init__(f"ticket {ticket_id}: passage {number} is not as it was; search again")
        self.ticket_id = ticket_id
        self.number = number


class ConcernRefused(TicketError):
    def __init__(self, number: int, problem: str) -> None:
        super().__init__(f"concern {number} {problem}")
        self.number = number


class TaskRefused(TicketError):
    """A task of the look-back that cannot be kept as it was said; the message says why."""


class EntryNotFound(TicketError):
    def __init__(self, kind: str, number: int) -> None:
        super().__init__(f"no {kind} {number}")
        self.kind = kind
        self.number = number


class EntryChanged(TicketError):
    """Someone else changed it first; read it again."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(f"{kind} {number} was changed meanwhile")
        self.kind = kind
        self.number = number


class QuotationError(BotError):
    """What would be quoted cannot be vouched for."""


class Misquoted(QuotationError):
    """It is not what the release holds; the message names the file."""


class ReleaseChanged(QuotationError):
    """Another release is served than it was found in; search again."""
