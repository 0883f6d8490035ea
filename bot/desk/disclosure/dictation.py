"""
Staff handle a request for information in one line, such as in a chat: 7 重复申请

After the number stands what is done: the name or the label of a result, or one of the steps on
the way there. What a result needs comes first in the words that follow. With `replace` before the
result the letter takes the place of the one that is out, and the first line says why.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from bot.desk import review_pages
from bot.desk.disclosure.choosing import Chosen
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision
from bot.desk.disclosure.results import GROUNDS, RULES, Need, Result
from bot.desk.tickets import Agent
from bot.desk.timekeeping import Timekeeper
from bot.errors import DisclosureRefused
from bot.texts import say
from knowledge.types import Lang

ANEW: Final = "replace"  # begins a result, and is no step
UNKNOWN: Final = "-"  # in place of what nobody knows
_WORDS: Final = re.compile(r"[A-Za-z][A-Za-z0-9-]")  # a word that goes on
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
    "replace": ANEW,
    "重新答复": ANEW,
    "重新答覆": ANEW,
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
    results = {**{str(name): str(name) for name in RULES}, **_labels(language)}
    known = _begun(rest, {**STEPS, **results})
    if not number or known is None:
        raise DisclosureRefused(
            "Write the number and what is done: correct, hear, heard, extend, approve, replace "
            "with a result, or a result: {results}",
            results=tuple(RULES),
        )
    found, left = known
    anew = found == ANEW
    if anew:
        again = _begun(left, results)
        if again is None:
            raise DisclosureRefused(
                "Write the result of the new letter: {results}", results=tuple(RULES)
            )
        found, left = again
    elif found in STEPS.values():
        return Dictated(number, found, left)
    result = Result(found)
    ground, words = _ground(result, left, language)
    chosen = Chosen(result=result, ground=ground)
    return Dictated(number, "", left, decision(chosen, words, anew=anew))


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


def decision(chosen: Chosen, words: str, *, anew: bool = False) -> Decision:
    """
    The decision with the words of staff. What a result needs stands in their first line; before
    that, where a letter is replaced (`anew`), why.

    `chosen` has a result. What lacks something is refused when it is to go out.
    """
    assert chosen.result is not None
    corrects, left = _line(words) if anew else ("", words)
    needs = RULES[chosen.result].needs
    first, rest = _line(left) if needs in {Need.LINK, Need.OFFICE} else ("", left)
    named = "" if first == UNKNOWN else first
    return Decision(
        result=chosen.result,
        text=rest.strip(),
        ground=chosen.ground,
        link=named if needs is Need.LINK else "",
        office=named if needs is Need.OFFICE else "",
        corrects=corrects,
    )


def _labels(language: Lang) -> Mapping[str, str]:
    return {say(language, RULES[result].label): result for result in RULES}


def _begun(text: str, words: Mapping[str, str]) -> tuple[str, str] | None:
    """What the longest of these words that the text begins with means, and what follows it."""
    begun = [word for word in words if _begins(text, word)]
    if not begun:
        return None
    longest = max(begun, key=len)
    return words[longest], text[len(longest) :].lstrip(" :：,，\n")


def _begins(text: str, word: str) -> bool:
    """Where letters with blanks between them follow, it is a word of its own: not "opening"."""
    if not text.casefold().startswith(word.casefold()):
        return False
    return _WORDS.match(text[len(word) - 1 :]) is None


def _ground(result: Result, text: str, language: Lang) -> tuple[Result | None, str]:
    """Why a part stays closed, where the text says so first, and what follows it."""
    if RULES[result].needs is not Need.GROUND:
        return None, text
    labels = _labels(language)
    known = {word: name for word, name in labels.items() if name in GROUNDS}
    found = _begun(text, {**known, **{name: name for name in GROUNDS}})
    return (None, text) if found is None else (Result(found[0]), found[1])


def _line(text: str) -> tuple[str, str]:
    """The first line, and the rest."""
    first, _, rest = text.partition("\n")
    return first.strip(), rest
