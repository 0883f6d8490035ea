"""
Where a line stands in the outline of its document.

Knows 编 章 节 条, the outline of notices 一、（一）1.（1）, annexes, "Section 3", "Article 5",
"3.2", "(a)", question lines, and the headings that the file's format marks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from knowledge.types import Heading

_HAN: Final = "〇零一二三四五六七八九十百千两"
_NUM: Final = rf"[{_HAN}\d]{{1,7}}"
LABEL_LENGTH: Final = 40  # a longer line is no heading, only its marker is the label


class Rank(IntEnum):
    """How high a line stands; a lower number is nearer the top."""

    ANNEX = 1
    PART = 2
    CHAPTER = 3
    SECTION = 4
    CLAUSE = 5
    FIRST = 6  # 一、
    SECOND = 7  # （一）
    THIRD = 8  # 1.
    FOURTH = 9  # （1）


@dataclass(frozen=True, slots=True)
class Mark:
    """A line that opens a piece of the outline."""

    start: int  # character where the line starts
    rank: Rank
    label: str  # "第十四条", "第二章 提取条件", "三、申请材料"
    heading: bool  # the whole line is a heading: what it heads comes after it


@dataclass(frozen=True, slots=True)
class _Rule:
    rank: Rank
    pattern: re.Pattern[str]
    heading: bool


def _rule(rank: Rank, pattern: str, *, heading: bool = False) -> _Rule:
    return _Rule(rank, re.compile(pattern), heading)


_RULES: Final = (
    # "附件：1．名单" is the list of annexes at the foot of a notice; "附件1 名单" is the annex.
    _rule(
        Rank.ANNEX,
        rf"附\s*[件录錄表]\s*({_NUM}\s*[:：.．]?|(?=\s|$))(?!\s*[:：])",
        heading=True,
    ),
    _rule(Rank.ANNEX, r"(Annex|Appendix|Schedule)\s+([A-Z]|\d+)\b", heading=True),
    _rule(Rank.PART, rf"第{_NUM}(编|部分)(\s|[:：]|$)", heading=True),
    _rule(Rank.PART, r"(Part|PART)\s+([IVX]+|\d+)\b", heading=True),
    _rule(Rank.CHAPTER, rf"第{_NUM}章(?!的|规定|所)", heading=True),
    _rule(Rank.CHAPTER, r"(Chapter|CHAPTER)\s+([IVX]+|\d+)\b", heading=True),
    _rule(Rank.SECTION, rf"第{_NUM}[节節](?!的|规定|所)", heading=True),
    _rule(Rank.CLAUSE, rf"第\s*(?P<n>{_NUM})\s*[条條](之{_NUM})?"),
    _rule(Rank.CLAUSE, r"(Section|Article|SECTION|ARTICLE)\s+\d+[A-Z]?(?=[.:\s]|$)"),
    _rule(Rank.FIRST, rf"[{_HAN}]{{1,3}}\s*[、．]"),
    _rule(Rank.FIRST, r"(问|問|Q)\s*\d*\s*[:：.]"),
    _rule(Rank.SECOND, rf"[（(][{_HAN}]{{1,3}}[）)]"),
    _rule(Rank.SECOND, r"\d{1,2}\.\d{1,2}(?=\s)"),
    _rule(Rank.THIRD, r"\d{1,2}\s*[.．、](?!\d)"),
    _rule(Rank.FOURTH, r"[（(]\d{1,2}[）)]"),
    _rule(Rank.FOURTH, r"\([a-z]\)(?=\s)"),
)
# 第十一条的规定…, 第三条、第四条…: a reference to a clause, not the clause.
_REFERENCE: Final = re.compile(
    rf"\s?(的|规定|規定|所|中|第{_NUM}[款项項条條]|、|和|至|及|或|，|,|。|；|款|项|以外|之规定)"
)
_LEVEL_RANK: Final = (Rank.PART, Rank.PART, Rank.CHAPTER, Rank.SECTION, Rank.FIRST, Rank.SECOND)


def outline(text: str, headings: Sequence[Heading] = ()) -> list[Mark]:
    """Return the marked lines of the text in their order."""
    marked = {heading.start: heading for heading in headings}
    found: list[Mark] = []
    clause = 0  # the last 第N条
    for start, line in lines(text):
        mark = _mark(start, line, marked.get(start))
        if mark is None:
            continue
        if mark.rank is Rank.CLAUSE and (number := _clause_number(line)) is not None:
            if not _opens(line, number, after=clause):
                continue
            clause = number
        elif mark.rank <= Rank.PART:
            clause = 0  # an annex counts its clauses anew
        found.append(mark)
    return found


def lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield (start, line without its end) for each line."""
    start = 0
    for line in text.splitlines(keepends=True):
        yield start, line.rstrip("\n")
        start += len(line)


def _mark(start: int, line: str, heading: Heading | None) -> Mark | None:
    stripped = line.strip()
    for rule in _RULES:
        found = rule.pattern.match(stripped)
        if found:
            short = len(stripped) <= LABEL_LENGTH
            if rule.heading and not short and heading is None:
                return None
            is_heading = rule.heading or heading is not None
            return Mark(start, rule.rank, _label(rule, found, stripped), is_heading)
    if heading is None or not stripped:
        return None
    rank = _LEVEL_RANK[heading.level - 1]
    return Mark(start, rank, stripped[:LABEL_LENGTH], heading=True)


def _label(rule: _Rule, found: re.Match[str], line: str) -> str:
    if rule.rank is Rank.CLAUSE and "n" in rule.pattern.groupindex:
        return "".join(found.group().split())
    sentence = re.split(r"[。；;]|[?？]", line, maxsplit=1)[0]
    if len(sentence) <= LABEL_LENGTH and (rule.heading or len(line) <= LABEL_LENGTH):
        return " ".join(line.rstrip("：:；;，,。").split())
    return found.group().strip()


def _clause_number(line: str) -> int | None:
    found = re.match(rf"\s*第\s*(?P<n>{_NUM})\s*[条條]", line)
    return numeral(found["n"]) if found else None


def _opens(line: str, number: int, *, after: int) -> bool:
    """Tell the opening of clause `number` from a reference to it at the start of a line."""
    head = re.match(rf"\s*第\s*{_NUM}\s*[条條](之{_NUM})?", line)
    assert head is not None
    rest = line[head.end() :]
    follows = number in {after, after + 1} or after == 0
    if rest[:1] in {" ", "\u3000", ""} and not _REFERENCE.match(rest.lstrip()):
        return number >= after or number == 1  # another regulation begins
    return follows and not _REFERENCE.match(rest)


_DIGITS: Final = {c: n for n, c in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2}
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}


def numeral(text: str) -> int:
    """Read 十四, 一百零三, 二〇二四 or 14."""
    if text.isascii():
        return int(text)
    if not any(unit in text for unit in _UNITS):
        return int("".join(str(_DIGITS[c]) if c in _DIGITS else c for c in text))
    total, digit = 0, 0
    for character in text:
        unit = _UNITS.get(character)
        if unit is None:
            digit = _DIGITS[character] if character in _DIGITS else int(character)
        else:
            total += (digit or 1) * unit
            digit = 0
    return total + digit
