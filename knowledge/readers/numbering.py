"""
Automatic numbers as Word shows them: 一、 （一） 1. (a) iv.

Values only; docx.py takes them out of the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

_HAN: Final = "〇一二三四五六七八九"
_LEGAL: Final = "零壹贰叁肆伍陆柒捌玖"
_STEMS: Final = "甲乙丙丁戊己庚辛壬癸"
_BRANCHES: Final = "子丑寅卯辰巳午未申酉戌亥"
_ROMAN: Final = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l")),
    *((40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")
_PLACE: Final = re.compile(r"%([1-9])")
_LATIN: Final = 26


@dataclass(frozen=True, slots=True)
class Level:
    """One level of a list, as numbering.xml describes it."""

    text: str  # "%1、"
    format: str = "decimal"
    start: int = 1
    legal: bool = False  # shows all levels in Arabic figures
    close: bool = False  # nothing stands between number and text


@dataclass(frozen=True, slots=True)
class Scheme:
    """One list of the document: w:num with what it takes from its w:abstractNum."""

    list: str  # lists of one abstractNum count on from each other
    levels: Mapping[int, Level]
    restarts: Mapping[int, int] = field(default_factory=dict)  # level -> its new start


class Counter:
    """Counts the numbered paragraphs of a document in their order."""

    def __init__(self, schemes: Mapping[str, Scheme]) -> None:
        self._schemes = schemes
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def next(self, number: str, depth: int) -> str:
        """Return the label of the next paragraph of that list at that level, or ""."""
        scheme = self._schemes.get(number)
        level = scheme.levels.get(depth) if scheme else None
        if scheme is None or level is None:
            return ""
        counts = self._counts.setdefault(scheme.list, {})
        if depth in scheme.restarts and (number, depth) not in self._begun:
            counts[depth] = scheme.restarts[depth]
        else:
            counts[depth] = counts.get(depth, level.start - 1) + 1
        self._begun.add((number, depth))
        for deeper in [one for one in counts if one > depth]:
            del counts[deeper]
        return _label(scheme, level, counts)


def _label(scheme: Scheme, level: Level, counts: Mapping[int, int]) -> str:
    if level.format == "bullet":
        return "• "

    def shown(place: re.Match[str]) -> str:
        depth = int(place[1]) - 1
        of = scheme.levels.get(depth)
        count = counts.get(depth, of.start if of else 1)
        return formatted(count, "decimal" if level.legal or of is None else of.format)

    label = _PLACE.sub(shown, level.text).strip()
    # "一、总则" and "（一）范围" stand close, "1. Scope" and "第一条 范围" do not.
    apart = bool(label) and not level.close and label[-1] not in "、）．："
    return f"{label} " if apart else label


def formatted(count: int, style: str) -> str:
    """Write a number in a style of w:numFmt; what we do not know in Arabic figures."""
    writer = _STYLES.get(style)
    return writer(count) if writer and count > 0 else str(count)


def han(count: int, *, digits: str = _HAN, units: str = "十百千") -> str:
    """Write 14 as 十四, 103 as 一百零三; up to 9999."""
    if not 0 < count < 10 ** (len(units) + 1):
        return str(count)
    zero = "零"
    written = ""
    for place, digit in enumerate(reversed(str(count))):
        if digit == "0":
            written = written if not written or written.startswith(zero) else zero + written
        else:
            written = digits[int(digit)] + (units[place - 1] if place else "") + written
    return written[1:] if written.startswith(f"{_HAN[1]}{units[0]}") else written


def _roman(count: int) -> str:
    written = ""
    for value, sign in _ROMAN:
        times, count = divmod(count, value)
        written += sign * times
    return written


def _letter(count: int) -> str:
    times, place = divmod(count - 1, _LATIN)
    return chr(ord("a") + place) * (times + 1)


def _figures(count: int) -> str:
    return "".join(_HAN[int(digit)] for digit in str(count))


def _legal(count: int) -> str:
    return han(count, digits=_LEGAL, units="拾佰仟")


def _ordinal(count: int) -> str:
    teen = count // 10 % 10 == 1
    return f"{count}{'th' if teen else {1: 'st', 2: 'nd', 3: 'rd'}.get(count % 10, 'th')}"


def _cycle(signs: str) -> Callable[[int], str]:
    return lambda count: signs[(count - 1) % len(signs)]


def _block(first: str, last: int) -> Callable[[int], str]:
    return lambda count: chr(ord(first) + count - 1) if count <= last else str(count)


_STYLES: Final[Mapping[str, Callable[[int], str]]] = {
    "none": lambda _: "",
    "decimalZero": lambda count: f"{count:02}",
    "upperRoman": lambda count: _roman(count).upper(),
    "lowerRoman": _roman,
    "upperLetter": lambda count: _letter(count).upper(),
    "lowerLetter": _letter,
    "ordinal": _ordinal,
    **dict.fromkeys(
        (
            *("chineseCounting", "chineseCountingThousand", "japaneseCounting"),
            *("taiwaneseCounting", "taiwaneseCountingThousand"),
        ),
        han,
    ),
    **dict.fromkeys(
        ("ideographDigital", "taiwaneseDigital", "japaneseDigitalTenThousand"), _figures
    ),
    **dict.fromkeys(
        ("chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"), _legal
    ),
    "ideographTraditional": _cycle(_STEMS),
    "ideographZodiac": _cycle(_BRANCHES),
    "decimalFullWidth": lambda count: str(count).translate(
        {48 + n: 0xFF10 + n for n in range(10)}
    ),
    **dict.fromkeys(("decimalEnclosedCircle", "decimalEnclosedCircleChinese"), _block("①", 20)),
    "decimalEnclosedParen": _block("⑴", 20),
    "decimalEnclosedFullstop": _block("⒈", 20),
    "ideographEnclosedCircle": _block("㊀", 10),
    "ganada": _cycle("가나다라마바사아자차카타파하"),
    "aiueo": _cycle("アイウエオカキクケコサシスセソタチツテトナニヌネノ"),
    "iroha": _cycle("イロハニホヘトチリヌルヲワカヨタレソツネナラム"),
}
