"""
What is kept of a request for information beside its ticket. Pure data.

The article numbers are those of the Regulations on Open Government Information (政府信息公开条例),
as amended in 2019.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Self

from bot.desk.disclosure.results import Result
from bot.desk.tickets import Agent


class Applicant(StrEnum):
    """Who asks, as the annual report counts them. A button carries a place in it: append only."""

    PERSON = "person"
    ENTERPRISE = "enterprise"
    RESEARCH = "research"
    WELFARE = "welfare"
    LEGAL = "legal"
    OTHER = "other"  # another organisation


class Medium(StrEnum):
    """In which form the information is wanted. Append only."""

    ELECTRONIC = "electronic"
    PAPER = "paper"


class Way(StrEnum):
    """How the reply is wanted. Append only."""

    CHAT = "chat"
    MAIL = "mail"  # electronic
    POST = "post"
    COUNTER = "counter"  # fetched at the bureau


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A request that is being filled in. There is one a conversation at most."""

    id: int = 0  # given by the store
    version: int = 1
    channel: str
    chat: str
    changed: datetime
    applicant: Applicant | None = None
    name: str = ""
    wanted: str = ""
    medium: Medium | None = None
    way: Way | None = None
    contact: str = ""
    shown: int | None = None  # ledger id of the message that was answered with the summary


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """补正: what the applicant was asked to make clear, once (article 30)."""

    asked: datetime
    until: date  # the last day for it
    items: str
    received: datetime | None = None
    text: str = ""  # until then what was written last, which may be it


@dataclass(frozen=True, slots=True, kw_only=True)
class Hearing:
    """征求第三方意见: whom the information concerns is asked (article 32)."""

    asked: datetime
    whom: str
    until: date | None = None  # the last day for it
    ended: datetime | None = None
    opinion: str = ""  # as it came; empty with `ended`: none came


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """A reply that was given, with the words of its letter."""

    result: Result
    paragraphs: tuple[str, ...]  # of the letter, without whom it is addressed to
    at: datetime
    by: Agent
    corrects: str = ""  # why the letter before it is replaced

    @property
    def text(self) -> str:
        return "\n".join(self.paragraphs)


class Remedy(StrEnum):
    """What the applicant did against the reply."""

    REVIEW = "review"  # 行政复议
    LAWSUIT = "lawsuit"  # 行政诉讼, without a review before
    APPEAL = "appeal"  # 行政诉讼, after a review


class Verdict(StrEnum):
    UPHELD = "upheld"
    CORRECTED = "corrected"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """Written down by hand: reviews and lawsuits run elsewhere."""

    remedy: Remedy
    begun: date
    ended: date | None = None
    verdict: Verdict | None = None  # None: not decided yet


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """A registered request. What is wanted is the ticket's question."""

    id: int = 0  # given by the store
    version: int = 1
    ticket_id: int
    year: int  # of receipt, at the bureau
    number: int  # in that year, from 1
    received: datetime
    applicant: Applicant
    name: str
    contact: str
    medium: Medium
    way: Way
    correction: Correction | None = None
    hearings: tuple[Hearing, ...] = ()
    answer: Answer | None = None  # the one that holds
    proposed: Answer | None = None  # waits for a second person; see reviewing.py
    disputes: tuple[Dispute, ...] = ()
    earlier: tuple[Answer, ...] = ()  # letters that were replaced, the oldest first
    correct_by: date | None = None  # the last day to ask for a correction

    @property
    def registration(self) -> str:
        return f"{self.year}-{self.number:04}"

    @property
    def letters(self) -> tuple[Answer, ...]:
        """All that went out, the oldest first; the last one holds."""
        return (*self.earlier, *([self.answer] if self.answer is not None else []))

    @property
    def owes_letter(self) -> bool:
        """Nothing else ends it: there is none yet, or another one waits for a second person."""
        return self.answer is None or self.proposed is not None

    @property
    def waits_for_correction(self) -> bool:
        return self.correction is not None and self.correction.received is None

    @property
    def hearing(self) -> Hearing | None:
        """The one that still runs."""
        running = (one for one in self.hearings if one.ended is None)
        return next(running, None)

    def anonymous(self) -> Self:
        """Without whom it leads to: the applicant asked for that, and it is handled."""
        return replace(self, name="", contact="")

    def blank(self) -> Self:
        """What stays when the ticket's words are erased: what the annual tables count."""
        correction = self.correction and replace(self.correction, items="", text="")
        hearings = tuple(replace(one, whom="", opinion="") for one in self.hearings)
        earlier = tuple(_without_words(one) for one in self.earlier)
        return replace(
            self.anonymous(),
            correction=correction,
            hearings=hearings,
            answer=self.answer and _without_words(self.answer),
            earlier=earlier,
            proposed=None,
        )


def _without_words(letter: Answer) -> Answer:
    return replace(letter, paragraphs=(), corrects="")
