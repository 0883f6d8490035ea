"""
What a policy does to others: 《…》（某字〔2019〕2号）同时废止, 对《…》作如下修改.

Only policies have effects; an interpretation recounts them. An effect is sure when the number
names one document, its title does not say otherwise, and it is the older of the two.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from itertools import islice
from operator import attrgetter
from typing import Final

from knowledge.catalogue.citations import Citation, citations
from knowledge.catalogue.names import name_of, tidy
from knowledge.catalogue.register import Register, issued
from knowledge.metadata import parse_date
from knowledge.types import Document, Kind


class Does(StrEnum):
    REPEALS = "repeals"
    AMENDS = "amends"


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    by: str  # id of a policy
    does: Does
    title: str = ""  # of the other, as written
    number: str = ""  # as written
    since: date | None = None  # first day of the effect
    target: str | None = None  # id, if it is in the library
    declared: bool = False
    sure: bool = False
    evidence: str = ""  # the words of the text; "" where it is declared only
    doubt: str = ""  # why it is not sure


_VERB: Final = re.compile(
    r"(?:废止|廢止|停止执行|停止施行|停止实施|失效)(?!的|后|前|之|或|情形|日期)"
)
# What may stand between the last name and the verb; 第五条 may not: that repeals a part.
_TO_VERB: Final = re.compile(
    r"^\s*(?:文|号文)?(?:等\d{0,3}[一二三四五六七八九十]{0,2}[个件份部]?(?:行政)?(?:规范性)?(?:文件)?)?[，,]?\s*"
    r"(?:[自从于]?\s*(?P<when>(?:19|20)\d{2}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日|[^《》，。；]{0,12}之日)\s*起?[，,]?\s*)?"
    r"(?:同时|同時|一并|一併|均|全部|即行|即|相应|随之|现|予以|自行|自动|宣布|应当|也|[，,])*$"
)
# No comma: 根据《甲》，《乙》同时废止 repeals one.
_BETWEEN: Final = re.compile(r"^[\s、;；]*(?:和|及|与|以及|及其)?(?:原)?\s*$")
_ORDER: Final = re.compile(
    r"(?:决定|现|同时|一并|兹)(?:予以)?(?:废止|廢止)(?P<these>(?:以下|下列|如下)[^《。]{0,24})?"
)
_LISTED: Final = re.compile(
    r"^[\s、，,;；。:：]*(?:和|及|与|以及)?\s*"
    r"(?:(?:\d{1,3}|[一二三四五六七八九十]{1,3})\s*[.．、]|[（(][\d一二三四五六七八九十]{1,3}[）)])?\s*$"
)
_PART: Final = re.compile(r"^\s*(?:中|里|的?第|的(?:部分|有关|相关)|部分|有关)")
_AMENDS: Final = re.compile(
    r"作(?:出)?(?:如下|以下|部分)?修[改正订]|修改如下|(?:如下|以下)修改|予以修[改正订]|进行修[改正订]"
)
_OBJECT: Final = re.compile(r"(?:对|将|修改|修订|修正)\s*$")
_AMENDING_TITLE: Final = re.compile(r"关于(?:修改|修订|修正|调整)(?:《|〈)")
_SENTENCE: Final = re.compile(r"[^。\n]+")
_SENTENCE_LONGEST: Final = 4000  # characters before a verb in which its names stand
_SAYING: Final = 160  # characters of evidence


def effects(register: Register) -> tuple[Effect, ...]:
    """Return the effects of all policies, those that are declared and those of the texts."""
    return tuple(
        effect
        for document in register.read(Kind.POLICY)
        for effect in effects_of(document, register)
    )


def effects_of(document: Document, register: Register) -> list[Effect]:
    found: dict[tuple[Does, str], Effect] = {}
    said: dict[tuple[Does, str, str], Effect] = {}
    for effect in (*_repeals(document), *_amendments(document)):
        said.setdefault((effect.does, effect.title, effect.number), effect)
    for effect in said.values():
        placed = _placed(effect, document, register)
        found.setdefault((placed.does, placed.target or placed.number or placed.title), placed)
    declared = {Does.REPEALS: document.repeals, Does.AMENDS: document.amends}
    for does, names in declared.items():
        for name in names:
            known = found.get((does, name)) or Effect(by=document.id, does=does, target=name)
            known = replace(known, since=known.since or _starts(document))
            found[does, name] = replace(known, declared=True, sure=True, doubt="")
    return list(found.values())


def _starts(document: Document) -> date | None:
    return document.effective or document.published


def _repeals(document: Document) -> Iterator[Effect]:
    text = document.text
    if "废止" not in text and "廢止" not in text and "停止" not in text and "失效" not in text:
        return
    cited = list(citations(text))
    for verb in _VERB.finditer(text):
        least = max(0, verb.start() - _SENTENCE_LONGEST)
        begin = max(least, *(text.rfind(end, least, verb.start()) + 1 for end in "。\n"))
        before = [one for one in _within(cited, begin, verb.start()) if one.end <= verb.start()]
        for one in _run_up(text, before, verb.start()):
            when = _TO_VERB.match(text[before[-1].end : verb.start()])
            day = parse_date(when["when"]) if when and when["when"] else None
            yield _effect(document, Does.REPEALS, one, day, text[one.start : verb.end()])
    for order in _ORDER.finditer(text):
        for one in _list_after(text, cited, order.end()):
            yield _effect(document, Does.REPEALS, one, None, text[order.start() : one.end])


def _within(cited: Sequence[Citation], start: int, end: int) -> Sequence[Citation]:
    return cited[_first(cited, start) : _first(cited, end)]


def _first(cited: Sequence[Citation], start: int) -> int:
    """Where the citations from `start` on begin; they stand in order."""
    return bisect_left(cited, start, key=attrgetter("start"))


def _run_up(text: str, before: Sequence[Citation], verb: int) -> list[Citation]:
    """The unbroken row of names that ends at the verb."""
    run: list[Citation] = []
    stop, joint = verb, _TO_VERB
    for one in reversed(before):
        if one.clause or not joint.match(text[one.end : stop]):
            break
        run.append(one)
        stop, joint = one.start, _BETWEEN
    return run[::-1]


def _list_after(text: str, cited: Sequence[Citation], start: int) -> list[Citation]:
    """The names behind 决定废止 or 废止下列文件：, up to the first other word."""
    run: list[Citation] = []
    for one in islice(cited, _first(cited, start), None):
        if one.clause or _PART.match(text[one.end : one.end + 4]):
            break
        if not _LISTED.match(text[start : one.start]):
            break
        run.append(one)
        start = one.end
    return run


def _amendments(document: Document) -> Iterator[Effect]:
    text = document.text
    cited = list(citations(text)) if "修" in text else []
    for sentence in _SENTENCE.finditer(text):
        if not _AMENDS.search(sentence.group()):
            continue
        for one in _within(cited, sentence.start(), sentence.end()):
            if _OBJECT.search(text[max(0, one.start - 4) : one.start]):
                yield _effect(document, Does.AMENDS, one, None, sentence.group())
    if _AMENDING_TITLE.search(tidy(document.title)):
        for one in citations(document.title.replace("〈", "《").replace("〉", "》")):
            yield _effect(document, Does.AMENDS, one, None, document.title)


def _effect(
    document: Document, does: Does, one: Citation, since: date | None, words: str
) -> Effect:
    return Effect(
        by=document.id,
        does=does,
        title=one.title,
        number=one.number,
        since=since or _starts(document),
        evidence=_short(" ".join(words.split())),
    )


def _short(words: str) -> str:
    """The beginning names the document, the end says what becomes of it."""
    return words if len(words) <= _SAYING else f"{words[: _SAYING - 20]} … {words[-16:]}"


def _placed(effect: Effect, document: Document, register: Register) -> Effect:
    """Find the other document, and say why it may not be meant."""
    numbered = register.numbered(effect.number) if effect.number else None
    if numbered and numbered.id != document.id:
        doubt = _doubt(effect, document, numbered)
        return replace(effect, target=numbered.id, sure=not doubt, doubt=doubt)
    if not effect.title:
        return effect
    same = [
        one
        for one in register.named(name_of(effect.title))
        if one.id != document.id
        and one.kind is Kind.POLICY
        and not (effect.number and one.number)  # it has another number
        and _older(one, document) is not False
    ]
    if len(same) != 1:
        return effect
    sure = effect.does is Does.AMENDS and _older(same[0], document) is True
    doubt = "" if sure else "only its title says so, without a number"
    return replace(effect, target=same[0].id, sure=sure, doubt=doubt)


def _doubt(effect: Effect, document: Document, other: Document) -> str:
    if effect.title:
        said, real = name_of(effect.title).core, name_of(other.title).core
        if said not in real and real not in said:
            return f"the number is that of 《{other.title}》"
    older = _older(other, document)
    if older is None:
        return "which of the two is the older one is not known"
    return "" if older else "it is the newer one of the two"


def _older(one: Document, than: Document) -> bool | None:
    first, second = issued(one), issued(than)
    if first is None or second is None:
        return None
    return first < second
