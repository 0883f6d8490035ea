"""What needs a letter, a second person or a role needs it whichever way is tried."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from bot import people
from bot.desk.disclosure.entry import Dispute, Remedy
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision, Sender
from bot.desk.disclosure.results import Result
from bot.desk.pressing import withdraw
from bot.desk.publishing.declining import WITHOUT_KEY
from bot.desk.reviewing import Reviewing
from bot.desk.roster import OPEN, Department, Member, Roster
from bot.desk.tickets import Agent, Evidence, SimilarTicket, State, Ticket
from bot.errors import DisclosureRefused, LetterOwed, NotAllowed, ReviewRefused
from bot.retention import Periods, Retention
from bot.types import Address, Message
from tests.unit.desk.office import CHAT, LI, ROSTER, SUN, WANG, ZHAO, Office, store_of
from tests.unit.desk.requests import filed

OTHER = Address("telegram", "1002")
STRANGER = Agent("telegram:99", "陌生人")
DECISION = Decision(result=Result.OPEN, text="决算为一百二十万元。")
HOUSING = ROSTER.departments["housing"]
CAREFUL = Roster(
    {**ROSTER.departments, "housing": replace(HOUSING, sensitive=("冒名",))}, ROSTER.others
)


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        yield Office(store, roster=CAREFUL)


@pytest.fixture
def disclosures(office: Office) -> Disclosures:
    return Disclosures(office.store, office.desk, sender=Sender(bureau="澜港市市政管理局"))


@pytest.fixture
def reviewing(office: Office) -> Reviewing:
    return Reviewing(office.store, office.desk)


async def changed(office: Office, number: int, evidence: Evidence) -> Ticket:
    async with office.store.begin() as work:
        ticket = await work.tickets.get(number)
        return await work.tickets.save(replace(ticket, evidence=evidence))


# Requests for information


async def test_a_registered_request_ends_with_a_letter_only(
    office: Office, disclosures: Disclosures
) -> None:
    number = await filed(office)
    await office.desk.claim(number, WANG)
    with pytest.raises(LetterOwed, match="2026-0001"):
        await office.desk.reply(number, WANG, "可以公开。")
    with pytest.raises(LetterOwed):
        await office.desk.close(number, WANG, "办结")
    assert (await office.ticket(number)).state is State.CLAIMED
    assert not any("可以公开" in told for told in await office.told(CHAT))
    await disclosures.reply(number, WANG, DECISION)
    await office.desk.reply(number, WANG, "决算表在附件第二页。")  # a word on the letter
    await office.desk.close(number, WANG)
    assert (await office.ticket(number)).state is State.ARCHIVED


async def test_a_request_is_not_merged_in_either_direction(office: Office) -> None:
    number, question = await filed(office), await office.opens(chat=OTHER)
    for one, into in ((number, question.id), (question.id, number)):
        with pytest.raises(DisclosureRefused, match="merged with nothing"):
            await office.desk.merge(one, into, WANG)


async def test_the_letter_of_a_sensitive_request_waits_for_a_second_person(
    office: Office, disclosures: Disclosures, reviewing: Reviewing
) -> None:
    number = await filed(office, "冒名领取补贴的处理决定")
    await disclosures.reply(number, ZHAO, DECISION)
    assert (await office.ticket(number)).state is State.REVIEWING
    assert not any(DECISION.text in told for told in await office.told(CHAT))
    with pytest.raises(ReviewRefused, match="wrote it"):
        await disclosures.approve(number, ZHAO)
    with pytest.raises(NotAllowed):
        await disclosures.approve(number, LI)
    with pytest.raises(LetterOwed):  # as text it does not go out
        await reviewing.approve(1, SUN)
    letter = await disclosures.approve(number, SUN)
    assert [letter.text in told for told in await office.told(CHAT)] == [True]
    done = await disclosures.case(number)
    assert (done.ticket.state, done.ticket.holder) == (State.ANSWERED, ZHAO)
    assert done.request.answer is not None
    assert (done.request.answer.by, done.request.proposed) == (ZHAO, None)
    with pytest.raises(DisclosureRefused, match="waits for a second person"):
        await disclosures.approve(number, SUN)


async def test_no_other_draft_takes_the_place_of_the_letter(
    office: Office, disclosures: Disclosures, reviewing: Reviewing
) -> None:
    number = await filed(office, "冒名领取补贴的处理决定")
    await disclosures.reply(number, WANG, DECISION)
    with pytest.raises(LetterOwed):
        await office.desk.reply(number, WANG, "另一份草稿。")
    await reviewing.reject(1, ZHAO, "缺依据")
    await disclosures.reply(number, WANG, replace(DECISION, text="决算为一百三十万元。"))
    assert "一百三十万元" in (await disclosures.approve(number, ZHAO)).text


async def test_the_clock_that_was_let_go_on_does_not_keep_a_hearing_from_ending(
    office: Office, disclosures: Disclosures
) -> None:
    number = await filed(office)
    await disclosures.hear(number, WANG, "滨海照明公司")
    await office.timekeeper.resume(number, WANG)
    await disclosures.heard(number, WANG, "同意公开")
    assert (await disclosures.case(number)).request.hearing is None


async def test_a_stranger_notes_no_dispute(office: Office, disclosures: Disclosures) -> None:
    number = await filed(office)
    dispute = Dispute(remedy=Remedy.REVIEW, begun=date(2026, 11, 23))
    with pytest.raises(NotAllowed):
        await disclosures.note_dispute(number, STRANGER, dispute)


# A second person


async def test_what_is_merged_with_a_sensitive_ticket_is_sensitive(office: Office) -> None:
    sensitive = await office.opens(question="有人冒名领取补贴")
    plain, answered = await office.opens(chat=OTHER), await office.opens(chat=OTHER)
    await office.desk.reply(answered.id, WANG, "没有人看过。")
    with pytest.raises(ReviewRefused, match="without a second person"):
        await office.desk.merge(sensitive.id, answered.id, WANG)
    await office.desk.merge(sensitive.id, plain.id, WANG)
    assert (await office.desk.reply(plain.id, WANG, "按规定处理。")).state is State.REVIEWING
    assert not any("按规定" in told for told in await office.told(CHAT))


async def test_what_is_added_may_make_a_ticket_sensitive(office: Office) -> None:
    ticket = await office.opens()
    async with office.store.begin() as work:
        await office.desk.follow_up(work, ticket.id, "其实是有人冒名")
    assert (await office.desk.reply(ticket.id, WANG, "知道了。")).state is State.REVIEWING


async def test_who_has_two_accounts_is_no_second_person(office: Office) -> None:
    member = Member(id="terminal:zhao", name=ZHAO.name, roles=HOUSING.members[1].roles)
    house = Department(key="housing", name="住房科", members=(*HOUSING.members, member))
    office.desk.follow(replace(CAREFUL, departments={"housing": house}))
    ticket = await office.opens()
    async with office.store.begin() as work:
        await work.tickets.save(replace(ticket, sensitive=True))
    await office.desk.reply(ticket.id, ZHAO, "按规定处理。")
    with pytest.raises(ReviewRefused, match="wrote it"):
        await Reviewing(office.store, office.desk).approve(1, Agent("terminal:zhao:x", "x"))


def test_one_login_is_one_person_on_an_open_desk_too() -> None:
    one, other = Agent("terminal:li:李雷", "李雷"), Agent("terminal:li:王芳", "王芳")
    assert OPEN.is_same_person(one, other)
    assert not OPEN.is_same_person(one, Agent("terminal:liu:李雷", "李雷"))
    assert not OPEN.is_same_person(WANG, LI)


# Who had their data erased


async def test_what_waits_merged_into_another_is_not_forgotten(office: Office) -> None:
    first, second = await office.opens(), await office.opens(chat=OTHER)
    await office.desk.merge(second.id, first.id, WANG)
    asks = Message(id="f", address=OTHER, sender="1002", text="/forget", at=office.time.now)
    async with office.store.begin() as work:
        receipt = await people.forget(work, asks, at=office.time.now)
    assert (receipt.waiting, receipt.kept) == ((second.id,), ())
    await office.desk.reply(first.id, WANG, "带户口本来。")
    [reply] = await office.told(OTHER)
    assert "带户口本来。" in reply


async def test_nothing_is_sent_to_whoever_was_forgotten(office: Office) -> None:
    first, second = await office.opens(), await office.opens(chat=OTHER)
    await office.desk.merge(second.id, first.id, WANG)
    await office.desk.reply(first.id, WANG, "带户口本来。")
    asks = Message(id="f", address=CHAT, sender="1001", text="/forget", at=office.time.now)
    async with office.store.begin() as work:
        await people.forget(work, asks, at=office.time.now)
        await office.desk.follow_up(work, second.id, "原件还是复印件？")
    await office.told(OTHER)
    await office.desk.reply(first.id, WANG, "要原件。")
    [reply] = await office.told(OTHER)
    assert "要原件。" in reply
    assert await office.told(Address("telegram", "forgotten")) == []


async def test_others_words_leave_a_ticket_that_is_done(office: Office) -> None:
    ticket = await office.opens()
    alike = SimilarTicket(ticket_id=7, question="问", reply="答", score=0.5)
    await changed(office, ticket.id, Evidence(similar=(alike,), release="r1"))
    await office.desk.reply(ticket.id, WANG, "带户口本来。")
    assert (await office.ticket(ticket.id)).evidence.similar == (alike,)
    await office.desk.close(ticket.id, WANG)
    assert (await office.ticket(ticket.id)).evidence == Evidence(release="r1")


async def test_the_file_says_whether_somebody_wants_no_messages(office: Office) -> None:
    asks = Message(id="d", address=CHAT, sender="1001", text="/mydata", at=office.time.now)
    said = []
    for _ in range(2):
        async with office.store.begin() as work:
            file = await people.export(work, asks, at=office.time.now)
            said.append(json.loads(file.text)["no_unasked_messages"])
            await WITHOUT_KEY.note(work, CHAT)
    assert said == [False, True]


async def test_a_letter_that_waits_goes_with_the_words_of_its_ticket(
    office: Office, disclosures: Disclosures
) -> None:
    number = await filed(office, "冒名领取补贴的处理决定")
    await disclosures.reply(number, WANG, DECISION)
    async with office.store.begin() as work:
        await withdraw(office.desk, work, await work.tickets.get(number))
    office.time.set("2030-01-01")
    periods = Periods(messages=185, conversations=90, tickets=1095)
    await Retention(office.store, periods, clock=office.time).sweep()
    request = (await disclosures.case(number)).request
    assert (request.proposed, request.name, request.contact) == (None, "", "")
