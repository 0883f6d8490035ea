"""The whole bot, and what lies in its files afterwards: nothing that a citizen could be found by."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pytest
import structlog

from bot.serve import log_to_stderr
from tests.e2e.world import World, world

SECRETS: Final = (
    "110101199003078515",
    "13800138000",
    "6222021234567890128",
    "wang.fang@example.com",
    "解放路88号",
    "3栋2单元501",
    "E12345678",
)
SAID: Final = (
    "身份证110101199003078515，电话13800138000，住解放路88号3栋2单元501室，养狗要办什么证？",
    "卡号6222021234567890128，邮箱wang.fang@example.com，失业金怎么领？",
    "我要投诉，护照E12345678的人没人理，电话13800138000",
    "是",
    "人工",
)


@contextmanager
def everything_logged() -> Iterator[None]:
    """Logging as it is when the bot serves, at its most talkative."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    log_to_stderr("DEBUG")
    try:
        yield
    finally:
        structlog.reset_defaults()
        root.handlers[:] = handlers
        root.setLevel(level)


def contents(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


async def test_nothing_unmasked_is_in_the_files_or_the_logs(
    releases: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    heard: list[str] = []
    with everything_logged():
        async with world(releases, tmp_path) as bot:
            wang, agent = bot.citizen(), bot.agent(7, "李敏")
            for text in SAID:
                wang.send(text)
                heard.append((await wang.hears()).text)
            async with bot.browser() as page:
                await page.send(SAID[0])
                heard.append(await page.hears_text())
                await page._post(action=SAID[1][:20])  # noqa: SLF001 - a forged button
                heard.append(await page.hears_text())
            heard += [(await agent.hears()).text for _ in range(2)]
            files = contents(tmp_path)  # while it runs, with the database's log
        printed = capsys.readouterr()
    assert {"bot.sqlite", "bot.sqlite-wal"} <= files.keys()
    everything = [*files.values(), *map(str.encode, [*printed, *heard])]
    assert [s for s in SECRETS if any(s.encode() in one for one in everything)] == []
    assert any("〔电话〕".encode() in one for one in files.values())
    assert sum("为保护您的隐私" in one for one in heard) == 4
    assert "message.done" in printed.err


async def test_a_person_in_a_group_is_a_pseudonym_in_the_store(
    releases: Path, tmp_path: Path
) -> None:
    async with world(releases, tmp_path) as bot:
        await _asks_in_a_group(bot, 987654321)
        files = contents(tmp_path)
    assert any("养狗".encode() in one for one in files.values())
    assert not any(b"987654321" in one for one in files.values())


async def _asks_in_a_group(bot: World, user_id: int) -> None:
    bot.server.chats.open_group(-1002002, "邻居")
    person = bot.citizen(user_id, chat=-1002002)
    person.send("@mingbai_bot 养狗要办什么证？")
    assert "编号 1" in (await person.hears()).text
