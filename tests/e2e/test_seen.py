"""What those who run the bot see of it, from outside: figures, probes, spans, and its log."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Final

import aiohttp
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.e2e.world import World, world
from tests.logged import logged

ASKED: Final = "失业金怎么领？"
# Made up, and valid where there is a check digit; in no other test.
PLANTED: Final = {
    "a name": "欧阳澜秋",
    "a phone": "13987654321",
    "an identity number": "11010519491231002X",
    "an address": "澜港市听涛路88号5栋301室",
    "an e-mail": "ouyang.lanqiu@langang.example",
    "a file's name": "欧阳澜秋的病历.pdf",
    "a colleague": "司徒明远",
    "a reply": "您的材料已由窗口收下",
    "a login": "situ.mingyuan",
    "a password": "correct-horse-battery-88",
}


@pytest.fixture(params=["text", "json"])
def written(request: pytest.FixtureRequest) -> Iterator[io.StringIO]:
    """All that is logged, at the level that tells most."""
    with logged(request.param, "DEBUG") as stream:
        yield stream


@pytest.fixture
async def watched(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    async with world(releases, tmp_path, metrics_port=0) as running:
        yield running


async def told(written: io.StringIO, event: str) -> None:
    async with asyncio.timeout(5):
        while event not in written.getvalue():  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)


async def figures(bot: World) -> dict[str, float]:
    """By the name of a sample, all its labels together."""
    url = f"http://127.0.0.1:{bot.app.metrics_port}/metrics"
    async with bot.http.get(url) as response:
        text = await response.text()
    found: dict[str, float] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found[sample.name] = found.get(sample.name, 0) + sample.value
    return found


async def test_what_happens_is_counted(watched: World) -> None:
    async with watched.browser() as citizen:
        await citizen.send(ASKED)
        await citizen.hears()
        await citizen.send("养狗要办什么证？")
        await citizen.hears()
    found = await figures(watched)
    assert found["mingbai_questions_total"] == 2
    assert found["mingbai_tickets"] == 1
    assert found["mingbai_release_info"] == 1
    assert found["mingbai_store_up"] == 1
    assert found["mingbai_deliveries_total"] >= 2
    assert found["mingbai_web_responses_total"] >= 2
    assert found["mingbai_step_seconds_count"] > 5


async def test_labels_do_not_grow_with_the_people_who_ask(watched: World) -> None:
    async def ask(number: int) -> None:
        async with watched.browser() as citizen:
            await citizen.send("你好")
            await citizen.hears()
            url = f"http://127.0.0.1:{watched.app.web_port}/nobody-{number}"
            await watched.http.get(url)

    async def samples() -> set[str]:
        url = f"http://127.0.0.1:{watched.app.metrics_port}/metrics"
        async with watched.http.get(url) as response:
            text = await response.text()
        return {line.rpartition(" ")[0] for line in text.splitlines() if line[0] != "#"}

    await ask(0)
    before = await samples()
    await asyncio.gather(*(ask(number) for number in range(1, 16)))
    assert await samples() == before


async def test_it_is_ready_on_the_public_port_and_its_figures_are_not(watched: World) -> None:
    url = f"http://127.0.0.1:{watched.app.web_port}"
    async with watched.http.get(f"{url}/readyz") as response:
        assert response.status == 200
        assert await response.json() == {
            "status": "ready",
            "parts": {"store": "ok", "index": "ok", "channels": "ok", "level": "ok"},
        }
    async with watched.http.get(f"{url}/metrics") as response:
        assert response.status == 404


async def test_figures_have_no_listener_unless_one_is_asked_for(bot: World) -> None:
    assert bot.app.metrics_port is None


async def test_the_log_has_nothing_of_a_person(
    releases: Path, tmp_path: Path, written: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    words = f"我是{PLANTED['a name']}，{PLANTED['a phone']}，身份证{PLANTED['an identity number']}"
    async with world(releases, tmp_path, metrics_port=0) as bot:
        wang = bot.citizen(987654321, name=PLANTED["a name"])
        agent = bot.agent(7, PLANTED["a colleague"])
        bot.server.faults.throttle(1, times=1, chat=wang.chat)
        wang.send(f"{words}，住{PLANTED['an address']}，养狗要办什么证？")
        bot.clock.forward(60)
        card = await agent.hears()
        wang.photo(caption=PLANTED["a file's name"])
        agent.send(PLANTED["a reply"], reply_to=card)
        async with bot.browser() as citizen:
            await citizen.send(f"{ASKED} {PLANTED['an e-mail']}")
            await citizen.hears()
        await _knock(bot)
        monkeypatch.setattr(bot.index, "_searcher", Quoting())  # a release that breaks
        wang.send(f"{PLANTED['a name']}问：养狗要办什么证？")
        await told(written, "message.failed")
        await told(written, "ValueError")
    text = written.getvalue()
    assert "message.done" in text
    assert "/console/sign-in" in text
    for what, value in PLANTED.items():
        assert value not in text, what
        assert value.encode("unicode_escape").decode() not in text, what
    for secret in (bot.server.token, "987654321", citizen.chat):
        assert secret not in text


class Quoting:
    """A searcher whose errors quote what was asked."""

    def __call__(self, question: str, on: date, /) -> None:
        raise ValueError(question, on)

    follow = __call__


async def _knock(bot: World) -> None:
    """Sign-ins and requests that fail, with something personal in each of their parts."""
    url = f"http://127.0.0.1:{bot.app.web_port}"
    form = {"login": PLANTED["a login"], "password": PLANTED["a password"]}
    headers = {"User-Agent": PLANTED["an e-mail"], "Referer": f"{url}/?{PLANTED['a login']}"}
    await bot.http.post(f"{url}/console/sign-in", data=form, headers=headers)
    await bot.http.get(f"{url}/search", params={"q": PLANTED["a name"]})
    await bot.http.post(f"{url}/api/messages", data=PLANTED["a name"].encode())
    upload = aiohttp.FormData()
    upload.add_field("file", b"%PDF", filename=PLANTED["a file's name"])
    await bot.http.post(f"{url}/console/maintain/documents", data=upload)


async def test_lines_of_a_message_tell_its_number_as_far_as_its_delivery(
    releases: Path, tmp_path: Path, written: io.StringIO
) -> None:
    async with world(releases, tmp_path) as bot:
        wang = bot.citizen()
        bot.server.faults.throttle(30, times=1, chat=wang.chat)
        wang.send("你好")
        await told(written, "delivery.put_off")
    [line] = [one for one in written.getvalue().splitlines() if "delivery.put_off" in one]
    assert "message=1" in line or '"message": 1' in line
