"""
What a document is called when others speak of it.

"某市财政局关于印发《某市补贴办法（2025年修订）》的通知" is cited as 《某市补贴办法》: the core
of the name, which is what names are compared by; "2025年修订" is its edition.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from knowledge.fold import fold

_YEAR: Final = r"(?:19|20)\d{2}"
_ORGAN: Final = "局委会厅室府部心院署社团门行办司校"
_QUOTED: Final = re.compile(r"《(?P<what>(?:[^《》]|《[^《》]*》)+)》")
# Issuers, 关于印发 … 的通知: paper around the policy. 关于实施… is no paper: it is the name.
_PAPER: Final = re.compile(
    r"^[^《》]{0,80}?关于(?:修订|重新|联合)*(?:印发|发布|公布|颁布|颁发|下发)(?:实施|执行)?"
    r"(?P<what>.+)的(?:通知|公告|通告|决定|令|函)$"
)
_ISSUERS: Final = re.compile(rf"^[^《》〈〉的]{{1,80}}?[{_ORGAN}](?=关于)")
_EDITION: Final = re.compile(
    r"\((?P<note>[^()]*(?:修订|修正|试行|暂行|[版年稿本])[^()]*)\)$"
    rf"|(?P<bare>{_YEAR}年?修[订正][版本]?|修[订正][版本])$"
)
_MASKED: Final = re.compile(rf"{_YEAR}(?:[-—~至]{_YEAR})?(?:年度?|学年)?(?:第[一二三四\d]批)?")
_LONGEST: Final = 400  # characters of a title; more is no title
_INNER: Final = str.maketrans("《》", "〈〉")
_ASCII_QUOTES: Final = re.compile(r"<([^<>]*[\u4e00-\u9fff][^<>]*)>")
# What the title of an interpretation says around the name of the policy.
_BEFORE: Final = re.compile(
    r"^(?:[\[【(][^\]】)]{1,12}[\]】)])?(?:(?:一[图文]|一问一答|一张图|秒|图文|动画|专家|政策|文件)*"
    r"(?:读懂|看懂|看|懂|图解|图说|解读|问答)[:丨|—-]*|explained:|q&aon)?(?:关于)?"
)
_BEHIND: Final = re.compile(
    r"[的之:丨|—-]*(?:相关)?(?:政策|文件|图文|专家|简要|常见|热点|有关)*(?:\d{1,3})?(?:解读|问答|问题解答|"
    r"问题|图解|[问答]|说明|一图读懂)(?:材料|稿|版|之[一二三四五六七八九十\d]+|[(][^()]*[)])*$"
)


@dataclass(frozen=True, slots=True)
class Name:
    core: str  # folded, without blanks, issuers, paper and edition; "" where nothing is left
    edition: str = ""  # "2025年修订", "试行"

    @property
    def years(self) -> frozenset[int]:
        """The years of the edition."""
        return frozenset(int(year) for year in re.findall(_YEAR, self.edition))

    @property
    def draft(self) -> bool:
        """征求意见稿, 草案: it never was in force."""
        return "稿" in self.edition or "草案" in self.edition

    @property
    def series(self) -> str:
        """The core without its years: 2025年度…通知 and 2026年度…通知 are one series."""
        return _MASKED.sub("", self.core)


@lru_cache(maxsize=65_536)
def name_of(title: str) -> Name:
    """Return the name under which others cite a document with that title."""
    return _named(tidy(title))


@lru_cache(maxsize=65_536)
def subject_of(title: str) -> Name:
    """Return the name of what an interpretation with that title interprets."""
    text = tidy(title)
    quoted = _QUOTED.search(text)
    if quoted:
        named = _named(quoted["what"])
        _, behind = _cut_edition(_BEHIND.sub("", text[quoted.end() :]))
        return Name(named.core, named.edition or behind)
    core, edition = _cut_edition(text)
    named = _named(_BEHIND.sub("", _BEFORE.sub("", core)))
    return Name(named.core, named.edition or edition)


def quoted_in(title: str) -> tuple[Name, ...]:
    """Return the names in the brackets of a title, the inner ones 〈…〉 too."""
    text = tidy(title)
    outer = [found["what"] for found in _QUOTED.finditer(text)]
    inner = [found for what in [text, *outer] for found in re.findall(r"〈([^〈〉]+)〉", what)]
    return tuple(dict.fromkeys(_named(what) for what in [*outer, *inner]))


def tidy(title: str) -> str:
    """Fold a title and drop its blanks; <…> around Chinese becomes 〈…〉."""
    return _ASCII_QUOTES.sub(r"〈\1〉", "".join(fold(title[:_LONGEST]).split()))


def _named(text: str) -> Name:
    text, outside = _cut_edition(_unquoted(text))
    paper = _PAPER.match(text)
    if paper:
        text, inside = _cut_edition(_unquoted(paper["what"]))
        return Name(_core(text), inside or outside)
    return Name(_core(_ISSUERS.sub("", text)), outside)


def _core(text: str) -> str:
    """关于 goes, and brackets are those of a name inside a name."""
    return text.removeprefix("关于").translate(_INNER)


def _unquoted(text: str) -> str:
    for opening, closing in ("《》", "〈〉"):
        if text.startswith(opening):
            return text[1 : text.rfind(closing)] if closing in text else text[1:]
    return text


def _cut_edition(text: str) -> tuple[str, str]:
    found = _EDITION.search(text)
    if found is None:
        return text, ""
    return text[: found.start()], found["note"] or found["bare"]
