"""From reply to knowledge: proposed by one, approved by another, written once, found again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.publishing.preparing import Proposal
from bot.desk.publishing.publication import Publication, Stage
from bot.desk.roster import Department, Member, Role, Roster
from bot.desk.tickets import Agent, TicketKind
from bot.errors import NotAllowed, PublicationRefused, ReasonMissing
from bot.store.base import DataClass
from knowledge.library import read_library
from knowledge.types import Disclosure, Kind
from tests.unit.desk.office import LI, WANG, ZHAO, store_of
from tests.unit.desk.press import GOOD, REPLY, Press, press_over


@pytest.fixture(params=["memory", "sqlite"])
async def press(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Press]:
    async with store_of(request.param, tmp_path) as store, press_over(store, tmp_path) as made:
        yield made


@pytest.fixture
async def quick(tmp_path: Path) -> AsyncIterator[Press]:
    async with store_of("memory", tmp_path) as store, press_over(store, tmp_path) as made:
        yield made


async def test_what_is_approved_is_a_document_that_the_library_reads(press: Press) -> None:
    one = await press.approved(LI)
    assert (one.stage, one.decided_by) == (Stage.APPROVED, LI)
    assert press.files() == ["answer-1-1.md"]
    [document] = read_library([press.published]).documents
    assert (document.id, document.kind, document.title) == (
        "answer-1",
        Kind.ANSWER,
        "办理养犬登记要带哪些材料？",
    )
    assert (document.disclosure, document.source) == (
        Disclosure.OPEN,
        "https://langang.example/dogs",
    )
    assert document.text.strip() == f"{REPLY}\n\nBased on:\n《澜港市养犬管理规定》 第二条"
    assert (await press.history(one.ticket_id))[-2:] == [
        "publication proposed",
        "publication approved",
    ]


async def test_nobody_approves_what_they_proposed(quick: Press) -> None:
    ticket = await quick.replied()
    at_terminal = Agent("terminal:wang:王芳", "王芳")
    one = await quick.publishing.propose(ticket.id, at_terminal, GOOD)
    for same in (at_terminal, Agent("terminal:wang:李雷", "李雷")):
        with pytest.raises(PublicationRefused, match="another person"):
            await quick.publishing.approve(one.id, same)
        with pytest.raises(PublicationRefused, match="another person"):
            await quick.publishing.refuse(one.id, same, "nein")
    assert quick.files() == []
    await quick.publishing.approve(one.id, Agent("terminal:li:李雷", "李雷"))
    assert quick.files() == ["answer-1-1.md"]


async def test_only_reviewers_and_maintainers_let_out(tmp_path: Path) -> None:
    roster = Roster(
        {
            "dogs": Department(
                key="dogs",
                name="犬管科",
                members=(
                    Member(id=WANG.id, name=WANG.name),
                    Member(id=LI.id, name=LI.name),
                    Member(id=ZHAO.id, name=ZHAO.name, roles=frozenset({Role.MAINTAINER})),
                ),
            )
        }
    )
    async with (
        store_of("memory", tmp_path) as store,
        press_over(store, tmp_path, roster=roster) as press,
    ):
        ticket = await press.replied()
        with pytest.raises(NotAllowed):
            await press.publishing.propose(ticket.id, Agent("telegram:99", "?"), GOOD)
        one = await press.publishing.propose(ticket.id, WANG, GOOD)
        for act in (press.publishing.approve(one.id, LI), press.publishing.drop(one.id, LI, "x")):
            with pytest.raises(NotAllowed, match="maintainer"):
                await act
        assert (await press.publishing.approve(one.id, ZHAO)).stage is Stage.APPROVED


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"disclosure": None}, "主动公开"),
        ({"disclosure": Disclosure.ON_REQUEST}, "主动公开"),
        ({"passages": ("dogs#9",)}, "dogs#9 is no passage in force"),
        ({"passages": ("cats#0",)}, "cats#0 is no passage in force"),
        ({"question": "狗"}, "the question has 1 characters"),
        ({"answer": "请携带身份证，有疑问请拨打13812345678。"}, "〔电话〕"),
        ({"answer": "规定说：“养犬人应当携带户口本和犬只免疫证明”，请照办。"}, "word for word"),
    ],
)
async def test_what_is_wrong_is_refused(
    quick: Press, change: dict[str, object], problem: str
) -> None:
    ticket = await quick.replied()
    wrong = replace(GOOD, **change)  # type: ignore[arg-type]  # any field
    with pytest.raises(PublicationRefused, match=problem):
        await quick.publishing.propose(ticket.id, WANG, wrong)
    assert list(await quick.publishing.all()) == []


async def test_only_replies_to_questions_are_published(quick: Press) -> None:
    waiting = await quick.opens()
    with pytest.raises(PublicationRefused, match="no reply"):
        await quick.publishing.propose(waiting.id, WANG, GOOD)
    complaint = await quick.opens(TicketKind.COMPLAINT)
    await quick.desk.reply(complaint.id, WANG, REPLY)
    with pytest.raises(PublicationRefused, match="is no question"):
        await quick.publishing.propose(complaint.id, WANG, GOOD)


async def test_the_same_question_is_published_once(quick: Press) -> None:
    await quick.approved(LI)
    again = await quick.replied("又来问狗证", chat=quick.chat(2))
    with pytest.raises(
        PublicationRefused, match="answered already: answer for everybody 1, approved"
    ):
        await quick.publishing.propose(again.id, WANG, GOOD)
    near = replace(GOOD, question="办理养犬登记注销要带哪些材料？")
    one = await quick.publishing.propose(again.id, WANG, near)
    assert any("most alike" in flag and "answer for everybody 1" in flag for flag in one.flags)


async def test_two_proposals_at_once_are_one(press: Press) -> None:
    ticket = await press.replied()
    done = await asyncio.gather(
        press.publishing.propose(ticket.id, WANG, GOOD),
        press.publishing.propose(ticket.id, LI, replace(GOOD, question="养犬登记要带哪些材料？")),
        return_exceptions=True,
    )
    assert sum(isinstance(one, Publication) for one in done) == 1
    assert len(await press.publishing.all()) == 1


async def test_a_refused_proposal_is_revised(press: Press) -> None:
    ticket = await press.replied()
    one = await press.publishing.propose(ticket.id, WANG, GOOD)
    with pytest.raises(ReasonMissing):
        await press.publishing.refuse(one.id, LI, " ")
    refused = await press.publishing.refuse(one.id, LI, "说得不清楚")
    assert (refused.stage, refused.why) == (Stage.REFUSED, "说得不清楚")
    better = replace(GOOD, answer=f"{REPLY}无需预约。")
    again = await press.publishing.propose(ticket.id, WANG, better)
    assert (again.id, again.stage, again.edition) == (one.id, Stage.PROPOSED, 1)
    await press.publishing.approve(one.id, LI)
    with pytest.raises(PublicationRefused, match="approved for everybody"):
        await press.publishing.propose(ticket.id, WANG, GOOD)
    with pytest.raises(PublicationRefused, match="approved for everybody"):
        await press.publishing.approve(one.id, LI)


async def test_what_changed_meanwhile_is_not_approved(quick: Press) -> None:
    ticket = await quick.replied()
    one = await quick.publishing.propose(ticket.id, WANG, GOOD)
    quick.change("身份证和犬只免疫证明", "户口簿和犬只免疫证明")
    await quick.builds()
    with pytest.raises(PublicationRefused, match="dogs#1: its passage changed"):
        await quick.publishing.approve(one.id, LI)
    assert quick.files() == []


async def test_passages_that_the_reply_quotes_are_cited_by_themselves(quick: Press) -> None:
    ticket = await quick.replied()
    lead = await quick.lead("dogs#1")
    async with quick.store.begin() as work:
        evidence = replace(ticket.evidence, leads=(await quick.lead("ferries#0"), lead))
        await work.tickets.save(replace(ticket, evidence=evidence))
    quoting = Proposal(
        question=GOOD.question,
        answer="养犬人应当携带本人身份证和犬只免疫证明，到住所地派出所办理登记。",
        disclosure=Disclosure.OPEN,
    )
    one = await quick.publishing.propose(ticket.id, WANG, quoting)
    assert [cited.passage_id for cited in one.cites] == ["dogs#1"]


async def test_a_file_is_never_written_over(quick: Press) -> None:
    await quick.approved(LI)
    path = quick.published / "answer-1-1.md"
    path.write_text("changed by hand", encoding="utf-8")
    with pytest.raises(PublicationRefused, match="changed by hand"):
        await quick.publishing.bring()
    assert path.read_text(encoding="utf-8") == "changed by hand"
    path.unlink()
    await quick.publishing.bring()  # as after a crash between the decision and the file
    await quick.publishing.bring()
    assert quick.files() == ["answer-1-1.md"]
    assert "办理养犬登记要带哪些材料" in path.read_text(encoding="utf-8")


async def test_what_is_dropped_leaves_the_folder_and_comes_back_as_another_edition(
    press: Press,
) -> None:
    one = await press.approved(LI)
    (press.published / "answer-99-1.md").write_text("somebody else's", encoding="utf-8")
    await press.publishing.drop(one.id, LI, "已有新规定")
    assert press.files() == ["answer-99-1.md"]
    again = await press.publishing.propose(one.ticket_id, WANG, GOOD)
    assert (again.id, again.edition) == (one.id, 2)
    await press.publishing.approve(again.id, LI)
    assert press.files() == ["answer-1-2.md", "answer-99-1.md"]


async def test_a_draft_goes_with_the_words_of_its_ticket_and_what_is_public_stays(
    press: Press,
) -> None:
    out = await press.approved(LI)
    ticket = await press.replied("别的问题", chat=press.chat(2))
    draft = await press.publishing.propose(
        ticket.id,
        WANG,
        replace(
            GOOD,
            question="养狗每年收多少钱？",
            answer="每只犬每年120元。请留意时间。",
            passages=("dogs#2",),
        ),
    )
    async with press.store.begin() as work:
        later = press.time.now.replace(year=2031)
        for one in (out, draft):
            stored = await work.tickets.get(one.ticket_id)
            await work.tickets.save(replace(stored, changed=press.time.now))
        await work.records.erase(DataClass.TICKETS, before=later, at=later, limit=10)
    kept, gone = await press.publishing.all()
    assert (kept.stage, kept.answer) == (Stage.APPROVED, REPLY)
    assert (gone.stage, gone.question, gone.answer) == (Stage.DROPPED, "", "")
