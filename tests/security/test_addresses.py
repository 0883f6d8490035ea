"""A list of addresses that leads inside: by name, by redirect, by another way to write a number."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from knowledge import addresses
from knowledge.fetch import Missed, fetch
from tests.readers.site import QUICK, Site, running

STRICT = replace(QUICK, private=False)
PUBLIC = "93.184.215.14"  # where the attacker's own name leads at first


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as one:
        one.html("/a", "密。")
        yield one


async def refused(url: str, folder: Path) -> str:
    [answer] = await fetch([url], folder, STRICT)
    assert isinstance(answer, Missed)
    return answer.problem


@pytest.mark.parametrize(
    "host",
    ["127.1", "2130706433", "localhost", "１２７.0.0.1"],
)
async def test_no_way_to_write_this_machine_reaches_it(
    site: Site, tmp_path: Path, host: str
) -> None:
    await refused(f"{site.url.replace('127.0.0.1', host)}/a", tmp_path)
    assert site.asked == []


@pytest.mark.parametrize(
    "address",
    [
        *("::127.0.0.1", "::ffff:127.0.0.1", "::ffff:0:127.0.0.1", "64:ff9b::7f00:1"),
        *("64:ff9b:1::7f00:1", "2002:7f00:1::", "::ffff:169.254.169.254", "169.254.169.254"),
        *("fd00:ec2::254", "100.100.100.200", "0.1.2.3", "::", "240.0.0.1", "fec0::1"),
    ],
)
def test_addresses_that_hide_an_inner_one_are_inner(address: str) -> None:
    assert not addresses.is_public(address)


@pytest.mark.parametrize(
    "inner",
    ["http://[::1]:{port}/a", "http://169.254.169.254/latest", "http://localhost:{port}/a"],
)
async def test_a_site_outside_redirects_nobody_inside(
    site: Site, tmp_path: Path, inner: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = iter([True])  # as if the site were outside; its connection stays open
    real = addresses.is_public
    monkeypatch.setattr(addresses, "is_public", lambda one: next(first, False) or real(one))
    site.move("/out", inner.format(port=site.url.rpartition(":")[2]))
    problem = await refused(f"{site.url}/out", tmp_path)
    assert "is an address of the inner network" in problem
    assert "/a" not in site.asked


async def test_a_name_that_changes_its_meaning_is_looked_at_where_it_is_connected(
    site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """DNS rebinding: outside when it is looked up, this machine a moment later."""
    answers = iter([PUBLIC])
    real: Callable[..., Any] = socket.getaddrinfo

    def answered(host: str, *more: Any, **named: Any) -> Any:
        return real(next(answers, "127.0.0.1") if host == "evil.example" else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", answered)
    socket.getaddrinfo("evil.example", 80)  # whoever looks before is told an address outside
    url = f"{site.url.replace('127.0.0.1', 'evil.example')}/a"
    assert "127.0.0.1 is an address of the inner network" in await refused(url, tmp_path)
    assert site.asked == []
