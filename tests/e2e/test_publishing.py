"""From a citizen's question to an answer for everybody, and back when the rule changes."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import pytest
from typer.testing import CliRunner

from bot.desk.publishing.folder import Folder
from bot.desk.publishing.keeper import Keeper
from bot.desk.publishing.preparing import Proposal
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release
from bot.desk.tickets import Agent
from knowledge.types import Disclosure
from run_bot import cli
from tests.conftest import SAMPLE
from tests.e2e.world import World, world
from tests.telegram.client import Heard, Person

LI: Final = Agent("telegram:7", "李雷")
HAN: Final = Agent("telegram:8", "韩梅")
ASKED = "我爸妈那栋楼装了电梯，我也出了钱，能取公积金吗？"
QUESTION = "父母的住宅加装电梯，子女出资的可以提取公积金吗？"
REPLY = "可以。子女参与出资的，按既有住宅加装电梯办理，每户累计不超过5万元。"
RULE = "职工的父母、子女所有的住宅加装电梯，职工参与出资的，适用前款规定。"


class Office:
    """The terminals of the office, and the machine that builds."""

    def __init__(self, folder: Path) -> None:
        self.sources = folder / "sources"
        shutil.copytree(SAMPLE, self.sources)
        self.policy = self.sources / "policies" / "housing-fund-withdrawal-2025.md"
        self.releases = folder / "releases"
        self._environment = {
            "RELEASES": str(self.releases),
            "PUBLISHED": str(folder / "published"),
            "DATABASE_URL": f"sqlite+aiosqlite:///{folder / 'bot.sqlite'}",
        }

    async def does(self, *words: object) -> str:
        """A command in a process of its own, as far as a test can."""
        done = await asyncio.to_thread(
            CliRunner().invoke, cli, [str(one) for one in words], env=self._environment
        )
        assert done.exit_code == 0, done.output
        return done.output

    async def builds(self) -> str:
        golden = self.sources / "golden.jsonl"
        golden.unlink(missing_ok=True)  # they are asked elsewhere
        return await self.does("index", "build", "--source", self.sources)


@dataclass(frozen=True, slots=True)
class Press:
    """As the bot has it; its keeper looks once a minute."""

    publishing: Publishing
    keeper: Keeper

    @classmethod
    def of(cls, bot: World) -> Self:
        desk, store = bot.app.desk, bot.store
        release = Release(bot.settings.releases, bot.index)
        publishing = Publishing(store, desk, release, Folder(bot.settings.published))
        return cls(publishing, Keeper(store, desk, release, publishing))


@pytest.mark.slow
async def test_a_reply_becomes_an_answer_for_everybody_until_its_rule_changes(
    tmp_path: Path,
) -> None:
    office = Office(tmp_path)
    await office.builds()
    async with world(office.releases, tmp_path, published=tmp_path / "published") as bot:
        wang, zhao, staff = bot.citizen(), bot.citizen(2002), bot.agent(7, "李雷")
        press = Press.of(bot)
        wang.send(f"/human {ASKED}")
        await wang.hears()
        staff.send(REPLY, reply_to=await staff.hears())
        while REPLY not in (await wang.hears()).text:
            pass

        cited = [f"housing-fund-withdrawal-2025#{n}" for n in range(30)]
        hits = [await bot.index.passage(one, on=bot.clock().date()) for one in cited]
        [cite] = [hit.passage.id for hit in hits if hit is not None and RULE in hit.passage.text]
        proposal = Proposal(question=QUESTION, passages=(cite,), disclosure=Disclosure.OPEN)
        one = await press.publishing.propose(1, LI, proposal)
        await press.publishing.approve(one.id, HAN)

        await office.builds()
        await bot.index.refresh()
        await press.keeper.step()
        told = await wang.hears()
        assert told.text.startswith("您咨询的问题（编号 1）已公开答复。")
        wang.press(told, "不再接收此类消息")
        assert "今后不再向您发送此类消息" in (await wang.hears()).text
        zhao.send(QUESTION)
        answer = await zhao.hears()
        assert REPLY in answer.text
        assert QUESTION in answer.text
        listed = await office.does("staff", "published")
        assert "No. 1 served" in listed
        assert "given 1 times" in listed

        text = office.policy.read_text(encoding="utf-8")
        office.policy.write_text(text.replace(RULE, RULE[:-1] + "，但每户以3万元为限。"), "utf-8")
        assert "withdrawn answer-1" in await office.builds()
        await bot.index.refresh()
        await press.keeper.step()
        zhao.send(QUESTION)
        assert REPLY not in (await zhao.hears()).text
        assert "No. 1 withdrawn" in await office.does("staff", "published")


async def hears(person: Person, words: str) -> Heard:
    """The next message with these words, or the next edit of one."""
    while words not in (heard := await person.hears()).text:
        pass
    return heard


async def test_a_reply_is_published_by_the_buttons_of_two_people(
    releases: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "published"
    async with world(releases, tmp_path, published=folder) as bot:
        wang, li = bot.citizen(), bot.agent(7, "李雷")
        wang.send(f"/human {ASKED}")
        han = bot.agent(8, "韩梅")
        card = await hears(li, ASKED)
        li.send(RULE, reply_to=card)
        card = await hears(li, "已回复")
        li.press(card, "提请公开答复")
        draft = await hears(li, "是否将此答复对外公开？")
        li.press(draft, "改写问题")
        li.send(QUESTION, reply_to=await hears(li, "面向公众的问题"))
        draft = await hears(li, QUESTION)
        assert "● " in draft.text
        li.press(draft, "属主动公开，提请审核")
        waiting = await hears(han, "须由另一人审核")
        assert RULE in waiting.text
        assert QUESTION in waiting.text
        bot.clock.forward(60)  # a group takes so many messages a minute

        action = "letout:1:1"
        wang.press_action(wang.room.shown[-1]["message_id"], action)  # forged, from outside
        li.press(waiting, "通过")
        assert "提请人不得自行审核" in (await hears(li, "审核，须由")).text
        assert not folder.exists()
        han.press(waiting, "通过")
        bot.agent(9, "赵敏").press(waiting, "通过")
        decided = await hears(han, "韩梅 已批准")
        assert (decided.id, decided.edited, decided.buttons) == (waiting.id, True, ())
        assert [path.name for path in folder.glob("answer-*")] == ["answer-1-1.md"]
        assert QUESTION in (folder / "answer-1-1.md").read_text("utf-8")
        _, events = await bot.app.desk.look(1)
        assert [(event.who, event.what) for event in events if "publication" in event.what] == [
            ("telegram:7", "publication proposed"),
            ("telegram:8", "publication approved"),
        ]
