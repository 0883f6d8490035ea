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
from bot.desk.disclosure.results import GROUNDS, REGULATIONS, RULES, Need, Result, Rule
from bot.errors import DisclosureRefused

TITLE: Final = "政府信息公开申请答复书"
REVIEW_LAW: Final = "《中华人民共和国行政复议法》"
NOBODY: Final = "申请人"  # where the name was erased
LONGEST_TEXT: Final = 3000  # characters of staff
NO_OFFICE: Final = "现予告知"  # where nobody knows whose it is


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What staff decide, and what the letter needs from them."""

    result: Result
    text: str = ""  # the information itself, or the reasons
    ground: Result | None = None  # of what stays closed, where a part is opened
    link: str = ""
    office: str = ""
    corrects: str = ""  # why an earlier letter is replaced; empty: this is the first one


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


def require_sendable(decision: Decision, request: Request, *, at: datetime) -> None:
    """Raise DisclosureRefused where this cannot be the reply."""
    rule, result = RULES[decision.result], decision.result
    checks = (
        (
            rule.words and not decision.text.strip(),
            DisclosureRefused(
                "The result {result} needs words: the information, or the reasons.", result=result
            ),
        ),
        (
            rule.needs is Need.LINK and not decision.link.strip(),
            DisclosureRefused(
                "The result {result} needs a link: where it is published.", result=result
            ),
        ),
        (
            rule.needs is Need.OFFICE and not (decision.office + decision.text).strip(),
            DisclosureRefused(
                "The result {result} needs an office: who has it, and how to reach them; where "
                "nobody knows, the reasons.",
                result=result,
            ),
        ),
        (
            rule.needs is Need.GROUND and decision.ground not in GROUNDS,
            DisclosureRefused(
                "The result {result} needs a ground for a part: {grounds}",
                result=result,
                grounds=tuple(GROUNDS),
            ),
        ),
        (
            len(decision.text + decision.corrects) > LONGEST_TEXT,
            DisclosureRefused(
                "A letter takes at most {most} characters; send the rest as a file.",
                most=LONGEST_TEXT,
            ),
        ),
        (
            request.hearing is not None,
            DisclosureRefused(
                "Others are still being heard; write down what they said, or that they said "
                "nothing."
            ),
        ),
        (
            result is Result.NOT_CORRECTED and not _uncorrected(request, at),
            DisclosureRefused(
                "No correction was asked for, or it came, or there is still time for it."
            ),
        ),
        (
            result is Result.UNCLEAR
            and (request.correction is None or request.waits_for_correction),
            DisclosureRefused("Only what was corrected may be unclear after it."),
        ),
        (
            request.answer is not None and not decision.corrects.strip(),
            DisclosureRefused(
                "Its letter is out, and stays; a letter that takes its place says why it must."
            ),
        ),
        (
            request.answer is None and bool(decision.corrects.strip()),
            DisclosureRefused("There is no letter yet that another one could replace."),
        ),
    )
    for wrong, refusal in checks:
        if wrong:
            raise refusal


def paragraphs(
    request: Request, wanted: str, decision: Decision, sender: Sender, *, zone: tzinfo | None
) -> tuple[str, ...]:
    """The words of the letter. `zone` is the bureau's."""
    rule = RULES[decision.result]
    you = "您" if request.applicant is Applicant.PERSON else "贵单位"

    def ours(text: str) -> str:
        return text.replace("您", you)

    parts = (  # the words of staff stay as they are
        ours(_received(request, wanted, zone)),
        *_replaced(request, decision, zone),
        ours(_decided(rule, decision)),
        ours(_closed(decision)),
        decision.text,
        ours(_remedies(sender, first_review=rule.refuses)),
    )
    return tuple(line.strip() for part in parts for line in part.split("\n") if line.strip())


def letter(
    request: Request, sender: Sender, *, zone: tzinfo | None, place: int | None = None
) -> Letter:
    """A letter of a request that was answered: the last one, or that at a place from 1."""
    letters = request.letters
    place = place or len(letters)
    shown = letters[place - 1]
    return Letter(
        number=_number(request, place),
        addressee=request.name or NOBODY,
        paragraphs=shown.paragraphs,
        bureau=sender.bureau,
        day=shown.at.astimezone(zone).date(),
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


def _number(request: Request, place: int) -> str:
    again = f"-{place}" if place > 1 else ""
    return f"依申请公开〔{request.year}〕{request.number}{again}号"


def _replaced(request: Request, decision: Decision, zone: tzinfo | None) -> tuple[str, ...]:
    """Why this letter takes the place of an earlier one, and that it does."""
    if request.answer is None:
        return ()
    day = chinese_day(request.answer.at.astimezone(zone).date())
    number = _number(request, len(request.letters))
    done = f"本机关现撤销{day}作出的答复书（{number}），重新答复如下。"
    return (decision.corrects, done)


def _decided(rule: Rule, decision: Decision) -> str:
    given = rule.decision.format(link=decision.link.strip(), office=decision.office.strip())
    if rule.needs is Need.OFFICE and not decision.office.strip():
        given = NO_OFFICE
    named = rule.article or rule.law != REGULATIONS
    basis = f"根据{rule.law}{rule.article}的规定，" if named else ""
    return f"经审查，{rule.finding}。{basis}{given}。"


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
    article 23, which has the authority tell so), and a lawsuit within 15 days of its decision
    (行政诉讼法 article 45).
    """
    review = f"向{sender.review}申请行政复议" if sender.review else "依法申请行政复议"
    court = f"向{sender.court}提起行政诉讼" if sender.court else "依法向人民法院提起行政诉讼"
    if first_review:
        return (
            f"如不服本答复，根据{REVIEW_LAW}第二十三条的规定，您应当先{review}，期限为自收到本答复书"
            f"之日起60日内；对行政复议决定仍不服的，可以自收到行政复议决定书之日起15日内{court}。"
        )
    return (
        f"如不服本答复，您可以自收到本答复书之日起60日内{review}，"
        f"或者自收到本答复书之日起6个月内{court}。"
    )


def _flat(text: str) -> str:
    return " ".join(text.split())
