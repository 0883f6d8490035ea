"""Counts what citizens wrote, and what the bot did with it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date, datetime, tzinfo
from enum import StrEnum
from typing import Final

from bot.actions import Action, Verb
from bot.desk.reports.figures import Figure, Section, Value, share
from bot.desk.reports.tickets import counted
from bot.desk.tickets import Ticket
from bot.store.base import Handled
from bot.types import Reason, Result

# What the bot searched for. A choice among what it offered is no further question.
_SEARCHED: Final = frozenset({Result.ANSWERED, Result.CLARIFY, Result.UNRESOLVED, Result.ERROR})


class Did(StrEnum):
    """What the bot did with questions, and what came of it."""

    ASKED = "asked"
    ANSWERED = "answered"  # at once
    OFFERED = "offered"
    CHOSEN = "chosen"  # of what was offered: an answer as well
    FAILED = "then a person"  # was asked, of what was answered or offered and chosen
    HELPFUL = "helpful"
    NO_HELP = "no help"


def answers(done: Mapping[Did, int]) -> int:
    return done[Did.ANSWERED] + done[Did.CHOSEN]


class Messages:
    """
    Take the tickets of the period first: they tell whose answers were not enough.

    In memory stays an id for each ticket, and a number for each day, language and result.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._tickets: set[tuple[str, str]] = set()  # channel and id of the message that asked
        self._offers: set[int] = set()  # ledger ids of those among them that got an offer
        self._results: Counter[str] = Counter()
        self._days: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._done: dict[date, Counter[Did]] = {}

    def asked_staff(self, ticket: Ticket) -> None:
        """What was rated low was answered by the bot, even if the message is erased by now."""
        if ticket.reason is Reason.LOW_RATING:
            self._of(ticket.opened)[Did.FAILED] += 1
        elif ticket.reason is Reason.ASKED_FOR_PERSON:
            self._tickets.add((ticket.asked_from.channel, ticket.message_id))

    def take(self, message: Handled) -> None:
        if message.result is Result.STAFF:
            return
        self._days[message.at.astimezone(self._zone).date().isoformat()] += 1
        self._languages[message.language] += 1
        self._results[message.result] += 1
        self._judge(message)
        self._press(message)

    def done(self, first: date, last: date) -> Counter[Did]:
        """What was done from one day to another, that one included."""
        found: Counter[Did] = Counter()
        for day, counts in self._done.items():
            if first <= day <= last:
                found.update(counts)
        return found

    def figures(self) -> Iterator[Figure]:
        done = self.done(date.min, date.max)
        answered = answers(done)
        figures: tuple[tuple[str, Value], ...] = (
            ("asked", done[Did.ASKED]),
            ("answered", answered),
            ("answered_share", share(answered, done[Did.ASKED])),
            ("offered", done[Did.OFFERED]),
            ("chosen", done[Did.CHOSEN]),
            ("chosen_share", share(done[Did.CHOSEN], done[Did.OFFERED])),
            ("then_a_person", done[Did.FAILED]),
            ("then_a_person_share", share(done[Did.FAILED], answered)),
            ("helpful", done[Did.HELPFUL]),
            ("no_help", done[Did.NO_HELP]),
        )
        for name, value in figures:
            yield Figure(Section.QUESTIONS, "the bot", name, value)
        yield from counted(Section.MESSAGES, dict(self._results.most_common()), "messages")
        days = dict(sorted(self._days.items()))
        yield from counted(Section.MESSAGES_BY_DAY, days, "messages")
        yield from counted(Section.MESSAGES_BY_LANGUAGE, self._languages, "messages")

    def _judge(self, message: Handled) -> None:
        done = self._of(message.at)
        if message.picked is not None:
            done[Did.CHOSEN] += 1
            done[Did.FAILED] += message.picked in self._offers
        elif message.result in _SEARCHED and message.reason is not Reason.NONE_FITTED:
            done[Did.ASKED] += 1
            asked_staff = (message.channel, message.message_id) in self._tickets
            if message.result is Result.ANSWERED:
                done[Did.ANSWERED] += 1
                done[Did.FAILED] += asked_staff
            elif message.result is Result.CLARIFY:
                done[Did.OFFERED] += 1
                if asked_staff:
                    self._offers.add(message.id)

    def _press(self, message: Handled) -> None:
        action = Action.parse(message.pressed) if message.pressed else None
        if action is not None and action.verb in _VOTES:
            self._of(message.at)[_VOTES[action.verb]] += 1

    def _of(self, at: datetime) -> Counter[Did]:
        """The counts of that day at the bureau."""
        return self._done.setdefault(at.astimezone(self._zone).date(), Counter())


_VOTES: Final = {Verb.HELPFUL: Did.HELPFUL, Verb.UNHELPFUL: Did.NO_HELP}
