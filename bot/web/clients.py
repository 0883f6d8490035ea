"""Who asks, by the address of their browser, and how often they may have us search."""

from __future__ import annotations

import time
from collections.abc import Sequence
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Final

from aiohttp import web

from bot.fairness import Limiter, Pace
from bot.web import problems

FORWARDED: Final = "X-Forwarded-For"
_HOME: Final = 64  # bits of an IPv6 address that one home has; the rest it chooses as it likes


def address_of(remote: str, forwarded: Sequence[str], *, proxies: int) -> str:
    """
    The address that a request came from, for counting only.

    Each of our `proxies` adds the address that it was asked by to the end of X-Forwarded-For, so
    that many entries, counted from the end, are true; what stands before them anybody may have
    written. Without enough entries it is whoever opened the connection.
    """
    entries = [entry.strip() for line in forwarded for entry in line.split(",")]
    told = entries[-proxies] if 0 < proxies <= len(entries) else remote
    return _home(told) or _home(remote) or "unknown"


def _home(written: str) -> str:
    try:
        address = ip_address(written)
    except ValueError:
        return ""
    if isinstance(address, IPv6Address):
        mapped = address.ipv4_mapped
        return str(mapped or ip_network((int(address), _HOME), strict=False))
    return str(address)


def asker_of(request: web.Request, *, proxies: int) -> str:
    """The address that a request came from; see address_of."""
    forwarded = request.headers.getall(FORWARDED, [])
    return address_of(request.remote or "", forwarded, proxies=proxies)


class Visitors:
    """A token bucket for each address; nothing is kept but the last addresses, in memory."""

    def __init__(self, pace: Pace, *, proxies: int) -> None:
        self._limiter = Limiter(pace)
        self._proxies = proxies

    def admit(self, request: web.Request) -> None:
        """Count a request; raise Problem where its address has asked too often."""
        who = asker_of(request, proxies=self._proxies)
        if wait_s := self._limiter.wait_s(who, at_s=time.monotonic()):
            raise problems.too_often(wait_s)
