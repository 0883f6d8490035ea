"""A reply on its way to everybody: what is kept of it, and how far it has come. Pure data."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from bot.desk.tickets import Agent
from knowledge.cited import Cite, digest_of
from knowledge.types import Lang


class Stage(StrEnum):
    PROPOSED = "proposed"  # waits for another person
    REFUSED = "refused"  # may be revised
    APPROVED = "approved"  # in the folder; the next release has it
    SERVED = "served"  # the release that is served has it
    WITHDRAWN = "withdrawn"  # what it cites changed: revise it, or drop it
    DROPPED = "dropped"  # by a person, for good or until it is revised


OUT: Final = frozenset({Stage.APPROVED, Stage.SERVED})  # its file lies in the folder
ALIVE: Final = OUT | {Stage.PROPOSED}
REVISABLE: Final = frozenset(Stage) - OUT


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A passage as the release had it when the answer was written."""

    passage_id: str
    document_id: str
    title: str
    address: str  # "第二章 第十四条"
    quote: str  # word for word
    source: str = ""
    amended_by: tuple[str, ...] = ()  # ids of documents

    @property
    def cite(self) -> Cite:
        return Cite(self.document_id, digest_of(self.quote, self.amended_by))


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """One for each ticket: what is revised is another edition of it."""

    id: int = 0  # given by the store
    version: int = 1
    ticket_id: int
    stage: Stage = Stage.PROPOSED
    edition: int = 1
    question: str
    answer: str
    language: Lang
    cites: tuple[Cited, ...]
    flags: tuple[str, ...] = ()  # what whoever approves must look at
    proposed_by: Agent
    proposed: datetime
    decided_by: Agent | None = None  # approved, refused or dropped it
    decided: datetime | None = None
    why: str = ""  # it was refused, withdrawn or dropped
    paper: str = ""  # the file of this edition, as it was approved
    release: str = ""  # the first that has this edition
    told: datetime | None = None  # when whoever asked first was told, which is done once

    @property
    def name(self) -> str:
        """The id of its document, in all editions."""
        return f"answer-{self.id}"

    @property
    def files(self) -> tuple[str, ...]:
        """The names of its files, the oldest edition first: nothing is ever written over."""
        return tuple(f"{self.name}-{edition}.md" for edition in range(1, self.edition + 1))

    def blank(self) -> Self:
        """
        What stays when the ticket's words are erased.

        What was published has no personal data and is public; a draft has the ticket's words.
        """
        if self.stage in OUT | {Stage.WITHDRAWN}:
            return self
        return replace(
            self, stage=Stage.DROPPED, question="", answer="", cites=(), flags=(), why="", paper=""
        )
