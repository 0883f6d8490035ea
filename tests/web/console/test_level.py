"""The level in the console: who sees it, who sets it, and the banner on every page."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.degrade.level import Level
from tests.web.console.staffed import NASTY, SAFE, Staffed, staffed

PATH = "/console/level"


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        yield opened


async def test_a_supervisor_sets_a_level_and_lifts_it(at: Staffed) -> None:
    assert "Level now: everything" in (await at.zhao.get(PATH)).text
    done = await at.zhao.post(f"{PATH}/set", level="people", why="核对文件", until="")
    assert done.words == "Done. Every worker follows within some seconds."
    assert "Set by hand: people only" in done.text
    assert "people only · 赵敏 · 核对文件" in done.text
    lifted = await at.zhao.post(f"{PATH}/auto")
    assert "Set by hand: everything" in lifted.text
    deeds = [(one.who, one.text) for one in await at.front.log() if one.what == "level set"]
    assert deeds == [("web:zhao", "people"), ("web:zhao", "full")]
    assert "set the level" in (await at.zhao.get("/console/audit")).text


async def test_maintainers_may_and_others_may_not(at: Staffed) -> None:
    han = await at.person("han")
    await han.get(PATH)
    assert (await han.post(f"{PATH}/set", level="quotation", why="新版本")).status == 200
    wang = await at.wang.get("/console/roster")
    assert PATH not in wang.text
    assert (await at.wang.get(PATH)).status == 403
    for path in ("set", "auto"):
        refused = await at.wang.post(f"{PATH}/{path}", level="maintenance", why="我想")
        assert refused.status == 403
    deeds = [one.who for one in await at.front.log() if one.what == "level set"]
    assert deeds == ["web:han"]


async def test_a_refusal_keeps_what_was_typed(at: Staffed) -> None:
    await at.zhao.get(PATH)
    refused = await at.zhao.post(f"{PATH}/set", level="people", why=NASTY, until="明天")
    assert "is no time such as" in refused.words
    assert SAFE in refused.text
    assert NASTY not in refused.text
    assert "is no level" in (await at.zhao.post(f"{PATH}/set", level="off", why="x")).words
    assert "Say why" in (await at.zhao.post(f"{PATH}/set", level="people", why=" ")).words


async def test_every_page_says_that_the_bot_does_less(at: Staffed) -> None:
    assert "does less than usual" not in (await at.wang.get("/console/roster")).text
    console = at.front.console
    console.services = replace(console.services, level=lambda: Level.PEOPLE)
    assert "The bot does less than usual: people only" in (await at.wang.get("/console")).text
