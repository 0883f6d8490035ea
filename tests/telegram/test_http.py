"""Requests over aiohttp: failures that tell no secret, and a proxy of the environment."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from telegram.error import NetworkError, TimedOut

from bot.channels.telegram_http import AiohttpRequest, proxy_for

SECRET = "7000000001:secret"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk) -> AsyncIterator[str]:
    """Serve on loopback; return the address."""
    ended: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.get_running_loop().create_future())
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            ended[-1].set_result(None)

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as server:
        yield "http://{}:{}".format(*server.sockets[0].getsockname())
    await asyncio.gather(*ended)


async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Take whatever comes until the other side hangs up."""
    await reader.read()


async def said(base_url: str, *, path: str = f"/bot{SECRET}/getMe", timeout_s: float = 5) -> str:
    """What a failed request raises, as it would be logged."""
    request = AiohttpRequest(base_url, connections=1, timeout_s=timeout_s)
    async with request:
        with pytest.raises(NetworkError) as caught:
            await request.post(base_url + path)
    assert caught.value.__cause__ is None
    return f"{type(caught.value).__name__}: {caught.value}"


async def test_an_answer_that_does_not_come_is_timed_out() -> None:
    async with listening(silence) as url:
        assert await said(url, timeout_s=0.05) == "TimedOut: Timed out"


async def test_a_free_connection_is_waited_for_no_longer_than_for_an_answer() -> None:
    async with listening(silence) as url:
        request = AiohttpRequest(url, connections=1, timeout_s=0.05)
        async with request:
            asked = [request.post(url, read_timeout=1) for _ in range(2)]
            first, second = (asyncio.ensure_future(one) for one in asked)
            with pytest.raises(TimedOut):
                await asyncio.wait_for(second, 0.5)
            assert not first.done()
            first.cancel()
            await asyncio.wait([first])


async def test_words_of_a_failure_do_not_hold_the_token() -> None:
    async def babble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"this is no HTTP\r\n\r\n")
        await writer.drain()

    async with listening(babble) as url:
        babbled = await said(url)
    gone = await said(url)  # nobody listens there any more
    unreadable = await said("http://", path=f"/bot{SECRET}")
    assert (babbled, unreadable) == (
        "NetworkError: ClientResponseError",
        "NetworkError: InvalidUrlClientError",
    )
    assert gone.startswith("NetworkError: ClientConnectorError: Cannot connect to host 127.0.0.1")
    assert SECRET not in gone


async def test_a_proxy_takes_the_request() -> None:
    asked: list[bytes] = []

    async def proxy(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(await reader.readline())
        body = b'{"ok": true, "result": {"took": "the proxy"}}'
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()

    with pytest.MonkeyPatch.context() as environment:
        async with listening(proxy) as url:
            environment.setenv("http_proxy", url.removeprefix("http://"))
            async with AiohttpRequest(
                "http://telegram.example", connections=1, timeout_s=5
            ) as request:
                found = await request.post("http://telegram.example/getMe")
    assert found == {"took": "the proxy"}
    assert asked == [b"POST http://telegram.example/getMe HTTP/1.1\r\n"]


@pytest.mark.parametrize(
    ("variables", "url", "proxy"),
    [
        ({}, "https://api.telegram.org", None),
        ({"https_proxy": "http://one:1"}, "https://api.telegram.org", "http://one:1"),
        ({"https_proxy": "http://one:1"}, "http://bot-api:8081", None),
        ({"all_proxy": "one:1"}, "https://api.telegram.org", "http://one:1"),
        (
            {"https_proxy": "http://one:1", "no_proxy": "telegram.org"},
            "https://api.telegram.org",
            None,
        ),
    ],
)
def test_the_proxy_of_the_environment(
    monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], url: str, proxy: str | None
) -> None:
    for scheme in ("http", "https", "all", "no"):
        monkeypatch.delenv(f"{scheme}_proxy", raising=False)
        monkeypatch.delenv(f"{scheme}_proxy".upper(), raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert proxy_for(url) == proxy
