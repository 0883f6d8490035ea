"""The program as people run it: one pushes over S3, a worker with an empty folder pulls."""

from __future__ import annotations

import asyncio
import secrets
import shutil
import sys
from asyncio.subprocess import PIPE
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from index.build import build
from index.encoders.choice import Choice
from index.release import CURRENT, MANIFEST, current
from knowledge.library import read_library
from tests.chaos.process import PROGRAM, Process, process
from tests.conftest import SAMPLE
from tests.e2e.world import Browser
from tests.index.library import UNEMPLOYMENT
from tests.index.s3 import S3
from tests.web.harness import Stream

pytestmark = pytest.mark.slow

QUESTION: Final = "技能补贴一年最多能领几回？"
TAKEN_S: Final = 60.0  # on a machine that has much else to do


@pytest.fixture
def s3() -> Iterator[S3]:
    server = S3()
    yield server
    server.stop()


async def pushing(
    folder: Path, name: str, settings: Mapping[str, str]
) -> asyncio.subprocess.Process:
    return await asyncio.create_subprocess_exec(
        sys.executable, PROGRAM, "index", "push", name,
        env=dict(settings), cwd=folder, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip


async def pushed(folder: Path, name: str, settings: Mapping[str, str]) -> None:
    running = await pushing(folder, name, settings)
    out, errors = await running.communicate()
    assert (running.returncode, errors.decode()) == (0, "")
    assert f"release {name} is current at RELEASES_URL" in out.decode().replace("\n", " ")


async def logged(folder: Path, words: str) -> None:
    async with asyncio.timeout(TAKEN_S):
        while words not in (folder / "log").read_text(encoding="utf-8"):  # noqa: ASYNC110 - a file
            await asyncio.sleep(0.05)


async def answers(worker: Process, folder: Path, question: str, words: str) -> None:
    """Ask on the worker's page."""
    page = next(line for line in worker.lines if line.startswith("web page"))
    url = page.removeprefix("web page   on: ")
    chat = secrets.token_urlsafe(24)
    async with (
        aiohttp.ClientSession() as http,
        http.get(f"{url}/api/events", params={"chat": chat}) as response,
    ):
        citizen = Browser(http, url, chat, Stream(response))
        await citizen.send(question)
        assert words in await citizen.hears_text(), (folder / "log").read_text(encoding="utf-8")


async def test_a_worker_follows_pushes_over_s3_and_serves_nothing_cut_short_or_damaged(
    s3: S3, releases: Path, tmp_path: Path
) -> None:
    ours, folder = tmp_path / "ours", tmp_path / "worker"
    shutil.copytree(releases, ours)
    folder.mkdir()
    documents = [*read_library([SAMPLE]).documents, UNEMPLOYMENT]
    first = current(ours)
    second, third = (build(documents, ours, encoder=Choice().fit).name for _ in range(2))
    settings = {"RELEASES_URL": s3.url, "OMP_NUM_THREADS": "1", **s3.settings(tmp_path)}
    builder = {**settings, "RELEASES": str(ours)}
    await pushed(tmp_path, first, builder)
    one = {**settings, "RELEASES": str(folder / "own"), "WEB_PORT": "0", "RELOAD_S": "0.2"}
    async with process(folder, one) as worker:
        await worker.until(f"index      on: release {first}")

        with s3.holding("/prior.npy") as waiting:
            killed = await pushing(tmp_path, second, builder)
            assert await asyncio.to_thread(waiting.wait, TAKEN_S)
            killed.kill()
            await killed.communicate()
        assert f"{second}/{MANIFEST}" not in s3.names()
        await answers(worker, folder, QUESTION, "最多3次")
        assert current(folder / "own") == first

        await pushed(tmp_path, second, builder)
        await logged(folder, f"release {second} is served")

        with s3.holding(f"/{CURRENT}") as waiting:
            running = await pushing(tmp_path, third, builder)
            assert await asyncio.to_thread(waiting.wait, TAKEN_S)
            s3.damage(f"{third}/prior.npy")
        await running.communicate()
        await logged(folder, f"release {third} is damaged: prior.npy is not as it was written")
        await answers(worker, folder, QUESTION, "最多3次")
        assert current(folder / "own") == second

        assert await worker.stop() < 10
    log = (folder / "log").read_text(encoding="utf-8")
    assert "Traceback" not in log
    assert "geheim" not in log
    assert log.count("is damaged") == 1
