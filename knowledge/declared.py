"""
What a document declares, held against what its text says.

A document keeps one value of each: the declared one where there is one, else that of the text.
So where the two differ, it is the declared one that the text contradicts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import partial
from typing import Final

from knowledge import metadata
from knowledge.catalogue.citations import number_key
from knowledge.catalogue.names import name_of, tidy
from knowledge.fold import fold
from knowledge.problems import About, Problem, Severity
from knowledge.types import Document, Kind, Standing

_HEAD: Final = 1500  # characters in which a text names itself
_LINES: Final = 6
_SIGNATURE: Final = 40  # characters; a longer line is running text
_LATE: Final = 30  # days between signing and publication
_TITLE_LINE: Final = re.compile(
    r"^(?![一二三四五六七八九十\d（(])[^。；;，]{6,120}(?:办法|规定|细则|条例|通知|意见|决定|方案|规则|标准|通告|公告|规程)(?:[（(][^（()）]*[)）])?$"
)
_PARTIES: Final = re.compile(r"[\s、,，;；]+")
_FILE_NUMBER: Final = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{2,14})[-_〔（(\[]?(?P<year>(?:19|20)\d{2})[-_〕）)\]](?P<serial>\d{1,5})号"
)
_EXPLAINS: Final = re.compile(
    r"[问問]$|解答|问答|攻略|一文|详解|指引|指南|图解|读懂|如何|怎么|怎样|可以.{0,12}吗|[？?！!]|流程|简介"
)


def contradictions(document: Document, *, on: date) -> Iterator[Problem]:
    """Yield what is wrong with the document's own declarations."""
    for check in (_title, _number, _issuer, _published, _period, _disclosed, _kind, _file_name):
        yield from check(document)
    yield from _status(document, on)


def _differs(
    document: Document, about: About, declared: object, found: object, mend: str = ""
) -> Problem:
    return Problem(
        document=document.id,
        about=about,
        severity=Severity.CONTRADICTION,
        problem=f"the declared {about} is not the one in the text",
        mend=mend or f"correct `{about}` in the source, or the text",
        declared=str(declared),
        found=str(found),
    )


def _title(document: Document) -> Iterator[Problem]:
    head = tidy(document.text[:_HEAD])
    core = name_of(document.title).core
    if (
        document.kind is not Kind.POLICY
        or not core
        or core in head
        or tidy(document.title) in head
    ):
        return
    lines = [line.strip() for line in document.text[:_HEAD].split("\n") if line.strip()]
    titles = [line for line in lines[:_LINES] if _TITLE_LINE.match(line)]
    if titles and not any(_alike(core, name_of(title).core) for title in titles):
        yield _differs(document, About.TITLE, document.title, titles[0])


def _alike(first: str, second: str) -> bool:
    return first in second or second in first


def _number(document: Document) -> Iterator[Problem]:
    found = metadata.number(document.text)
    if not found or not document.number:
        return
    declared = number_key(document.number)
    if declared is None:
        yield Problem(
            document=document.id,
            about=About.NUMBER,
            severity=Severity.CONTRADICTION,
            problem="the declared number is no document number",
            mend="write it like 穗府办规〔2024〕13号",
            declared=document.number,
            found=found,
        )
    elif declared != number_key(found):
        yield _differs(document, About.NUMBER, document.number, found)


def _issuer(document: Document) -> Iterator[Problem]:
    found = metadata.issuer(document.title, document.text)
    if document.kind is not Kind.POLICY or not found or not document.issuer:
        return
    declared = _parties(document.issuer)
    if any(_abbreviates(one, other) for one in declared for other in _parties(found)):
        return
    if not _signs(declared, document.text):
        yield _differs(document, About.ISSUER, document.issuer, found)


def _signs(parties: list[str], text: str) -> bool:
    """Whether one of them has a line of its own, as each of several issuers has."""
    short = [fold(line) for line in text.split("\n") if len(line) <= _SIGNATURE]
    return any(party in line for party in parties for line in short)


def _parties(issuer: str) -> list[str]:
    return [party for party in _PARTIES.split(fold(issuer)) if party]


def _abbreviates(one: str, other: str) -> bool:
    """Whether one is the other, in short: 市人社局 is 广州市人力资源和社会保障局."""
    short, long = sorted((one, other), key=len)
    rest = iter(long)
    return all(character in rest for character in short)


def _published(document: Document) -> Iterator[Problem]:
    signed = metadata.issued(document.text)
    if document.kind is not Kind.POLICY or signed is None or document.published is None:
        return
    days = (document.published - signed).days
    if days < 0:
        mend = "correct `published`: nothing is published before it is signed"
        yield _differs(document, About.PUBLISHED, document.published, signed, mend)
    elif days > _LATE:
        yield Problem(
            document=document.id,
            about=About.PUBLISHED,
            severity=Severity.NOTE,
            problem=f"published {days} days after it was signed",
            mend="see whether the page is a later copy; declare the first publication",
            declared=str(document.published),
            found=str(signed),
        )


def _period(document: Document) -> Iterator[Problem]:
    if document.kind is not Kind.POLICY:
        return
    signed = metadata.issued(document.text) or document.published
    start = metadata.effective(document.text, published=signed)
    if start and document.effective and start != document.effective:
        yield _differs(document, About.EFFECTIVE, document.effective, start)
    end = metadata.expires(document.text, since=document.effective or signed)
    if end and document.expires and end != document.expires:
        yield _differs(document, About.EXPIRES, document.expires, end)


def _disclosed(document: Document) -> Iterator[Problem]:
    found = metadata.disclosure(document.text, site="")
    if found is not None and found is not document.disclosure:
        mend = "correct `disclosure`; what is not open must not be shown"
        yield _differs(document, About.DISCLOSURE, document.disclosure, found, mend)


def _kind(document: Document) -> Iterator[Problem]:
    explains = document.kind is Kind.POLICY and not document.number
    if document.kind is Kind.POLICY and metadata.explains(document.title):
        yield _differs(document, About.KIND, document.kind, Kind.INTERPRETATION)
    elif explains and _EXPLAINS.search(tidy(document.title)):
        yield Problem(
            document=document.id,
            about=About.KIND,
            severity=Severity.NOTE,
            problem="its title reads like an explanation, and its kind is policy",
            mend="declare `kind: interpretation` or `kind: answer` if it sets no rules",
        )


def _file_name(document: Document) -> Iterator[Problem]:
    """穗府办规2020-10号 in the file's name, and another number in the text: files mixed up."""
    named = _FILE_NUMBER.search(document.id.rpartition("/")[2])
    real = number_key(document.number) if document.number else None
    if not named or not real or not real.year:
        return
    if (int(named["year"]), int(named["serial"])) != (real.year, real.serial):
        yield Problem(
            document=document.id,
            about=About.FILE,
            severity=Severity.MEND,
            problem="the file is named after another document number",
            mend="see whether two files were mixed up; rename it, or declare the number",
            declared=f"{named['organ']}〔{named['year']}〕{named['serial']}号",
            found=document.number,
        )


def _status(document: Document, on: date) -> Iterator[Problem]:
    if document.kind is Kind.INTERPRETATION:
        return  # it holds as long as its policy
    standing = document.standing(on)
    note = partial(Problem, document=document.id, about=About.STATUS, severity=Severity.NOTE)
    if standing is Standing.EXPIRED:
        yield note(
            problem=f"expired on {document.expires}, and its status says {document.status}",
            mend="nothing is answered from it; replace it, or correct `expires` if it goes on",
        )
    elif standing is Standing.UPCOMING:
        yield note(
            problem=f"takes effect on {document.effective}",
            mend="nothing to do: it is answered from that day on",
        )
