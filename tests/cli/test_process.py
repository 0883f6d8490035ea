"""The program as people start it: a process of its own, in an empty folder."""

from __future__ import annotations

import asyncio
import json
import re
import secrets
import signal
import socket
import subprocess
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import aiohttp
import pytest

from index.release import current
from tests.e2e.world import Browser
from tests.telegram.client import Person
from tests.telegram.fake_api import FakeTelegram
from tests.web.harness import Stream

PROGRAM: Final = Path(__file__).parents[2] / "run_bot.py"
START_S: Final = 60.0  # loading torch on a busy machine
STOP_S: Final = 10.0  # what service managers wait
QUESTION: Final = "技能补贴一年最多能领几回？"


def mingbai(
    *words: object, settings: Mapping[str, str], expect: int
) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, str(PROGRAM), *(str(word) for word in words)],
        env=settings, capture_output=True, encoding="utf-8", check=False, timeout=START_S,
    )  # fmt: skip
    assert "Traceback" not in done.stderr
    assert done.returncode == expect, done.stderr
    return done


def test_help_is_quick(environment: Callable[..., dict[str, str]]) -> None:
    code = (
        "import sys, runpy; sys.argv = ['run_bot.py', '--help']\n"
        f"try: runpy.run_path({str(PROGRAM)!r}, run_name='__main__')\n"
        "except SystemExit: pass\n"
        "heavy = {'torch', 'sentence_transformers', 'sklearn', 'faiss', 'sqlalchemy', 'telegram'}\n"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-c", code],
        env=environment(), capture_output=True, encoding="utf-8", check=True,
        cwd=PROGRAM.parent,
    )  # fmt: skip
    assert done.stdout.splitlines()[-1] == "[]"
    assert "Usage:" in done.stdout
    for command in ("ask", "check", "index", "staff"):
        assert command in done.stdout


@pytest.mark.slow
def test_ask_json(environment: Callable[..., dict[str, str]], releases: Path) -> None:
    said = mingbai("ask", "--json", QUESTION, settings=environment(releases=releases), expect=0)
    assert said.stderr == ""
    answer = json.loads(said.stdout)
    assert (answer["status"], answer["release"]) == ("answered", current(releases))


BUILD: Final = """
import sys
from pathlib import Path
from index.build import build
from knowledge.library import read_library
from tests.index.fake import Hashed
sample, root = map(Path, sys.argv[1:])
print(build(read_library([sample]).documents, root, encoder=Hashed.fit).digest)
"""


@pytest.mark.slow
def test_another_process_builds_the_same(
    environment: Callable[..., dict[str, str]], clean: Path
) -> None:
    """Whatever the order of its sets."""
    sample, here = PROGRAM.parent / "knowledge" / "sample", PROGRAM.parent
    made = []
    for seed in (1, 2):
        command = [sys.executable, "-c", BUILD, str(sample), str(clean / f"{seed}")]
        settings = environment(pythonhashseed=seed)
        done = subprocess.run(command, env=settings, cwd=here, stdout=PIPE, check=True)  # noqa: S603 - ours
        made.append(done.stdout)
    assert made[0] == made[1]


def test_without_anything_there_is_a_sentence(environment: Callable[..., dict[str, str]]) -> None:
    settings = environment()
    missing = mingbai("ask", "xx", settings=settings, expect=1)
    assert missing.stderr.startswith("there is no release in data/releases; build one with")
    assert missing.stdout == ""
    bad = mingbai(settings=environment(web_port="x", reply_days=99), expect=1)
    assert [line.split(":")[0] for line in bad.stderr.splitlines()] == ["WEB_PORT", "REPLY_DAYS"]


@pytest.mark.slow
def test_a_port_that_is_taken(environment: Callable[..., dict[str, str]]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = mingbai(settings=environment(web_port=port), expect=1)
    assert done.stderr.splitlines()[-1].startswith(
        f"the web page cannot be served at 127.0.0.1:{port} ("
    )
    assert done.stderr.endswith("; set another WEB_PORT or WEB_HOST, or WEB=false\n")


# Serving


class Lines:
    """What a process says, line by line."""

    def __init__(self, process: Process) -> None:
        assert process.stdout is not None
        self._stream = process.stdout
        self.seen: list[str] = []

    async def until(self, beginning: str) -> str:
        while True:
            line = (await self._stream.readline()).decode()
            assert line, f"it ended before {beginning!r}: {self.seen}"
            self.seen.append(line.rstrip())
            if line.startswith(beginning):
                return line.rstrip()


@asynccontextmanager
async def serving(settings: Mapping[str, str]) -> AsyncIterator[tuple[Process, Lines]]:
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), env=dict(settings), stdout=PIPE, stderr=PIPE
    )
    try:
        async with asyncio.timeout(START_S):
            yield process, Lines(process)
    finally:
        if process.returncode is None:
            process.kill()
            await process.communicate()


async def stopped(process: Process, how: signal.Signals = signal.SIGTERM) -> str:
    """Stop it; return what it wrote to stderr."""
    process.send_signal(how)
    async with asyncio.timeout(STOP_S):
        _, said = await process.communicate()
    assert process.returncode == 0, said.decode()
    assert b"Traceback" not in said
    return said.decode()


async def test_it_serves_page_and_telegram_until_it_is_told_to_stop(
    environment: Callable[..., dict[str, str]], releases: Path
) -> None:
    async with FakeTelegram() as server, aiohttp.ClientSession() as http:
        settings = environment(
            web_port=0,
            releases=releases,
            telegram_bot_token=server.token,
            telegram_api_url=server.url,
        )
        async with serving(settings) as (process, lines):
            assert (await lines.until("Mingbai")).startswith("Mingbai 明白 · ")
            url = (await lines.until("web page")).removeprefix("web page   on: ")
            assert await lines.until("telegram") == "telegram   on: long polling"
            assert "TELEGRAM_STAFF_CHAT" in await lines.until("staff")
            assert await lines.until("encoder") == "encoder    builtin"
            assert await lines.until("index") == "index      loading ..."
            loaded = await lines.until("index")
            assert loaded == f"index      on: release {current(releases)}"

            chat = secrets.token_urlsafe(24)
            async with http.get(f"{url}/api/events", params={"chat": chat}) as response:
                citizen = Browser(http, url, chat, Stream(response))
                await citizen.send(QUESTION)
                assert "最多3次" in await citizen.hears_text()
            wang = Person(server)
            wang.send(QUESTION)
            assert "最多3次" in (await wang.hears()).text

            said = await stopped(process)
            assert server.token not in said + "\n".join(lines.seen)


async def test_without_token_or_release_it_serves_and_says_how_to_turn_them_on(
    environment: Callable[..., dict[str, str]], clean: Path
) -> None:
    async with (
        serving(environment(web_port=0)) as (process, lines),
        aiohttp.ClientSession() as http,
    ):
        url = (await lines.until("web page")).removeprefix("web page   on: ")
        assert re.fullmatch(r"http://127\.0\.0\.1:[0-9]+", url)
        assert await lines.until("telegram") == (
            "telegram   off: set TELEGRAM_BOT_TOKEN (see .env.example)"
        )
        assert "python run_bot.py staff" in await lines.until("staff")
        await lines.until("index      loading")
        assert (await lines.until("index")).startswith("index      off: there is no release in")
        async with http.get(url) as page:
            assert page.status == 200
        chat = secrets.token_urlsafe(24)
        async with http.get(f"{url}/api/events", params={"chat": chat}) as response:
            citizen = Browser(http, url, chat, Stream(response))
            await citizen.send(QUESTION)
            assert "编号 1" in await citizen.hears_text()
            # An open page does not keep it from stopping.
            await stopped(process, signal.SIGINT)
    assert (clean / "data" / "mingbai.sqlite").is_file()


@pytest.mark.slow
async def test_a_bad_token_is_told_in_words(environment: Callable[..., dict[str, str]]) -> None:
    token = "7000000001:" + "B" * 35
    async with FakeTelegram() as server:
        settings = environment(web_port=0, telegram_bot_token=token, telegram_api_url=server.url)
        process = await asyncio.create_subprocess_exec(
            sys.executable, str(PROGRAM), env=settings, stdout=PIPE, stderr=PIPE
        )
        async with asyncio.timeout(START_S):
            _, said = await process.communicate()
    assert process.returncode == 1
    assert "TELEGRAM_BOT_TOKEN" in said.decode().splitlines()[-1]
    assert token not in said.decode()
    assert b"Traceback" not in said


@pytest.mark.slow
def test_a_reader_who_goes_away_does_not_stop_a_build(
    environment: Callable[..., dict[str, str]], clean: Path
) -> None:
    source = clean / "source"
    source.mkdir()
    (source / "a.md").write_text(
        "---\ndisclosure: open\ntitle: 澜港市候鸟观察站开放办法\n---\n"
        "第一条　候鸟观察站每日九时开放。\n第二条　候鸟观察站门票五元。\n",
        encoding="utf-8",
    )
    (source / "golden.jsonl").write_text(
        '{"question": "候鸟观察站门票多少钱？", "document": "a"}\n', encoding="utf-8"
    )
    command = [sys.executable, str(PROGRAM), "index", "build", "--source", str(source)]
    with subprocess.Popen(  # noqa: S603 - our own program
        [*command, "--out", str(clean / "out")],
        env=environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
    ) as done:  # fmt: skip
        assert done.stdout is not None
        done.stdout.close()  # as `| head` does
        done.wait(timeout=START_S)
    assert current(clean / "out")
