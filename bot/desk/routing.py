"""Which department a ticket is for, and who of it is asked to take it. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Final

from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import Lead, Suggestion, Ticket
from bot.desk.workdays import Calendar
from bot.texts import say
from knowledge.fold import fold
from knowledge.types import Lang

# Part of the passages' weight that a department must have. Measured on 710 questions to the 33
# offices of a city, each without the passage that answers it, three passages near: 65 % get a
# suggestion, and 90 % of those are right. With half of the weight it is 79 % and 86 %.
CLEAR: Final = 2 / 3
NOT_JUDGED: Final = 0.5  # weight of a passage whose probability nobody knows
_CHINESE: Final = frozenset({Lang.ZH_HANS, Lang.ZH_HANT})


@dataclass(frozen=True, slots=True, order=True)
class _Word:
    """A topic of a department in a question, from one character until before another."""

    begins: int
    ends: int
    department: str
    topic: str

    @property
    def length(self) -> int:
        return self.ends - self.begins

    def lies_in(self, other: _Word) -> bool:
        return other.begins <= self.begins and self.ends <= other.ends


def suggest(
    question: str, leads: Sequence[Lead], roster: Roster, *, language: Lang
) -> Suggestion | None:
    """
    The department whose topics the question names, else the one whose documents came near.

    None where that is not clear. `language` is that of staff, for the reason.
    """
    return _by_topic(question, roster, language) or _by_issuer(leads, roster, language)


def is_sensitive(question: str, roster: Roster) -> bool:
    """Whether it names what a second person must see, whichever department it goes to."""
    folded = fold(question)
    departments = roster.departments.values()
    return any(_places(word, folded) for one in departments for word in one.sensitive)


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Who is asked to take a ticket; nobody where nobody is there."""

    member: Member | None = None
    opens: datetime | None = None  # when somebody is there again


def choose(
    department: Department,
    ticket: Ticket,
    *,
    at: datetime,
    calendar: Calendar,
    away: Collection[str],
    held: Mapping[str, int],
) -> Choice:
    """
    Of those who are there, whoever holds the fewest of the department's tickets.

    `away` are ids of members, `held` is how many each of them has. Those who speak the
    citizen's language come first. Among equals the ticket's number decides, so that they take
    turns though none of them has claimed anything yet.
    """
    opens = department.hours.next(at, calendar)
    agents = [one for one in department.members if one.has(Role.AGENT) and one.id not in away]
    if opens is None or opens > at or not agents:
        return Choice(opens=opens if opens != at else None)
    agents = [one for one in agents if _speaks(one, ticket.language)] or agents
    fewest = min(held.get(one.id, 0) for one in agents)
    equals = [one for one in agents if held.get(one.id, 0) == fewest]
    return Choice(member=equals[ticket.id % len(equals)])


def _speaks(member: Member, language: Lang) -> bool:
    """Whoever reads Chinese reads both kinds of its characters."""
    wanted = _CHINESE if language in _CHINESE else {language}
    return not member.languages or bool(member.languages & wanted)


def _by_topic(question: str, roster: Roster, language: Lang) -> Suggestion | None:
    """The longest topic wins; it is certain if no other department's stands elsewhere."""
    words = _words(fold(question), roster)
    if not words:
        return None
    best = max(words, key=lambda word: word.length)
    rivals = [word for word in words if word.department != best.department]
    if any(word.length == best.length for word in rivals):
        return None
    own = [word for word in words if word.department == best.department]
    certain = all(any(word.lies_in(one) for one in own) for word in rivals)
    why = say(language, "the question names “{word}”", word=best.topic)
    return Suggestion(department=best.department, why=why, certain=certain)


def _words(folded: str, roster: Roster) -> Sequence[_Word]:
    return [
        _Word(begins, ends, key, topic)
        for key, department in roster.departments.items()
        for topic in department.topics
        for begins, ends in _places(topic, folded)
    ]


def _by_issuer(leads: Sequence[Lead], roster: Roster, language: Lang) -> Suggestion | None:
    weights: dict[str, float] = defaultdict(float)
    issuers: dict[str, str] = {}
    for lead in leads:
        for key, issuer in _issued(lead, roster):
            weights[key] += NOT_JUDGED if lead.probability is None else lead.probability
            issuers.setdefault(key, issuer)
    if not weights:
        return None
    best = max(weights, key=weights.__getitem__)
    if weights[best] < CLEAR * sum(weights.values()) or not weights[best]:
        return None
    why = say(language, "passages of {issuer} came nearest", issuer=issuers[best])
    return Suggestion(department=best, why=why)


def _issued(lead: Lead, roster: Roster) -> Sequence[tuple[str, str]]:
    """The departments that answer for a document; one of several issuers may have several."""
    issuer = fold(lead.issuer)
    return [
        (key, name)
        for key, department in roster.departments.items()
        if (name := next((one for one in department.issuers if fold(one) in issuer), None))
    ]


def _places(word: str, folded: str) -> Sequence[tuple[int, int]]:
    return [found.span() for found in _pattern(word).finditer(folded)]


@cache
def _pattern(word: str) -> re.Pattern[str]:
    """A word of letters is no part of a longer one: "tax" is not in "syntax"."""
    folded = fold(word)
    before = r"(?<![a-z0-9])" if folded[:1].isascii() else ""
    behind = r"(?![a-z0-9])" if folded[-1:].isascii() else ""
    return re.compile(f"{before}{re.escape(folded)}{behind}")
