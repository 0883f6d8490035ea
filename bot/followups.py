"""
A question with what the conversation is about, or without: which of the two readings is right.

The conversation's topic needs no table of its own: it is the outcome of the question before, in
the ledger, so that it outlives a restart.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot import answer_page
from bot.context import Form, core, form_of, names_aspect, topic_of
from bot.decide import decide
from bot.offers import Offers
from bot.searching import Searches
from bot.turn import Turn
from bot.types import Input, Outcome, Reason, Result, Topic
from index.about import About
from index.types import Found


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found, and what became of it; the outcome has the topic, if one was needed."""

    outcome: Outcome
    found: Found | None


class FollowUps:
    def __init__(
        self,
        index: Searches,
        offers: Offers,
        *,
        clock: Callable[[], datetime],
        limit: timedelta,
    ) -> None:
        self._index = index
        self._offers = offers
        self._clock = clock
        self._limit = limit

    async def read(self, turn: Turn, question: str) -> Reading:
        """
        The reading that fits: with the topic only if the question looks back.

        A question without words of its own is never answered alone: it could be about every
        policy. One with words is read with the topic if the topic's document surely answers it,
        else alone if that gives a sure answer, else with the topic if that gives something to
        choose from.
        """
        form = form_of(question)
        topic = await self._topic(turn) if form is not Form.WHOLE else None
        leaning = await self._with(topic, turn, question) if topic is not None else None
        if leaning and (form is Form.LEANS or _settles(leaning.outcome)):
            return leaning
        alone = await self.alone(turn, question, sure=form in {Form.WHOLE, Form.MAYBE})
        answered = alone.outcome.result is Result.ANSWERED
        if leaning and not answered and leaning.outcome.result is Result.CLARIFY:
            return leaning
        return replace(alone, outcome=replace(alone.outcome, before=topic))

    async def alone(self, turn: Turn, question: str, *, sure: bool = True) -> Reading:
        """The question by itself; with `sure` false nothing that is found can be an answer."""
        today = self._clock().date()
        found = await self._index.search(question, on=today)
        if not sure:
            found = _unsure(found)
        return Reading(decide(found, language=turn.language, on=today), found)

    async def _topic(self, turn: Turn) -> Topic | None:
        """What this person asked about last, and not somebody else in the group."""
        past = await self._offers.past(turn, turn.talk.last_question)
        if past is None or not turn.is_own(past):
            return None
        return topic_of(past, turn.expected, at=self._clock(), limit=self._limit)

    async def _with(self, topic: Topic, turn: Turn, question: str) -> Reading:
        today = self._clock().date()
        about = About(document=topic.document_id, topic=topic.words, clause=topic.clause)
        found = await self._index.follow(core(question), about, on=today)
        if form_of(question) is Form.LEANS and not names_aspect(question):
            found = _unsure(found)  # 那怎么领？ fits whatever speaks of 领
        outcome = decide(found, language=turn.language, on=today)
        return Reading(replace(outcome, topic=topic), found)


def _settles(outcome: Outcome) -> bool:
    """Whether its topic's document speaks of it surely, even if another one disagrees."""
    return outcome.result is Result.ANSWERED or outcome.reason is Reason.CONFLICT


def _unsure(found: Found | None) -> Found | None:
    """The same, with nothing in it that is sure enough to answer."""
    if found is None or not found.hits or found.hits[0].exact:
        return found
    line = max(found.line, found.hits[0].probability)
    return replace(found, line=line, outdated=(), conflict=None)


def in_full(turn: Turn, question: str, outcome: Outcome) -> Outcome:
    """With the question, where the message does not say it, or not all of it."""
    if outcome.topic is not None:
        question = answer_page.composed(outcome.topic, question, turn.language)
    elif turn.message.kind is not Input.ACTION:
        return outcome
    return replace(outcome, question=question)
