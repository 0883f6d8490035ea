"""Where a text names other documents: 《title》（number）第三条, or a number alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from knowledge.fold import fold
from knowledge.metadata import NUMBER

_HAN: Final = "〇零一二三四五六七八九十百千"
# In brackets behind a title: its number, or the name that it goes by from here on.
_INNER: Final = r"(?:[（(][^()（）\n]{0,40}[)）][^()（）\n]{0,60})?"
_NOTE: Final = rf"(?:\s*[（(](?P<note>[^（()）\n]{{0,80}}{_INNER})[）)])?"
CLAUSE: Final = (
    rf"第\s*(?:[{_HAN}]{{1,7}}|\d{{1,4}})\s*[条條](?:之[{_HAN}]{{1,3}})?"
    rf"(?:第[{_HAN}\d]{{1,3}}[款项項目])*"
)
_TITLED: Final = re.compile(
    rf"《(?P<title>(?:[^《》\n]|《[^《》\n]{{1,100}}》){{2,120}})》{_NOTE}(?:\s*(?P<clause>{CLAUSE}))?"
)
_SHORT: Final = re.compile(
    r"(?:以下|下)(?:统|統)?[简簡]?[称稱](?:为)?\s*[《“\"'「]?(?P<short>[^》”\"'」，,；;]{1,20})"
)
_SECOND: Final = re.compile(r"\s*[（(][^()（）\n]{2,40}[)）]")  # （…2号）（以下称《办法》）
_DECREE: Final = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{2,24}(?:令|公告))\s*第\s*(?P<serial>\d{1,5})\s*[号號]"
)
_LEADING: Final = re.compile(r"^(?:根据|依据|按照|依照|关于|[以按据和与及见由为自对将原从经])+")


@dataclass(frozen=True, slots=True)
class Citation:
    start: int  # characters into the text
    end: int
    title: str = ""  # as written, without 《》
    number: str = ""  # as written
    clause: str = ""  # 第三条第二款
    short: str = ""  # the name that it goes by from here on


@dataclass(frozen=True, slots=True)
class Number:
    """A document number to compare by; a decree has no year."""

    organ: str
    year: int
    serial: int


def citations(text: str) -> Iterator[Citation]:
    """Yield what the text names, in its order."""
    end = 0
    for found in _TITLED.finditer(text):
        if found.start() < end:  # 《办法》 in （以下称《办法》）
            continue
        yield from _numbers(text, end, found.start())
        note = found["note"] or ""
        second = _SECOND.match(text, found.end("note") + 1) if note else None
        behind = _SHORT.search(second.group()) if second else None
        short = behind or _SHORT.search(note)
        end = second.end() if second and behind else found.end()
        yield Citation(
            start=found.start(),
            end=end,
            title=found["title"],
            number=_written(note),
            clause="".join((found["clause"] or "").split()),
            short=short["short"].strip() if short else "",
        )
    yield from _numbers(text, end, len(text))


def _numbers(text: str, start: int, end: int) -> Iterator[Citation]:
    for found in NUMBER.finditer(text, start, end):
        yield Citation(found.start(), found.end(), number=found.group())


def _written(note: str) -> str:
    found = NUMBER.search(note) or _DECREE.search(note)
    return found.group() if found else ""


@lru_cache(maxsize=65_536)
def number_key(number: str) -> Number | None:
    """Read 穗府办规〔2024〕13号 or 国务院令第746号, with words such as 根据 before it."""
    text = "".join(fold(number).split())
    found = NUMBER.search(text)
    if found:
        return Number(_LEADING.sub("", found["organ"]), int(found["year"]), int(found["serial"]))
    decree = _DECREE.search(text)
    if decree:
        organ = _LEADING.sub("", decree["organ"]).removeprefix("中华人民共和国")
        return Number(organ, 0, int(decree["serial"]))
    return None
