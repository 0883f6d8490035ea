"""
Failures of the bot.

* BotError
  + ConfigError
  + StoreError
    - StoreBusy
    - StoreAway
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
    - WordsMissing
    - ClockRefused
    - NotAllowed
    - NoSuchDepartment
    - AbsenceRefused
    - DisclosureRefused
      . LetterOwed
    - ConsultationRefused
    - ReviewRefused
    - PublicationRefused
    - CannedRefused
    - PassageGone
    - ConcernRefused
    - TaskRefused
    - LevelRefused
    - EntryNotFound
    - EntryChanged
  + AccountError
    - AccountNotFound
    - AccountExists
    - SignInRefused
    - TooManyTries
    - PasswordRefused
    - InvitationOver
    - SignOnFailed
    - NotInRoster
  + QuotationError
    - Misquoted
    - ReleaseChanged
  + SearchStuck
  + NotShownNow
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum


class BotError(Exception):
    """Base of every error this package raises on purpose."""


class ConfigError(BotError):
    """The settings are unusable. Lists every problem with its mend, never a secret."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("\n".join(problems))
        self.problems = tuple(problems)


class StoreError(BotError):
    """The database cannot be used: not there, not ours, not readable, or busy for too long."""


class StoreBusy(StoreError):
    """Another transaction was in the way, and nothing was written: the same again may succeed."""


class Overtaken(BotError):
    """Another worker has handled that message meanwhile; nothing more is to be done for it."""


class StoreAway(StoreError):
    """Out of reach for now: another program has it locked, or its server cannot be reached."""


class ChannelError(BotError):
    """A platform did not take a delivery; trying again later may help."""


class Throttled(ChannelError):
    """The platform asks for a pause."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"retry after {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class Refused(ChannelError):
    """The platform will never take this delivery."""


class Lost(StrEnum):
    """What ended a conversation."""

    BLOCKED = "blocked"  # by the person
    DELETED = "deleted"  # the account, or the group
    REMOVED = "removed"  # the bot may not write in that group any more
    MISSING = "missing"  # there is no such chat, or it was never begun
    CLOSED = "closed"  # the platform does not say more


class Gone(Refused):
    """Nothing can reach that conversation any more."""

    def __init__(self, message: str, *, lost: Lost = Lost.CLOSED) -> None:
        super().__init__(message)
        self.lost = lost


class TicketError(BotError):
    """
    Base of ticket errors: a sentence with what fills it in, as bot.texts.say() takes them.

    `sentence` is a literal where it is raised, so that the catalogues can be seen to have it. The
    error itself reads in English; bot/desk/sorry.py says it in the language of staff. A value may
    be a member of an enumeration, which has words of its own there, or a tuple of values.
    """

    def __init__(self, sentence: str, /, **values: object) -> None:
        plain = {name: _listed(value) for name, value in values.items()}
        super().__init__(sentence.format(**plain) if plain else sentence)
        self.sentence = sentence
        self.values = values


def _listed(value: object) -> object:
    return ", ".join(map(str, value)) if isinstance(value, tuple) else value


class TicketNotFound(TicketError):
    def __init__(self, ticket_id: int) -> None:
        super().__init__("There is no No. {id}.", id=ticket_id)


class IllegalTransition(TicketError):
    def __init__(self, ticket_id: int, *, now: StrEnum, wanted: str) -> None:
        super().__init__("No. {id} is {state}; that does not go.", id=ticket_id, state=now)
        self.wanted = wanted


class TicketChanged(TicketError):
    """Someone else changed the ticket first; read it again."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__("No. {id} was changed meanwhile. Look again.", id=ticket_id)


class HeldByAnother(TicketError):
    """One member of staff at a time holds a ticket, and it is somebody else."""

    def __init__(self, ticket_id: int, holder: str) -> None:
        super().__init__("No. {id} is held by {name}.", id=ticket_id, name=holder)


class ReasonMissing(TicketError):
    """This move must say why."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__("No. {id}: that needs a reason.", id=ticket_id)


class WordsMissing(TicketError):
    """A citizen would be sent a message in which there is nothing to read."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__("No. {id}: there are no words in that. Nothing sent.", id=ticket_id)


class NobodyToTell(TicketError):
    """A reply would reach nobody, and staff would take it for sent."""

    def __init__(self, ticket_id: int) -> None:
        super().__init__(
            "No. {id}: whoever asked had their data erased; nothing can be sent.", id=ticket_id
        )


class ClockRefused(TicketError):
    """A clock that stands is not stopped, one that runs not started, and a term put off once."""


class NotAllowed(TicketError):
    """That is for another role."""

    def __init__(self, name: str, *, role: StrEnum) -> None:
        super().__init__("{name}: that is only for {who}.", name=name, who=role)


class NoSuchDepartment(TicketError):
    def __init__(self, *, known: Sequence[str]) -> None:
        names = tuple(known) or ("-",)
        super().__init__("There is no such department; there are: {names}", names=names)


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
            "No. {id} is request {registration} for information and ends with a letter: write "
            "/disclosure {id} and the result, or /disclosure {id} approve; at a terminal, "
            "staff disclosure reply {id}, or staff disclosure approve {id}.",
            id=ticket_id,
            registration=registration,
        )


class PublicationRefused(TicketError):
    """An answer that cannot be published as it is. Lists every problem, in staff's language."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("{problems}", problems="; ".join(problems))
        self.problems = tuple(problems)


class CannedRefused(TicketError):
    """A canned reply that cannot be kept or used as it was said."""


class PassageGone(TicketError):
    """What a card shows is not in force in the release that is served, or reads otherwise."""

    def __init__(self, ticket_id: int, number: int) -> None:
        super().__init__(
            "No. {id}: passage {number} is not in force as the card shows it. Nothing sent.",
            id=ticket_id,
            number=number,
        )


class ConcernRefused(TicketError):
    """A concern that cannot be taken, answered or closed as it was said."""


class DayRefused(TicketError):
    """What was typed for a day is none."""


class TaskRefused(TicketError):
    """A task of the look-back that cannot be kept as it was said; the message says why."""


class LevelRefused(TicketError):
    """A level that cannot be set as it was said."""


class MaintenanceRefused(TicketError):
    """What does not go as it was asked: of documents, builds, releases, the glossary."""


class EntryNotFound(TicketError):
    """`kind` is the name of the register; see bot/store/registers.py."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__("There is no {kind} {number}.", kind=kind, number=number)


class EntryChanged(TicketError):
    """Someone else changed it first; read it again. `kind` as that of EntryNotFound."""

    def __init__(self, kind: str, number: int) -> None:
        super().__init__(
            "The {kind} {number} was changed meanwhile. Look again.", kind=kind, number=number
        )


class AccountError(BotError):
    """Base of errors about accounts of the staff console."""


class AccountNotFound(AccountError):
    def __init__(self, login: str) -> None:
        super().__init__(f"no account {login!r}; `staff account list` shows all")
        self.login = login


class AccountExists(AccountError):
    def __init__(self, login: str) -> None:
        super().__init__(f"there is an account {login!r}; `staff account reset` makes a new link")
        self.login = login


class SignInRefused(AccountError):
    """Wrong login, password or code, or a closed account: nobody is told which."""

    def __init__(self) -> None:
        super().__init__("that does not open an account")


class TooManyTries(AccountError):
    """Wait; what was given was not looked at."""

    def __init__(self, wait_s: int) -> None:
        super().__init__(f"too many tries; wait {wait_s} s")
        self.wait_s = wait_s


class PasswordRefused(AccountError):
    """A new password that is too weak."""

    def __init__(self, weakness: str) -> None:
        super().__init__(f"the password is {weakness}")
        self.weakness = weakness


class InvitationOver(AccountError):
    """The link was used, is too old, or was never one of ours."""

    def __init__(self) -> None:
        super().__init__("the link is not valid any more")


class SignOnFailed(AccountError):
    """The single sign-on did not vouch for anybody. The message is for the log."""


class NotInRoster(AccountError):
    """The single sign-on knows them, and the roster does not."""

    def __init__(self, member: str) -> None:
        super().__init__(f"{member} is not in the roster")
        self.member = member


class SearchStuck(BotError):
    """A search that did not end was given up."""


class NotShownNow(BotError):
    """A passage that the present level of the bot keeps back; it may well be there."""


class QuotationError(BotError):
    """What would be quoted cannot be vouched for."""


class Misquoted(QuotationError):
    """It is not what the release holds; the message names the file."""


class ReleaseChanged(QuotationError):
    """Another release is served than it was found in; search again."""


class BackupError(BotError):
    """A backup cannot be made, or cannot be brought back; the message says what to do."""
