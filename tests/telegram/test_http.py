"""Requests over aiohttp: failures that tell no secret, and a proxy of the environment."""

from __future__ import annotations

import asyncio
import gzip
import ssl
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from telegram import Bot
from telegram.error import ChatMigrated, NetworkError, RetryAfter, TimedOut

from bot.channels import telegram_http
from bot.channels.telegram_http import AiohttpRequest, proxy_for
from bot.errors import ConfigError

SECRET = "7000000001:secret"

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@asynccontextmanager
async def listening(talk: Talk, *, tls: ssl.SSLContext | None = None) -> AsyncIterator[str]:
    """Serve on loopback; return the address."""
    ended: list[asyncio.Future[None]] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        ended.append(asyncio.get_running_loop().create_future())
        try:
            await talk(reader, writer)
        finally:
            writer.close()
            ended[-1].set_result(None)

    scheme = "https" if tls else "http"
    async with await asyncio.start_server(serve, "127.0.0.1", 0, ssl=tls) as server:
        yield "{}://{}:{}".format(scheme, *server.sockets[0].getsockname())
    await asyncio.gather(*ended)


async def silence(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
    """Take whatever comes until the other side hangs up."""
    await reader.read()


def answering(
    body: bytes, *, status: str = "200 OK", header: str = "", length: int | None = None
) -> Talk:
    """One answer, and then hang up; with a `length` of more than that, in its middle."""
    size = len(body) if length is None else length
    head = f"HTTP/1.1 {status}\r\nContent-Length: {size}\r\n{header}\r\n"

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(head.encode() + body)
        await writer.drain()

    return answer


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


async def test_an_answer_that_trickles_takes_no_longer_than_none() -> None:
    async def trickle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 1000000\r\n\r\n")
        while not writer.transport.is_closing():  # a reset is not the end of a file
            writer.write(b" ")
            await asyncio.sleep(0.02)

    async with listening(trickle) as url:
        async with asyncio.timeout(3):
            assert await said(url, timeout_s=0.2) == "TimedOut: Timed out"


async def test_what_may_have_arrived_is_asked_once_and_told_as_a_failure() -> None:
    """The outbox decides to ask again, and counts; the client must not do so by itself."""
    asked: list[None] = []

    async def hang_up(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.append(None)

    async def break_off(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append(None)
        await answering(b'{"ok": tr', length=100)(reader, writer)

    async with listening(hang_up) as url:
        assert await said(url) == "NetworkError: ServerDisconnectedError: Server disconnected"
    async with listening(break_off) as url:
        assert await said(url) == "NetworkError: ClientPayloadError"
    assert len(asked) == 2


async def test_a_connection_that_was_closed_while_idle_is_not_used_again() -> None:
    talk = answering(b'{"ok": true, "result": 1}', header="Connection: keep-alive\r\n")
    async with listening(talk) as url, AiohttpRequest(url, connections=1, timeout_s=5) as request:
        for _ in range(3):
            assert await request.post(f"{url}/getMe") == 1
            await asyncio.sleep(0.01)


async def test_a_compressed_answer_is_read() -> None:
    body = gzip.compress('{"ok": true, "result": {"name": "明白"}}'.encode())
    talk = answering(body, header="Content-Encoding: gzip\r\n")
    async with listening(talk) as url, AiohttpRequest(url, connections=1, timeout_s=5) as request:
        assert await request.post(f"{url}/getMe") == {"name": "明白"}


async def test_telegrams_own_refusals_keep_what_they_say() -> None:
    throttled = (
        b'{"ok": false, "description": "Too Many Requests", "parameters": {"retry_after": 7}}'
    )
    moved = b'{"ok": false, "description": "x", "parameters": {"migrate_to_chat_id": -1007}}'
    async with (
        listening(answering(throttled, status="429 Too Many Requests")) as url,
        AiohttpRequest(url, connections=1, timeout_s=5) as request,
    ):
        with pytest.raises(RetryAfter):
            await request.post(f"{url}/sendMessage")
    async with (
        listening(answering(moved, status="400 Bad Request")) as url,
        AiohttpRequest(url, connections=1, timeout_s=5) as request,
    ):
        with pytest.raises(ChatMigrated) as caught:
            await request.post(f"{url}/sendMessage")
    assert caught.value.new_chat_id == -1007


async def test_a_large_file_on_a_slow_line_arrives(monkeypatch: pytest.MonkeyPatch) -> None:
    """With a Chinese name; what it may take grows with its size."""
    monkeypatch.setattr(telegram_http, "_UPLOAD_S", 0.1)
    monkeypatch.setattr(telegram_http, "_SLOWEST", 4_000_000)
    size, got = 6_000_000, bytearray()
    message = b'{"message_id": 7, "date": 1, "chat": {"id": 1, "type": "private"}}'

    async def slowly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while len(got) < size or not got.endswith(b"--\r\n"):
            got.extend(await reader.read(100_000))
            await asyncio.sleep(0.005)
        body = b'{"ok": true, "result": %b}' % message
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))
        await writer.drain()

    async with listening(slowly) as url:
        request, unused = (AiohttpRequest(url, connections=1, timeout_s=0.1) for _ in range(2))
        bot = Bot(SECRET, base_url=f"{url}/bot", request=request, get_updates_request=unused)
        async with request:
            sent = await bot.send_document(1, bytes(size), filename="通知 一.pdf")
    assert sent.message_id == 7
    assert 'filename="通知 一.pdf"'.encode() in got


async def test_a_server_that_nobody_vouches_for_is_told_nothing(tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    names = ("-subj", "/CN=127.0.0.1", "-keyout", str(key), "-out", str(certificate))
    subprocess.run(  # noqa: ASYNC221, S603 - our own words, before anything is served
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", *names],  # noqa: S607 - wherever it is
        check=True,
        capture_output=True,
    )
    tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    tls.load_cert_chain(certificate, key)
    async with listening(silence, tls=tls) as url:
        words = await said(url)
    assert words.startswith("NetworkError: ClientConnectorCertificateError")
    assert SECRET not in words


def test_a_proxy_that_speaks_no_http_is_named_at_the_start(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("no_proxy", raising=False)
    monkeypatch.setenv("https_proxy", "socks5://ann:password@127.0.0.1:1")
    with pytest.raises(ConfigError, match="a socks5 proxy cannot be used") as caught:
        AiohttpRequest("https://api.telegram.org", connections=1, timeout_s=5)
    assert "password" not in str(caught.value)


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
