"""News of tickets, as browsers hear them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import pytest

from bot.desk.roster import Roster
from bot.desk.tickets import Event
from bot.web.console.live import MOST_LINES
from tests.unit.desk.office import WANG
from tests.web.console.cases import opened
from tests.web.console.harness import ROSTER, Browser, Front, front_of
from tests.web.harness import Stream


@pytest.fixture
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        opened.console.config = replace(opened.console.config, look_s=0.05)
        yield opened


@asynccontextmanager
async def listening(front: Front, browser: Browser, after: int) -> AsyncIterator[Stream]:
    url = f"{front.url}/console/events"
    async with browser.http.get(url, params={"after": str(after)}) as response:
        assert response.status == 200
        yield Stream(response)


async def heard_out(stream: Stream) -> list[str]:
    """What events there are until it ends."""
    names = []
    async with asyncio.timeout(5):
        with suppress(EOFError):
            while True:
                names.append((await stream.next()).name)
    return names


async def newest(front: Front) -> int:
    async with front.store.begin() as work:
        return await work.audit.newest()


async def test_a_change_is_told_with_whose_it_is(front: Front) -> None:
    wang = await front.enrolled("wang")
    async with listening(front, wang, await newest(front)) as stream:
        await opened(front.office)
        await front.office.desk.claim(1, WANG)
        told = [(await stream.next()).data for _ in range(2)]
    assert told == [
        {"ticket": 1, "who": "Citizen", "what": "asked"},
        {"ticket": 1, "who": "王芳", "what": "claimed it"},
    ]


async def test_what_happened_while_nobody_listened_is_told_once(front: Front) -> None:
    wang = await front.enrolled("wang")
    before = await newest(front)
    await opened(front.office)
    async with listening(front, wang, before) as stream:
        first = await stream.next()
    await front.office.desk.claim(1, WANG)
    async with listening(front, wang, int(first.id)) as stream:
        assert (await stream.next()).data["what"] == "claimed it"


async def test_one_who_was_away_for_long_is_told_to_look_at_everything(front: Front) -> None:
    wang = await front.enrolled("wang")
    before = await newest(front)
    ticket = await opened(front.office)
    async with front.store.begin() as work:
        for _ in range(MOST_LINES):
            await front.office.desk.note(work, ticket, "system", "warned")
    async with listening(front, wang, before) as stream:
        event = await stream.next()
    assert (event.data, int(event.id)) == ({"ticket": 0}, await newest(front))


async def test_views_are_no_news(front: Front) -> None:
    wang = await front.enrolled("wang")
    await opened(front.office)
    async with listening(front, wang, await newest(front)) as stream:
        await wang.get("/console/tickets/1")
        await front.office.desk.claim(1, WANG)
        assert (await stream.next()).data["what"] == "claimed it"


async def test_however_much_colleagues_look_at_a_page_is_told_what_changed(front: Front) -> None:
    wang = await front.enrolled("wang")
    ticket = await opened(front.office)
    before = await newest(front)
    look = Event(at=front.office.time.now, who="web:li", what="viewed", text="queue")
    async with front.store.begin() as work:
        for _ in range(MOST_LINES + 1):
            await front.office.desk.log(work, look)
        await front.office.desk.note(work, ticket, "system", "warned")
        for _ in range(MOST_LINES + 1):
            await front.office.desk.log(work, look)
    async with listening(front, wang, before) as stream:
        assert (await stream.next()).data["ticket"] == ticket.id


async def test_strangers_hear_nothing(front: Front) -> None:
    stranger = await front.browser()
    page = await stranger.get("/console/events", follow=False)
    assert page.status == 303


async def test_a_stream_ends_with_its_session(front: Front) -> None:
    wang = await front.enrolled("wang")
    front.console.config = replace(front.console.config, heartbeat_s=0.05)
    async with listening(front, wang, await newest(front)) as stream:
        assert (await stream.next()).name == "heartbeat"
        other = await front.browser()
        await other.sign_in("wang")
        await other.get("/console/account")
        await other.post("/console/account/sign-out-elsewhere")
        assert (await heard_out(stream))[-1] == "over"


@asynccontextmanager
async def busy(front: Front) -> AsyncIterator[None]:
    """A desk where something happens more often than a stream is silent."""
    ticket = await opened(front.office)

    async def work_on() -> None:
        while True:
            async with front.store.begin() as work:
                await front.office.desk.note(work, ticket, "system", "warned")
            await asyncio.sleep(0.02)

    working = asyncio.create_task(work_on())
    try:
        yield
    finally:
        working.cancel()


async def test_a_stream_ends_with_its_session_however_busy_the_desk_is(front: Front) -> None:
    wang = await front.enrolled("wang")
    front.console.config = replace(front.console.config, heartbeat_s=0.3)
    async with busy(front), listening(front, wang, await newest(front)) as stream:
        await wang.get("/console/account")
        await wang.post("/console/sign-out")
        assert (await heard_out(stream))[-1] == "over"


async def test_whoever_leaves_the_roster_hears_no_more(front: Front) -> None:
    zhao = await front.enrolled("zhao", name="赵敏")
    front.console.config = replace(front.console.config, heartbeat_s=0.05)
    harbour = ROSTER.departments["harbour"]
    async with listening(front, zhao, await newest(front)) as stream:
        front.office.desk.follow(
            Roster({"harbour": replace(harbour, members=harbour.members[:1])}, ROSTER.others)
        )
        assert (await heard_out(stream))[-1] == "over"
