"""Uses of published answers: a link to the question while there is one, then a count."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot import people
from bot.actions import Action, Verb
from bot.desk.publishing.records import Tally, Use
from bot.desk.publishing.uses import note_use
from bot.retention import Periods, Retention
from bot.store.base import Accepted
from bot.types import Citation, Input, Message, Outcome, Result
from knowledge.types import Kind, Lang, Standing
from tests.unit.desk.office import CHAT, Office, store_of

CITED = Citation(
    document_id="answer-3",
    title="养犬要办什么证？",
    number="",
    issuer="",
    address="",
    quote="要办养犬登记证。",
    source="",
    published=None,
    kind=Kind.ANSWER,
    status=Standing.IN_FORCE,
    language=Lang.ZH_HANS,
    passage_id="answer-3#0",
)
PERIODS = Periods(messages=30, conversations=0, tickets=0)


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


async def says(office: Office, name: str, text: str, kind: Input = Input.TEXT) -> Accepted:
    """A message that published answer 3 answers, or a button under one."""
    message = Message(
        id=name, address=CHAT, sender="1001", kind=kind, text=text, at=office.time.now
    )
    outcome = Outcome(result=Result.ANSWERED, language=Lang.EN, citations=(CITED,))
    async with office.store.begin() as work:
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        await note_use(work, accepted, outcome, at=office.time.now)
        await work.inbox.finish(accepted.id, outcome, at=office.time.now)
    return accepted


async def votes(office: Office, asked: Accepted, verb: Verb) -> None:
    await says(office, f"vote{asked.id}", str(Action(verb, asked.id)), Input.ACTION)


async def kept(office: Office) -> tuple[list[int], list[tuple[int, int, int, int]]]:
    """The messages that uses lead to, and the tallies."""
    async with office.store.begin() as work:
        uses, tallies = await work.entries(Use).find(), await work.entries(Tally).find()
    counts = [(one.publication, one.given, one.helpful, one.unhelpful) for one in tallies]
    return [one.message for one in uses], counts


async def sweep(office: Office) -> None:
    await Retention(office.store, PERIODS, clock=office.time).sweep()


async def test_with_the_question_its_use_becomes_a_count(office: Office) -> None:
    first, second = await says(office, "q1", "办证？"), await says(office, "q2", "犬证？")
    await votes(office, first, Verb.HELPFUL)
    await votes(office, second, Verb.UNHELPFUL)
    office.time.now += timedelta(days=29)
    late = await says(office, "q3", "狗证？")
    await sweep(office)
    assert await kept(office) == ([first.id, second.id, late.id], [])
    office.time.now += timedelta(days=2)
    await sweep(office)
    assert await kept(office) == ([late.id], [(3, 2, 1, 1)])
    office.time.now += timedelta(days=31)
    await sweep(office)
    assert await kept(office) == ([], [(3, 3, 1, 1)])


async def test_hundreds_of_old_uses_are_counted_at_once(office: Office) -> None:
    async with office.store.begin() as work:
        for number in range(430):
            await work.entries(Use).add(Use(publication=3, message=number, at=office.time.now))
    office.time.now += timedelta(days=31)
    await sweep(office)
    assert await kept(office) == ([], [(3, 430, 0, 0)])


async def test_whoever_has_their_data_erased_is_in_the_count_alone(office: Office) -> None:
    asked = await says(office, "q1", "办证？")
    await votes(office, asked, Verb.HELPFUL)
    forget = Message(id="f", address=CHAT, sender="1001", text="/forget", at=office.time.now)
    async with office.store.begin() as work:
        await people.forget(work, forget, at=office.time.now)
    assert await kept(office) == ([], [(3, 1, 1, 0)])
