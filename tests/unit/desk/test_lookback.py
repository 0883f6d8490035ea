"""Look-back: tasks, what is overdue, years beside each other, and evidence that still holds."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

import pytest

from bot.desk.lookback.sayings import Place, Saying
from bot.desk.lookback.service import LookBack
from bot.desk.lookback.task import Evidence, Task, Verdict
from bot.desk.lookback.years import Row, by_year
from bot.errors import EntryNotFound, NoSuchDepartment, NotAllowed, TaskRefused
from tests.unit.desk.office import WANG, ZHAO, Office, store_of

PLAN = Place("plan-2026", "第五条")
PAGE = Place("https://langang.example/news")
TODAY = date(2026, 11, 23)


@dataclass(slots=True)
class Told:
    """The port Sayings: what a test says is there."""

    said: dict[Place, Saying] = field(
        default_factory=lambda: {PLAN: Saying("one"), PAGE: Saying("two")}
    )

    async def read(self, places: Sequence[Place], /, *, on: date) -> Mapping[Place, Saying]:
        assert on == TODAY
        away = Saying(verdict=Verdict.GONE, note="the release has no such document")
        return {place: self.said.get(place, away) for place in places}


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


async def added(service: LookBack, due: date = date(2026, 12, 31)) -> int:
    task = await service.add(
        ZHAO, year=2026, title="  修订\n提取办法 ", department="housing", due=due
    )
    return task.id


async def test_a_task_is_done_with_evidence_only(office: Office) -> None:
    service = LookBack(office.store, office.desk, Told())
    number = await added(service)
    with pytest.raises(TaskRefused, match="no evidence"):
        await service.done(number, WANG)
    await service.cite(number, WANG, PLAN)
    done = await service.done(number, WANG)
    assert (done.title, done.done) == ("修订 提取办法", TODAY)
    assert done.evidence == (
        Evidence(where="plan-2026", clause="第五条", digest="one", cited=TODAY, checked=TODAY),
    )
    async with office.store.begin() as work:
        events = [line.event for line in await work.audit.lines()]
    assert [(one.who, one.what, one.text) for one in events] == [
        (ZHAO.id, "task added", "1"),
        (WANG.id, "task cited", "1 plan-2026"),
        (WANG.id, "task done", "1 2026-11-23"),
    ]


async def test_what_is_wrong_is_said(office: Office) -> None:
    service = LookBack(office.store, office.desk, Told())
    due = date(2026, 12, 31)
    with pytest.raises(NotAllowed):
        await service.add(WANG, year=2026, title="x", department="housing", due=due)
    with pytest.raises(NoSuchDepartment):
        await service.add(ZHAO, year=2026, title="x", department="fishing", due=due)
    with pytest.raises(TaskRefused, match="title"):
        await service.add(ZHAO, year=2026, title=" ", department="housing", due=due)
    with pytest.raises(TaskRefused, match="no year"):
        await service.add(ZHAO, year=26, title="x", department="housing", due=due)
    with pytest.raises(EntryNotFound):
        await service.cite(9, WANG, PLAN)
    number = await added(service)
    with pytest.raises(TaskRefused, match="cannot be cited: the release has no such document"):
        await service.cite(number, WANG, Place("nowhere"))
    await service.cite(number, WANG, PLAN)
    with pytest.raises(TaskRefused, match="yet to come"):
        await service.done(number, WANG, on=date(2026, 11, 24))


async def test_evidence_that_says_something_else_is_found(office: Office) -> None:
    told = Told()
    service = LookBack(office.store, office.desk, told)
    number, calm = await added(service), await added(service)
    for place in (PLAN, PAGE):
        await service.cite(number, WANG, place)
    await service.cite(calm, WANG, PAGE)
    assert await service.check() == []
    told.said = {PLAN: Saying("otherwise"), PAGE: Saying("two")}
    (doubtful,) = await service.check()
    assert [(one.verdict, one.note) for one in doubtful.evidence] == [
        (Verdict.CHANGED, "it reads otherwise than when it was cited"),
        (Verdict.SAME, ""),
    ]
    told.said = {PAGE: Saying(verdict=Verdict.UNREACHABLE, note="the site is too busy")}
    found = await service.check(year=2026)
    assert [[one.verdict for one in task.evidence] for task in found] == [
        [Verdict.GONE, Verdict.UNREACHABLE],
        [Verdict.UNREACHABLE],
    ]
    assert await service.check(year=2025) == []
    told.said = {PLAN: Saying("one"), PAGE: Saying("two")}
    assert await service.check() == []
    assert (await service.get(number)).doubtful == ()


async def test_citing_again_takes_the_words_of_today(office: Office) -> None:
    told = Told()
    service = LookBack(office.store, office.desk, told)
    number = await added(service)
    await service.cite(number, WANG, PLAN)
    told.said[PLAN] = Saying("otherwise")
    now = await service.cite(number, WANG, PLAN)
    assert [one.digest for one in now.evidence] == ["otherwise"]
    assert await service.check() == []


async def test_tasks_come_by_the_day_they_are_due(office: Office) -> None:
    service = LookBack(office.store, office.desk, Told())
    late, soon = await added(service), await added(service, date(2026, 6, 30))
    assert [one.id for one in await service.tasks(year=2026)] == [soon, late]
    assert [one.is_overdue(TODAY) for one in await service.tasks()] == [True, False]


def task(year: int, department: str, due: date, done: date | None = None) -> Task:
    return Task(year=year, title="x", department=department, due=due, done=done)


def test_years_stand_beside_each_other() -> None:
    june, december = date(2026, 6, 30), date(2026, 12, 31)
    tasks = [
        task(2026, "housing", june),
        task(2026, "housing", december),
        task(2026, "housing", june, done=june),
        task(2026, "housing", june, done=date(2026, 7, 1)),
        task(2025, "housing", date(2025, 6, 30), done=date(2025, 1, 1)),
        task(2026, "pension", december, done=date(2026, 1, 1)),
    ]
    rows = by_year(tasks, today=TODAY)
    assert rows == [
        Row(year=2025, department="housing", in_time=1),
        Row(year=2026, department="housing", in_time=1, late=1, open=1, overdue=1),
        Row(year=2026, department="pension", in_time=1),
    ]
    assert rows[1].tasks == 4


def test_on_its_last_day_a_task_is_not_late() -> None:
    due = task(2026, "housing", TODAY)
    assert not due.is_overdue(TODAY)
    assert not replace(due, done=TODAY).is_late(date(2027, 1, 1))
