"""One message of a citizen: what is known around it, and what is to be written because of it."""

from __future__ import annotations

from dataclasses import dataclass

from bot.actions import Action
from bot.desk.tickets import Lead, TicketKind
from bot.render import Page
from bot.store.base import Accepted, Conversation, Past
from bot.types import Citation, Matter, Message, Outcome, RichText
from knowledge.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """A message with what is known around it."""

    accepted: Accepted
    talk: Conversation
    language: Lang

    @property
    def message(self) -> Message:
        return self.accepted.message

    @property
    def expected(self) -> Action | None:
        """What the message before said that this one is for, if it is from whom it is expected."""
        meant = not self.in_group or self.talk.expects_from in {None, self.message.sender}
        return Action.parse(self.talk.expects) if meant else None

    def is_own(self, past: Past) -> bool:
        """
        Whether an earlier message of this conversation is of the same person.

        Alone with us it always is, even if it bears another pseudonym: it has none in a database
        from before there were any, and a new token of the bot gives everybody a new one.
        """
        return not self.in_group or past.message.sender == self.message.sender

    @property
    def in_group(self) -> bool:
        """Whether others read along. Alone with us, a chat bears the person's own id."""
        told, message = self.message.group, self.message
        return message.address.chat != message.sender if told is None else told


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written: an outcome and a page, or a ticket that makes the page."""

    outcome: Outcome
    page: Page | None = None
    question: str = ""  # set: open a ticket with it
    asked_in: str = ""  # id of the message that asked it, if it was an earlier one
    near: tuple[Lead, ...] = ()
    offered: tuple[Citation, ...] = ()  # passages to choose from that the citizen saw
    follows: int | None = None  # add to this ticket
    matter: Matter | None = None  # whose holder would answer in our place
    expects: str = ""  # what the next message is for
    about: int | None = None  # ledger id of the question, if it was an earlier message's
    before: RichText = ()  # said first
    after: RichText = ()  # said last
    kind: TicketKind = TicketKind.CONSULTATION  # of the ticket
    settles: Conversation | None = None  # the conversation as it is to be from now on
    form: Action | None = None  # what is done to their form of /disclosure; that makes the page
    own: Action | None = None  # what is done to a ticket of theirs; that makes the page
    forgets: bool = False  # erase the person's data; the receipt is the page
