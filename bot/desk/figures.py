"""
Numbers and dates in a text, read so that the same ones are equal: 三万元 is 30000元. Pure.

For whoever looks at a reply before it goes out: a number that no cited passage has is where a
wrong answer shows first.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from knowledge.fold import fold
from knowledge.structure import numeral

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
    r"percent|days?|months?|years?|hours?|yuan|원|일|개월|년|円|ヶ月|か月)?"
)
_FIGURE: Final = re.compile(
    rf"(?P<percent>百分之)?(?:(?P<arabic>\d+(?:,\d{{3}})*(?:\.\d+)?)|(?P<han>[{_HAN}]+))"
    rf"\s*(?P<scale>[万亿])?\s*[个個]?\s*{_UNIT}"
)
_SCALES: Final = {"": 1, "万": 10_000, "亿": 100_000_000}
_UNITS: Final = {  # other words for one
    **dict.fromkeys(("天", "일", "day", "days"), "日"),
    **dict.fromkeys(("개월", "ヶ月", "か月", "month", "months"), "月"),
    **dict.fromkeys(("년", "year", "years"), "年"),
    **dict.fromkeys(("hour", "hours"), "小时"),
    "yuan": "元",
    "percent": "%",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with its unit, or a date."""

    value: str  # "30000", "2026-3-1", "3-1"
    unit: str  # "元", "date", "" if none follows


def figures(text: str) -> dict[Figure, str]:
    """The figures of a text, each with how it is written where it comes first."""
    folded = fold(text)
    found: dict[Figure, str] = {}
    for figure, written in _found(folded):
        found.setdefault(figure, written)
    return found


def _found(folded: str) -> Iterator[tuple[Figure, str]]:
    for date in _DATE.finditer(folded):
        yield _date(date), date[0]
    rest = _DATE.sub(" ", folded)
    for match in _FIGURE.finditer(rest):
        figure = _figure(match)
        if figure is not None:
            yield figure, match[0].strip()


def _date(match: re.Match[str]) -> Figure:
    year, month, day = (match["y"] or match["iy"], match["m"] or match["im"], match["d"])
    parts = [part for part in (year, month, day or match["id"]) if part]
    return Figure("-".join(str(numeral(part)) for part in parts), "date")


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
    unit = "%" if match["percent"] else _UNITS.get(unit, unit)
    return Figure(f"{value.normalize():f}", unit)
