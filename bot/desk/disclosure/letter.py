"""
政府信息公开申请答复书: the letter that decides on a request. Pure.

It is an official document of a Chinese authority and so in Chinese, whatever the language of the
chat. Whoever it is addressed to is put in only where it is shown: the words are kept without.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Final

from bot.desk.disclosure.entry import Applicant, Request
from bot.desk.disclosure.results import GROUNDS, RULES, Need, Result

TITLE: Final = "政府信息公开申请答复书"
REGULATIONS: Final = "《中华人民共和国政府信息公开条例》"
NOBODY: Final = "申请人"  # where the name was erased
LONGEST_TEXT: Final = 3000  # characters of staff
STAFF: Final = 3  # the place of their words among the parts: those stay as they are


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What staff decide, and what the letter needs from them."""

    result: Result
    text: str = ""  # the information itself, or the reasons
    ground: Result | None = None  # of what stays closed, where a part is opened
    link: str = ""
    office: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who signs, and where the applicant may turn to."""

    bureau: str
    review: str = ""  # the authority for reviews; empty: the letter names none
    court: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    number: str
    addressee: str
    paragraphs: tuple[str, ...]
    bureau: str
    day: date

    @property
    def text(self) -> str:
        """As a message."""
        head = (TITLE, self.number, f"{self.addressee}：")
        return "\n".join((*head, *self.paragraphs, self.bureau, chinese_day(self.day)))


def problem(decision: Decision, request: Request, *, at: datetime) -> str:
    """Why this cannot be the reply; empty if it can."""
    rule = RULES[decision.result]
    checks = (
        (
            rule.words and not decision.text.strip(),
            f"the result {decision.result} needs words: the information, or the reasons",
        ),
        (
            rule.needs is Need.LINK and not decision.link.strip(),
            f"the result {decision.result} needs a link: where it is published",
        ),
        (
            rule.needs is Need.OFFICE and not decision.office.strip(),
            f"the result {decision.result} needs an office: who has it, and how to reach them",
        ),
        (
            rule.needs is Need.GROUND and decision.ground not in GROUNDS,
            f"the result {decision.result} needs a ground for a part: {', '.join(GROUNDS)}",
        ),
        (
            len(decision.text) > LONGEST_TEXT,
            f"a letter takes at most {LONGEST_TEXT} characters; send the rest as a file",
        ),
        (
            request.hearing is not None,
            "others are still being heard; write down what they said, or that they said nothing",
        ),
        (
            decision.result is Result.NOT_CORRECTED and not _uncorrected(request, at),
            "no correction was asked for, or it came, or there is still time for it",
        ),
        (
            decision.result is Result.UNCLEAR
            and (request.correction is None or request.waits_for_correction),
            "only what was corrected may be unclear after it",
        ),
    )
    return next((words for wrong, words in checks if wrong), "")


def paragraphs(
    request: Request, wanted: str, decision: Decision, sender: Sender, *, zone: tzinfo | None
) -> tuple[str, ...]:
    """The words of the letter. `zone` is the bureau's."""
    rule = RULES[decision.result]
    parts = (
        _received(request, wanted, zone),
        _decided(rule.finding, rule.article, rule.decision, decision),
        _closed(decision),
        decision.text.strip(),
        _remedies(sender, first_review=rule.refuses),
    )
    you = "您" if request.applicant is Applicant.PERSON else "贵单位"
    return tuple(
        line.strip().replace("您", you) if place != STAFF else line.strip()
        for place, part in enumerate(parts)
        for line in part.split("\n")
        if line.strip()
    )


def letter(request: Request, sender: Sender, *, zone: tzinfo | None) -> Letter:
    """The letter of a request that was answered."""
    assert request.answer is not None
    return Letter(
        number=f"依申请公开〔{request.year}〕{request.number}号",
        addressee=request.name or NOBODY,
        paragraphs=request.answer.paragraphs,
        bureau=sender.bureau,
        day=request.answer.at.astimezone(zone).date(),
    )


def chinese_day(day: date) -> str:
    return f"{day.year}年{day.month}月{day.day}日"


def _uncorrected(request: Request, at: datetime) -> bool:
    correction = request.correction
    return correction is not None and correction.received is None and correction.until < at.date()


def _received(request: Request, wanted: str, zone: tzinfo | None) -> str:
    day = chinese_day(request.received.astimezone(zone).date())
    text = (
        f"本机关于{day}收到您提交的政府信息公开申请（登记编号：{request.registration}），"
        f"申请公开：“{_flat(wanted)}”。"
    )
    correction = request.correction
    if correction is None or correction.received is None:
        return text
    day = chinese_day(correction.received.astimezone(zone).date())
    return f"{text}{day}收到您的补正：“{_flat(correction.text)}”。"


def _decided(finding: str, article: str, words: str, decision: Decision) -> str:
    given = words.format(link=decision.link.strip(), office=decision.office.strip())
    basis = f"根据{REGULATIONS}{article}的规定，" if article else ""
    return f"经审查，{finding}。{basis}{given}。"


def _closed(decision: Decision) -> str:
    """Why a part stays closed."""
    if decision.ground is None or RULES[decision.result].needs is not Need.GROUND:
        return ""
    rule = RULES[decision.ground]
    finding = rule.finding.replace("您申请的信息", "不予公开的内容")
    return f"其中，{finding}，根据{REGULATIONS}{rule.article}的规定，不予公开。"


def _remedies(sender: Sender, *, first_review: bool) -> str:
    """
    Within 60 days a review (行政复议法, article 20), within six months a lawsuit (行政诉讼法,
    article 46).

    Against a refusal to open something the review comes first (行政复议法, as amended in 2023,
    article 23), and a lawsuit within 15 days of its decision (行政诉讼法 article 45).
    """
    review = f"向{sender.review}申请行政复议" if sender.review else "依法申请行政复议"
    court = f"向{sender.court}提起行政诉讼" if sender.court else "依法向人民法院提起行政诉讼"
    if first_review:
        return (
            f"如不服本答复，您可以自收到本答复书之日起60日内{review}；对行政复议决定仍不服的，"
            f"可以自收到行政复议决定书之日起15日内{court}。"
        )
    return (
        f"如不服本答复，您可以自收到本答复书之日起60日内{review}，"
        f"或者自收到本答复书之日起6个月内{court}。"
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
