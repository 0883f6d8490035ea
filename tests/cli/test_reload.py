"""A bot that runs takes over another release within seconds, and drops no question meanwhile."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import sys
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from index.build import build
from index.encoders.choice import Choice
from index.release import current
from knowledge.library import read_library
from tests.cli.test_process import PROGRAM, QUESTION, serving, stopped
from tests.conftest import SAMPLE
from tests.e2e.world import Browser
from tests.web.harness import Stream

CITIZENS: Final = 3
SECONDS: Final = 10.0  # from the switch to the first answer of the other release
OLD: Final = "享受补贴最多3次"
NEW: Final = "享受补贴最多4次"


@pytest.fixture
def two(releases: Path, clean: Path) -> Path:
    """The sample as it is, and current over it the sample with another figure."""
    root = shutil.copytree(releases, clean / "releases")
    source = shutil.copytree(SAMPLE, clean / "source")
    policy = source / "policies" / "job-stabilization-2026.md"
    policy.write_text(policy.read_text("utf-8").replace(OLD, NEW), "utf-8")
    build(read_library([source]).documents, root, encoder=Choice().fit)
    return root


async def ask(http: aiohttp.ClientSession, url: str) -> str:
    """What a citizen who just came is told."""
    chat = secrets.token_urlsafe(24)
    async with http.get(f"{url}/api/events", params={"chat": chat}) as response:
        citizen = Browser(http, url, chat, Stream(response))
        await citizen.send(QUESTION)
        return await citizen.hears_text()


@asynccontextmanager
async def asking(http: aiohttp.ClientSession, url: str) -> AsyncIterator[list[str]]:
    """Citizens who ask without a pause; the answers in their order."""
    heard: list[str] = []

    async def go_on() -> None:
        while True:
            heard.append(await ask(http, url))

    async with asyncio.TaskGroup() as group:
        tasks = [group.create_task(go_on()) for _ in range(CITIZENS)]
        yield heard
        for task in tasks:
            task.cancel()


async def rollback(settings: Mapping[str, str], *name: str) -> None:
    switching: Process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), "index", "rollback", *name,
        env=dict(settings), stdout=DEVNULL,
    )  # fmt: skip
    assert await switching.wait() == 0


async def until_told(heard: list[str], words: str) -> None:
    async with asyncio.timeout(SECONDS):
        while not heard or words not in heard[-1]:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.05)


@pytest.mark.slow
async def test_a_switch_in_another_process_is_followed_and_no_question_is_dropped(
    environment: Callable[..., dict[str, str]], two: Path
) -> None:
    new = current(two)
    settings = environment(web_port=0, web_address_per_minute=100_000, releases=two)
    async with (
        aiohttp.ClientSession() as http,
        serving(settings) as (process, lines),
    ):
        url = (await lines.until("web page")).removeprefix("web page   on: ")
        await lines.until("index      on:")
        async with asking(http, url) as heard:
            await until_told(heard, NEW)
            await rollback(settings)
            await until_told(heard, OLD)
            await rollback(settings, new)
            await until_told(heard, NEW)
        await stopped(process)
    # Each was answered by one release or the other, none handed over or told to wait.
    assert [text for text in heard if (OLD in text) is (NEW in text)] == []
