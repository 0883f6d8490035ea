"""Quotations in any chat: a few passages with their source, and nothing that is kept."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.commands.table import menu
from bot.types import Address
from knowledge.types import Lang
from tests.e2e.world import World

KNOWN = "2027年居民医保新生儿怎么参保？"
UNSURE = "人才租房补贴总共能领多少个月？"


async def test_a_question_is_answered_with_a_quotation_and_its_source(bot: World) -> None:
    wang = bot.citizen()
    found = await wang.is_quoted(wang.types(KNOWN))
    assert 1 <= len(found["results"]) <= 3
    first = found["results"][0]
    content = first["input_message_content"]
    assert "新生儿" in content["message_text"]
    assert "现行有效" in content["message_text"]
    assert first["title"] in content["message_text"]
    assert {"blockquote", "expandable_blockquote"} & {e["type"] for e in content["entities"]}
    assert found["button"] == {"text": "与我单独对话", "start_parameter": "inline"}


async def test_unsure_it_proposes_the_passages_that_may_answer(bot: World) -> None:
    wang = bot.citizen(language="en")
    found = await wang.is_quoted(wang.types(UNSURE))
    assert len(found["results"]) == 3
    assert len({result["id"] for result in found["results"]}) == 3


async def test_what_it_does_not_know_it_does_not_propose_and_hands_to_nobody(bot: World) -> None:
    wang = bot.citizen(language="ko")
    for typed in ("瞭望塔上的灯笼鱼怎么申报年检？", "公", "？！", ""):
        found = await wang.is_quoted(wang.types(typed))
        assert found["results"] == []
        assert typed or found["button"]["text"] == "일대일로 질문하기"
    assert await bot.app.desk.waiting() == []


async def test_nothing_that_is_typed_is_stored(bot: World, tmp_path: Path) -> None:
    wang = bot.citizen()
    await wang.is_quoted(wang.types(f"{KNOWN} 我的电话13800138000"))
    stored = everything(tmp_path)
    assert "新生儿" not in stored
    assert "13800138000" not in stored
    async with bot.store.begin() as work:
        held = await work.people.held(Address("telegram", str(wang.chat)), "1001")
    assert held.messages == ()


async def test_whoever_types_on_is_answered_for_the_newest_words(bot: World) -> None:
    wang = bot.citizen()
    queries = [wang.types(KNOWN[:end]) for end in range(5, len(KNOWN) + 1, 5)]
    assert (await wang.is_quoted(queries[-1]))["results"]
    wang.send("你好")  # and messages still go through
    assert (await wang.hears()).text


async def test_a_search_that_fails_ends_nothing(bot: World) -> None:
    bot.index.close()
    wang = bot.citizen()
    wang.types(KNOWN)
    await asyncio.sleep(0.05)
    wang.send("/help")
    assert menu(Lang.ZH_HANS)[0][1] in (await wang.hears()).text


def everything(folder: Path) -> str:
    """All that the database has on the disk, its log included."""
    files = sorted(folder.glob("bot.sqlite*"))
    assert files
    return b"".join(file.read_bytes() for file in files).decode(errors="replace")
