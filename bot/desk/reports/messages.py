"""Counts what citizens wrote, and what the bot did with it. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import tzinfo
from typing import Final

from bot.actions import Action, Verb
from bot.desk.reports.figures import Figure, Section, Value, share
from bot.desk.reports.tickets import counted
from bot.desk.tickets import Ticket
from bot.store.base import Handled
from bot.types import Reason, Result

# What the bot searched for. A choice among what it offered is no further question.
_SEARCHED: Final = frozenset({Result.ANSWERED, Result.CLARIFY, Result.UNRESOLVED, Result.ERROR})


class Messages:
    """
    Take the tickets of the period first: they tell whose answers were not enough.

    In memory stays an id for each ticket, and a number for each day, language and result.
    """

    def __init__(self, zone: tzinfo | None) -> None:
        self._zone = zone
        self._tickets: set[tuple[str, str]] = set()  # channel and id of the message that asked
        self._offers: set[int] = set()  # ledger ids of those among them that got an offer
        self._low = 0
        self._results: Counter[str] = Counter()
        self._days: Counter[str] = Counter()
        self._languages: Counter[str] = Counter()
        self._done: Counter[str] = Counter()

    def asked_staff(self, ticket: Ticket) -> None:
        """What was rated low was answered by the bot, even if the message is erased by now."""
        if ticket.reason is Reason.LOW_RATING:
            self._low += 1
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

    def figures(self) -> Iterator[Figure]:
        done = self._done
        answered = done["answered"] + done["chosen"]
        failed = done["then a person"] + self._low
        figures: tuple[tuple[str, Value], ...] = (
            ("asked", done["asked"]),
            ("answered", answered),
            ("answered_share", share(answered, done["asked"])),
            ("offered", done["offered"]),
            ("chosen", done["chosen"]),
            ("chosen_share", share(done["chosen"], done["offered"])),
            ("then_a_person", failed),
            ("then_a_person_share", share(failed, answered)),
            ("helpful", done["helpful"]),
            ("no_help", done["no help"]),
        )
        for name, value in figures:
            yield Figure(Section.QUESTIONS, "the bot", name, value)
        yield from counted(Section.MESSAGES, dict(self._results.most_common()), "messages")
        days = dict(sorted(self._days.items()))
        yield from counted(Section.MESSAGES_BY_DAY, days, "messages")
        yield from counted(Section.MESSAGES_BY_LANGUAGE, self._languages, "messages")

    def _judge(self, message: Handled) -> None:
        if message.picked is not None:
            self._done["chosen"] += 1
            self._done["then a person"] += message.picked in self._offers
        elif message.result in _SEARCHED and message.reason is not Reason.NONE_FITTED:
            self._done["asked"] += 1
            asked_staff = (message.channel, message.message_id) in self._tickets
            if message.result is Result.ANSWERED:
                self._done["answered"] += 1
                self._done["then a person"] += asked_staff
            elif message.result is Result.CLARIFY:
                self._done["offered"] += 1
                if asked_staff:
                    self._offers.add(message.id)

    def _press(self, message: Handled) -> None:
        action = Action.parse(message.pressed) if message.pressed else None
        if action is not None and action.verb in _VOTES:
            self._done[_VOTES[action.verb]] += 1


_VOTES: Final = {Verb.HELPFUL: "helpful", Verb.UNHELPFUL: "no help"}
