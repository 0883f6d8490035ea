"""
The day that a question speaks of: 截至2019年5月1日, as of 2019-05-01, 去年的规定.

Only words that ask what held on a day change it. A year alone is mostly part of the topic
(2023年度补贴), and a date alone a fact of the case (2019年5月1日出生).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from knowledge.structure import numeral

_HAN: Final = "〇○零一二三四五六七八九十"
_YEAR: Final = rf"(?<!\d)(?:(?:19|20)\d\d|[一二][{_HAN}]{{3}})"
_SMALL: Final = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_MONTHS: Final = (
    "jan",
    "feb",
    "mar",
    "apr",
    "may",
    "jun",
    "jul",
    "aug",
    "sep",
    "oct",
    "nov",
    "dec",
)
_NAMED: Final = rf"(?P<m>(?:{'|'.join(_MONTHS)})[a-z]*)\.?"
_NTH: Final = r"(?P<d>\d{1,2})(?:st|nd|rd|th)?"
_DATES: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # 2019年5月1日, 2019年5月, 2019年底, 2019년 5월 1일
        (
            rf"(?P<y>{_YEAR})\s*[年년](?!度)\s*"
            rf"(?:(?P<m>{_SMALL})\s*[月월](?:\s*(?P<d>{_SMALL})\s*[日号號일])?|(?P<part>[初底末])?)"
        ),
        r"(?<!\d)(?P<y>(?:19|20)\d\d)(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})(?!\d)",
        rf"\b{_NAMED}\s+{_NTH},?\s+(?P<y>{_YEAR})(?!\d)",  # May 1, 2019
        rf"\b(?:the\s+)?{_NTH}\s+(?:of\s+)?{_NAMED},?\s+(?P<y>{_YEAR})(?!\d)",  # 1 May 2019
        rf"(?<!\d\s)(?<!\d)\b{_NAMED},?\s+(?P<y>{_YEAR})(?!\d)",  # May 2019
        rf"(?P<y>{_YEAR})(?![-/.]?\d|\s*[年년])",  # 2019, for as of 2019
    )
)
_NEAR: Final = r"[^，,。；;？?！!\n]{0,24}?"  # in the same clause
_CASE: Final = (  # 截至2025年12月31日未满60岁 is a fact of the case
    r"(?!\s*(?:之?前|以前|之?后|之?後|以后|以後|未满|未滿|已满|已滿|满|滿|年满|年滿|出生|参加|參加|缴费|繳費))"
)
_FILLING: Final = r"(?:\s*(?:时|時|为止|為止|止))?(?:\s*(?:有效|适用|適用))?的?"
# Words before a date that ask for what held on it, and what may follow it then.
_BEFORE: Final = (
    (re.compile(r"截至\s*$"), re.compile(_CASE + _FILLING)),
    (re.compile(r"(?:^|[\s，,。；;：:])截止[到至]?\s*$"), re.compile(_CASE + _FILLING)),
    (
        re.compile(
            r"\b(?:(?:that|which)\s+(?:was|were|is|are|will\s+be)\s+)?"
            r"(?:(?:valid|in\s+force|in\s+effect)\s+)?(?:as\s+(?:of|at)|"
            r"(?<=valid\s)(?:on|in|at)|(?<=in\sforce\s)(?:on|in|at)|(?<=in\seffect\s)(?:on|in|at))\s+$",
            re.IGNORECASE,
        ),
        re.compile(r"\s*,?"),
    ),
)
_WHICH: Final = r"(?:的|有效的?|适用的?|適用的?)?"
# Words behind any date that ask for it.
_BEHIND: Final = (
    re.compile(rf"\s*(?:那时|那時|那天|当时|當時|当天|當天|当日|當日){_WHICH}"),
    re.compile(
        rf"\s*[时時][候]?(?![间間点點期段刻]){_WHICH}"
        rf"(?={_NEAR}(?:规定|規定|政策|标准|標準|办法|辦法|有效|执行|執行))"
    ),
    re.compile(r"\s*(?:時点|現在|当時)(?:で(?:有効な|は|の)?|において|の|に|は)?"),
    re.compile(r"\s*(?:당시|시점|현재)(?:에는|에|의|에서)?(?:\s*유효한)?"),
    re.compile(r"\s*기준(?:으로는?|에)"),
)
# Words behind a date with its day; behind a year they would be part of the topic.
_BEHIND_DAY: Final = (
    re.compile(rf"\s*的(?={_NEAR}(?:规定|規定|政策))"),
    re.compile(r"\s*(?:有效|现行|現行|适用|適用)的"),
    re.compile(r"\s*に(?:有効|適用され|施行され)(?:な|だった|ていた|る|た)"),
    re.compile(r"\s*에\s*(?:유효한|유효했던|시행되던|적용되던)"),
    re.compile(r"\s*기준(?!\s*중위)"),  # 기준 중위소득 is an income
)
_LEADING: Final = re.compile(r"(?:按照|依照|根据|根據|[在按于於])\s*$")
_SAID: Final = rf"(?:的(?={_NEAR}(?:规定|規定|政策))|(?={_NEAR}(?:规定|規定)))"
_ENGLISH_RULES: Final = r"(?=(?:[a-z]+\s+){0,3}(?:rules?|law|policy|policies|regulations?)\b)"
_RELATIVE: Final = tuple(
    (years, re.compile(pattern, re.IGNORECASE))
    for years, pattern in (
        (-1, rf"去年{_SAID}"),
        (-2, rf"前年{_SAID}"),
        (1, rf"明年{_SAID}"),
        (-1, rf"昨年の(?={_NEAR}(?:規定|制度|政策|ルール))"),
        (1, rf"来年の(?={_NEAR}(?:規定|制度|政策|ルール))"),
        (-1, rf"(?:작년|지난해)의?\s*(?={_NEAR}(?:규정|정책|제도))"),
        (1, rf"내년의?\s*(?={_NEAR}(?:규정|정책|제도))"),
        (-1, rf"\blast\s+year['’]s\s+{_ENGLISH_RULES}"),
        (1, rf"\bnext\s+year['’]s\s+{_ENGLISH_RULES}"),
    )
)
_FIGURES: Final = str.maketrans("０１２３４５６７８９", "0123456789")
_MARKS: Final = re.compile(r"^[\s,，、;；:：.。的]+")


@dataclass(frozen=True, slots=True)
class AsOf:
    """A question about a day, and what is left of it without the day."""

    day: date
    rest: str


@dataclass(frozen=True, slots=True)
class _Asked:
    """Words of the question, date and all, that ask for a day."""

    start: int
    end: int
    day: date


def asked_day(question: str, today: date) -> AsOf | None:
    """
    Return the day that a question asks for, or None if it asks for none or for several.

    A year or a month is taken as it ended; one that has not ended, as it is today; one to come,
    as it begins.
    """
    question = question.translate(_FIGURES)
    asked = [*_by_date(question, today), *_by_year(question, today)]
    if len({one.day for one in asked}) != 1:
        return None
    rest = question
    for one in sorted(asked, key=lambda one: one.start, reverse=True):
        rest = f"{rest[: one.start]} {rest[one.end :]}"
    rest = _MARKS.sub("", rest).strip()
    return AsOf(asked[0].day, rest) if any(map(str.isalnum, rest)) else None


def _by_date(question: str, today: date) -> Iterator[_Asked]:
    read = 0
    for found in _dates(question):
        day = _day(found, today)
        if day is None or found.start() < read:
            continue
        span = _before(question, found) or _behind(question, found)
        if span is not None:
            yield _Asked(*span, day)
            read = span[1]


def _dates(question: str) -> list[re.Match[str]]:
    """Dates in their order; of those that begin together, the fullest."""
    found = [match for pattern in _DATES for match in pattern.finditer(question)]
    found.sort(key=lambda match: (match.start(), -match.end()))
    kept: list[re.Match[str]] = []
    for match in found:
        if not kept or match.start() >= kept[-1].end():
            kept.append(match)
    return kept


def _before(question: str, date_: re.Match[str]) -> tuple[int, int] | None:
    for before, after in _BEFORE:
        asks = before.search(question[: date_.start()])
        filling = after.match(question, date_.end()) if asks else None
        if asks and filling:
            return asks.start(), filling.end()
    return None


def _behind(question: str, date_: re.Match[str]) -> tuple[int, int] | None:
    words = (*_BEHIND, *_BEHIND_DAY) if date_.groupdict().get("d") else _BEHIND
    asks = next((found for word in words if (found := word.match(question, date_.end()))), None)
    if asks is None:
        return None
    leading = _LEADING.search(question[: date_.start()])
    return (leading.start() if leading else date_.start()), asks.end()


def _by_year(question: str, today: date) -> Iterator[_Asked]:
    for years, pattern in _RELATIVE:
        for found in pattern.finditer(question):
            year = today.year + years
            day = date(year, 12, 31) if years < 0 else date(year, 1, 1)
            yield _Asked(*found.span(), day)


def _day(found: re.Match[str], today: date) -> date | None:
    """The day of a date, or None if the calendar has none such."""
    values = found.groupdict()
    year, month, day = (_number(values.get(name) or "") for name in ("y", "m", "d"))
    try:
        if day:
            return date(year, month, day)
        first = date(year, month or 1, 1)
    except ValueError:
        return None
    if values.get("part") == "初":
        return first
    last = date(year, month or 12, monthrange(year, month or 12)[1])
    if values.get("part"):
        return last
    return last if last < today else max(first, today)


def _number(written: str) -> int:
    """Read 5, 五, 二〇一九 or May; 0 for nothing."""
    if written[:3].lower() in _MONTHS:
        return _MONTHS.index(written[:3].lower()) + 1
    if written.isdecimal():
        return int(written)
    return numeral(written.replace("○", "〇")) if written else 0
