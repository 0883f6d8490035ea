"""From questions to concerns: grouped, tested, and known again from one day to the next. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, TypeAlias

from bot.desk.concerns import bursts
from bot.desk.concerns.concern import Asked, Concern, Course
from index.grouping import Group

EXAMPLES: Final = 5
TICKETS: Final = 20
LONGEST: Final = 200  # characters of an example
# 国办发〔2016〕61号 asks for a response to concerns that are no major incident within 48 hours.
RESPONSE: Final = timedelta(days=2)

Grouping: TypeAlias = Callable[[Sequence[str], Sequence[Sequence[str]]], Sequence[Group]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """One that was not answered well: by nobody, by staff only, or to no use."""

    text: str  # masked
    day: date  # at the bureau
    citizen: str  # tells conversations apart, and goes no further than the counting
    ticket: int | None = None
    department: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    concern: Concern  # with id 0 if it is a new one
    hot: bool  # it became a concern today


def find(
    questions: Sequence[Question], known: Sequence[Concern], group: Grouping, *, today: date
) -> Sequence[Found]:
    """
    What is hot now, and what is known already with the counts of these days.

    `questions` are those of the weeks that are compared. Examples are kept of what is hot, and
    of nothing else.
    """
    matters = [concern for concern in known if concern.examples]
    groups = group([one.text for one in questions], [one.examples for one in matters])
    counted = [_Matter.of(one, questions, today) for one in groups]
    total = Counter[bool]()
    for matter in counted:
        total[True] += matter.recent
        total[False] += matter.before
    rest = _citizens(questions, {place for one in groups for place in one.members})
    everything = _split(rest, today) + total
    probabilities = [matter.probability(everything) for matter in counted]
    hot = bursts.bursts(probabilities)
    found = []
    for place, (one, matter) in enumerate(zip(groups, counted, strict=True)):
        old = None if one.known is None else matters[one.known]
        if place in hot or old is not None:
            found.append(matter.found(old, probabilities[place], hot=place in hot, today=today))
    return found


@dataclass(frozen=True, slots=True)
class _Matter:
    """A group of questions, counted."""

    questions: tuple[Question, ...]  # the most central first
    days: tuple[Asked, ...]
    recent: int
    before: int

    @classmethod
    def of(cls, group: Group, questions: Sequence[Question], today: date) -> _Matter:
        own = tuple(questions[place] for place in group.members)
        days = Counter(day for day, _ in {(one.day, one.citizen) for one in own})
        counts = _split(days, today)
        asked = tuple(Asked(day, days[day]) for day in sorted(days))
        return cls(own, asked, counts[True], counts[False])

    def probability(self, everything: Counter[bool]) -> float:
        share = bursts.expected_share(
            everything[True] - self.recent, everything[False] - self.before
        )
        return bursts.probability(self.recent, self.before, share)

    def found(self, old: Concern | None, chance: float, *, hot: bool, today: date) -> Found:
        if old is None:
            fresh = Concern(label="", found=today, due=today + RESPONSE)
            return Found(self._on(fresh, chance), hot=True)
        if not hot or old.state is not Course.CLOSED:
            return Found(self._seen(old), hot=False)
        return Found(self._on(self._again(old, today), chance), hot=True)

    def _again(self, old: Concern, today: date) -> Concern:
        """It was closed, and the response was not enough."""
        return replace(
            old, state=Course.NEW, found=today, due=today + RESPONSE, owner=None, closed=None
        )

    def _on(self, concern: Concern, chance: float) -> Concern:
        now = self._seen(concern)
        return replace(now, recent=self.recent, before=self.before, probability=chance)

    def _seen(self, concern: Concern) -> Concern:
        first = self.days[0].day
        texts = tuple(dict.fromkeys(one.text[:LONGEST] for one in self.questions))
        departments = Counter(one.department for one in self.questions if one.department)
        tickets = sorted({one.ticket for one in self.questions if one.ticket is not None})
        return replace(
            concern,
            label=concern.label or texts[0],
            examples=texts[:EXAMPLES],
            days=(*(one for one in concern.days if one.day < first), *self.days),
            department=departments.most_common(1)[0][0] if departments else concern.department,
            tickets=tuple(tickets[-TICKETS:]),
        )


def _citizens(questions: Iterable[Question], without: set[int]) -> Counter[date]:
    """Citizens by day, of the questions that are in no group."""
    alone = {(one.day, one.citizen) for place, one in enumerate(questions) if place not in without}
    return Counter(day for day, _ in alone)


def _split(days: Counter[date], today: date) -> Counter[bool]:
    """How many are of the last days (True), and of the weeks before (False)."""
    counts = Counter[bool]()
    for day, citizens in days.items():
        counts[day > today - bursts.RECENT] += citizens
    return counts
