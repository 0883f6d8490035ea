"""The audit log in the console: for supervisors, by ticket, person and day; and whether it holds."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime, timedelta

import pytest

from bot.desk.audit_reading import Wanted, found
from bot.desk.tickets import Agent, Event
from bot.store.memory import MemoryStore
from tests.unit.desk.office import HERE
from tests.web.console.harness import Page
from tests.web.console.staffed import NASTY, SAFE, Staffed, staffed

PATH = "/console/audit"
WANG = Agent("telegram:1", "王芳")
NOON = datetime(2026, 11, 23, 12, tzinfo=HERE)


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        yield opened


def whats(page: Page) -> list[str]:
    return re.findall(r'data-name="What">([^<]*)<', page.text)


async def test_the_log_by_ticket_person_and_day(at: Staffed) -> None:
    ticket = await at.front.office.opens()
    await at.front.office.desk.claim(ticket.id, WANG)
    at.front.office.time.now += timedelta(days=1)
    zhao = await at.front.browser()
    await zhao.sign_in("zhao")
    await at.front.office.desk.release(ticket.id, WANG)
    assert whats(await zhao.get(f"{PATH}?ticket={ticket.id}"))[-3:] == [
        "released it",
        "claimed it",
        "asked",
    ]
    assert whats(await zhao.get(f"{PATH}?who=王芳&ticket=1")) == ["released it", "claimed it"]
    assert whats(await zhao.get(f"{PATH}?who=telegram:1&day=2026-11-23&ticket=1")) == [
        "claimed it"
    ]
    assert whats(await zhao.get(f"{PATH}?who=nobody")) == []
    assert f"audit log (ticket {ticket.id})" in await at.viewed()


async def test_what_a_supervisor_typed_is_not_in_the_log(at: Staffed) -> None:
    ticket = await at.front.office.opens()
    await at.front.office.desk.claim(ticket.id, WANG)
    await at.zhao.get(f"{PATH}?who=王芳&day=2026-11-23&ticket=1&before=x")
    await at.zhao.get(f"{PATH}?who=某市民的电话&ticket=7 个")
    assert (await at.viewed())[-2:] == [
        "audit log (ticket 1, who telegram:1, day 2026-11-23)",
        "audit log (who nobody)",
    ]


async def test_the_newest_lines_first_and_earlier_ones_behind(at: Staffed) -> None:
    async with at.front.store.begin() as work:
        for number in range(60):
            await work.audit.note(Event(at=NOON, who="system", what=f"w{number}", text=NASTY))
    page = await at.zhao.get(f"{PATH}?who=system")
    assert whats(page)[:2] == ["w59", "w58"]
    assert len(whats(page)) == 50
    assert SAFE in page.text
    assert "<img src=x" not in page.text
    older = re.search(r'rel="next" href="([^"]+)"', page.text)
    assert older is not None
    last = await at.zhao.get(older[1].replace("&amp;", "&"))
    assert whats(last) == [f"w{number}" for number in range(9, -1, -1)]
    assert "Earlier ones" not in last.text


async def test_only_supervisors_read_it(at: Staffed) -> None:
    for path in (PATH, f"{PATH}/verification"):
        assert (await at.wang.get(path)).status == 403


async def test_whether_the_record_is_whole(at: Staffed) -> None:
    page = await at.zhao.get(f"{PATH}/verification")
    assert "each follows from the one before" in page.text
    digest = re.search(r"<code>(\w{64})</code>", page.text)
    assert digest is not None
    assert "Yes:" in (await at.zhao.get(f"{PATH}/verification?head={digest[1]}")).text
    cut = await at.zhao.get(f"{PATH}/verification?head={'0' * 64}")
    assert "its end was cut off or rewritten" in cut.text


async def test_a_long_log_is_read_back_to_the_day_that_is_wanted() -> None:
    store = MemoryStore()
    async with store.begin() as work:
        for number in range(2500):
            at = NOON - timedelta(days=2) + timedelta(minutes=number)
            await work.audit.note(Event(at=at, who="system", what=f"w{number}"))
    first = (NOON - timedelta(days=2)).date()
    wanted = Wanted(day=first)
    page = await found(store, wanted, at=NOON, limit=700)
    assert [line.event.what for line in page.lines] == [f"w{n}" for n in range(719, 19, -1)]
    rest = await found(store, wanted, at=NOON, limit=700, before=page.older)
    assert [line.event.what for line in rest.lines] == [f"w{n}" for n in range(19, -1, -1)]
    assert rest.older is None
