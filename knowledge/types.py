"""Values shared by every layer. Imports nothing of ours."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final


class Lang(StrEnum):
    """The languages that we speak, as BCP 47 tags."""

    ZH_HANS = "zh-Hans"
    ZH_HANT = "zh-Hant"
    EN = "en"
    KO = "ko"
    JA = "ja"


class Kind(StrEnum):
    """How binding a document is."""

    POLICY = "policy"
    INTERPRETATION = "interpretation"  # 政策解读
    ANSWER = "answer"  # a published reply of the bureau


class Status(StrEnum):
    """What the source says of a document's validity."""

    IN_FORCE = "in_force"
    AMENDED = "amended"  # in force, as changed since
    REPEALED = "repealed"
    SUPERSEDED = "superseded"  # repealed, and another document took its place


class Standing(StrEnum):
    """Whether a document binds on a given day: its status and its dates together."""

    IN_FORCE = "in_force"
    AMENDED = "amended"
    UPCOMING = "upcoming"  # published, not yet in effect
    EXPIRED = "expired"
    REPEALED = "repealed"
    SUPERSEDED = "superseded"

    @property
    def binding(self) -> bool:
        return self in BINDING


BINDING: Final = frozenset({Standing.IN_FORCE, Standing.AMENDED})


class Disclosure(StrEnum):
    """The disclosure attribute; only an open document may be shown to the public."""

    OPEN = "open"  # 主动公开
    ON_REQUEST = "on_request"  # 依申请公开
    WITHHELD = "withheld"  # 不予公开


@dataclass(frozen=True, slots=True)
class Heading:
    """Where a reader found a heading. The text lies in Document.text[start:end]."""

    start: int
    end: int
    level: int  # 1 is the highest


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One policy, interpretation or published answer, cleaned."""

    id: str  # stable across rebuilds
    title: str
    text: str
    language: Lang
    kind: Kind
    source: str  # where a reader can check it: a URL, or the file's name
    disclosure: Disclosure
    status: Status = Status.IN_FORCE
    issuer: str = ""  # 发文机关
    number: str = ""  # 文号
    published: date | None = None
    effective: date | None = None
    expires: date | None = None  # last day in force
    superseded_by: str | None = None  # id of a document
    interprets: tuple[str, ...] = ()  # ids of documents
    amends: tuple[str, ...] = ()
    repeals: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()  # passages that a published answer rests on; see cited.py
    headings: tuple[Heading, ...] = ()

    @property
    def begins(self) -> date | None:
        """First day in force; where none is named, that of the publication."""
        return self.effective or self.published

    def standing(self, on: date) -> Standing:
        """
        Return whether the document binds on that day.

        What the source calls repealed or superseded binds on no day: it does not say until when
        it did. Where the library tells, knowledge.validity makes it one that has ended.
        """
        if self.status in {Status.REPEALED, Status.SUPERSEDED}:
            return Standing(self.status)
        if self.expires is not None and on > self.expires:
            return Standing.SUPERSEDED if self.superseded_by else Standing.EXPIRED
        if self.begins is not None and on < self.begins:
            return Standing.UPCOMING
        return Standing(self.status)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A citable piece of one document: Document.text[start:end], and nothing else."""

    id: str  # f"{document_id}#{ordinal}"
    document_id: str
    text: str
    start: int  # characters into Document.text
    end: int
    address: tuple[str, ...] = ()  # ("第二章 提取条件", "第十四条", "第二款"), outermost first
