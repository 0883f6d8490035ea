"""Which network addresses the public may reach, so that a list of URLs opens no inner door."""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

# IPv4 addresses behind a translator, or written as IPv6 as was done once; the last 32 bits are the
# address that is reached.
_TRANSLATED: Final = tuple(map(IPv6Network, ("64:ff9b::/96", "::ffff:0:0:0/96", "::/96")))
# Of one's own network, which Python does not count among the private ones: RFC 8215, RFC 3879.
_INNER: Final = tuple(map(IPv6Network, ("64:ff9b:1::/48", "fec0::/10")))


class PrivateAddress(OSError):
    """A name that leads to this machine or to the network it stands in."""


def is_public(address: str) -> bool:
    found = ip_address(address.partition("%")[0])
    inner = _inner(found) if isinstance(found, IPv6Address) else None
    if inner is not None:
        return is_public(str(inner))
    if any(found in network for network in _INNER):
        return False
    return found.is_global and not found.is_multicast


def _inner(address: IPv6Address) -> IPv4Address | None:
    if any(address in network for network in _TRANSLATED):
        return IPv4Address(int(address) & 0xFFFFFFFF)
    teredo = address.teredo
    return address.ipv4_mapped or address.sixtofour or (teredo[1] if teredo else None)


def opener(*, private: bool) -> Callable[[tuple[object, ...]], socket.socket]:
    """
    Return what aiohttp makes its sockets with.

    It sees the very address that is connected to, after names, redirects and lists of
    addresses: what a name meant when it was looked at earlier does not matter.
    """

    def opened(info: tuple[object, ...]) -> socket.socket:
        family, kind, protocol, _, place = info
        assert isinstance(place, tuple)
        if not private and not is_public(str(place[0])):
            raise PrivateAddress(f"{place[0]} is an address of the inner network")
        return socket.socket(family, kind, protocol)  # type: ignore[arg-type]

    return opened
