"""
The values of the API. Their JSON Schemas are the API's documentation.

A model is added to, never changed: programs rely on it. What breaks them is a new /api/v2.
"""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from bot.decide import LONGEST_QUESTION
from bot.types import Reason
from bot.web.documents.search import LONGEST, MOST
from bot.web.intake import HARD_MAX_CHARS
from knowledge.types import Kind, Lang, Standing

MOST_DOCUMENTS: Final = 100
_CHAT: Final = r"^[A-Za-z0-9_-]{22,64}$"


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, use_attribute_docstrings=True)


class Strict(Model):
    """What programs send: a field that we do not know is a mistake of theirs."""

    model_config = ConfigDict(frozen=True, extra="forbid", use_attribute_docstrings=True)


class Error(Model):
    """Every failure looks so."""

    error: str
    """A word for programs: bad_parameter, not_found, too_fast, busy …"""
    message: str
    """A sentence for people."""


class DocumentBrief(Model):
    """A document without its text."""

    id: str
    title: str
    number: str
    """文号; "" for none."""
    issuer: str
    kind: Kind
    status: Standing
    """Whether it binds today."""
    language: Lang
    published: date | None
    effective: date | None
    expires: date | None
    """Last day in force."""
    source: str
    """Where the official text is: a web address, or the name of a file."""
    page: str
    """Path of its page on this site."""


class Clause(Model):
    anchor: str
    """Of its page: append "#" and this."""
    address: str
    """第二章 第十四条; "" where the document has no clauses."""
    text: str
    """Word for word."""


class Related(Model):
    """Ids of open documents."""

    interprets: tuple[str, ...]
    interpreted_by: tuple[str, ...]
    amends: tuple[str, ...]
    amended_by: tuple[str, ...]
    repeals: tuple[str, ...]
    repealed_by: tuple[str, ...]
    superseded_by: str | None


class DocumentWhole(DocumentBrief):
    """A document with its clauses."""

    release: str
    clauses: tuple[Clause, ...]
    related: Related


class DocumentList(Model):
    release: str
    total: int
    page: int
    pages: int
    documents: tuple[DocumentBrief, ...]


class SearchResult(Model):
    document: DocumentBrief
    passage: str
    """Id of the passage, in this release."""
    address: str
    quote: str
    """The passage, word for word."""
    page: str
    """Path of the document's page, at these words."""


class SearchResults(Model):
    release: str
    total: int
    page: int
    pages: int
    results: tuple[SearchResult, ...]


class Quotation(Model):
    """A passage with what a reader needs to check it."""

    document: str
    """Id of the document."""
    title: str
    number: str
    issuer: str
    address: str
    quote: str
    """Word for word."""
    answering: str
    """The words of the quote that answer; "" where that is not clear."""
    source: str
    published: date | None
    kind: Kind
    status: Standing
    language: Lang
    page: str
    """Path of the document's page, at these words."""


class Decision(StrEnum):
    ANSWERED = "answered"
    CHOICES = "choices"
    """It may be one of these passages; none of them is promised to be the answer."""
    NOT_ANSWERED = "not_answered"
    """There is a reason, and nothing to rely on. A person can be asked in the chat."""
    TALK = "talk"
    """It was no question about policy: a greeting, an emergency, the wish for a person."""


class Answer(Model):
    decision: Decision
    reason: Reason | None
    """Why it is not answered."""
    text: str
    """What the assistant says, in the language of the question."""
    language: Lang
    probability: float | None
    """That the first citation answers the question, 0 to 1."""
    as_of: date | None
    """The day that the question asks for, if that is not today."""
    release: str
    citations: tuple[Quotation, ...]
    choices: tuple[Quotation, ...]


class Question(Strict):
    """Answered at once; nothing of it is stored and nobody is told."""

    question: Annotated[str, Field(max_length=LONGEST_QUESTION)]
    language: Lang | None = None
    """Of the answer, where the question does not tell."""


class SearchQuery(Strict):
    q: Annotated[str, Field(min_length=1, max_length=LONGEST)]
    """What to look for."""
    status: Literal["in_force", "all"] = "in_force"
    kind: Kind | None = None
    page: Annotated[int, Field(ge=1, le=MOST)] = 1
    limit: Annotated[int, Field(ge=1, le=MOST)] = 10
    """Results a page."""


class DocumentsQuery(Strict):
    name: Annotated[str, Field(max_length=100)] = ""
    """A part of the title or the number."""
    issuer: Annotated[str, Field(max_length=100)] = ""
    kind: Kind | None = None
    year: Annotated[int | None, Field(ge=1900, le=2999)] = None
    """Of publication."""
    status: Standing | None = None
    page: Annotated[int, Field(ge=1, le=99_999)] = 1
    limit: Annotated[int, Field(ge=1, le=MOST_DOCUMENTS)] = 20


class Message(Model):
    """What a browser says in a conversation: a text, or the action of a button."""

    model_config = ConfigDict(
        frozen=True,
        use_attribute_docstrings=True,
        json_schema_extra={"oneOf": [{"required": ["text"]}, {"required": ["action"]}]},
    )

    chat: Annotated[str, Field(pattern=_CHAT)]
    """The conversation's secret, made by the browser from 128 random bits or more."""
    id: Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    """Names the message: the same id twice is one message."""
    text: Annotated[str | None, Field(max_length=HARD_MAX_CHARS)] = None
    action: Annotated[str | None, Field(min_length=1, max_length=64)] = None
    """At most 64 bytes."""
    reply_to: Annotated[str | None, Field(pattern=r"^w[0-9a-f]{32}$")] = None
    """The ref of a message from here."""
    language: str | None = None
    """A BCP 47 tag."""


class Accepted(Model):
    accepted: Literal[True]


class EventsQuery(Model):
    chat: Annotated[str, Field(pattern=_CHAT)]
    """The conversation's secret."""
    after: Annotated[int, Field(ge=0)] = 0
    """Id of the last event that was seen."""


class Health(Model):
    status: Literal["ok", "starting"]


class Anything(Model):
    """An OpenAPI document."""

    model_config = ConfigDict(extra="allow")
    openapi: str
    info: dict[str, Any]
    paths: dict[str, Any]
