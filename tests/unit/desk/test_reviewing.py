"""The reply to a sensitive ticket goes out when a second person approves it, over both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.desk.desk import Desk
from bot.desk.reviewing import Reviewing
from bot.desk.roster import OPEN
from bot.desk.tickets import Evidence, Lead, State, Ticket
from bot.errors import HeldByAnother, NotAllowed, ReasonMissing, ReviewRefused
from tests.unit.desk.office import CHAT, LI, ROSTER, SUN, WANG, ZHAO, Office, store_of

PASSAGE = Lead(
    passage_id="housing#12",
    document_id="housing",
    title="澜港市住房补贴办法",
    address="第十二条",
    quote="第十二条　冒名领取补贴的，三年内不得再次申请，并退回全部款项。",
)
DRAFT = "按规定，冒名领取补贴的，三年内不得再次申请，并退回全部款项。另罚款500元。"


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


@pytest.fixture
def reviewing(office: Office) -> Reviewing:
    return Reviewing(office.store, office.desk)


async def submitted(office: Office, *, draft: str = DRAFT) -> Ticket:
    """A sensitive ticket whose reply was written."""
    ticket = await office.opens(question="有人冒名领取补贴怎么处理？")
    async with office.store.begin() as work:
        await work.tickets.save(
            replace(ticket, sensitive=True, evidence=Evidence(leads=(PASSAGE,)))
        )
    return await office.desk.reply(ticket.id, WANG, draft)


async def test_a_reply_waits_for_a_second_person(office: Office, reviewing: Reviewing) -> None:
    ticket = await submitted(office)
    assert (ticket.state, ticket.holder, ticket.reply) == (State.REVIEWING, WANG, None)
    assert not any("按规定" in text for text in await office.told(CHAT))
    answered = await reviewing.approve(1, ZHAO)
    assert (answered.state, answered.reply, answered.holder) == (State.ANSWERED, DRAFT, WANG)
    [reply] = await office.told(CHAT)
    assert DRAFT in reply
    assert await reviewing.waiting() == []


async def test_author_and_reviewer_are_in_the_audit_log(
    office: Office, reviewing: Reviewing
) -> None:
    ticket = await submitted(office)
    await reviewing.approve(1, ZHAO)
    _, events = await office.desk.look(ticket.id)
    assert [(event.who, event.what, event.text) for event in events[1:]] == [
        (WANG.id, "submitted", DRAFT),
        (ZHAO.id, "approved", f"王芳 ({WANG.id})"),
        (ZHAO.id, "replied", DRAFT),
    ]


async def test_the_reviewer_sees_what_is_word_for_word_and_what_is_in_no_passage(
    office: Office,
) -> None:
    await submitted(office)
    [page] = await office.told()
    assert page == (
        "No. 1: reply by 王芳 for review (review 1)\n有人冒名领取补贴怎么处理？\n"
        f"{DRAFT}\nIn no passage that was found: 500元\nFor review: 赵敏, 孙权"
    )


async def test_who_wrote_a_reply_does_not_approve_it(office: Office, reviewing: Reviewing) -> None:
    ticket = await submitted(office)
    office.desk.follow(OPEN)
    with pytest.raises(ReviewRefused, match="王芳 wrote it"):
        await reviewing.approve(1, WANG)
    with pytest.raises(ReviewRefused, match="王芳 wrote it"):
        await reviewing.reject(1, WANG, "再想想")
    assert (await office.ticket(ticket.id)).state is State.REVIEWING
    assert (await reviewing.approve(1, LI)).state is State.ANSWERED  # an open desk: anybody else


async def test_with_a_roster_only_reviewers_decide(office: Office, reviewing: Reviewing) -> None:
    ticket = await submitted(office)
    with pytest.raises(NotAllowed, match="reviewer"):
        await reviewing.approve(1, LI)
    with pytest.raises(HeldByAnother):
        await office.desk.reply(ticket.id, ZHAO, "不用复核。")
    assert not any("复核" in text for text in await office.told(CHAT))


async def test_a_draft_is_sent_back_with_a_reason(office: Office, reviewing: Reviewing) -> None:
    ticket = await submitted(office)
    with pytest.raises(ReasonMissing):
        await reviewing.reject(1, ZHAO, " ")
    await office.told()
    back = await reviewing.reject(1, ZHAO, "罚款没有依据")
    assert (back.state, back.holder) == (State.CLAIMED, WANG)
    assert await office.told() == ["No. 1: 赵敏 sends the draft back: 罚款没有依据 王芳"]
    with pytest.raises(ReviewRefused, match="it is rejected"):
        await reviewing.approve(1, ZHAO)
    await office.desk.reply(ticket.id, WANG, DRAFT[:-8])
    assert (await reviewing.approve(2, ZHAO)).reply == DRAFT[:-8]


async def test_another_draft_makes_the_review_of_the_first_void(
    office: Office, reviewing: Reviewing
) -> None:
    ticket = await submitted(office)
    changed = await office.desk.reply(ticket.id, WANG, "三年内不得再次申请。")
    assert changed.state is State.REVIEWING
    with pytest.raises(ReviewRefused, match="was changed"):
        await reviewing.approve(1, ZHAO)
    [waiting] = await reviewing.waiting()
    assert (waiting.review.id, waiting.review.draft) == (2, "三年内不得再次申请。")


async def test_what_was_taken_over_meanwhile_is_not_approved(
    office: Office, reviewing: Reviewing
) -> None:
    ticket = await submitted(office)
    await office.desk.take_over(ticket.id, SUN, "王芳休假")
    with pytest.raises(ReviewRefused, match="it is claimed"):
        await reviewing.approve(1, ZHAO)
    assert await reviewing.waiting() == []
    assert not any("按规定" in text for text in await office.told(CHAT))


async def test_what_the_citizen_adds_meanwhile_is_shown(
    office: Office, reviewing: Reviewing
) -> None:
    ticket = await submitted(office)
    async with office.store.begin() as work:
        await office.desk.follow_up(work, ticket.id, "是我本人领的，不是冒名。")
    looked = await reviewing.look(1)
    assert looked.added == ("是我本人领的，不是冒名。",)
    assert looked.ticket.state is State.REVIEWING
    page = reviewing.page(looked)
    assert "是我本人领的，不是冒名。" in "".join(span.text for span in page.body)


async def test_a_second_reply_is_reviewed_too(office: Office, reviewing: Reviewing) -> None:
    ticket = await submitted(office)
    await reviewing.approve(1, ZHAO)
    again = await office.desk.reply(ticket.id, WANG, "更正：以通知为准。")
    assert (again.state, again.reply) == (State.REVIEWING, DRAFT)
    assert (await reviewing.approve(2, SUN)).reply == "更正：以通知为准。"


async def test_one_person_with_two_names_at_a_terminal_is_one(office: Office) -> None:
    department = ROSTER.departments["housing"]
    zhao = replace(department.members[1], id="terminal:zhao")
    roster = replace(ROSTER, departments={"housing": replace(department, members=(zhao,))})
    desk = Desk(office.store, bureau=office.desk.bureau, clock=office.time, roster=roster)
    ticket = await office.opens(question="有人冒名领取补贴怎么处理？")
    async with office.store.begin() as work:
        await work.tickets.save(replace(ticket, sensitive=True))
    author, other = replace(ZHAO, id="terminal:zhao:a"), replace(ZHAO, id="terminal:zhao:b")
    await desk.reply(ticket.id, author, DRAFT)
    with pytest.raises(ReviewRefused, match="wrote it"):
        await Reviewing(office.store, desk).approve(1, other)
