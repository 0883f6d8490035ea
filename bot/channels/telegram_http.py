"""
Requests to Telegram over aiohttp, in place of the library's own over httpx.

httpx looks at all its connections for each request, and that was half of what a message cost.
"""

from __future__ import annotations

from io import BytesIO
from typing import IO, Final
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

from aiohttp import (
    ClientConnectionError,
    ClientError,
    ClientSession,
    ClientTimeout,
    DummyCookieJar,
    FormData,
    TCPConnector,
)
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.errors import ConfigError

_CONNECT_S: Final = 5.0
_UPLOAD_S: Final = 20.0  # what any file may take beyond the time to answer
_SLOWEST: Final = 64 * 1024  # bytes a second; a line below that gives up a large file
_NO_HTTP_PROXY: Final = (
    "HTTPS_PROXY or ALL_PROXY: a {kind} proxy cannot be used. Set HTTPS_PROXY to one that begins "
    "with http:// or https://, or name {host} in NO_PROXY to go without."
)
_FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}


class AiohttpRequest(BaseRequest):
    def __init__(self, base_url: str, *, connections: int, timeout_s: float) -> None:
        """
        `base_url` tells whether a proxy of the environment is meant (HTTPS_PROXY, NO_PROXY).
        Raise ConfigError where that is no HTTP proxy.

        `timeout_s` is how long to wait for a free connection, and again for an answer.
        """
        self._proxy = proxy_for(base_url)
        self._connections = connections
        self._timeout_s = timeout_s
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        return self._timeout_s

    async def initialize(self) -> None:
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=self._proxy,
            )

    async def shutdown(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Return the status and the body; raise TimedOut or NetworkError."""
        if self._session is None:
            raise RuntimeError("initialize() comes first")
        connect_s = _seconds(pool_timeout, self._timeout_s)
        # The time to send a request is part of the time until its answer is read.
        answer_s = _seconds(read_timeout, self._timeout_s)
        answer_s += _seconds(write_timeout, _upload_s(request_data))
        timeout = ClientTimeout(
            total=connect_s + answer_s,  # an answer that trickles takes no longer than none
            connect=connect_s,
            sock_connect=_seconds(connect_timeout, _CONNECT_S),
            sock_read=answer_s,
        )
        body, headers = _body(request_data)
        # Without the causes: some tell the address, and Telegram's contain the token.
        try:
            async with self._session.request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except ClientConnectionError as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from None
        except ClientError as error:
            raise NetworkError(type(error).__name__) from None


def proxy_for(url: str) -> str | None:
    """Return the proxy that the environment names for an address. Raise ConfigError."""
    address = urlsplit(url)
    if proxy_bypass(address.netloc):
        return None
    proxies = getproxies()
    proxy = proxies.get(address.scheme) or proxies.get("all")
    if not proxy:
        return None
    kind, separator, _ = proxy.partition("://")
    if not separator:
        return f"http://{proxy}"
    if kind.lower() not in {"http", "https"}:  # without the rest, which may hold a password
        raise ConfigError([_NO_HTTP_PROXY.format(kind=kind, host=address.hostname)])
    return proxy


def _seconds(given: object, default: float) -> float:
    return float(given) if isinstance(given, int | float) else default


def _upload_s(data: RequestData | None) -> float:
    """How long to send the files of a request may take."""
    if data is None or not data.contains_files:
        return 0.0
    size = sum(len(_whole(content)) for _, content, _ in data.multipart_data.values())
    return _UPLOAD_S + size / _SLOWEST


def _whole(content: bytes | IO[bytes]) -> bytes:
    assert isinstance(content, bytes)  # the library reads a file, unless told to leave that to us
    return content


def _body(data: RequestData | None) -> tuple[bytes | FormData | None, dict[str, str] | None]:
    if data is None:
        return None, None
    if not data.contains_files:
        return data.url_encoded_parameters().encode(), _FORM
    form = FormData(data.json_parameters, quote_fields=False)  # names of files may be Chinese
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, BytesIO(_whole(content)), filename=filename, content_type=kind)
    return form, None  # aiohttp says itself where its parts end
