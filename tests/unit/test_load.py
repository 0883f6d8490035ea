"""The pieces of the load benchmark and of the capacity model that are not the bot's."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from benchmarks.capacity import Constants, a_day, limits
from benchmarks.load import round_of
from benchmarks.load_bare import echoing, page
from benchmarks.load_clients import Chatters, Visitors, closed_loop, open_loop
from benchmarks.load_servers import Used, cpu_s, family_s
from bot.web.app import serving
from tests.telegram.fake_api import TOKEN, FakeTelegram

BUSY_S = 0.2
SPIN = f"import time\nwhile time.process_time() < {BUSY_S}: pass"


async def test_visitors_of_the_bare_page_are_answered_in_a_closed_loop() -> None:
    async with serving(page(), host="127.0.0.1", port=0) as port, ClientSession() as http:
        ask = Visitors(http=http, urls=[f"http://127.0.0.1:{port}"]).ask
        times, lasted_s = await closed_loop(ask, ["一", "二"], clients=3, lasts_s=0.2)
        assert len(times) >= 3
        assert 0 < max(times) <= 1000 * lasted_s


async def test_what_is_posted_to_the_bare_bot_comes_back_through_telegram() -> None:
    async with (
        FakeTelegram() as server,
        echoing(TOKEN, server.url) as app,
        serving(app, host="127.0.0.1", port=0) as port,
        ClientSession() as http,
    ):
        chatters = Chatters(http=http, urls=[f"http://127.0.0.1:{port}"], server=server)
        assert await chatters.ask("你好") > 0
        await chatters.post_all(["一", "二"])
        await server.changes.until(lambda: len(server.calls_of("sendMessage")) == 3)
        assert server.updates.pending == []


async def test_an_open_loop_does_not_wait_for_answers() -> None:
    async def ask(_text: str) -> float:
        await asyncio.sleep(0.2)
        return 200.0

    started = time.perf_counter()
    times = await open_loop(ask, ["一"], per_s=200, lasts_s=0.2)
    assert len(times) > 15  # one after the other it would be one
    assert time.perf_counter() - started < 2


def test_the_processor_time_of_children_that_ended_counts_for_the_family() -> None:
    before, own = family_s(os.getpid()), cpu_s(os.getpid())
    subprocess.run([sys.executable, "-S", "-c", SPIN], check=True)  # noqa: S603 - our own words
    assert family_s(os.getpid()) - before >= BUSY_S / 2
    assert cpu_s(os.getpid()) - own < BUSY_S / 2


def test_a_round_tells_milliseconds_of_each_question() -> None:
    used = Used(2.0, 1.0, 0.5)
    found = round_of(used.since(Used(1.0, 0.5, 0.0)), 100, 4.0)
    assert (found.per_s, found.workers_ms, found.database_ms) == (25.0, 10.0, 5.0)


def test_more_workers_carry_more_until_something_else_is_at_its_end() -> None:
    has = replace(Constants(), connections=10_000)
    assert limits(2, has)["workers"] > 1.5 * limits(1, has)["workers"]
    assert limits(1000, has)["database"] < limits(1, has)["database"]
    assert limits(1000, has)["Telegram"] == limits(1, has)["Telegram"]


@pytest.mark.parametrize(("workers", "fit"), [(7, True), (8, False)])
def test_workers_whose_connections_are_refused_carry_nothing(workers: int, *, fit: bool) -> None:
    assert (limits(workers, Constants(connections=100))["connections"] > 0) is fit


def test_a_day_is_told_from_its_busiest_hour() -> None:
    assert a_day(10, Constants(peak=0.1)) == 360_000
