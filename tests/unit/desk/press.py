"""An office that publishes: a library on disk, its releases, and the folder of answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from bot.desk.publishing.folder import Folder
from bot.desk.publishing.keeper import Keeper
from bot.desk.publishing.preparing import Proposal
from bot.desk.publishing.publication import Publication
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release
from bot.desk.roster import OPEN, Roster
from bot.desk.tickets import Agent, Lead, Ticket
from bot.store.base import Store
from bot.types import Address
from index.build import build, load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from knowledge.catalogue import linked
from knowledge.cited import Held, held
from knowledge.library import read_library
from knowledge.types import Disclosure
from knowledge.validity import inherit
from tests.unit.desk.office import CHAT, WANG, Office

DOGS: Final = """\
---
id: dogs
kind: policy
title: 澜港市养犬管理规定
issuer: 澜港市公安局
disclosure: open
published: 2025-03-01
effective: 2025-04-01
source: https://langang.example/dogs
---

第一条 为了规范养犬行为，制定本规定。

第二条 本市城区实行养犬登记。养犬人应当携带本人身份证和犬只免疫证明，到住所地派出所办理登记。

第三条 每只犬每年的管理服务费为120元。
"""
FERRIES: Final = """\
---
id: ferries
kind: policy
title: 澜港市轮渡票价规定
issuer: 澜港市交通运输局
disclosure: open
published: 2024-05-06
---

第一条 轮渡单程票价为4元。

第二条 身高不足1.3米的儿童免费乘坐。
"""
QUESTION: Final = "给小狗办证要带什么东西？"
REPLY: Final = "办理养犬登记，请携带本人身份证和犬只免疫证明，到住所地派出所办理。"
GOOD: Final = Proposal(
    question="办理养犬登记要带哪些材料？",
    answer=REPLY,
    passages=("dogs#1",),
    disclosure=Disclosure.OPEN,
)


class Press(Office):
    def __init__(self, store: Store, folder: Path, *, roster: Roster = OPEN) -> None:
        super().__init__(store, roster=roster)
        self.library = folder / "library"
        self.library.mkdir()
        self.published = folder / "published"
        self.releases = folder / "releases"
        self.write(dogs=DOGS, ferries=FERRIES)
        self.index = Live(
            self.releases,
            lambda path: load(path, encoder=Choice().load),
            thread_setup=one_thread,
        )
        release = Release(self.releases, self.index)
        self.publishing = Publishing(store, self.desk, release, Folder(self.published))
        self.keeper = Keeper(store, self.desk, release, self.publishing)

    def write(self, **files: str) -> None:
        for name, text in files.items():
            (self.library / f"{name}.md").write_text(text, encoding="utf-8")

    async def builds(self) -> Held:
        """As `index build` does, and the bot serves it."""
        sources = [self.library, *([self.published] if self.published.is_dir() else [])]
        answers = held(inherit(linked(read_library(sources).documents)))
        build(answers.documents, self.releases, encoder=Choice().fit, calibrate=False)
        await self.index.refresh()
        return answers

    async def replied(
        self, question: str = QUESTION, reply: str = REPLY, *, chat: Address = CHAT
    ) -> Ticket:
        """A ticket that was answered."""
        ticket = await self.opens(question=question, chat=chat)
        answered = await self.desk.reply(ticket.id, WANG, reply)
        await self.told(chat)
        return answered

    async def approved(self, by: Agent, proposal: Proposal = GOOD) -> Publication:
        """Proposed by 王芳, and let out."""
        ticket = await self.replied()
        one = await self.publishing.propose(ticket.id, WANG, proposal)
        return await self.publishing.approve(one.id, by)

    def change(self, old: str, new: str) -> None:
        """In the rules about dogs."""
        text = (self.library / "dogs.md").read_text(encoding="utf-8")
        assert old in text
        self.write(dogs=text.replace(old, new))

    async def lead(self, passage_id: str) -> Lead:
        """A passage as a ticket has it."""
        hit = await self.index.passage(passage_id, on=self.time.now.date())
        assert hit is not None
        return Lead(
            passage_id=passage_id,
            document_id=hit.document.id,
            title=hit.document.title,
            address=" ".join(hit.passage.address),
            quote=hit.passage.text,
        )

    def chat(self, number: int) -> Address:
        """Another citizen's."""
        return Address(CHAT.channel, f"{CHAT.chat}-{number}")

    def files(self) -> list[str]:
        return sorted(path.name for path in self.published.glob("answer-*"))


@asynccontextmanager
async def press_over(store: Store, folder: Path, *, roster: Roster = OPEN) -> AsyncIterator[Press]:
    """With a first release served."""
    press = Press(store, folder, roster=roster)
    try:
        await press.builds()
        yield press
    finally:
        press.index.close()
