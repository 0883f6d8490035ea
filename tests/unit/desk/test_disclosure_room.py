"""Requests for information in the staff room: their card, and what its buttons lead to."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
import pytest_asyncio

from bot.actions import Action, Verb
from bot.desk.disclosure.choosing import RESULT_GROUPS, Chosen
from bot.desk.disclosure.results import GROUNDS, Result
from bot.desk.roster import Roster
from bot.desk.tickets import Evidence, Lead, State
from bot.store.blank import FORGOTTEN
from bot.store.memory import MemoryStore
from tests.unit.desk.office import LI, ROSTER, SUN, WANG
from tests.unit.desk.room import Room

WANTED = "滨海路路灯维护费用的决算"
HOUSING = ROSTER.departments["housing"]
CAREFUL = Roster(
    {**ROSTER.departments, "housing": replace(HOUSING, sensitive=("冒名",))}, ROSTER.others
)
REFUSED = {"Reply", "Draft", "Close", "Merge", "Use 1"}  # before the letter


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    yield Room(MemoryStore(), CAREFUL)


async def labels(room: Room, number: int) -> list[str]:
    return [one.label for row in room.shown[await room.card(number)].buttons for one in row]


async def read(room: Room, number: int) -> str:
    return room.read(await room.card(number))


async def with_a_passage(room: Room, number: int) -> None:
    lead = Lead(passage_id="a#1", document_id="a", title="收费办法", address="", quote="每米。")
    async with room.office.store.begin() as work:
        ticket = await work.tickets.get(number)
        await work.tickets.save(replace(ticket, evidence=Evidence(leads=(lead,), duplicate=9)))


# The card


async def test_the_card_says_what_is_owed_and_never_who_asks(room: Room) -> None:
    number = await room.files(WANTED)  # on 23 November 2026
    text = await read(room, number)
    assert "Request 2026-0001: Electronic, Here in this chat" in text
    assert "Letter due by law on 2026-12-21 · not extended" in text
    assert "Next: the letter; a correction may be asked for until 2026-12-02." in text
    assert "To answer, reply to this message." not in text
    await room.press(WANG, Verb.CLAIM, number)
    await room.office.timekeeper.extend(number, WANG, "需要检索的信息量大")
    text = await read(room, number)
    assert "extended once" in text
    assert not any(person in text for person in ("王小芳", "小芳", "13800138000"))


async def test_no_button_that_would_be_refused(room: Room) -> None:
    number = await room.files(WANTED)
    await with_a_passage(room, number)
    await room.press(WANG, Verb.CARD, number)
    assert await labels(room, number) == [
        *("Claim", "Reply with a letter", "Ask for a correction", "Hear others"),
        *("Transfer", "Everything"),
    ]
    assert "merge" not in await read(room, number)
    await room.press(WANG, Verb.CLAIM, number)
    shown = await labels(room, number)
    assert not REFUSED & set(shown)
    assert {"Ask citizen", "Consult", "Stop the clock", "Extend", "Release"} <= set(shown)


async def test_a_correction_is_offered_for_seven_working_days(room: Room) -> None:
    number = await room.files(WANTED)
    for day, offered in (("2026-12-02", True), ("2026-12-03", False)):
        room.office.time.set(day)
        await room.press(WANG, Verb.CARD, number)
        assert ("Ask for a correction" in await labels(room, number)) is offered


# The letter


async def test_a_letter_is_chosen_by_group_and_result_and_then_worded(room: Room) -> None:
    number = await room.files(WANTED)
    asked = await room.choose(LI, await room.card(number), "Reply with a letter")
    asked = await room.choose(LI, asked, "Open in part")
    assert "why does a part stay closed" in room.read(asked)
    asked = await room.choose(LI, asked, "not opened: rights of others")
    assert "Then the information, or the reasons." in room.read(asked)
    told = await room.say(LI, "总额 12 万元。", asked)
    assert room.read(told) == f"No. {number}: reply sent."
    [letter] = [text for text in await room.citizen_heard() if "总额 12 万元。" in text]
    assert "第三十七条" in letter
    assert "第十五条" in letter
    text = await read(room, number)
    assert "Letter 1 went out on 2026-11-23: opened in part" in text
    assert await labels(room, number) == [
        *("Write again", "Replace the letter", "Close", "Everything")
    ]


async def test_what_a_result_needs_is_its_first_line(room: Room) -> None:
    number = await room.files(WANTED)
    asked = await room.choose(LI, await room.card(number), "Reply with a letter")
    asked = await room.choose(LI, asked, "Cannot be given")
    asked = await room.choose(LI, asked, "not this office")
    assert "First line: who has it" in room.read(asked)
    await room.say(LI, "澜港市财政局，0571-87654321", asked)
    assert any(
        "请向澜港市财政局，0571-87654321提出申请" in one for one in await room.citizen_heard()
    )


async def test_a_letter_that_needs_no_words_goes_with_one_more_press(room: Room) -> None:
    number = await room.files(WANTED)
    asked = await room.choose(LI, await room.card(number), "Reply with a letter")
    asked = await room.choose(LI, asked, "Not handled")
    asked = await room.choose(LI, asked, "repeated request")
    await room.choose(LI, asked, "Send without words")
    assert any("不予重复处理" in one for one in await room.citizen_heard())


async def test_a_letter_without_its_words_is_refused_and_the_prompt_waits(room: Room) -> None:
    number = await room.files(WANTED)
    place = Chosen(group=1, result=Result.OPEN, sends=True).place  # forged: it needs words
    asked = await room.press(LI, Verb.DECIDE, number, place)
    assert "reply to this message" in room.read(asked)
    assert (await room.office.ticket(number)).state is State.CLAIMED
    told = await room.say(WANG, "可以公开。", asked)
    assert "somebody else" in room.read(told)
    await room.say(LI, "决算为 12 万元。", asked)
    assert (await room.office.ticket(number)).state is State.ANSWERED


async def test_another_letter_says_why_the_first_is_replaced(room: Room) -> None:
    number = await room.files(WANTED)
    await room.say(LI, f"/disclosure {number} open 决算为 12 万元。")
    asked = await room.choose(LI, await room.card(number), "Replace the letter")
    asked = await room.choose(LI, asked, "Open")
    asked = await room.choose(LI, asked, "opened")
    assert "why the letter that is out is replaced" in room.read(asked)
    await room.say(LI, "经核对，原答复书所附金额有误。\n决算为 13 万元。", asked)
    letter = (await room.citizen_heard())[-1]
    assert "经核对，原答复书所附金额有误。" in letter
    assert "本机关现撤销2026年11月23日作出的答复书（依申请公开〔2026〕1号）" in letter
    assert "依申请公开〔2026〕1-2号" in letter


async def test_the_letter_of_a_sensitive_request_is_approved_on_its_card(room: Room) -> None:
    number = await room.files("冒名领取补贴的处理决定")
    await room.say(LI, f"/disclosure {number} open 见附表。")
    await room.say(
        LI, f"/disclosure {number} open 见第二张附表。"
    )  # another draft takes its place
    assert (await labels(room, number))[:2] == ["Approve letter", "Send back"]
    refused = await room.press(SUN, Verb.APPROVE, 1)  # the button of the first draft
    assert "waits for a second person" in room.read(refused)
    assert not any("附表" in text for text in await room.citizen_heard())
    await room.choose(SUN, await room.card(number), "Approve letter")
    assert any("见第二张附表。" in text for text in await room.citizen_heard())


# On the way to it


async def test_a_correction_goes_out_as_staff_write_it(room: Room) -> None:
    number = await room.files(WANTED)
    asked = await room.choose(WANG, await room.card(number), "Ask for a correction")
    notice = "请写明路段，或致电 0571-87654321、13900139000，地址：澜港市滨海路12号3楼302室。"
    await room.say(WANG, notice, asked)
    assert any(notice in text for text in await room.citizen_heard())
    text = await read(room, number)
    assert "By law the clock stands." in text
    assert "Next: the applicant makes the request clear by 2026-12-14." in text
    assert "Ask for a correction" not in await labels(room, number)
    room.office.time.set("2026-12-15")
    await room.press(WANG, Verb.CARD, number)
    assert "no correction came by 2026-12-14" in await read(room, number)


async def test_others_are_heard_by_buttons(room: Room) -> None:
    number = await room.files(WANTED)
    asked = await room.choose(WANG, await room.card(number), "Hear others")
    await room.say(WANG, "澜港市滨海照明有限公司，涉及商业秘密", asked)
    assert "others are heard until 2026-12-14" in await read(room, number)
    shown = await labels(room, number)
    assert not {"Reply with a letter", "Hear others", "Start the clock"} & set(shown)
    asked = await room.choose(WANG, await room.card(number), "What they said")
    early = await room.choose(WANG, asked, "No opinion came")
    assert "they have until 2026-12-14" in room.read(early)
    room.office.time.set("2026-12-15")
    asked = await room.choose(WANG, await room.card(number), "What they said")
    await room.choose(WANG, asked, "No opinion came")
    assert "Reply with a letter" in await labels(room, number)
    assert "Next: the letter." in await read(room, number)


@pytest.mark.parametrize(
    "verb", [Verb.DECIDE, Verb.ANEW, Verb.CORRECT, Verb.HEAR, Verb.HEARD], ids=str
)
async def test_buttons_of_requests_do_nothing_to_other_tickets(room: Room, verb: Verb) -> None:
    ticket = await room.opens()
    told = await room.press(WANG, verb, ticket.id, 1)
    assert "no registered request" in room.read(told)
    assert (await room.office.ticket(ticket.id)).state is State.OPEN


async def test_who_does_not_hold_it_chooses_no_result(room: Room) -> None:
    number = await room.files(WANTED)
    await room.press(WANG, Verb.CLAIM, number)
    assert "held by 王芳" in room.read(await room.press(LI, Verb.DECIDE, number))


# The choice itself


def test_every_result_is_in_one_group() -> None:
    assert sorted(one for group in RESULT_GROUPS.values() for one in group) == sorted(Result)


def test_a_button_carries_how_far_the_choice_has_come() -> None:
    for group in range(len(RESULT_GROUPS) + 1):
        for result in (None, *Result):
            for ground in (None, *GROUNDS):
                chosen = Chosen(group=group, result=result, ground=ground, sends=bool(group))
                assert Chosen.of(chosen.place) == chosen
                action = Action(Verb.DECIDE, 10**18 - 1, chosen.place)
                assert len(str(action).encode()) <= 64
                assert Action.parse(str(action)) == action


@pytest.mark.parametrize("place", [99, 9900, 990000, 99000000, 10**18 - 1])
def test_a_forged_choice_chooses_nothing(place: int) -> None:
    assert Chosen.of(place) == Chosen()


# What comes late


async def archived(room: Room) -> int:
    """A request that was answered, and closed by time."""
    number = await room.files(WANTED)
    await room.say(LI, f"/disclosure {number} open 决算为 12 万元。")
    room.office.time.set("2026-12-15")
    await room.office.watch().step()
    assert (await room.office.ticket(number)).state is State.ARCHIVED
    await room.card(number)
    await room.citizen_heard()
    return number


@pytest.mark.parametrize("by", ["buttons", "line"])
async def test_what_a_court_orders_is_obeyed_though_the_request_is_closed(
    room: Room, by: str
) -> None:
    number = await archived(room)
    why = "根据澜港市中级人民法院判决，重新作出答复。"
    if by == "line":
        await room.say(WANG, f"/disclosure {number} replace opened {why}\n决算为 13 万元。")
    else:
        asked = await room.choose(WANG, await room.card(number), "Replace the letter")
        asked = await room.choose(WANG, asked, "Open")
        asked = await room.choose(WANG, asked, "opened")
        await room.say(WANG, f"{why}\n决算为 13 万元。", asked)
    assert "Letter 2 went out on 2026-12-15" in await read(room, number)
    assert any("依申请公开〔2026〕1-2号" in one for one in await room.citizen_heard())
    _, events = await room.office.desk.look(number)
    assert [(one.who, one.why) for one in events if one.what == "opened again"] == [(WANG.id, why)]
    assert (await room.office.ticket(number)).state is State.ANSWERED


async def test_without_a_reason_what_is_closed_stays_closed(room: Room) -> None:
    number = await archived(room)
    told = await room.say(WANG, f"/disclosure {number} open 决算为 13 万元。")
    assert "a letter that takes its place says why" in room.read(told)
    assert (await room.office.ticket(number)).state is State.ARCHIVED
    assert await room.citizen_heard() == []


async def test_a_sensitive_letter_is_replaced_by_two_people_after_it_is_closed(room: Room) -> None:
    number = await room.files("冒名领取补贴的处理决定")
    await room.say(LI, f"/disclosure {number} open 见附表。")
    await room.choose(SUN, await room.card(number), "Approve letter")
    room.office.time.set("2026-12-15")
    await room.office.watch().step()
    await room.card(number)
    await room.citizen_heard()
    await room.say(LI, f"/disclosure {number} replace open 复议决定。\n见第二张附表。")
    assert (await room.office.ticket(number)).state is State.REVIEWING
    card = await room.card(number)
    assert not any("附表" in one for one in await room.citizen_heard())
    await room.choose(SUN, card, "Approve letter")
    assert any("见第二张附表。" in one for one in await room.citizen_heard())


async def test_a_letter_is_replaced_while_its_ticket_is_with_staff_again(room: Room) -> None:
    number = await room.files(WANTED)
    await room.say(LI, f"/disclosure {number} open 决算为 12 万元。")
    async with room.office.store.begin() as work:
        await room.office.desk.follow_up(work, number, "附件打不开。")
    assert "Replace the letter" in await labels(room, number)
    await room.press(LI, Verb.CLAIM, number)
    assert {"Reply", "Replace the letter"} <= set(await labels(room, number))


@pytest.mark.parametrize("words", ["opening 决算为 12 万元。", "hearings", "partly-open x"])
async def test_a_longer_word_is_no_step_and_no_result(room: Room, words: str) -> None:
    number = await room.files(WANTED)
    told = await room.say(LI, f"/disclosure {number} {words}")
    assert "Write the number and what is done" in room.read(told)
    assert (await room.office.ticket(number)).state is State.OPEN


async def test_a_letter_that_nobody_would_get_is_refused(room: Room) -> None:
    number = await archived(room)
    async with room.office.store.begin() as work:
        ticket = await work.tickets.get(number)
        nowhere = replace(ticket.asked_from, chat=FORGOTTEN)  # as /forget leaves it
        await work.tickets.save(replace(ticket, asked_from=nowhere))
    told = await room.say(WANG, f"/disclosure {number} replace open 法院判决。\n决算为 13 万元。")
    assert "had their data erased" in room.read(told)
    assert (await room.office.ticket(number)).state is State.ARCHIVED
