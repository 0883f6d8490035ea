"""
Numbers and dates in a text, read so that the same ones are equal: 三万元 is 30000元. Pure.

Where two texts tell of one matter with other figures, or a reply has a number that no cited
passage has, a wrong answer shows first.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from knowledge.fold import fold
from knowledge.structure import numeral

DATE: Final = "date"  # the unit of a day
_HAN: Final = "〇零一二两三四五六七八九十百千"
_SMALL: Final = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_YEAR: Final = r"(?:\d{4}|[一二][〇零一二三四五六七八九]{3})"
_DATE: Final = re.compile(
    rf"(?:(?P<y>{_YEAR})\s*[年년]\s*)?(?P<m>{_SMALL})\s*[月월]\s*(?P<d>{_SMALL})\s*[日号일]"
    r"|(?<!\d)(?P<iy>\d{4})(?P<sep>[-/.])(?P<im>\d{1,2})(?P=sep)(?P<id>\d{1,2})(?!\d)"
)
# 个 and the like say nothing of what is counted: 3个月 is 3月 here, and 30个工作日 30工作日.
_UNIT: Final = (
    r"(?P<unit>工作日|小时|分钟|平方米|公里|[年月日天周岁元人次份条倍成%度吨米]|"
    r"percent|(?:working |business )?days?|weeks?|months?|years?|hours?|yuan|"
    r"원|일|개월|년|퍼센트|円|ヶ月|か月|パーセント)?"
)
_SIGN: Final = r"(?:(?P<sign>[$€£¥]|\b(?:rmb|cny|usd|krw|jpy|eur|hkd))\s*)?"
_FIGURE: Final = re.compile(
    rf"(?P<percent>百分之)?{_SIGN}(?:(?P<arabic>\d+(?:,\d{{3}})*(?:\.\d+)?)|(?P<han>[{_HAN}]+))"
    rf"\s*(?P<scale>[万亿만억])?\s*[个個]?\s*{_UNIT}"
)
_SCALES: Final = {"": 1, **dict.fromkeys("万만", 10_000), **dict.fromkeys("亿억", 100_000_000)}
_UNITS: Final = {  # other words for one
    **dict.fromkeys(("天", "일", "day", "days"), "日"),
    **dict.fromkeys(("개월", "ヶ月", "か月", "month", "months"), "月"),
    **dict.fromkeys(("년", "year", "years"), "年"),
    **dict.fromkeys(("hour", "hours"), "小时"),
    **dict.fromkeys(("week", "weeks"), "周"),
    **dict.fromkeys(("working day", "working days", "business day", "business days"), "工作日"),
    **dict.fromkeys(("percent", "퍼센트", "パーセント"), "%"),
    "yuan": "元",
}
_SIGNS: Final = {
    "¥": "元",
    "rmb": "元",
    "cny": "元",
    "krw": "원",
    "jpy": "円",
    "usd": "$",
    "eur": "€",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, or a date."""

    value: str  # "30000", "2026-3-1", "3-1"
    unit: str  # "元", DATE, "" if none follows


@dataclass(frozen=True, slots=True)
class Written:
    """A figure where it stands in a folded text."""

    figure: Figure
    start: int
    end: int


def figures(text: str) -> dict[Figure, str]:
    """The figures of a text, each with how it is written where it comes first."""
    folded = fold(text)
    found: dict[Figure, str] = {}
    for one in sorted(figures_of(folded), key=lambda one: one.figure.unit != DATE):
        found.setdefault(one.figure, folded[one.start : one.end].strip())
    return found


def figures_of(folded: str) -> list[Written]:
    """The figures of a folded text, in their order."""
    dates = [Written(_date(found), *found.span()) for found in _DATE.finditer(folded)]
    rest = _DATE.sub(lambda found: " " * len(found[0]), folded)
    others = (
        Written(figure, *found.span())
        for found in _FIGURE.finditer(rest)
        if (figure := _figure(found)) is not None
    )
    return sorted((*dates, *others), key=lambda one: one.start)


def _date(match: re.Match[str]) -> Figure:
    year, month, day = (match["y"] or match["iy"], match["m"] or match["im"], match["d"])
    parts = [part for part in (year, month, day or match["id"]) if part]
    return Figure("-".join(str(numeral(part)) for part in parts), DATE)


def _figure(match: re.Match[str]) -> Figure | None:
    """None for a numeral in a word: 一般, 统一, 十分."""
    unit = match["unit"] or ""
    if match["han"] and not (unit or match["percent"] or match["scale"]):
        return None
    if match["han"]:
        value = Decimal(numeral(match["han"]))
    else:
        value = Decimal(match["arabic"].replace(",", ""))
    value *= _SCALES[match["scale"] or ""]
    sign = match["sign"] or ""
    unit = "%" if match["percent"] else _UNITS.get(unit, unit) or _SIGNS.get(sign, sign)
    return Figure(f"{value.normalize():f}", unit)
