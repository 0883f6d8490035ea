"""What crosses the borders of this package: messages in, outcomes, deliveries out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import TypeAlias

from knowledge.types import Kind, Lang, Standing


@dataclass(frozen=True, slots=True)
class Address:
    """Where a conversation takes place."""

    channel: str  # "telegram", "web"
    chat: str  # the platform's name of the conversation


class Input(StrEnum):
    """What a person did."""

    TEXT = "text"
    ACTION = "action"  # pressed a button; Message.text is the button's action
    UNSUPPORTED = "unsupported"  # sticker, photo, voice ...: nothing that we can read
    EDITED = "edited"  # changed an earlier message


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """Something a person sent. `id` is the platform's and unique within a channel."""

    id: str
    address: Address
    sender: str  # the person: the platform's id, and in the store a pseudonym
    sender_name: str = ""  # shown to colleagues when the sender is staff; else empty
    kind: Input = Input.TEXT
    text: str = ""
    reply_to: str | None = None  # platform id of our message that this one answers
    language: str | None = None  # what the platform says the person speaks (BCP 47)
    group: bool | None = None  # whether others read along; None: if the chat is not the sender's
    at: datetime  # aware, UTC


class Style(StrEnum):
    PLAIN = "plain"
    BOLD = "bold"
    ITALIC = "italic"
    QUOTE = "quote"  # a quotation, word for word
    MARK = "mark"  # what answers in a quotation; part of it
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style; `href` is set for links only."""

    text: str
    style: Style = Style.PLAIN
    href: str = ""


RichText: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Button:
    """Does `action` when pressed (at most 64 bytes in UTF-8), or opens `url`."""

    label: str
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Attachment:
    """
    A file that goes with a message.

    It is its `data`, or its text in UTF-8. Where a platform has no files there is a text file's
    text; of other ones the message says all that there is to say.
    """

    name: str
    text: str = ""
    data: bytes = b""
    media_type: str = "text/plain"

    @property
    def content(self) -> bytes:
        return self.data or self.text.encode()


@dataclass(frozen=True, slots=True)
class Matter:
    """What an answer of ours is about, where staff may take it over before it has left."""

    ticket_id: int
    asked: int  # ledger id of the message that is answered


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """
    One message to a conversation.

    A later delivery to the same address with the same `key` takes the place of the earlier
    one (edited in place where the platform can).
    """

    to: Address
    body: RichText
    buttons: tuple[tuple[Button, ...], ...] = ()  # rows
    key: str | None = None
    reply_to: str | None = None  # platform id of the message that this answers
    ticket_id: int | None = None  # an answer to this message is about that ticket
    attachment: Attachment | None = None
    matter: Matter | None = None  # it does not leave while a person holds that ticket
    expects: str = ""  # an action: what an answer to this message is for
    expects_from: str = ""  # the sender whose answer is meant
    topic: str = ""  # name of the topic that its ticket has there; empty: none
    anew: bool = False  # a message of its own even so; the earlier one with its key goes
    because_of: int | None = None  # ledger id of the message that led to it; the outbox notes it

    @property
    def plain(self) -> str:
        return "".join(span.text for span in self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A passage to put into any chat, with its source."""

    id: str
    title: str
    summary: str  # a line
    body: RichText


@dataclass(frozen=True, slots=True)
class Quoted:
    quotations: tuple[Quotation, ...]
    invitation: str  # label of what opens a chat with us


class Result(StrEnum):
    """Every message ends in exactly one of these."""

    ANSWERED = "answered"
    CLARIFY = "clarify"  # passages to choose from; what is chosen is ANSWERED, by that message
    UNRESOLVED = "unresolved"  # with a reason; staff have a ticket
    HUMAN_REQUESTED = "human_requested"
    SMALL_TALK = "small_talk"
    EMERGENCY = "emergency"
    BLOCKED = "blocked"  # with a reason; nothing to answer
    STAFF = "staff"  # a member of staff did their work
    ERROR = "error"


class Reason(StrEnum):
    """Why a message was not answered."""

    NOTHING_FOUND = "nothing_found"
    UNSURE = "unsure"  # something was found, at or below the refusal line
    NONE_FITTED = "none_fitted"  # passages were offered, and the citizen wanted none of them
    OUTDATED = "outdated"  # only documents no longer in force speak of it
    NO_SUCH_CLAUSE = "no_such_clause"  # the document that the question names does not have it
    CONFLICT = "conflict"  # two documents in force tell different figures for it
    NOT_READY = "not_ready"  # no release is loaded
    ASKED_FOR_PERSON = "asked_for_person"
    LOW_RATING = "low_rating"  # an answer was given, and the citizen said that it was no help
    EMPTY = "empty"
    NO_WORDS = "no_words"  # emoji or punctuation only
    TOO_LONG = "too_long"
    UNSUPPORTED = "unsupported"
    EDITED = "edited"
    OUT_OF_SCOPE = "out_of_scope"  # nothing that this bureau answers
    FRAUD = "fraud"  # told of a swindler and asked nothing that the policies answer
    TOO_FAST = "too_fast"  # more messages than the rate allows
    TOO_MANY = "too_many"  # more tickets than the rate allows
    MAINTENANCE = "maintenance"  # kept until it is over, or to be sent again then
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """A quotation with everything that a reader needs to check it."""

    document_id: str
    title: str
    number: str
    issuer: str
    address: str  # "第二章 第十四条"
    quote: str  # word for word
    source: str
    published: date | None
    kind: Kind
    status: Standing
    language: Lang
    passage_id: str
    successor: str = ""  # title of the document that took its place
    answering: tuple[int, int] = (0, 0)  # where in the quote the answer stands; empty: unknown

    @property
    def direct(self) -> str:
        """The words of the quote that answer, or ""."""
        return self.quote[slice(*self.answering)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What a conversation is about: a document, and what was asked of it."""

    document_id: str
    title: str
    words: str  # of the question, in their order
    clause: str = ""  # the clause that was quoted last: 第五条


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What became of a message."""

    result: Result
    language: Lang
    reason: Reason | None = None
    probability: float | None = None  # that the first citation answers the question
    citations: tuple[Citation, ...] = ()
    release: str = ""
    as_of: date | None = None  # the day that was asked for, if it was not today
    choices: tuple[
        Citation, ...
    ] = ()  # of CLARIFY: they may answer; button n means choices[n - 1]
    question: str = ""  # what was asked, where the message does not say it itself
    topic: Topic | None = None  # what the question was read as a part of
    before: Topic | None = None  # what it was not, though it may be: the next one may be again
    related: tuple[str, ...] = ()  # questions under the answer; button n means related[n - 1]
    picked: int | None = None  # ledger id of the question whose offer the citation was chosen from
