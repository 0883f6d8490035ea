"""Pages from the network, fetched politely. The only module of knowledge/ that imports aiohttp."""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import Final, Self

import aiohttp
from yarl import URL

from knowledge.addresses import PrivateAddress, opener
from knowledge.copies import Copies, Copy
from knowledge.manners import Host, Manners, Rules, rules

MOST_REDIRECTS: Final = 5
_TRIES: Final = 3
_BUSY: Final = frozenset({429, 502, 503, 504})
_MOVED: Final = frozenset({301, 302, 303, 307, 308})
_FORBIDDEN: Final = frozenset({401, 403})
_OK: Final = 200
_UNCHANGED: Final = 304
_SERVER_ERROR: Final = 500
_NOTHING: Final = "User-agent: *\nDisallow: /"
_LONGEST_WAIT_S: Final = 30.0
_ROBOTS_LARGEST: Final = 512_000  # bytes
_CHUNK: Final = 65_536
_ENDINGS: Final = {
    "text/html": ".html",
    "application/xhtml+xml": ".html",
    "text/plain": ".txt",
    "text/markdown": ".md",
    "text/csv": ".csv",
    "application/pdf": ".pdf",
    "application/zip": ".zip",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": ".docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
}


@dataclass(frozen=True, slots=True)
class Fetched:
    url: str
    body: Path
    ending: str  # ".html", for the choice of a reader
    stale: str = ""  # why an earlier copy stands in


@dataclass(frozen=True, slots=True)
class Missed:
    url: str
    problem: str


class _Refused(Exception):
    """A page that we do not get, and why; `lost`: it may be there all the same."""

    def __init__(self, problem: str, *, lost: bool = False) -> None:
        super().__init__(problem)
        self.lost = lost


async def fetch(urls: Sequence[str], folder: Path, manners: Manners) -> list[Fetched | Missed]:
    """
    Fetch the pages into the folder, in the order of their addresses.

    A page that the site has not changed is taken from the folder; so is one that cannot be
    reached today. One that is gone, or that robots.txt forbids, is not.
    """
    copies = Copies(folder)
    async with _Guest(copies, manners) as guest:
        pages = list(await asyncio.gather(*(guest.page(url) for url in urls)))
    await asyncio.to_thread(copies.tidy)
    return pages


class _Guest:
    def __init__(self, copies: Copies, manners: Manners) -> None:
        self._copies = copies
        self._manners = manners
        self._hosts: dict[str, Host] = {}
        self._all = asyncio.Semaphore(manners.total)

    async def __aenter__(self) -> Self:
        seconds = self._manners.timeout_s
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(socket_factory=opener(private=self._manners.private)),
            timeout=aiohttp.ClientTimeout(total=seconds, sock_connect=max(1.0, seconds / 10)),
            headers={
                "User-Agent": self._manners.agent,
                "Accept-Language": "zh-CN,zh;q=0.9,*;q=0.5",
            },
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
        )
        return self

    async def __aexit__(
        self,
        _kind: type[BaseException] | None,
        _error: BaseException | None,
        _trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def page(self, url: str) -> Fetched | Missed:
        copy = await asyncio.to_thread(self._copies.find, url)
        stale = ""
        try:
            copy = await self._follow(_parsed(url), url, copy)
        except _Refused as error:
            if copy is None or not error.lost:
                return Missed(url, str(error))
            stale = f"{error}; the copy of {copy.day} is read"
        except OSError as error:
            return Missed(url, f"it cannot be kept in {self._copies.folder} ({error.strerror})")
        return Fetched(url, self._copies.body(url), _ending(copy), stale)

    async def _follow(self, place: URL, url: str, copy: Copy | None) -> Copy:
        for _ in range(MOST_REDIRECTS + 1):
            host = self._host(place)
            if not (await host.rules()).allow(str(place)):
                raise _Refused("the site's robots.txt asks not to fetch it")
            known = copy if copy and copy.final == str(place) else None
            answer = await self._ask(host, place, known)
            if isinstance(answer, URL):
                place = _parsed(str(answer))
                continue
            said, body = answer
            if body is None:
                assert copy is not None
                return copy
            kept = replace(said, url=url)
            await asyncio.to_thread(self._copies.keep, kept, body)
            return kept
        raise _Refused(f"it redirects more than {MOST_REDIRECTS} times")

    def _host(self, place: URL) -> Host:
        origin = str(place.origin())

        async def ask() -> Rules:
            return await self._robots(place.origin() / "robots.txt", host)

        host = self._hosts.get(origin) or Host(self._manners, ask)
        return self._hosts.setdefault(origin, host)

    async def _robots(self, place: URL, host: Host) -> Rules:
        """No robots.txt allows everything; one that cannot be read forbids it for today."""
        for _ in range(MOST_REDIRECTS + 1):
            try:
                answer = await self._ask(host, place, None, largest=_ROBOTS_LARGEST)
            except _Missing as error:
                if error.status >= _SERVER_ERROR:
                    raise _Refused("the site's robots.txt cannot be read", lost=True) from error
                return rules(_NOTHING if error.status in _FORBIDDEN else "")
            if not isinstance(answer, URL):
                return rules((answer[1] or b"").decode("utf-8", "replace"))
            place = _parsed(str(answer))
        return rules("")

    async def _ask(
        self, host: Host, place: URL, copy: Copy | None, *, largest: int = 0
    ) -> tuple[Copy, bytes | None] | URL:
        """Return the page, or None for one that is unchanged, or where it has moved."""
        for left in reversed(range(_TRIES)):
            async with host.turn(), self._all:
                try:
                    answer = await self._once(place, copy, largest or self._manners.largest)
                except (aiohttp.ClientError, TimeoutError, OSError) as error:
                    if not left or _is_final(error):
                        raise _Refused(_told(error), lost=not _is_final(error)) from error
                    answer = 1.0
            if not isinstance(answer, float):
                return answer
            if left:
                await asyncio.sleep(answer)
        raise _Refused("the site is too busy", lost=True)

    async def _once(
        self, place: URL, copy: Copy | None, largest: int
    ) -> tuple[Copy, bytes | None] | URL | float:
        """Ask one time; a number is the seconds to wait before the next."""
        headers = {}
        if copy and copy.etag:
            headers["If-None-Match"] = copy.etag
        if copy and copy.last_modified:
            headers["If-Modified-Since"] = copy.last_modified
        async with self._session.get(place, headers=headers, allow_redirects=False) as response:
            status, said = response.status, response.headers
            if status in _MOVED and "Location" in said:
                return _joined(place, said["Location"])
            if status in _BUSY:
                return _wait_s(said.get("Retry-After", ""))
            if status == _UNCHANGED and copy:
                return copy, None
            if status != _OK:
                raise _Missing(status)
            body = await _body(response, largest)
        return (
            Copy(
                url=str(place),
                final=str(place),
                content_type=said.get("Content-Type", ""),
                etag=said.get("ETag", ""),
                last_modified=said.get("Last-Modified", ""),
                sha256=hashlib.sha256(body).hexdigest(),
                day=datetime.now(UTC).date().isoformat(),
            ),
            body,
        )


class _Missing(_Refused):
    def __init__(self, status: int) -> None:
        super().__init__(f"the site answers {status}", lost=status >= _SERVER_ERROR)
        self.status = status


async def _body(response: aiohttp.ClientResponse, largest: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_chunked(_CHUNK):
        body += chunk
        if len(body) > largest:
            raise _Refused(f"larger than {largest} bytes")
    return bytes(body)


def _parsed(text: str) -> URL:
    try:
        url = URL(text)
        host = url.host
    except ValueError as error:
        raise _Refused(f"it is no address of a page ({error})") from error
    if url.scheme not in {"http", "https"} or not host:
        raise _Refused("only http and https addresses are fetched")
    if url.user or url.password:
        raise _Refused("an address with a password is not fetched")
    return url.with_fragment(None)


def _joined(place: URL, location: str) -> URL:
    try:
        return place.join(URL(location))
    except ValueError as error:
        raise _Refused(f"it redirects to what is no address ({error})") from error


def _wait_s(after: str) -> float:
    return min(_LONGEST_WAIT_S, float(after)) if after.isdecimal() else 2.0


def _is_final(error: BaseException) -> bool:
    cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
    return isinstance(cause, PrivateAddress)


def _told(error: BaseException) -> str:
    if isinstance(error, aiohttp.ClientConnectorError) and _is_final(error):
        return f"{error.os_error}; it is fetched only where source.toml says `private = true`"
    if isinstance(error, TimeoutError):
        return "the site does not answer in time"
    reason = " ".join(str(error).split())[:100] or type(error).__name__
    return f"the site cannot be reached ({reason})"


def _ending(copy: Copy) -> str:
    kind = copy.content_type.partition(";")[0].strip().lower()
    path = PurePosixPath(URL(copy.final).path).suffix.lower()
    if kind in {"", "application/octet-stream", "text/plain"} and re.fullmatch(
        r"\.[a-z]{2,4}", path
    ):
        return path
    return _ENDINGS.get(kind, path or ".html")
