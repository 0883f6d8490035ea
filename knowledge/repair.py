"""
Damage in a text, undone line by line, and a report of it. Healthy text stays as it is.

What is lost for good stays visible as U+FFFD and is reported as unreadable; nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from knowledge.furniture import is_furniture
from knowledge.misread import is_misread, mend_misread
from knowledge.pinyin import Glosses, glosses, without_pinyin
from knowledge.readers.base import Page
from knowledge.shifted import mend_shifted
from knowledge.types import Heading
from knowledge.unseen import UNSEEN, bounded, gap


class Damage(StrEnum):
    """What was wrong with a text."""

    MISREAD = "misread"  # UTF-8 read as GBK
    SHIFTED = "shifted"  # GB18030 read one byte late
    PINYIN = "pinyin"  # in brackets behind characters
    PUNCTUATION = "punctuation"  # made half-width by the converter that set the pinyin
    PRIVATE_USE = "private_use"  # characters that only one program's font shows: dropped
    INVISIBLE = "invisible"  # zero-width and control characters: dropped
    BLANKS = "blanks"  # several in a row inside a line
    FURNITURE = "furniture"  # lines of the site, not of the text: dropped
    UNREADABLE = "unreadable"  # U+FFFD: lost before the text came to us, not mended


@dataclass(frozen=True, slots=True)
class Change:
    """One kind of damage in one text."""

    damage: Damage
    count: int
    before: str  # the first place, as it was
    after: str  # and as it is now


@dataclass(frozen=True, slots=True)
class Repaired:
    text: str
    changes: tuple[Change, ...] = ()  # none: the text was healthy


def repair(text: str) -> Repaired:
    r"""Return the text with its damage undone; lines end with \n."""
    mender = _Mender(text)
    mended = [mender.line(line) for line in text.split("\n")]
    return Repaired("\n".join(line for line in mended if line is not None), mender.report())


def repair_page(page: Page) -> tuple[Page, tuple[Change, ...]]:
    """Repair text and title; headings move with their lines."""
    title = page.declared.get("title")
    mender = _Mender(f"{page.text}\n{title}" if isinstance(title, str) else page.text)
    levels = {heading.start: heading.level for heading in page.headings}
    lines: list[str] = []
    headings: list[Heading] = []
    start = length = 0
    for line in page.text.split("\n"):
        level = levels.get(start, 0)
        start += len(line) + 1
        mended = mender.line(line, keep=level > 0)
        if mended is None:
            continue
        if level:
            headings.append(Heading(length, length + len(mended), level))
        lines.append(mended)
        length += len(mended) + 1
    if isinstance(title, str):
        mended = mender.line(title, keep=True) or ""
        page = replace(page, declared={**page.declared, "title": mended})
    return replace(page, text="\n".join(lines), headings=tuple(headings)), mender.report()


_PRIVATE: Final = re.compile(r"[\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd]+")
_BLANKS: Final = re.compile(r"(?<=\S)[ \t\u00a0]{2,}(?=\S)")  # full-width ones leave room to write
_HAN: Final = r"[\u3400-\u9fff“”》」』）]"
_HALF_WIDTH: Final = re.compile(
    rf"(?<={_HAN})[,:;!]|(?<=\))[,:;](?={_HAN})|(?<=[0-9A-Za-z%])[,;](?={_HAN})|\([^()\n]*[\u3400-\u9fff][^()\n]*\)"
)
_FULL_WIDTH: Final = str.maketrans(",:;!()", "，：；！（）")
_HALF_COMMA: Final = re.compile(r"[\u3400-\u9fff],[\u3400-\u9fff]")
_EXAMPLE: Final = 80  # characters of the report


class _Mender:
    """Mends the lines of one text, with what the whole of it tells, and counts."""

    def __init__(self, text: str) -> None:
        self._misread = is_misread(text)
        self._glosses: Glosses = glosses(text)
        # The converter that sets pinyin makes the punctuation half-width, all of it.
        narrow = "，" not in text and _HALF_COMMA.search(_unglossed(text, self._glosses))
        self._narrow = self._glosses.by_machine and bool(narrow)
        self._found: dict[Damage, Change] = {}

    def report(self) -> tuple[Change, ...]:
        return tuple(self._found[damage] for damage in Damage if damage in self._found)

    def line(self, line: str, *, keep: bool = False) -> str | None:
        """Return the line as it should be; None for furniture, unless told to keep it."""
        if (lower := bounded(line)) != line:
            self._note(Damage.INVISIBLE, line, lower)
            line = lower
        if self._misread:
            line = mend_misread(line, self._finder(Damage.MISREAD))
        line = mend_shifted(line, self._glosses, self._finder(Damage.SHIFTED))
        line = without_pinyin(line, self._glosses, self._finder(Damage.PINYIN))
        line = self._sub(Damage.PRIVATE_USE, _PRIVATE, line, lambda _: "")
        line = self._sub(Damage.INVISIBLE, UNSEEN, line, gap)
        line = self._sub(Damage.BLANKS, _BLANKS, line, lambda _: " ")
        if self._narrow:
            line = self._sub(Damage.PUNCTUATION, _HALF_WIDTH, line, _widened)
        if not keep and is_furniture(line.strip()):
            self._note(Damage.FURNITURE, line, "")
            return None
        for _ in range(line.count("\ufffd")):
            self._note(Damage.UNREADABLE, line, line)
        return line

    def _finder(self, damage: Damage) -> Callable[[str, str], None]:
        return lambda before, after: self._note(damage, before, after)

    def _sub(
        self,
        damage: Damage,
        pattern: re.Pattern[str],
        line: str,
        mended: Callable[[re.Match[str]], str],
    ) -> str:
        def one(found: re.Match[str]) -> str:
            after = mended(found)
            self._note(damage, found[0], after)
            return after

        return pattern.sub(one, line)

    def _note(self, damage: Damage, before: str, after: str) -> None:
        first = self._found.get(damage)
        self._found[damage] = (
            replace(first, count=first.count + 1)
            if first
            else Change(damage, 1, before[:_EXAMPLE], after[:_EXAMPLE])
        )


def _unglossed(text: str, known: Glosses) -> str:
    return without_pinyin(text, known, lambda _before, _after: None)


def _widened(found: re.Match[str]) -> str:
    return found[0].translate(_FULL_WIDTH) if len(found[0]) == 1 else f"（{found[0][1:-1]}）"
