"""
Staff handle a request for information in one line, such as in a chat: 7 重复申请

After the number stands what is done: the name or the label of a result, or one of the steps on
the way there. What a result needs comes first in the words that follow.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.desk import review_pages
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision
from bot.desk.disclosure.results import GROUNDS, RULES, Need, Result
from bot.desk.tickets import Agent
from bot.desk.timekeeping import Timekeeper
from bot.errors import DisclosureRefused
from bot.texts import say
from knowledge.types import Lang

STEPS: Final[Mapping[str, str]] = {
    "correct": "correct",
    "补正": "correct",
    "補正": "correct",
    "heard": "heard",
    "第三方意见": "heard",
    "第三方意見": "heard",
    "hear": "hear",
    "征求第三方": "hear",
    "徵求第三方": "hear",
    "extend": "extend",
    "延期": "extend",
    "approve": "approve",
    "批准": "approve",
}


@dataclass(frozen=True, slots=True)
class Dictated:
    number: str  # of the ticket, or of the request
    step: str  # "": a decision
    text: str  # of a step
    decision: Decision | None = None


def read(text: str, *, language: Lang) -> Dictated:
    """`language` is that of staff, and so of the labels. Raise DisclosureRefused."""
    number, _, rest = text.strip().partition(" ")
    rest = rest.strip()
    known = _begun(rest, {**STEPS, **{name: name for name in RULES}, **_labels(language)})
    if not number or known is None:
        raise DisclosureRefused(
            "write the number and what is done: correct, hear, heard, extend, approve, or a "
            f"result: {', '.join(RULES)}"
        )
    found, left = known
    if found in STEPS.values():
        return Dictated(number, found, left)
    return Dictated(number, "", left, _decision(Result(found), left, language))


async def do(
    disclosures: Disclosures, timekeeper: Timekeeper, agent: Agent, text: str, *, language: Lang
) -> str:
    """Do it, and say so. Raise TicketError."""
    said = read(text, language=language)
    ticket_id = await disclosures.numbered(said.number)
    match said.step:
        case "correct":
            await disclosures.ask_correction(ticket_id, agent, said.text)
        case "hear":
            await disclosures.hear(ticket_id, agent, said.text)
        case "heard":
            await disclosures.heard(ticket_id, agent, said.text)
        case "extend":
            await timekeeper.extend(ticket_id, agent, said.text)
        case "approve":
            await disclosures.approve(ticket_id, agent)
        case _:
            assert said.decision is not None
            await disclosures.reply(ticket_id, agent, said.decision)
            ticket = (await disclosures.case(ticket_id)).ticket
            return review_pages.done(ticket, language=language)
    return say(language, "No. {id}: done; the applicant is told.", id=ticket_id)


def _labels(language: Lang) -> Mapping[str, str]:
    return {say(language, RULES[result].label): result for result in RULES}


def _begun(text: str, words: Mapping[str, str]) -> tuple[str, str] | None:
    """What the longest of these words that the text begins with means, and what follows it."""
    begun = [word for word in words if text.casefold().startswith(word.casefold())]
    if not begun:
        return None
    longest = max(begun, key=len)
    return words[longest], text[len(longest) :].lstrip(" :：,，\n")


def _decision(result: Result, text: str, language: Lang) -> Decision:
    first, _, rest = text.partition("\n")
    match RULES[result].needs:
        case Need.GROUND:
            labels = _labels(language)
            known = {word: name for word, name in labels.items() if name in GROUNDS}
            ground = _begun(text, {**known, **{name: name for name in GROUNDS}})
            if ground is None:
                return Decision(result=result, text=text)  # which is refused, with the reason
            return Decision(result=result, text=ground[1], ground=Result(ground[0]))
        case Need.LINK:
            return Decision(result=result, text=rest, link=first)
        case Need.OFFICE:
            return Decision(result=result, text=rest, office=first)
        case None:
            return Decision(result=result, text=text)
