"""
What is wrong with an answer before anybody publishes it. Pure.

Problems stop it. Flags do not: they are what a machine sees and only a person can judge, and
whoever approves reads them. Both are sentences in the language of staff.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk.publishing.likeness import SAME, Alike
from bot.desk.publishing.publication import Cited
from bot.postal import ADDRESSES
from bot.privacy import mask, masks_in
from bot.texts import say
from knowledge.types import Disclosure, Lang

QUESTION: Final = (4, 120)  # characters, at least and at most
ANSWER: Final = (10, 1500)
MOST_CITED: Final = 5
LONGEST_NAME: Final = 8  # characters between quotation marks that may be a name, as “一网通办”

_QUOTED: Final = re.compile(r"“([^”]+)”|「([^」]+)」|\"([^\"\n]+)\"")
_FIGURE: Final = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBERING: Final = re.compile(r"^\s*[（(]?\d{1,2}[.、)）]", re.MULTILINE)
# Who somebody is, as far as words around a name tell. A surname alone is in too many words.
_PERSON: Final = re.compile(
    r"[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|同志|老师|某某?(?![些个人]))"
    r"|(?:我叫|名叫|姓名[:：是])[\u4e00-\u9fff]{0,4}"
    r"|(?:我|我们)(?:家|爸|妈|父亲|母亲|儿子|女儿|丈夫|妻子|孩子)"
    r"|\b(?:Mr|Mrs|Ms|Dr)\.? [A-Z]\w+|\bmy (?:name|son|daughter|wife|husband|mother|father)\b"
    r"|[가-힣]{2,4}\s?씨(?![가-힣])|[\u4e00-\u9fff]{1,4}(?:さん|様)"
)
_PLACE: Final = re.compile(
    r"[\u4e00-\u9fff]{2,6}(?:小区|花园|公寓|新村|家园|苑)|\d{1,4}(?:号楼|栋|幢|单元|室)"
)


@dataclass(frozen=True, slots=True)
class Findings:
    problems: tuple[str, ...]
    flags: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """An answer as it would be published, with what it is compared with."""

    question: str
    answer: str
    cites: Sequence[Cited]
    disclosure: Disclosure | None  # what whoever proposes says it is
    alike: Alike | None = None  # the most alike of what is there already
    answered: str = ""  # the title from which the bot answers the question as it is


def findings(checked: Checked, language: Lang) -> Findings:
    problems = [
        *_disclosure(checked.disclosure, language),
        *_lengths(checked, language),
        *_personal(checked, language),
        *_citations(checked, language),
        *_duplicate(checked.alike, language),
    ]
    flags = [*_people(checked, language), *_figures(checked, language), *_near(checked, language)]
    return Findings(tuple(problems), tuple(flags))


def _disclosure(said: Disclosure | None, language: Lang) -> Iterator[str]:
    if said is not Disclosure.OPEN:
        text = "say that it is for everybody (主动公开): --open; what is not open is not published"
        yield say(language, text)


def _lengths(checked: Checked, language: Lang) -> Iterator[str]:
    count, (least, most) = len(checked.question), QUESTION
    if not least <= count <= most:
        yield say(
            language,
            "the question has {count} characters; {least} to {most} are wanted",
            count=count,
            least=least,
            most=most,
        )
    count, (least, most) = len(checked.answer), ANSWER
    if not least <= count <= most:
        yield say(
            language,
            "the answer has {count} characters; {least} to {most} are wanted",
            count=count,
            least=least,
            most=most,
        )


def _personal(checked: Checked, language: Lang) -> Iterator[str]:
    public = [_bare(one.quote) for one in checked.cites]
    for kind in masks_in(mask(_without_offices(checked.question, public))):
        yield say(
            language,
            "the question has personal data {kind}; word it for everybody",
            kind=kind.value,
        )
    for kind in masks_in(mask(_without_offices(checked.answer, public))):
        yield say(
            language,
            "the answer has personal data {kind}; word it for everybody",
            kind=kind.value,
        )


def _without_offices(text: str, public: Sequence[str]) -> str:
    """Without addresses that a cited passage tells everybody anyway."""

    def known(found: re.Match[str]) -> str:
        address = found.group()
        return "" if any(_bare(address) in one for one in public) else address

    return ADDRESSES.sub(known, text)


def _citations(checked: Checked, language: Lang) -> Iterator[str]:
    if not 0 < len(checked.cites) <= MOST_CITED:
        count, most = len(checked.cites), MOST_CITED
        yield say(
            language, "it cites {count} passages; 1 to {most} are wanted", count=count, most=most
        )
        return
    sources = [_bare(one.quote) for one in checked.cites]
    for quoted in _quotations(checked.answer):
        if len(quoted) > LONGEST_NAME and not any(_bare(quoted) in one for one in sources):
            text = "“{quoted}” stands in no passage that is cited; quote word for word"
            yield say(language, text, quoted=quoted)


def _duplicate(alike: Alike | None, language: Lang) -> Iterator[str]:
    if alike is not None and alike.score >= SAME:
        text = "the same is answered already: {where}: {question}"
        yield say(language, text, where=alike.where, question=alike.text)


def _people(checked: Checked, language: Lang) -> Iterator[str]:
    told = f"{checked.question}\n{checked.answer}"
    if people := _found(_PERSON, told):
        yield say(language, "this may be a person: {found}", found=", ".join(people))
    if homes := _found(_PLACE, told):
        yield say(language, "this may be a home: {found}", found=", ".join(homes))


def _found(pattern: re.Pattern[str], text: str) -> Sequence[str]:
    return list(dict.fromkeys(one.group() for one in pattern.finditer(text)))


def _figures(checked: Checked, language: Lang) -> Iterator[str]:
    """A figure of our own may be policy that nobody made."""
    cited = {
        figure
        for one in checked.cites
        for figure in _FIGURE.findall(f"{one.title} {one.address} {one.quote}")
    }
    own = _FIGURE.findall(_NUMBERING.sub("", checked.answer))
    if missing := [figure for figure in dict.fromkeys(own) if figure not in cited]:
        text = "no cited passage has these figures: {figures}"
        yield say(language, text, figures=", ".join(missing))


def _near(checked: Checked, language: Lang) -> Iterator[str]:
    if (alike := checked.alike) is not None:
        yield say(
            language,
            "most alike ({score}): {where}: {question}",
            score=f"{alike.score:.2f}",
            where=alike.where,
            question=alike.text,
        )
    if checked.answered:
        text = "the bot answers this already, from {title}"
        yield say(language, text, title=checked.answered)


def _quotations(text: str) -> Iterator[str]:
    for found in _QUOTED.finditer(text):
        yield next(part for part in found.groups() if part)


def _bare(text: str) -> str:
    return "".join(text.split())
