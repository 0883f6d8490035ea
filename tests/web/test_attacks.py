"""What somebody who means harm sends to the citizens' pages, as raw requests where it must be."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

import aiohttp
import pytest
from aiohttp import web

from bot.channels.web import WebChannel
from bot.store.memory import MemoryStore
from bot.web.app import create_app, serving
from bot.web.logs import FAILED, server_log
from bot.web.patience import Patience
from tests.web.harness import ANN, BEN, CONFIG, Site, site_of

CUT_OFF_S = 3.0
JSON = "Content-Type: application/json\r\n"


async def raw(url: str, request: str) -> bytes:
    """What comes back until the server closes."""
    port = int(url.rpartition(":")[2])
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request.encode("latin-1"))
    await writer.drain()
    try:
        async with asyncio.timeout(CUT_OFF_S):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def test_no_path_begins_a_line_of_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        path = "/a%0aINFO%20aiohttp.access%20GET%20/%1b[31m" + "b" * 5000
        await raw(site.url, f"GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    [line] = [one.getMessage() for one in caplog.records if one.name == "aiohttp.access"]
    assert line.startswith("GET /a%0aINFO%20aiohttp")
    assert line.isprintable()
    assert len(line) < 300


async def test_what_is_no_http_leaves_nothing_of_it_in_the_log(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    """aiohttp would write down the address, and the bytes that were sent."""
    with caplog.at_level(logging.INFO):
        answer = await raw(site.url, "GET /?chat=\x00geheim HTTP/1.1\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.0 400")
    assert "127.0.0.1" not in caplog.text
    assert "geheim" not in caplog.text
    assert "Traceback" not in caplog.text


def test_a_mistake_of_ours_is_logged_without_the_address(caplog: pytest.LogCaptureFixture) -> None:
    error = RuntimeError("ours")
    server_log().error("Error handling request from %s", "192.0.2.7", exc_info=error)
    assert FAILED in caplog.text
    assert "RuntimeError: ours" in caplog.text
    assert "192.0.2.7" not in caplog.text


async def test_a_body_that_is_not_what_it_says_is_a_mistake_of_who_sent_it(
    site: Site, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await raw(
        site.url,
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\n{JSON}Content-Encoding: gzip\r\n"
        "Content-Length: 3\r\nConnection: close\r\n\r\nabc",
    )
    assert answer.startswith(b"HTTP/1.1 400")
    assert b'"bad_body"' in answer
    assert "Traceback" not in caplog.text


@pytest.mark.parametrize(
    "drops",
    [
        "",
        "GET / HT",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        f"POST /api/messages HTTP/1.1\r\nHost: x\r\n{JSON}Content-Length: 3000\r\n\r\n{{",
    ],
)
async def test_a_connection_that_keeps_us_waiting_is_closed(drops: str) -> None:
    app = create_app(store=MemoryStore(), channel=WebChannel(), config=CONFIG)
    patience = Patience(silent_s=0.1, body_s=0.1, look_s=0.05)
    async with serving(app, host="127.0.0.1", port=0, patience=patience) as port:
        await raw(f"http://127.0.0.1:{port}", drops)  # or the time is over, and that fails


async def test_a_large_body_that_comes_on_steadily_is_taken() -> None:
    async def measured(request: web.Request) -> web.Response:
        return web.Response(text=str(len(await request.read())))

    app = web.Application()
    app.router.add_post("/", measured)
    patience = Patience(silent_s=0.05, body_s=0.05, look_s=0.02)

    async def slowly() -> AsyncIterator[bytes]:
        for _ in range(10):
            yield b"x" * 4096
            await asyncio.sleep(0.03)

    async with (
        serving(app, host="127.0.0.1", port=0, patience=patience) as port,
        aiohttp.ClientSession() as http,
        http.post(f"http://127.0.0.1:{port}/", data=slowly()) as response,
    ):
        assert await response.text() == "40960"


async def test_a_stream_that_is_read_is_not_closed() -> None:
    app = create_app(store=MemoryStore(), channel=WebChannel(), config=CONFIG)
    patience = Patience(silent_s=0.05, body_s=0.05, look_s=0.02)
    async with (
        serving(app, host="127.0.0.1", port=0, patience=patience) as port,
        aiohttp.ClientSession() as http,
        http.get(f"http://127.0.0.1:{port}/api/events?chat={ANN}") as response,
    ):
        await asyncio.sleep(0.3)
        assert not response.content.at_eof()


async def test_no_address_takes_all_lines_from_the_others() -> None:
    config = replace(CONFIG, streams=3, streams_per_chat=3, proxies=1)
    async with site_of(MemoryStore(), config) as site, aiohttp.ClientSession() as http:

        async def opened(chat: str, who: str) -> aiohttp.ClientResponse:
            headers = {"X-Forwarded-For": who}
            return await http.get(f"{site.url}/api/events?chat={chat}", headers=headers)

        greedy = [await opened(ANN, "192.0.2.66") for _ in range(3)]
        assert [one.status for one in greedy] == [200] * 3
        refused = [await opened(BEN, "192.0.2.66")]
        citizen = await opened(BEN, "198.51.100.1")
        assert citizen.status == 200
        ended = [asyncio.create_task(one.content.read()) for one in greedy]
        async with asyncio.timeout(CUT_OFF_S):
            await asyncio.wait(ended, return_when=asyncio.FIRST_COMPLETED)
        assert sum(one.done() for one in ended) == 1
        assert not citizen.content.at_eof()
        refused.append(await opened(ANN, "192.0.2.66"))
        assert [one.status for one in refused] == [503, 503]
        for task in ended:
            task.cancel()
        await asyncio.wait(ended)
        for one in (*greedy, *refused, citizen):
            one.close()


async def test_who_begins_conversation_after_conversation_waits() -> None:
    config = replace(CONFIG, messages_per_address=3)
    async with site_of(MemoryStore(), config) as site:
        responses = []
        for number in range(4):
            async with await site.say(chat=f"chat-{number}-{'C' * 22}", text="hello") as response:
                responses.append(response)
        assert [one.status for one in responses] == [202, 202, 202, 429]
        assert int(responses[-1].headers["Retry-After"]) >= 1


@pytest.mark.parametrize(
    ("url", "header"),
    [
        ("https://wen.langang.example", "max-age=31536000"),
        ("http://wen.langang.example", None),
        ("", None),
    ],
)
async def test_browsers_keep_to_https_where_we_are_reached_by_it(
    url: str, header: str | None
) -> None:
    async with site_of(MemoryStore(), replace(CONFIG, url=url)) as site:
        for path in ("/", "/none", "/api/events"):
            async with site.http.get(f"{site.url}{path}") as response:
                assert response.headers.get("Strict-Transport-Security") == header


async def test_other_sites_scripts_read_nothing(site: Site) -> None:
    asked = {"Origin": "https://evil.example", "Access-Control-Request-Method": "POST"}
    for path in ("/", "/api/messages", "/api/events", "/healthz"):
        async with site.http.options(f"{site.url}{path}", headers=asked) as response:
            assert response.status == 405
            assert not [name for name in response.headers if name.startswith("Access-Control")]
