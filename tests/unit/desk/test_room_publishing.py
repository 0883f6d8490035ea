"""The staff room publishes: worded, proposed and approved by buttons, and by two people."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from bot.actions import Verb
from bot.desk.publishing.publication import Publication, Stage
from bot.desk.publishing.wording import Wording
from bot.desk.roster import OPEN, Department, Member, Role, Roster
from bot.desk.tickets import Agent, Ticket, TicketKind
from bot.store.base import DataClass
from bot.types import Style
from tests.unit.desk.office import LI, WANG, ZHAO, store_of
from tests.unit.desk.press import GOOD, REPLY, Press, press_over
from tests.unit.desk.room import Room

ASKED = "给小狗办证要带什么东西？"
QUOTING = "养犬人应当携带本人身份证和犬只免疫证明，到住所地派出所办理登记。"
PROPOSE = "Open (主动公开), propose"
ON_CARD = "Propose to publish"


@dataclass(frozen=True, slots=True)
class Newsroom:
    press: Press
    room: Room

    async def replied(self, reply: str = QUOTING) -> Ticket:
        """A question that 王芳 answers by replying to its card."""
        ticket = await self.press.opens(question=ASKED)
        await self.room.say(WANG, reply, await self.room.card(ticket.id))
        return await self.press.ticket(ticket.id)

    async def looked(self, ticket: Ticket) -> str:
        """The message with what would be published."""
        return await self.room.choose(WANG, await self.room.card(ticket.id), ON_CARD)

    async def proposed(self) -> str:
        """The message for whoever approves; 王芳 proposed it."""
        ticket = await self.replied()
        await self.room.choose(WANG, await self.looked(ticket), PROPOSE)
        return self.message(1)

    def message(self, number: int) -> str:
        """The newest one about a publication."""
        shown = self.room.shown.items()
        return [one for one, what in shown if what.key == f"publication:{number}"][-1]

    def labels(self, message: str) -> list[str]:
        return [one.label for row in self.room.shown[message].buttons for one in row]

    async def stage(self, number: int = 1) -> Stage:
        return (await self.press.publishing.get(number)).stage

    async def known(self) -> list[Publication]:
        return list(await self.press.publishing.all())

    async def does(self, agent: Agent, verb: Verb, target: int, place: int | None = None) -> str:
        """What the room says to a button."""
        return self.room.read(await self.room.press(agent, verb, target, place))


@asynccontextmanager
async def newsroom(kind: str, folder: Path, roster: Roster = OPEN) -> AsyncIterator[Newsroom]:
    async with store_of(kind, folder) as store, press_over(store, folder, roster=roster) as press:
        yield Newsroom(press, Room(store, roster, press=press))


@pytest.fixture
async def news(tmp_path: Path) -> AsyncIterator[Newsroom]:
    async with newsroom("memory", tmp_path) as made:
        yield made


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_a_reply_is_proposed_by_one_and_let_out_by_another(
    kind: str, tmp_path: Path
) -> None:
    async with newsroom(kind, tmp_path) as news:
        room, ticket = news.room, await news.replied()
        shown = await news.looked(ticket)
        assert room.read(shown).startswith("No. 1: publish this answer for everybody?\n")
        assert ASKED in room.read(shown)
        assert "● 1. 《澜港市养犬管理规定》 第二条" in room.read(shown)
        assert "This stops it" not in room.read(shown)
        await room.choose(WANG, shown, PROPOSE)
        assert room.read(shown) == "No. 1: 王芳 proposed the answer for everybody."
        message = news.message(1)
        assert news.labels(message) == ["Approve", "Do not approve"]
        for part in (ASKED, QUOTING, "第二条: 本市城区实行养犬登记"):
            assert part in room.read(message)
        assert ON_CARD not in news.labels(await room.card(ticket.id))

        refused = await room.choose(WANG, message, "Approve")
        assert room.read(refused) == "another person than who proposed it must look at it"
        assert (await news.stage(), news.press.files()) == (Stage.PROPOSED, [])
        await room.choose(LI, message, "Approve")
        assert news.press.files() == ["answer-1-1.md"]
        assert "李雷 approved it." in room.read(message), "in place"
        assert news.labels(message) == []
        assert (await news.press.history(1))[-2:] == [
            "publication proposed",
            "publication approved",
        ]


async def test_what_is_word_for_word_a_cited_passages_is_bold(news: Newsroom) -> None:
    message = news.room.shown[await news.proposed()]
    bold = [span.text for span in message.body if span.style is Style.BOLD]
    assert QUOTING in "".join(bold)


async def test_question_answer_and_citations_are_mended_in_the_room(news: Newsroom) -> None:
    ticket = await news.replied("请带证件，有疑问请拨打13812345678。")
    shown = await news.looked(ticket)
    assert PROPOSE not in news.labels(shown), "something stops it"
    assert "it cites 0 passages" in news.room.read(shown)
    assert "〔电话〕" in news.room.read(shown)
    places = [label for label in news.labels(shown) if label.startswith("Cite")]
    passages = [line for line in news.room.read(shown).split("\n") if line.startswith("○")]
    [place] = [n for n, line in enumerate(passages) if "《澜港市养犬管理规定》 第二条" in line]
    assert await news.room.choose(LI, shown, places[place]) == shown, "in place"

    prompt = await news.room.choose(WANG, shown, "Reword the answer")
    shown = await news.room.say(WANG, REPLY, prompt)
    assert news.room.read(prompt) == "No. 1: worded anew. See below."
    prompt = await news.room.choose(WANG, shown, "Reword the question")
    shown = await news.room.say(WANG, GOOD.question, prompt)
    await news.room.choose(WANG, shown, PROPOSE)
    [one] = await news.known()
    assert (one.question, one.answer) == (GOOD.question, REPLY)
    assert [cited.passage_id for cited in one.cites] == ["dogs#1"]
    assert (await news.press.ticket(1)).reply != REPLY, "what the citizen read stays"


async def test_refusing_says_why_and_whoever_proposed_goes_on(news: Newsroom) -> None:
    message = await news.proposed()
    assert "another person" in news.room.read(
        await news.room.choose(WANG, message, "Do not approve")
    )
    prompt = await news.room.choose(LI, message, "Do not approve")
    await news.room.say(LI, "请写明办理地点", prompt)
    assert await news.stage() is Stage.REFUSED
    assert news.labels(message) == []
    assert "李雷 does not approve it: 请写明办理地点" in news.room.read(message)
    note = next(
        one
        for one, what in news.room.shown.items()
        if any(span.href == "tg://user?id=1" for span in what.body)
    )
    assert "请写明办理地点" in news.room.read(note)
    assert ON_CARD in news.labels(await news.room.card(1))
    shown = await news.room.choose(WANG, note, "Look again")
    await news.room.choose(WANG, shown, PROPOSE)
    assert await news.stage() is Stage.PROPOSED
    assert len(await news.known()) == 1


@pytest.mark.parametrize("kind", [TicketKind.COMPLAINT, TicketKind.SUGGESTION])
async def test_only_answers_to_questions_have_the_button(news: Newsroom, kind: TicketKind) -> None:
    ticket = await news.press.opens(kind, question=ASKED)
    card = await news.room.card(ticket.id)
    assert ON_CARD not in news.labels(card), "there is no reply"
    await news.room.say(WANG, QUOTING, card)
    assert ON_CARD not in news.labels(card)
    said = await news.does(WANG, Verb.PUBLISH, ticket.id)
    assert said == "No. 1 is no question: only answers to questions are published"


async def test_only_staff_propose_and_only_reviewers_are_asked(tmp_path: Path) -> None:
    members = (
        Member(id=WANG.id, name=WANG.name),
        Member(id=LI.id, name=LI.name),
        Member(id=ZHAO.id, name=ZHAO.name, roles=frozenset({Role.MAINTAINER})),
    )
    roster = Roster({"dogs": Department(key="dogs", name="犬管科", members=members)})
    async with newsroom("memory", tmp_path, roster) as news:
        message = await news.proposed()
        assert news.room.read(message).endswith("\nAnother person must approve it. 赵敏")
        stranger = Agent("telegram:99", "路人")
        for somebody in (LI, stranger):
            note = await news.room.choose(somebody, message, "Approve")
            assert "only for maintainers" in news.room.read(note)
        assert "only for" in await news.does(stranger, Verb.CITE, 1, 1)
        await news.room.choose(ZHAO, message, "Approve")
        assert await news.stage() is Stage.APPROVED


async def test_what_was_not_looked_at_is_neither_proposed_nor_approved(news: Newsroom) -> None:
    ticket = await news.replied()
    await news.looked(ticket)
    await news.room.press(LI, Verb.CITE, 1, 1)
    assert "was changed meanwhile" in await news.does(WANG, Verb.PROPOSE, 1, 1)
    assert await news.known() == []
    await news.room.press(LI, Verb.CITE, 1, 1)
    await news.room.press(WANG, Verb.PROPOSE, 1, 3)
    [one] = await news.known()
    await news.press.publishing.propose(1, WANG, GOOD)  # at a terminal, in other words
    assert "was changed meanwhile" in await news.does(LI, Verb.LET_OUT, 1, one.version)
    assert await news.stage() is Stage.PROPOSED
    await news.room.choose(LI, news.message(1), "Approve")
    assert await news.stage() is Stage.APPROVED


async def test_something_new_is_shown_before_it_is_approved(news: Newsroom) -> None:
    message = await news.proposed()
    other = await news.press.opens(question="又来问狗证", chat=news.press.chat(2))
    await news.press.desk.reply(other.id, WANG, QUOTING)
    near = "给小狗办证都要带什么东西去？"
    await news.room.press(WANG, Verb.PUBLISH, other.id)
    prompt = await news.room.press(WANG, Verb.WORD_QUESTION, other.id)
    shown = await news.room.say(WANG, near, prompt)
    await news.room.choose(WANG, shown, PROPOSE)
    await news.room.choose(LI, news.message(2), "Approve")
    note = await news.room.choose(LI, message, "Approve")
    assert "look again" in news.room.read(note)
    assert "To be looked at:\n· most alike (0.9" in news.room.read(news.message(1))
    assert near in news.room.read(news.message(1))
    await news.room.choose(LI, news.message(1), "Approve")
    assert await news.stage() is Stage.APPROVED


@pytest.mark.parametrize("kind", ["memory", "sqlite"])
async def test_two_who_approve_at_once_make_one_answer(kind: str, tmp_path: Path) -> None:
    async with newsroom(kind, tmp_path) as news:
        await news.proposed()
        publishing = news.press.publishing
        [one] = await news.known()
        done = await asyncio.gather(
            publishing.approve(1, LI, seen=one.version),
            publishing.approve(1, ZHAO, seen=one.version),
            return_exceptions=True,
        )
        assert sum(isinstance(each, Publication) for each in done) == 1
        assert (await news.press.history(1)).count("publication approved") == 1
        assert news.press.files() == ["answer-1-1.md"]


async def test_two_answers_approved_at_once_are_both_there(news: Newsroom) -> None:
    await news.proposed()
    other = await news.press.opens(question="轮渡多少钱？", chat=news.press.chat(2))
    await news.press.desk.reply(other.id, WANG, "轮渡单程票价为4元，上船时付。")
    fare = replace(GOOD, question="轮渡票多少钱？", answer="", passages=("ferries#0",))
    publishing = news.press.publishing
    await publishing.propose(other.id, WANG, fare)
    await asyncio.gather(publishing.approve(1, LI), publishing.approve(2, LI))
    assert news.press.files() == ["answer-1-1.md", "answer-2-1.md"]


async def test_forged_and_outdated_buttons_publish_nothing(news: Newsroom) -> None:
    ticket = await news.replied()
    await news.looked(ticket)
    for verb, target, place in (
        (Verb.CITE, 1, 99),
        (Verb.CITE, 1, None),
        (Verb.CITE, 404, 1),
        (Verb.PROPOSE, 1, None),
        (Verb.PROPOSE, 1, 10**17),
        (Verb.LET_OUT, 404, 1),
        (Verb.LET_OUT, 1, None),
        (Verb.TURN_DOWN, 404, None),
        (Verb.PUBLISH, 404, None),
        (Verb.WORD_ANSWER, 404, None),
    ):
        await news.room.press(LI, verb, target, place)
    assert await news.known() == []
    await news.room.press(WANG, Verb.PROPOSE, 1, 1)
    for verb in (Verb.PROPOSE, Verb.CITE):
        said = await news.does(WANG, verb, 1, 1)
        assert said == "answer for everybody 1 is now: waits for approval"
    assert "was changed meanwhile" in await news.does(LI, Verb.LET_OUT, 1)
    assert await news.stage() is Stage.PROPOSED


async def test_publish_lists_what_waits_and_shows_one(news: Newsroom) -> None:
    nothing = await news.room.say(LI, "/publish")
    assert news.room.read(nothing) == "Waiting for approval: 0\nNot given any more: 0"
    message = await news.proposed()
    listed = await news.room.say(LI, "/publish")
    assert f"1 · 王芳 · {ASKED}" in news.room.read(listed)
    again = await news.room.choose(LI, listed, "1")
    assert news.room.shown[again].key == news.room.shown[message].key
    assert news.labels(again) == ["Approve", "Do not approve"]
    assert await news.room.say(LI, "/publish 1") == again
    assert "/publish 7" in news.room.read(await news.room.say(LI, "/publish 一号"))
    said = news.room.read(await news.room.say(LI, "/publish 404"))
    assert said == "There is no No. 404."


async def test_what_was_withdrawn_is_looked_at_and_proposed_anew(news: Newsroom) -> None:
    message = await news.proposed()
    await news.room.choose(LI, message, "Approve")
    await news.press.builds()
    await news.press.keeper.step()
    card = await news.room.card(1)
    assert "given to everybody" in news.room.read(message)
    assert ON_CARD not in news.labels(card)
    news.press.change("身份证和犬只免疫证明", "户口簿和犬只免疫证明")
    await news.press.builds()
    await news.press.keeper.step()
    assert await news.stage() is Stage.WITHDRAWN
    listed = await news.room.say(LI, "/publish")
    assert "Not given any more: 1" in news.room.read(listed)
    assert "not given any more" in news.room.read(message)
    assert ON_CARD in news.labels(card)
    notice = next(one for one in news.room.shown if "Review it." in news.room.read(one))
    shown = await news.room.choose(WANG, notice, "Look again")
    assert "户口簿" in news.room.read(shown), "as the passage reads now"
    prompt = await news.room.choose(WANG, shown, "Reword the answer")
    mended = QUOTING.replace("身份证", "户口簿")
    shown = await news.room.say(WANG, mended, prompt)
    await news.room.choose(WANG, shown, PROPOSE)
    await news.room.choose(LI, news.message(1), "Approve")
    assert news.press.files() == ["answer-1-2.md"]


async def test_after_another_reply_it_is_begun_anew(news: Newsroom) -> None:
    ticket = await news.replied("请带证件。")
    await news.looked(ticket)
    await news.press.desk.reply(1, WANG, QUOTING)
    shown = await news.looked(ticket)
    assert QUOTING in news.room.read(shown)
    await news.room.choose(WANG, shown, PROPOSE)
    prompt = await news.room.choose(LI, news.message(1), "Do not approve")
    await news.room.say(LI, "再改", prompt)
    news.press.time.set("2026-11-24")
    await news.press.desk.reply(1, WANG, f"{QUOTING}无需预约。")
    assert f"{QUOTING}无需预约。" in news.room.read(await news.looked(ticket))


async def test_a_wording_goes_with_the_words_of_its_ticket(news: Newsroom) -> None:
    ticket = await news.replied()
    await news.looked(ticket)
    later = news.press.time.now.replace(year=2031)
    async with news.press.store.begin() as work:
        assert len(await work.entries(Wording).find()) == 1
        await work.records.erase(DataClass.TICKETS, before=later, at=later, limit=10)
        assert await work.entries(Wording).find() == []
