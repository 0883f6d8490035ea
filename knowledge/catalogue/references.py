"""
依据《…》第三条, 本办法第十一条: where a text refers to, and whether that place is there.

A clause is looked up among the clauses of the document that is meant; a document that is not in
the library is counted, and is no mistake of this one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Final

from knowledge.catalogue.citations import CLAUSE, Citation, citations, number_key
from knowledge.catalogue.names import name_of
from knowledge.catalogue.register import Register, newest_first
from knowledge.passages import passages
from knowledge.structure import numeral
from knowledge.types import Document, Kind, Passage


class Place(StrEnum):
    FOUND = "found"
    NO_CLAUSE = "no_clause"  # the document is here, and has no such clause
    ABSENT = "absent"  # the document is not in the library


@dataclass(frozen=True, slots=True)
class Reference:
    document: str  # id of the one that refers
    start: int  # characters into its text
    cited: str  # as written, in short
    place: Place
    target: str | None = None  # id
    passage: str | None = None  # id, where a clause is named and found
    clause: str = ""


_OWN: Final = re.compile(
    r"本(?:办法|辦法|规定|規定|细则|細則|条例|條例|通知|意见|意見|方案|规则|規則|标准|標準|法)"
    rf"(?P<clause>{CLAUSE})"
)
_NUMBER: Final = re.compile(
    r"第\s*(?P<n>[〇零一二三四五六七八九十百千\d]+)\s*[条條](?P<more>之[一二三四五六七八九十]+)?"
)
# 《身份证》 and 《申请表》 are cited as well; what ends like this is a document of the state.
_LEGAL: Final = re.compile(
    r"(?:办法|规定|细则|条例|通知|意见|决定|法|法典|方案|规则|标准|通告|公告|规程|章程|制度|纲要|规划|目录)$"
)
# What a document goes by when it has been named before: 《办法》, 《实施细则》, 省《办法》.
_BRIEF: Final = re.compile(
    r"(?:省|市|区|国家)?(?:实施|管理|暂行)?"
    r"(?:办法|辦法|规定|規定|细则|細則|条例|條例|通知|意见|意見|方案|规则|规程|标准|目录|公告|通告|决定)$"
)
_LONGEST_ORGAN: Final = 8  # characters; more than that are words before a number
_SHOWN: Final = 80  # characters
_CACHED: Final = 1024  # documents whose clauses are remembered: the laws that many cite


def references(register: Register, about: Mapping[str, str]) -> tuple[Reference, ...]:
    """
    Return what all documents refer to, each place once for each document.

    `about` tells which document an interpretation or an amendment calls 《办法》 for short.
    """
    finder = _Finder(register, about)
    return tuple(
        reference
        for document in register.whole
        for reference in dict.fromkeys(finder.references(document))
    )


class _Finder:
    def __init__(self, register: Register, about: Mapping[str, str]) -> None:
        self._register = register
        self._about = about
        self._clauses = lru_cache(_CACHED)(self._read_clauses)

    def references(self, document: Document) -> Iterator[Reference]:
        seen: set[tuple[str | None, str, str]] = set()
        for reference in (*self._of_others(document), *self._of_itself(document)):
            key = (reference.target, reference.clause, "" if reference.target else reference.cited)
            if key not in seen:
                seen.add(key)
                yield reference

    def _of_itself(self, document: Document) -> Iterator[Reference]:
        if document.kind is not Kind.POLICY:
            return  # 本办法 in an interpretation is the policy, quoted
        for found in _OWN.finditer(document.text):
            clause = "".join(found["clause"].split())
            if self._clauses(document.id):  # where no clause was found, none can be missing
                one = Citation(found.start(), found.end(), clause=clause)
                yield self._at(document, one, document)

    def _of_others(self, document: Document) -> Iterator[Reference]:
        short: dict[str, Document | None] = {}
        for one in citations(document.text):
            brief = one.title in short or bool(_BRIEF.match(one.title))
            target = self._called(one, document, short) if brief else self._target(one, document)
            if one.short:
                short[one.short] = target
            if target is not None and target.id != document.id:
                yield self._at(document, one, target)
            elif target is None and not brief and _official(one):
                name = f"《{one.title}》" if one.title else one.number
                yield Reference(document.id, one.start, _shown(name), Place.ABSENT)

    def _called(
        self, one: Citation, document: Document, short: Mapping[str, Document | None]
    ) -> Document | None:
        if one.title in short:
            return short[one.title]
        return self._register.ids.get(self._about.get(document.id, ""))

    def _target(self, one: Citation, document: Document) -> Document | None:
        numbered = self._register.numbered(one.number) if one.number else None
        if numbered or not one.title:
            return numbered
        named = self._register.named(name_of(one.title))
        if one.number:
            named = tuple(found for found in named if not found.number)
        if any(found.id == document.id for found in named):
            return document
        before = [
            found
            for found in named
            if None in {found.published, document.published}
            or found.published <= document.published  # type: ignore[operator]
        ]
        return newest_first(before or named)[0] if named else None

    def _at(self, document: Document, one: Citation, target: Document) -> Reference:
        cited = _shown(document.text[one.start : one.end])
        clauses = self._clauses(target.id)
        if not one.clause or not clauses:
            place, passage = Place.FOUND, None
        else:
            passage = clauses.get(_normal(one.clause))
            place = Place.FOUND if passage else Place.NO_CLAUSE
        return Reference(document.id, one.start, cited, place, target.id, passage, one.clause)

    def _read_clauses(self, name: str) -> dict[str, str]:
        """The first passage of each clause, by its number; {} where there are no clauses."""
        found: dict[str, str] = {}
        for passage in passages(self._register.with_text(name)):
            for label in _labels(passage):
                found.setdefault(label, passage.id)
        return found


def _official(one: Citation) -> bool:
    if one.title:
        return bool(one.number or _LEGAL.search(name_of(one.title).core))
    key = number_key(one.number)
    return key is not None and len(key.organ) <= _LONGEST_ORGAN


def _labels(passage: Passage) -> Iterator[str]:
    for label in passage.address:
        if _NUMBER.match(label):
            yield _normal(label)


def _normal(clause: str) -> str:
    """第十一条第二款 → 11, 第11条之一 → 11之一."""
    found = _NUMBER.match(clause)
    return f"{numeral(found['n'])}{found['more'] or ''}" if found else clause


def _shown(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
