"""
What a text says about itself: number, issuer, dates, disclosure.

Only for what the source does not declare. Each finder is sure or returns nothing.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from itertools import pairwise
from typing import Final

from knowledge.structure import numeral
from knowledge.types import Disclosure, Kind

# 穗府办规〔2024〕13号; the brackets are typed in many ways.
NUMBER: Final = re.compile(
    r"(?P<organ>[\u4e00-\u9fff]{1,14}?)\s*[〔\[［（(【﹝〖〈]\s*(?P<year>(?:19|20)\d{2})\s*"
    r"[〕\]］）)】﹞〗〉]\s*(?:第\s*)?(?P<serial>\d{1,5})\s*[号號]"
)
_NUMBER_LABEL: Final = re.compile(r"^(?:发文字号|發文字號|文\s*[号號])\s*[:：]\s*")
_DECREE: Final = re.compile(
    r"(?:^|[日（(\n])(?P<organ>[\u4e00-\u9fff]{2,20}令)\s*"
    r"第\s*(?P<serial>\d+)\s*号(?=公布|发布|[）)\n]|$)"
)
_DATE: Final = re.compile(
    r"(?P<y>(?:19|20)\d{2})\s*[年/.-]\s*(?P<m>\d{1,2})\s*[月/.-]\s*(?P<d>\d{1,2})"
)
_DATE_LINE: Final = re.compile(_DATE.pattern + r"\s*日?")
_HAN_DATE: Final = re.compile(
    r"(?P<y>[一二][〇○零一二三四五六七八九]{3})\s*年\s*(?P<m>[一二三四五六七八九十]{1,2})\s*月\s*"
    r"(?P<d>[一二三四五六七八九十]{1,3})\s*日"
)
_EFFECT: Final = re.compile(
    r"自\s*(?P<when>(?:19|20)\d{2}\s*年.{3,8}?日|(?:印发|发布|公布|颁布)之日)\s*起?\s*(?:正式)?\s*"
    r"(?:施行|实施|實施|執行|执行|生效)"
)
# 有效期 of the document itself, not of a permit that it speaks of.
_ITSELF: Final = re.compile(
    r"本(办法|辦法|通知|规定|規定|细则|細則|意见|方案|标准|公告|通告)|施行|重新发布"
)
_SENTENCE_END: Final = re.compile(r"[。\n]")
# "本办法有效期", "…施行，有效期", "有效期": what has it is the document; "许可证有效期" is not.
_OWN: Final = re.compile(r"(?:本[\u4e00-\u9fff]{1,6}?|施行|实施|执行|生效|[，,；;]|^|其)的?\s*$")
_YEARS: Final = re.compile(
    r"有效期(?:限)?(?:为|為|是)?\s*(?P<n>[一二三四五六七八九十两]{1,3}|\d{1,2})\s*年"
    r"(?!\s*[零〇又]?\s*[\d一二三四五六七八九十]+\s*[个個]?月)"
)
_UNTIL: Final = re.compile(r"有效期(?:限)?\s*(?:调整)?\s*(?:至|到)\s*(?P<when>.{8,14}?日)")
_DISCLOSED: Final = re.compile(r"(?:公开|公開)(?:方式|属性|屬性|类别)\s*[:：]\s*(?P<how>\S{2,8})")
_PUBLISHED_ON_SITE: Final = re.compile(
    rf"(?:发布|發布|發佈)(?:日期|时间|時間)\s*[:：](?:\s*(?P<when>{_DATE.pattern}))?"
)
_ISSUES: Final = re.compile(r"^(?P<who>[\u4e00-\u9fff\s、]{4,60}?)(?:关于|關於|\d{4}年)")
_ORGAN: Final = re.compile(
    r"[\u4e00-\u9fff]{2,30}(?:局|委|委员会|委員會|厅|廳|办公室|辦公室|办公厅|辦公廳|人民政府|中心|部"
    r"|联合会|聯合會|公署|政府)"
)
_HOW: Final = {
    "主动公开": Disclosure.OPEN,
    "主動公開": Disclosure.OPEN,
    "依申请公开": Disclosure.ON_REQUEST,
    "依申請公開": Disclosure.ON_REQUEST,
    "不予公开": Disclosure.WITHHELD,
    "不予公開": Disclosure.WITHHELD,
}
# What offices call pages that explain. Behind a number, 问 counts questions, unless it is 问题 or
# 问责: 热点13问, 三十问三十答.
_COUNT: Final = r"[\d一二三四五六七八九十百]"
_EXPLAINS: Final = re.compile(
    r"解读|解讀|问答|問答|答问|答問|问题解答|問題解答|常见问题|常見問題|图解|圖解|明白卡"
    r"|[一1](?:图|圖|张图|張圖|文)(?:读|讀|看)懂"
    rf"|{_COUNT}\s*[问問](?:{_COUNT}*答|(?![\u4e00-\u9fff]))"
)
_IN_BRACKETS: Final = r"\s*(?:[（(][^（）()]*[）)])?"  # （试行）, （2025年版）
# Guides explain how to apply; issued with a number of their own they are rules. No rule asks.
_GUIDES: Final = re.compile(
    rf"(?:指引|指南|攻略|详解|詳解){_IN_BRACKETS}$|一文(?:读懂|讀懂|看懂|说清|說清)|[？?]$"
)
# Titles that end like this are those of rules, whatever they are about: 政策解读工作办法.
_RULES: Final = re.compile(
    r"(?:办法|规定|细则|条例|通知|决定|方案|意见|规则|制度|公告|通告|规程|辦法|規定|細則|條例|決定|規則)"
    rf"{_IN_BRACKETS}$"
)
# Unless they open like this: 图解：某办法, 【政策解读】某办法, 一图读懂某办法.
_OPENS: Final = re.compile(
    r"^[【\[（(]?[^，,。《》]{0,8}"
    r"(?:(?:解读|解讀|图解|圖解|问答|問答)\s*[】\])）:：丨|｜—-]|[读讀看]懂)"
)
_QUOTED: Final = re.compile(r"《[^《》]*(?:《[^《》]*》[^《》]*)*》")
_PRINTED: Final = re.compile(rf"(?P<when>{_DATE.pattern}\s*日)\s*印[发發]")
HEAD: Final = 400  # characters in which a document names itself
DECREE_HEAD: Final = 80
_BEFORE: Final = 20  # characters in which a word tells whose 有效期 it is


def parse_date(text: str) -> date | None:
    """Read 2024-03-15, 2024年3月15日, 二〇二四年三月十五日, and anything after; None if no day."""
    found = _DATE.match(_arabic(text).strip())
    if found is None:
        return None
    try:
        return date(int(found["y"]), int(found["m"]), int(found["d"]))
    except ValueError:
        return None


def _arabic(text: str) -> str:
    """Write dates such as 二〇二四年三月十五日 with figures."""
    return _HAN_DATE.sub(
        lambda day: (
            f"{numeral(day['y'].replace('○', '〇'))}年{numeral(day['m'])}月{numeral(day['d'])}日"
        ),
        text,
    )


def number(text: str) -> str:
    """Return the document number in the head of the text, in its standard form, or ""."""
    for line in text[:HEAD].split("\n")[:8]:
        found = NUMBER.fullmatch(_NUMBER_LABEL.sub("", line.strip()))
        if found:
            return f"{found['organ']}〔{found['year']}〕{int(found['serial'])}号"
    found = _DECREE.search(text[:DECREE_HEAD])
    return f"{found['organ']}第{found['serial']}号" if found else ""


def issuer(title: str, text: str) -> str:
    """Return who issued it: named before 关于 in the title, or by the signature above a date."""
    found = _ISSUES.match(title)
    if found and found["who"].strip() and _ORGAN.fullmatch(found["who"].split()[0]):
        return " ".join(found["who"].split())
    lines = [line.strip() for line in _arabic(text).split("\n") if line.strip()]
    for above, line in pairwise(lines):
        if _DATE_LINE.fullmatch(line) and _ORGAN.fullmatch(above):
            return above
    return ""


def issued(text: str) -> date | None:
    """Return the day it was printed (…印发), or a date on a line of its own, or the site's."""
    text = _arabic(text)
    printed = _PRINTED.search(text)
    if printed:
        return parse_date(printed["when"])
    for line in text.split("\n"):
        if _DATE_LINE.fullmatch(line.strip()):
            return parse_date(line)
    posted = _PUBLISHED_ON_SITE.search(text[:HEAD])
    return parse_date(posted["when"]) if posted and posted["when"] else None


def effective(text: str, *, published: date | None) -> date | None:
    """Return the first day in force, from the last sentence that says so."""
    for found in reversed(list(_EFFECT.finditer(_arabic(text)))):
        if "之日" in found["when"]:
            return published
        day = parse_date(found["when"])
        if day:
            return day
    return None


def expires(text: str, *, since: date | None) -> date | None:
    """Return the last day in force, from 有效期五年 (counted from `since`) or 有效期至…."""
    for sentence in reversed(_SENTENCE_END.split(text)):
        if "有效期" not in sentence or not _ITSELF.search(sentence):
            continue
        until = _own(_UNTIL, sentence)
        if until and (day := parse_date(until["when"])):
            return day
        found = _own(_YEARS, sentence)
        if found and since is not None:
            return anniversary(since, numeral(found["n"])) - timedelta(days=1)
    return None


def _own(pattern: re.Pattern[str], sentence: str) -> re.Match[str] | None:
    """Return the match that tells the document's own 有效期, not that of a permit."""
    for found in pattern.finditer(sentence):
        if _OWN.search(sentence[max(0, found.start() - _BEFORE) : found.start()]):
            return found
    return None


def anniversary(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return date(day.year + years, 3, 1)


def disclosure(text: str, *, site: str) -> Disclosure | None:
    """
    Return the attribute that the text states, or open if it was published on a public site.

    None means that nothing tells: such a document is not shown to anyone.
    """
    for found in _DISCLOSED.finditer(text):
        for word, attribute in _HOW.items():
            if found["how"].startswith(word):
                return attribute
    if site or _PUBLISHED_ON_SITE.search(text[:HEAD]):
        return Disclosure.OPEN
    return None


def kind(title: str, column: str, number: str = "") -> Kind:
    """Tell it by the column of the site, then by the title; a numbered 指引 is a policy."""
    # A column "政策及解读" holds both.
    interprets = column in {"政策解读", "政策解讀", "解读"} or explains(title)
    guides = not number and _GUIDES.search(title)
    return Kind.INTERPRETATION if interprets or guides else Kind.POLICY


def explains(title: str) -> bool:
    """Whether the title says that the text explains others: 政策解读, 热点13问, 一图读懂."""
    named = _QUOTED.sub("《》", title)  # 关于印发《补贴问答》的通知 is a notice
    rules = _RULES.search(named) and not _OPENS.search(named)
    return not rules and bool(_EXPLAINS.search(title))
