"""
How often published answers are given, and what came of it.

A use leads to the question, so it is kept as long as that; then it is one more in a tally. All of
it is done inside somebody else's transaction.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.actions import Action, Verb
from bot.desk.publishing.records import Tally, Use
from bot.store.base import Accepted, Work
from bot.types import Input, Outcome, Result

_NAME: Final = re.compile(r"answer-([1-9][0-9]{0,17})")
_TOGETHER: Final = 500  # numbers in one look
_VOTES: Final = {Verb.HELPFUL: True, Verb.UNHELPFUL: False}


async def note_use(work: Work, accepted: Accepted, outcome: Outcome, *, at: datetime) -> None:
    """Note that a published answer was given, or what the citizen says of it."""
    if accepted.message.kind is Input.ACTION:
        await _voted(work, accepted)
    elif outcome.result is Result.ANSWERED and outcome.citations:
        named = _NAME.fullmatch(outcome.citations[0].document_id)
        if named:
            use = Use(publication=int(named[1]), message=accepted.id, at=at)
            await work.entries(Use).add(use)


async def _voted(work: Work, accepted: Accepted) -> None:
    action = Action.parse(accepted.message.text)
    if action is None or action.verb not in _VOTES or action.target is None:
        return
    for use in await work.entries(Use).find(message=action.target):
        past = await work.inbox.get(use.message)
        if past is not None and past.message.address == accepted.message.address:
            await work.entries(Use).save(replace(use, helpful=_VOTES[action.verb]))


async def tally_old(work: Work, *, before: datetime, limit: int) -> int:
    """Of uses from before then, keep the count alone; return how many those were."""
    oldest = await work.entries(Use).find(limit=limit)
    old = [use for use in oldest if use.at < before]
    await _tally(work, old)
    return len(old)


async def tally_of(work: Work, messages: Iterable[int]) -> None:
    """The same for uses that these messages, by ledger id, led to."""
    numbers = tuple(messages)
    for start in range(0, len(numbers), _TOGETHER):
        found = await work.entries(Use).find(message=numbers[start : start + _TOGETHER])
        await _tally(work, found)


async def _tally(work: Work, uses: Sequence[Use]) -> None:
    tallies = work.entries(Tally)
    for use in uses:
        tally = await tallies.add(Tally(publication=use.publication))  # the one that there is
        await tallies.save(tally.plus(use))
        await work.entries(Use).remove(use.id)
