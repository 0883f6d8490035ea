"""What a browser is told: nothing missed, nothing doubled."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web
from structlog.testing import capture_logs

from bot.channels.web import WebChannel
from bot.desk.tickets import Draft
from bot.errors import StoreError
from bot.store.base import Store, Work
from bot.store.memory import MemoryStore
from bot.store.sql import SqlStore
from bot.types import Address, Button, Delivery, Reason, Span, Style
from bot.web.app import create_app, serving
from bot.web.events import BATCH
from knowledge.types import Lang
from tests.web.harness import (
    ANN,
    BEN,
    CONFIG,
    NOON,
    SOON_S,
    Site,
    said,
    site_of,
    until,
)


@pytest.fixture(params=["memory", "sqlite"])
async def any_site(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Site]:
    if request.param == "memory":
        async with site_of(MemoryStore()) as site:
            yield site
        return
    url = f"sqlite+aiosqlite:///{tmp_path}/store.sqlite"
    async with SqlStore.open(url) as store, site_of(store) as site:
        yield site


async def test_a_delivery_as_the_page_reads_it(site: Site) -> None:
    async with site.store.begin() as work:
        ticket = await work.tickets.open(
            Draft(
                message_id="1",
                asked_from=Address("web", ANN),
                question="?",
                language=Lang.ZH_HANS,
                reason=Reason.UNSURE,
                opened=NOON,
            )
        )
    delivery = Delivery(
        to=Address("web", ANN),
        body=(
            Span("第一条", Style.BOLD),
            Span("原文\n第二行", Style.QUOTE),
            Span("出处", Style.LINK, "https://example.org/1"),
        ),
        buttons=((Button("转人工", "human:1"), Button("原文", url="https://example.org/1")),),
        key="t1",
        ticket_id=ticket.id,
    )
    async with site.reading() as stream:
        assert stream.response.content_type == "text/event-stream"
        await site.deliver(delivery)
        data = await stream.message()
    ref = data.pop("ref")
    assert ref.startswith("w")
    assert data == {
        "id": 1,
        "key": "t1",
        "body": [
            {"text": "第一条", "style": "bold", "href": ""},
            {"text": "原文\n第二行", "style": "quote", "href": ""},
            {"text": "出处", "style": "link", "href": "https://example.org/1"},
        ],
        "buttons": [
            [
                {"label": "转人工", "action": "human:1", "url": ""},
                {"label": "原文", "action": "", "url": "https://example.org/1"},
            ]
        ],
        "file": None,
        "ticket_id": 1,
    }
    async with site.store.begin() as work:
        assert await work.outbox.ticket_of(Address("web", ANN), ref) == 1


async def test_deliveries_come_live_to_all_pages_of_that_conversation(any_site: Site) -> None:
    async with any_site.reading() as one, any_site.reading() as two, any_site.reading(BEN) as ben:
        assert await one.waiting() == []
        await any_site.deliver(said("一"))
        await any_site.deliver(said("给乙", chat=BEN))
        await any_site.deliver(said("二"))
        assert await one.texts(2) == ["一", "二"]
        assert await two.texts(2) == ["一", "二"]
        assert await ben.texts(1) == ["给乙"]


async def test_what_waits_comes_before_ready(any_site: Site) -> None:
    for text in "一二三":
        await any_site.deliver(said(text))
    async with any_site.reading() as stream:
        assert await stream.waiting() == ["一", "二", "三"]
        await any_site.deliver(said("四"))
        assert await stream.texts(1) == ["四"]


async def test_going_on_after_the_last_event(any_site: Site) -> None:
    ids = [await any_site.deliver(said(text)) for text in "一二三四"]
    async with any_site.reading(after=ids[0]) as stream:
        assert await stream.waiting() == ["二", "三", "四"]
    async with any_site.reading(last=str(ids[1])) as stream:
        assert await stream.waiting() == ["三", "四"]
    # A browser that reconnects repeats the address it was given; its header is newer.
    async with any_site.reading(after=ids[0], last=str(ids[2])) as stream:
        assert await stream.waiting() == ["四"]


async def test_a_line_that_breaks_again_and_again(any_site: Site) -> None:
    """Read one event, lose the line, come back: each delivery is seen exactly once."""
    ids = [await any_site.deliver(said(str(n))) for n in range(8)]
    seen: list[str] = []
    last = ""
    for _ in ids:
        async with any_site.reading(last=last) as stream:
            event = await stream.next()
        seen.append(event.data["body"][0]["text"])
        last = event.id
    assert seen == ["0", "1", "2", "3", "4", "5", "6", "7"]


async def test_more_than_a_batch_is_waiting(site: Site) -> None:
    texts = [str(n) for n in range(2 * BATCH + 1)]
    for text in texts:
        await site.deliver(said(text))
    async with site.reading() as stream:
        assert await stream.waiting() == texts


async def test_a_wake_up_before_the_row_is_marked_is_enough() -> None:
    config = replace(CONFIG, poll_s=60.0)
    async with site_of(MemoryStore(), config) as site, site.reading() as stream:
        await stream.waiting()
        queued_id = await site.queue(said("一"))
        platform_id = await site.channel.send(said("一"), edit=None)
        await site.mark(queued_id, platform_id)  # and nobody says that it is done
        assert await stream.texts(1) == ["一"]


async def test_a_delivery_that_another_process_sent(any_site: Site) -> None:
    async with any_site.reading() as stream:
        await stream.waiting()
        await any_site.mark(await any_site.queue(said("一")), "w1")
        assert await stream.texts(1) == ["一"]


@dataclass
class Interrupted:
    """A store in which something happens right after it was first read."""

    store: Store
    happens: Callable[[], Awaitable[object]] | None = None

    def begin(self) -> AbstractAsyncContextManager[Work]:
        return self.store.begin()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[Work]:
        async with self.store.read() as work:
            yield work
        happens, self.happens = self.happens, None
        if happens is not None:
            await happens()


async def test_a_delivery_between_the_query_and_the_wait() -> None:
    store = Interrupted(MemoryStore())
    async with site_of(store, replace(CONFIG, poll_s=60.0)) as site:
        store.happens = lambda: site.deliver(said("一"))
        async with site.reading() as stream:
            assert await stream.texts(1) == ["一"]


async def test_many_deliveries_while_pages_come_and_go(site: Site) -> None:
    texts = [str(n) for n in range(60)]

    async def write() -> None:
        for text in texts:
            await site.deliver(said(text))
            await asyncio.sleep(0)

    async def read() -> list[str]:
        seen: list[str] = []
        last = ""
        while len(seen) < len(texts):
            async with site.reading(last=last) as stream:
                for _ in range(min(7, len(texts) - len(seen))):
                    while (event := await stream.next()).name != "message":
                        pass
                    seen.append(event.data["body"][0]["text"])
                    last = event.id
        return seen

    async with asyncio.TaskGroup() as group:
        readers = [group.create_task(read()) for _ in range(2)]
        group.create_task(write())
    assert [reader.result() for reader in readers] == [texts, texts]


async def test_text_cannot_forge_an_event(site: Site) -> None:
    evil = "x\n\nid: 99\ndata: {}\r\r\u2028<script>alert(1)</script>"
    async with site.reading() as stream:
        await site.deliver(said(evil))
        event = await stream.next()
        while event.name != "message":
            event = await stream.next()
        await site.deliver(said("二"))
        assert await stream.texts(1) == ["二"]
    assert event.id == "1"
    assert event.data["body"] == [{"text": evil, "style": "plain", "href": ""}]


async def test_a_quiet_stream_shows_that_it_lives() -> None:
    config = replace(CONFIG, heartbeat_s=0.01)
    async with site_of(MemoryStore(), config) as site, site.reading() as stream:
        names = [(await stream.next()).name for _ in range(3)]
    assert names == ["ready", "heartbeat", "heartbeat"]


async def test_a_browser_that_leaves_takes_its_stream_along(site: Site) -> None:
    async with site.reading() as stream:
        await stream.waiting()
        assert site.channel.readers == 1
        stream.response.close()
        await until(lambda: site.channel.readers == 0)
    await site.deliver(said("nobody hears"))
    async with site.reading() as stream:
        assert await stream.waiting() == ["nobody hears"]


async def test_the_server_ends_its_streams_when_it_stops() -> None:
    async with asyncio.timeout(SOON_S):
        async with site_of(MemoryStore(), replace(CONFIG, poll_s=60.0)) as site:
            response = await site.http.get(f"{site.url}/api/events", params={"chat": ANN})
            assert response.status == 200


async def test_too_many_pages_of_one_conversation() -> None:
    async with site_of(MemoryStore(), replace(CONFIG, streams_per_chat=1)) as site:
        async with site.reading(), site.reading(BEN) as ben, site.reading() as second:
            assert ben.response.status == 200
            assert second.response.status == 429
            assert second.response.headers["Retry-After"] == "10"
            assert (await second.response.json())["error"] == "too_many_pages"
        await until(lambda: site.channel.readers == 0)
        async with site.reading() as stream:
            assert stream.response.status == 200


async def test_too_many_pages_all_together() -> None:
    config = replace(CONFIG, streams=1)
    async with site_of(MemoryStore(), config) as site, site.reading(), site.reading(BEN) as ben:
        assert ben.response.status == 503
        assert (await ben.response.json())["error"] == "busy"


@dataclass
class Breaking:
    """Out of reach when it is told so."""

    store: Store
    broken: bool = False

    def begin(self) -> AbstractAsyncContextManager[Work]:
        if self.broken:
            raise StoreError("gone")
        return self.store.begin()

    def read(self) -> AbstractAsyncContextManager[Work]:
        if self.broken:
            raise StoreError("gone")
        return self.store.read()


async def test_a_store_that_fails_ends_the_stream_and_the_browser_comes_again() -> None:
    store = Breaking(MemoryStore())
    async with site_of(store) as site:
        await site.deliver(said("一"))
        async with site.reading() as stream:
            assert await stream.waiting() == ["一"]
            store.broken = True
            with pytest.raises(EOFError):
                await stream.next()
            store.broken = False
        await site.deliver(said("二"))
        async with site.reading(last="1") as stream:
            assert await stream.waiting() == ["二"]


@pytest.mark.parametrize(
    ("query", "error"),
    [
        ({}, "bad_chat"),
        ({"chat": "short"}, "bad_chat"),
        ({"chat": ANN, "after": "-1"}, "bad_after"),
        ({"chat": ANN, "after": "x"}, "bad_after"),
        ({"chat": ANN, "after": "9" * 19}, "bad_after"),
    ],
)
async def test_a_stream_of_nothing(site: Site, query: dict[str, str], error: str) -> None:
    response = await site.http.get(f"{site.url}/api/events", params=query)
    assert (response.status, (await response.json())["error"]) == (400, error)


async def test_deliveries_have_names_of_their_own(site: Site) -> None:
    names = [await site.channel.send(said("一", key="k"), edit="w1") for _ in range(3)]
    assert len({"w1", *names}) == 4


async def test_a_note_for_another_channel_wakes_nobody(site: Site) -> None:
    with site.channel.reading(ANN) as woken:
        site.channel.notify(Address("telegram", ANN))
        assert not woken.is_set()
        site.channel.notify(Address("web", ANN))
        assert woken.is_set()


async def test_a_browser_that_leaves_before_its_stream_begins_is_no_error() -> None:
    app = create_app(store=MemoryStore(), channel=WebChannel(), config=CONFIG)

    async def leave(request: web.Request, _response: web.StreamResponse) -> None:
        assert request.transport is not None
        request.transport.close()  # as if the browser had, a moment before the first byte

    app.on_response_prepare.append(leave)
    with capture_logs() as logs:
        async with serving(app, host="127.0.0.1", port=0) as port, aiohttp.ClientSession() as http:
            with pytest.raises(aiohttp.ClientError):
                await http.get(f"http://127.0.0.1:{port}/api/events", params={"chat": ANN})
    assert [one for one in logs if one["log_level"] == "error"] == []
