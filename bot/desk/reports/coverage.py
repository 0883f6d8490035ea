"""Counts which documents answer, and which questions none does. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, tzinfo
from typing import Final

from bot.desk.reports.overview import Cell, Table
from bot.store.base import Handled
from bot.types import Reason, Result
from knowledge.types import Document, Kind

# Why no document answered; what is left out was another matter, such as an error of ours.
GAPS: Final = (Reason.NOTHING_FOUND, Reason.UNSURE, Reason.OUTDATED, Reason.CONFLICT)


class Coverage:
    """
    Of messages whose words are still stored: retention erases which document answered.

    In memory stays a number for each document and week.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._kinds: dict[str, Kind] = {}
        self._answers: Counter[str] = Counter()  # quoted first
        self._beside: Counter[str] = Counter()  # quoted beside another one
        self._with_rule: Counter[str] = Counter()  # interpretations, with a policy beside
        self._gaps: dict[date, Counter[Reason]] = {}

    def take(self, message: Handled) -> None:
        if message.result is Result.ANSWERED:
            self._answered(message)
        elif message.result is Result.UNRESOLVED and message.reason in GAPS:
            week = monday(message.at.astimezone(self._zone).date())
            self._gaps.setdefault(week, Counter())[message.reason] += 1

    def documents(self, known: Sequence[Document], *, today: date) -> Table:
        """Whatever was quoted, and what is in force and was not."""
        titles = {one.id: one.title for one in known}
        kinds = self._kinds | {one.id: one.kind for one in known}
        could = {one.id for one in known if one.standing(today).binding}
        found = sorted(
            could | self._kinds.keys(),
            key=lambda one: (-self._answers[one], -self._beside[one], titles.get(one, one)),
        )
        rows = (
            (titles.get(one, one), str(kinds[one]), self._answers[one], self._beside[one])
            for one in found
        )
        return Table(("document", "document_kind", "answers", "beside"), tuple(rows))

    def interpretations(self, known: Sequence[Document]) -> Table:
        titles = {one.id: one.title for one in known}
        rows = (
            (titles.get(one, one), count, self._with_rule[one])
            for one, count in self._answers.most_common()
            if self._kinds[one] is Kind.INTERPRETATION
        )
        return Table(("document", "answers", "with_rule"), tuple(rows))

    def gaps(self, weeks: Sequence[date]) -> Table:
        rows: list[tuple[Cell, ...]] = []
        for week in weeks:
            counts = self._gaps.get(week, Counter())
            rows.append((week.isoformat(), *(counts[one] for one in GAPS)))
        return Table(("week", *map(str, GAPS)), tuple(rows))

    def _answered(self, message: Handled) -> None:
        for place, given in enumerate(message.given):
            self._kinds[given.document_id] = given.kind
            (self._beside if place else self._answers)[given.document_id] += 1
        if message.given and message.given[0].kind is Kind.INTERPRETATION:
            rule = any(one.kind is Kind.POLICY for one in message.given[1:])
            self._with_rule[message.given[0].document_id] += rule


def monday(day: date) -> date:
    """The first day of its week."""
    return date.fromordinal(day.toordinal() - day.weekday())
