"""Hot concerns: found by a burst, known again, taken, answered in public and closed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.desk.audit import verify
from bot.desk.concerns.concern import Asked, Concern, Course
from bot.desk.concerns.finding import Found, Question, find
from bot.desk.concerns.service import Concerns
from bot.desk.tickets import TicketKind
from bot.errors import ConcernRefused, EntryChanged, NotAllowed
from bot.retention import Periods, Retention
from bot.types import Address, Input, Message, Outcome, Result
from index.grouping import Group
from knowledge.types import Lang
from tests.unit.desk.office import LI, ROOM, SUN, WANG, ZHAO, Office, store_of

TODAY = date(2026, 11, 23)
STRANGER = replace(WANG, id="telegram:99")


def by_first_word(texts: Sequence[str], known: Sequence[Sequence[str]]) -> Sequence[Group]:
    """The port of index.grouping, for texts whose first two characters say what they are about."""
    groups: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        groups.setdefault(text[:2], []).append(place)
    before = {matter[0][:2]: place for place, matter in enumerate(known)}
    return [
        Group(tuple(places), before.get(word))
        for word, places in groups.items()
        if len(places) > 2
    ]


def asked(text: str, days_ago: int, citizens: int, *, first: int = 0) -> list[Question]:
    day = TODAY - timedelta(days=days_ago)
    return [
        Question(text=text, day=day, citizen=f"web:{first + number}") for number in range(citizens)
    ]


QUIET = [one for week in range(5) for one in asked("公园几点开门？", week * 7, 4)]


def found(questions: list[Question], *known: Concern) -> Sequence[Found]:
    return find(questions, known, by_first_word, today=TODAY)


def test_what_is_asked_as_ever_is_no_concern() -> None:
    assert found(QUIET) == []


def test_a_new_matter_of_many_citizens_is_hot() -> None:
    (one,) = found(
        [*QUIET, *asked("停水几点来水？", 0, 3), *asked("停水怎么不通知？", 1, 3, first=9)]
    )
    assert one.hot
    assert (one.concern.label, one.concern.recent, one.concern.before) == ("停水几点来水？", 6, 0)
    assert one.concern.days == (
        Asked(TODAY - timedelta(days=1), 3),
        Asked(TODAY, 3),
    )
    assert one.concern.due == date(2026, 11, 25)


def test_one_citizen_who_asks_often_is_one() -> None:
    assert found([*QUIET, *asked("停水几点来水？", 0, 1) * 50]) == []


def test_a_known_matter_that_grows_is_hot() -> None:
    before = [one for week in range(1, 5) for one in asked("停水几点来水？", week * 7, 2)]
    (one,) = found([*QUIET, *before, *asked("停水几点来水？", 0, 20)])
    assert (one.concern.recent, one.concern.before) == (20, 8)


def test_where_all_is_asked_more_nothing_is_hot() -> None:
    more = [one for word in ("公园", "公交", "停车") for one in asked(f"{word}？", 2, 30)]
    before = [one for word in ("公园", "公交", "停车") for one in asked(f"{word}？", 9, 30)]
    assert found([*more, *before, *asked("停水几点来水？", 0, 8), *asked("停水呢？", 9, 7)]) == []


def concern(**more: object) -> Concern:
    values = {
        "id": 7,
        "version": 3,
        "state": Course.OWNED,
        "label": "停水了",
        "examples": ("停水了",),
        "days": (Asked(date(2026, 10, 1), 9), Asked(date(2026, 11, 22), 1)),
        "recent": 9,
        "found": date(2026, 10, 1),
        "due": date(2026, 10, 3),
        "owner": WANG,
    }
    return Concern(**{**values, **more})  # type: ignore[arg-type]  # a test's own values


def test_the_next_day_it_is_the_same_concern() -> None:
    (one,) = found(
        [*QUIET, *asked("停水几点来水？", 1, 4), *asked("停水几点来水？", 0, 2)], concern()
    )
    assert not one.hot
    assert (one.concern.id, one.concern.state, one.concern.owner) == (7, Course.OWNED, WANG)
    assert one.concern.label == "停水了"
    assert one.concern.days == (
        Asked(date(2026, 10, 1), 9),  # before the weeks that were looked at
        Asked(date(2026, 11, 22), 4),
        Asked(date(2026, 11, 23), 2),
    )


def test_a_closed_one_that_bursts_again_is_open_again() -> None:
    closed = concern(state=Course.CLOSED, closed=date(2026, 10, 5), response="d1")
    calm = [*QUIET, *asked("停水几点来水？", 0, 3)]
    (one,) = found(calm, closed)
    assert (one.hot, one.concern.state) == (False, Course.CLOSED)
    (one,) = found([*QUIET, *asked("停水几点来水？", 0, 9)], closed)
    assert (one.hot, one.concern.state, one.concern.owner) == (True, Course.NEW, None)
    assert (one.concern.found, one.concern.due) == (TODAY, date(2026, 11, 25))


# The service, over both stores.


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


def service(office: Office) -> Concerns:
    return Concerns(
        office.store, office.desk, group=by_first_word, published=lambda name: name == "d1"
    )


async def ask(office: Office, question: str, citizens: int) -> None:
    for number in range(citizens):
        await office.opens(question=question, chat=Address("web", str(number)))


async def hot(office: Office) -> int:
    await ask(office, "停水几点来水？", 6)
    (one,) = await service(office).look()
    return one.id


async def test_staff_are_told_once(office: Office) -> None:
    await ask(office, "停水几点来水？", 6)
    await office.told()
    (one,) = await service(office).look()
    assert one.tickets == (1, 2, 3, 4, 5, 6)
    assert await office.told(ROOM) == [
        (
            "Asked about more than before: 1\n"
            "· Concern 1, a response is due by 2026-11-25: 6 citizens in 7 days, 0 in the 4 weeks "
            "before\n停水几点来水？"
        )
    ]
    assert await service(office).look() == []
    assert await office.told(ROOM) == []
    assert [one.id for one in await service(office).open()] == [1]


async def test_requests_for_information_are_nobody_elses_business(office: Office) -> None:
    for number in range(9):
        chat = Address("web", str(number))
        await office.opens(TicketKind.DISCLOSURE, question="停水的文件", chat=chat)
    assert await service(office).look() == []


async def test_a_vote_against_an_answer_counts_and_a_forged_one_does_not(office: Office) -> None:
    async def said(chat: str, name: str, text: str, kind: Input = Input.TEXT) -> int:
        message = Message(
            id=name, address=Address("web", chat), sender=chat, kind=kind, text=text,
            at=office.time.now,
        )  # fmt: skip
        outcome = Outcome(result=Result.ANSWERED, language=Lang.EN)
        async with office.store.begin() as work:
            accepted = await work.inbox.accept(message)
            assert accepted is not None
            await work.inbox.finish(accepted.id, outcome, at=office.time.now)
        return accepted.id

    await ask(office, "停水几点来水？", 4)
    number = await said("90", "q", "停水了没人管")
    await said("91", "forged", f"down:{number}", Input.ACTION)
    assert await service(office).look() == []
    await said("90", "vote", f"down:{number}", Input.ACTION)
    await said("90", "again", f"down:{number}", Input.ACTION)
    (one,) = await service(office).look()
    assert one.recent == 5


async def test_from_found_to_closed(office: Office) -> None:
    number, concerns = await hot(office), service(office)
    await concerns.own(number, WANG, due=date(2026, 11, 24))
    with pytest.raises(NotAllowed):
        await concerns.answer(number, LI, "d1")  # it is not theirs
    with pytest.raises(ConcernRefused, match="nowhere is neither a link nor a document"):
        await concerns.answer(number, WANG, "nowhere")
    await concerns.answer(number, WANG, "d1")
    closed = await concerns.close(number, WANG)
    assert (closed.state, closed.response, closed.closed) == (Course.CLOSED, "d1", TODAY)
    assert await concerns.open() == []
    async with office.store.begin() as work:
        lines = await work.audit.lines()
    told = [(one.event.what, one.event.text) for one in lines if one.event.ticket_id is None]
    assert told == [
        ("concern found", "1"),
        ("concern owned", "1 2026-11-24"),
        ("concern answered", "1 d1"),
        ("concern closed", "1"),
    ]
    assert verify(lines).problems == ()


async def test_only_a_supervisor_closes_without_a_response_and_says_why(office: Office) -> None:
    number, concerns = await hot(office), service(office)
    with pytest.raises(NotAllowed):
        await concerns.close(number, WANG, "没有必要")
    with pytest.raises(ConcernRefused, match="say why"):
        await concerns.close(number, ZHAO)
    assert (await concerns.close(number, ZHAO, "两天后已恢复")).state is Course.CLOSED


async def test_a_stranger_may_do_nothing(office: Office) -> None:
    number, concerns = await hot(office), service(office)
    for job in (concerns.own(number, STRANGER), concerns.answer(number, STRANGER, "d1")):
        with pytest.raises(NotAllowed):
            await job


async def test_a_supervisor_takes_it_from_anybody(office: Office) -> None:
    number, concerns = await hot(office), service(office)
    await concerns.own(number, WANG)
    with pytest.raises(NotAllowed):
        await concerns.own(number, LI)
    assert (await concerns.own(number, SUN)).owner == SUN


async def test_what_changed_while_it_looked_is_not_overwritten(office: Office) -> None:
    number, concerns = await hot(office), service(office)
    loop = asyncio.get_running_loop()

    def meanwhile(texts: Sequence[str], known: Sequence[Sequence[str]]) -> Sequence[Group]:
        """Somebody takes it while the questions are being grouped, in a thread."""
        asyncio.run_coroutine_threadsafe(concerns.own(number, WANG), loop).result(timeout=5)
        return by_first_word(texts, known)

    racing = Concerns(office.store, office.desk, group=meanwhile, published=lambda _: True)
    with pytest.raises(EntryChanged):
        await racing.look()
    assert (await concerns.get(number)).owner == WANG


async def test_words_of_citizens_go_when_their_messages_do(office: Office) -> None:
    """Whether anybody looks for concerns again or not."""
    number = await hot(office)
    periods = Periods(messages=30, conversations=0, tickets=0)
    retention = Retention(office.store, periods, clock=office.time)
    office.time.set("2026-12-23")
    await retention.sweep()
    assert (await service(office).get(number)).examples == ("停水几点来水？",)
    office.time.set("2026-12-24")
    await retention.sweep()
    now = await service(office).get(number)
    assert (now.label, now.examples, now.days) == ("", (), (Asked(TODAY, 6),))
