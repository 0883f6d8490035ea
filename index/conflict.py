"""
Two documents in force that tell different figures for the same thing: neither may answer alone.

Which of them applies is for a person to say. An older document is not out of force because a
newer one says otherwise, and neither is an interpretation right or wrong because its rule does.
Only where one amends or repeals the other is it settled which one binds.

All of it must agree but the figure that is asked for: the places, what titles and headings speak
of, what is said of the question, the words of the sentence. A conflict that is no conflict costs
an answer that was right, so what is doubtful is none.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from index.alike import (
    MONEY,
    SHARES,
    TIMES,
    Statement,
    likeness,
    read,
    same_but_for_figures,
    unsaid,
    years_apart,
)
from index.amounts import asks_for_an_amount
from index.questions import without_frame
from index.sentences import Span, statements
from index.types import Hit
from knowledge.figures import Figure
from knowledge.fold import fold
from knowledge.types import Document

Changes = Callable[[Document], frozenset[str]]  # ids of what a document amends or repeals

_AMOUNT: Final = re.compile(
    r"额度|标准|金额|比例|费用|收费|价格|[利费税]率|上限|下限|封顶|起付|\b(?:fees?|rates?|costs?|prices?|"
    r"amounts?|fines?)\b|금액|비율|한도|수수료|요금|과태료|割合|料金|手数料|限度"
)
_TIME: Final = re.compile(
    r"何时|什么时候|时间|期限|多久|几个?(?:工作)?[天日月年周]|哪[天日年]|多少个?(?:工作)?[天日月年周]|日期|多长|时限|"
    r"截止|期间|有效期|\bwhen\b|how (?:long|soon)|"
    r"how many (?:working |business )?(?:hours|days|weeks|months|years)|deadline|"
    r"언제|며칠|기한|기간|얼마나|몇\s*(?:일|개월|년)|いつ|何(?:日|か月|ヶ月|年|时间)"
)
_COUNT: Final = re.compile(
    r"多少|几[个项人名次种份岁]|多大|年龄|how (?:many|old)|\bage\b|몇|나이|何[人回件歳歲岁]|年齢"
)
# 本办法自…起施行: every document says that, and each of itself.
_OF_ITSELF: Final = re.compile(
    r"本(?:办法|规定|细则|条例|通知|意见|方案|公告|通告|指南|措施|政策|标准|规则|规程|要纲)|"
    r"\b(?:this|these) (?:notice|measures?|rules?|regulations?|polic(?:y|ies)|provisions?|law)\b|"
    r"이\s*(?:고시|규정|조례|지침|규칙|법)|この(?:要纲|规则|条例|规程|告示)"
)
# What titles and headings say of any matter.
_FORMAL: Final = re.compile(
    r"关于|印发|转发|公布|发布|调整|提高|降低|规范|进一步|做好|加强|完善|优化|继续|实施|执行|有关|相关|若干|事项|"
    r"问题|工作|通知|公告|通告|办法|规定|细则|条例|意见|方案|政策|措施|标准|管理|暂行|试行|修订|解读|问答|指南|"
    r"申请|申领|发放|领取|办理|额度|金额|期限|条件|程序|材料|总则|附则|规则|年度|"
    r"第[〇零一二三四五六七八九十百\d]{1,7}[编章节条款项]|\b(?:notice|measures?|rules?|polic(?:y|ies)|"
    r"regulations?|interim|provisional|administrative|administration|management|guide|article|chapter|"
    r"section|part|municipal|city)\b|고시|지침|규정|조례|안내|변경|개정|お知らせ|について|要纲|案内|改定|"
    r"[\d一二三四五六七八九十]+\s*[、.)年月日条款项]|[《》〈〉()（）\d]"
)
# 全市 and 小区 are no names.
_PLACE: Final = re.compile(
    r"[\u4e00-\u9fff][\u4e00-\u9fff](?<![全本我各城小社园])[省市州县区镇乡旗町村県]"
)
_YEAR: Final = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_COUNTED: Final = frozenset({"", "人", "次", "份", "条", "岁", "平方米", "公里", "度", "吨", "米"})
_WIDE: Final = frozenset("省市州")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a question asks for."""

    topic: str  # the folded question without its frame
    units: frozenset[str]  # of the figures that would answer it
    dated: bool  # it names a year

    @classmethod
    def by(cls, question: str) -> _Asked:
        folded = fold(question)
        return cls(without_frame(folded), _units(folded), bool(_YEAR.search(folded)))


@dataclass(frozen=True, slots=True)
class _Told:
    """A passage with what is said around it, folded."""

    hit: Hit
    title: str
    heading: str
    around: str  # title, heading and passage

    @classmethod
    def by(cls, hit: Hit) -> _Told:
        title = _BLANKS.sub(" ", fold(hit.document.title))
        heading = fold("\n".join(hit.passage.address))
        text = _BLANKS.sub(" ", fold(hit.passage.text))
        return cls(hit, title, heading, f"{title}\n{heading}\n{text}")


def conflicting(
    question: str, hits: Sequence[Hit], *, line: float, changes: Changes
) -> tuple[Hit, Hit] | None:
    """
    The first hit and one that tells another figure for the same thing; None if none does.

    Only what is asked for counts, and only where the first hit would answer: its probability is
    above the refusal `line`. What a question names outright is asked for by that name.
    """
    if not hits or hits[0].exact or hits[0].probability <= line:
        return None
    asked = _Asked.by(question)
    first, *others = hits
    own = list(_statements(first, first.answering)) if asked.units else []
    if not any(figure.unit in asked.units for one in own for figure in one.figures):
        return None
    told = _Told.by(first)
    for other in others:
        if _settled(first.document, other.document, changes):
            continue
        rival = _Told.by(other)
        if _same_matter(asked.topic, told, rival) and _disagree(asked, own, told, rival):
            return first, other
    return None


def _units(folded: str) -> frozenset[str]:
    """Units of the figures that a folded question asks for."""
    units: frozenset[str] = frozenset()
    if asks_for_an_amount(folded) or _AMOUNT.search(folded):
        units |= MONEY | SHARES
    if _TIME.search(folded):
        units |= TIMES
    return units or (_COUNTED if _COUNT.search(folded) else units)


def _statements(hit: Hit, where: Span = (0, 0)) -> Iterator[Statement]:
    """What a passage states with figures; only within `where`, unless that is empty."""
    text = hit.passage.text
    for start, end in statements(text):
        outside = where[0] < where[1] and (end <= where[0] or where[1] <= start)
        if not outside and not _OF_ITSELF.search(fold(text[start:end])):
            statement = read(text[start:end])
            if statement.figures:
                yield statement


def _settled(one: Document, other: Document, changes: Changes) -> bool:
    """Whether they are one document, or one of them changes the other."""
    names = {one.id, *one.interprets}, {other.id, *other.interprets}
    successors = {one.superseded_by} & names[1] or {other.superseded_by} & names[0]
    return one.id == other.id or bool(
        successors or changes(one) & names[1] or changes(other) & names[0]
    )


def _same_matter(topic: str, one: _Told, other: _Told) -> bool:
    """Whether they speak of the same places, of one matter, and of as much of the topic."""
    return (
        _same_places(_places(one), _places(other))
        and not _own_matter(one, other)
        and not _own_matter(other, one)
        and unsaid(topic, one.around) == unsaid(topic, other.around)
    )


def _own_matter(one: _Told, other: _Told) -> frozenset[str]:
    """What title and heading of one speak of, and nothing around the other does."""
    issuers = [fold(told.hit.document.issuer) for told in (one, other)]
    text = f"{one.title}\n{one.heading}"
    for name in (*filter(None, issuers), *_places(one)):
        text = text.replace(name, " ")
    return unsaid(_FORMAL.sub(" ", text), other.around)


def _places(told: _Told) -> frozenset[str]:
    return frozenset(_PLACE.findall(f"{told.title}\n{fold(told.hit.document.issuer)}"))


def _same_places(one: frozenset[str], other: frozenset[str]) -> bool:
    """A city need not be named in its own library; a county or a town would be."""
    wide = [frozenset(place for place in places if place[-1] in _WIDE) for places in (one, other)]
    return one - wide[0] == other - wide[1] and (wide[0] == wide[1] or not all(wide))


def _disagree(asked: _Asked, own: Sequence[Statement], told: _Told, rival: _Told) -> bool:
    """Whether a statement of the first and one of the rival, each the most like the other, do."""
    theirs, whole = list(_statements(rival.hit)), list(_statements(told.hit))
    pairs = [
        (statement, partner)
        for statement in own
        if (partner := _partner(statement, theirs)) and _partner(partner, whole) == statement
    ]
    return any(
        same_but_for_figures(*pair, told.around, rival.around) and _other_figure(*pair, asked)
        for pair in pairs
    )


def _partner(statement: Statement, among: Sequence[Statement]) -> Statement | None:
    """
    The one that is most like it; None if several are alike.

    Those are the steps of a scale: each has its own figure, and none disagrees with another.
    """
    best = sorted(among, key=lambda one: -likeness(statement, one))[:2]
    if len(best) == 2 and best[0].words == best[1].words:  # noqa: PLR2004 - a pair
        return None
    return best[0] if best else None


def _other_figure(one: Statement, other: Statement, asked: _Asked) -> bool:
    """
    Whether they differ in figures that are asked for, and in no others.

    Other figures are conditions of the case. The year that one rule is of and another is not is
    a condition only where the question names a year.
    """
    differing = [
        (mine, yours)
        for mine, yours in zip(one.figures, other.figures, strict=True)
        if _amount(mine) != _amount(yours)
    ]
    if not asked.dated and not asked.units & TIMES:
        differing = [pair for pair in differing if not years_apart(*pair)]
    return bool(differing) and all(_comparable(*pair, asked.units) for pair in differing)


def _comparable(one: Figure, other: Figure, units: frozenset[str]) -> bool:
    kinds = (MONEY, SHARES, TIMES)
    same_kind = one.unit == other.unit or any({one.unit, other.unit} <= kind for kind in kinds)
    return same_kind and {one.unit, other.unit} <= units


def _amount(figure: Figure) -> Figure:
    """In one unit where one is a whole number of the other: a year is 12 months."""
    times = {"年": (12, "月"), "周": (7, "日")}.get(figure.unit)
    if times is None or not figure.value.isdecimal():
        return figure
    return Figure(str(int(figure.value) * times[0]), times[1])
