"""With a roster: a question finds its department, and a stranger moves nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.desk.tickets import State
from bot.errors import ConfigError
from tests.e2e.world import World, world

DOGS = "养狗要办什么证？"
ROSTER = """\
[department.police]
name = "治安科"
topics = ["养狗"]

[[member]]
id = "telegram:7"
name = "李敏"
departments = ["police"]
"""


async def test_whoever_is_asked_claims_and_a_stranger_does_not(
    releases: Path, tmp_path: Path
) -> None:
    path = tmp_path / "roster.toml"
    path.write_text(ROSTER, encoding="utf-8")
    async with world(releases, tmp_path, roster=path) as bot:
        wang, agent, stranger = bot.citizen(), bot.agent(7, "李敏"), bot.agent(8, "路人")
        wang.send(DOGS)
        await wang.hears()
        card = await agent.hears()
        assert "治安科\n请受理： 李敏" in card.text
        assert ("text_link", "tg://user?id=7") in [
            (kind, url) for kind, _, _, url in card.entities
        ]
        stranger.press(card, "认领")
        refused = await agent.hears()
        assert "telegram:8" in refused.text
        assert (await bot.app.desk.look(1))[0].state is State.TRIAGED
        agent.press(card, "认领")
        assert "李敏" in (await agent.hears()).text
        assert (await bot.app.desk.look(1))[0].state is State.CLAIMED


async def test_what_was_answered_is_told_with_the_like(bot: World) -> None:
    wang, chen, agent = bot.citizen(), bot.citizen(1002), bot.agent(7, "李敏")
    wang.send(DOGS)
    await wang.hears()
    agent.send("请办犬证。", reply_to=(await agent.hears()).id)
    await wang.hears()
    chen.send("养狗要办什么证件？")
    await chen.hears()
    before = f"以往类似答复：\n· 编号 1 {DOGS} → 请办犬证。"
    while before not in (await agent.hears()).text:  # what became of the first one comes as well
        pass


async def test_the_bot_does_not_start_with_a_broken_roster(releases: Path, tmp_path: Path) -> None:
    path = tmp_path / "roster.toml"
    path.write_text("[department.police]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match=r"roster\.toml, line 1: .* name is missing"):
        async with world(releases, tmp_path, roster=path):
            pass
