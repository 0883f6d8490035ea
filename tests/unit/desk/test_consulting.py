"""Other departments are asked about a ticket, over both stores."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.desk.consultations import Consulted
from bot.desk.consulting import Consulting
from bot.desk.tickets import Agent, State, Ticket
from bot.errors import (
    ConsultationRefused,
    EntryNotFound,
    HeldByAnother,
    IllegalTransition,
    NoSuchDepartment,
)
from tests.unit.desk.office import CHAT, LI, ROOM, SUN, WANG, ZHAO, Office, store_of

QUESTION = "转入地要开什么证明？"


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store)


@pytest.fixture
def consulting(office: Office) -> Consulting:
    return Consulting(office.store, office.desk, days=3)


async def held(office: Office) -> Ticket:
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    await office.told()
    await office.told(CHAT)
    return ticket


async def test_the_last_answer_brings_the_ticket_back_with_a_draft(
    office: Office, consulting: Consulting
) -> None:
    ticket = await held(office)
    asked = await consulting.ask(ticket.id, WANG, ["housing", "pension"], QUESTION)
    assert (await office.ticket(ticket.id)).state is State.CONSULTING
    [notice] = await office.told()
    assert "No. 1: 王芳 asks" in notice
    assert "养老科 (consultation 2) 李雷, 孙权" in notice
    await consulting.answer(asked[1].id, LI, "参保凭证。")
    assert (await office.ticket(ticket.id)).state is State.CONSULTING
    back = await consulting.answer(asked[0].id, ZHAO, "不用证明。")
    assert (back.state, back.holder) == (State.CLAIMED, WANG)
    [told] = await office.told()
    draft = (
        f"On “{QUESTION}”, 住房科 answers: 不用证明。\nOn “{QUESTION}”, 养老科 answers: 参保凭证。"
    )
    assert told == f"No. 1: all answers are in. 王芳\nA draft of the reply, to be edited:\n{draft}"
    assert await consulting.draft(ticket.id) == draft
    assert await office.history(ticket.id) == [
        "opened",
        "claimed",
        "consulting",
        "consultation answered",
        "consultation answered",
        "consulted",
    ]
    assert await office.told(CHAT) == []


async def test_each_department_has_a_clock_of_its_own_in_working_days(
    office: Office, consulting: Consulting
) -> None:
    ticket = await held(office)
    office.time.set("2026-09-30")  # the first week of October is off, its Saturday is worked
    [one] = await consulting.ask(ticket.id, WANG, ["pension"], QUESTION)
    assert one.due is not None
    assert one.due.date().isoformat() == "2026-10-10"
    [owed] = await consulting.waiting()
    assert not owed.is_late(office.time.now)
    office.time.set("2026-10-11")
    [owed] = await consulting.waiting(department="pension")
    assert owed.is_late(office.time.now)
    assert await consulting.waiting(department="housing") == []


async def test_what_is_asked_and_answered_stands_on_the_card(
    office: Office, consulting: Consulting
) -> None:
    ticket = await held(office)
    asked = await consulting.ask(ticket.id, WANG, ["pension", "housing"], QUESTION)
    assert f"养老科 is asked, due by 2026-11-26: {QUESTION}" in await office.card()
    await consulting.answer(asked[0].id, LI, "参保凭证。")
    assert "养老科 (李雷) answers: 参保凭证。" in await office.card()
    office.time.set("2026-11-27")
    await consulting.cancel(asked[1].id, WANG)
    assert "住房科 is asked" not in await office.card()


async def test_the_holder_goes_on_without_an_answer(
    office: Office, consulting: Consulting
) -> None:
    ticket = await held(office)
    [one] = await consulting.ask(ticket.id, WANG, ["pension"], QUESTION)
    with pytest.raises(HeldByAnother):
        await consulting.cancel(one.id, LI)
    back = await consulting.cancel(one.id, WANG)
    assert back.state is State.CLAIMED
    assert await consulting.draft(ticket.id) == ""
    with pytest.raises(ConsultationRefused, match="is cancelled already"):
        await consulting.answer(one.id, LI, "参保凭证。")


async def test_an_answer_that_comes_after_the_reply_is_kept(
    office: Office, consulting: Consulting
) -> None:
    ticket = await held(office)
    [one] = await consulting.ask(ticket.id, WANG, ["pension"], QUESTION)
    await office.desk.reply(ticket.id, WANG, "请到窗口办理。")
    assert await consulting.waiting() == []
    assert (await consulting.answer(one.id, LI, "参保凭证。")).state is State.ANSWERED
    [kept] = await consulting.of(ticket.id)
    assert (kept.state, kept.reply, kept.answered_by) == (Consulted.ANSWERED, "参保凭证。", LI)


async def test_only_the_holder_asks_and_only_other_departments_that_are_there(
    office: Office, consulting: Consulting
) -> None:
    ticket = await office.opens()
    with pytest.raises(IllegalTransition):
        await consulting.ask(ticket.id, WANG, ["pension"], QUESTION)
    await office.desk.triage(ticket.id, WANG, "housing")
    await office.desk.claim(ticket.id, WANG)
    with pytest.raises(HeldByAnother):
        await consulting.ask(ticket.id, LI, ["pension"], QUESTION)
    with pytest.raises(NoSuchDepartment, match="housing, pension"):
        await consulting.ask(ticket.id, WANG, ["pension", "tax"], QUESTION)
    with pytest.raises(ConsultationRefused, match="with 住房科 itself"):
        await consulting.ask(ticket.id, WANG, ["housing"], QUESTION)
    for departments, words in ((["pension"], "  "), ([], QUESTION)):
        with pytest.raises(ConsultationRefused, match="Say which departments"):
            await consulting.ask(ticket.id, WANG, departments, words)
    assert await consulting.of(ticket.id) == []


@pytest.mark.parametrize("stranger", [WANG, Agent("telegram:99", "路人")])
async def test_only_its_people_and_supervisors_answer_for_a_department(
    office: Office, consulting: Consulting, stranger: Agent
) -> None:
    ticket = await held(office)
    [one] = await consulting.ask(ticket.id, WANG, ["pension"], QUESTION)
    with pytest.raises(ConsultationRefused, match="does not answer for 养老科"):
        await consulting.answer(one.id, stranger, "参保凭证。")
    with pytest.raises(ConsultationRefused, match="needs words"):
        await consulting.answer(one.id, LI, " ")
    with pytest.raises(EntryNotFound):
        await consulting.answer(one.id + 1, LI, "参保凭证。")
    await consulting.answer(one.id, SUN, "参保凭证。")


async def test_who_replies_to_the_question_of_a_colleague_does_not_write_to_the_citizen(
    office: Office, consulting: Consulting
) -> None:
    ticket = await held(office)
    await consulting.ask(ticket.id, WANG, ["pension"], QUESTION)
    await office.told()
    async with office.store.begin() as work:
        sent = await work.outbox.delivered(ROOM)
        [notice] = [one for one in sent if "asks" in one.delivery.plain]
        assert await work.outbox.ticket_of(ROOM, notice.platform_id or "") is None
