"""The staff room: who may do what from it, and that nothing said among colleagues leaves it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest_asyncio

from bot.actions import Verb
from bot.desk.roster import OPEN, Member, Roster, number_of
from bot.desk.tickets import ACTIVE, Agent, Lead, State, Ticket
from bot.store.blank import FORGOTTEN
from bot.store.memory import MemoryStore
from bot.types import Style
from tests.unit.desk.office import CHAT, LI, ROSTER, WANG, ZHAO
from tests.unit.desk.room import Room
from tests.unit.shelf import RENT


@pytest_asyncio.fixture
async def room() -> AsyncIterator[Room]:
    yield Room(MemoryStore(), ROSTER)


async def test_what_two_agents_are_asked_does_not_mix(room: Room) -> None:
    one, other = await room.opens(), await room.opens("养猫要办证吗？")
    first = await room.press(WANG, Verb.REPLY, one.id)
    second = await room.press(LI, Verb.REPLY, other.id)
    await room.say(LI, "不用。", second)
    await room.say(WANG, "每米120元。", first)
    assert (await room.office.ticket(one.id)).reply == "每米120元。"
    assert (await room.office.ticket(other.id)).reply == "不用。"


async def test_only_whoever_pressed_answers_a_prompt(room: Room) -> None:
    ticket = await room.opens()
    prompt = await room.press(WANG, Verb.TRANSFER, ticket.id, number_of("housing"))
    assert "done" in room.read(prompt)  # sorted for the first time: no reason is needed
    prompt = await room.press(WANG, Verb.TRANSFER, ticket.id, number_of("pension"))
    note = await room.say(LI, "我看不归我们", prompt)
    assert room.read(note).startswith("That message waits for somebody else.")
    assert (await room.office.ticket(ticket.id)).department == "housing"
    await room.say(WANG, "养老的事", prompt)
    assert (await room.office.ticket(ticket.id)).department == "pension"
    assert "养老的事" in [event.why for event in (await room.office.desk.look(ticket.id))[1]]


async def test_a_prompt_that_was_answered_is_answered_no_more(room: Room) -> None:
    ticket = await room.opens()
    prompt = await room.press(WANG, Verb.REPLY, ticket.id)
    assert await room.say(WANG, "每米120元。", prompt) == prompt
    assert room.read(prompt) == "No. 1: reply sent."
    await room.citizen_heard()
    await room.say(WANG, "谢谢各位", prompt)
    assert await room.citizen_heard() == []


async def test_talk_among_colleagues_does_not_reach_the_citizen(room: Room) -> None:
    ticket = await room.opens()
    card = await room.card(ticket.id)
    held = await room.press(WANG, Verb.CLAIM, ticket.id)
    refused = await room.press(LI, Verb.CLAIM, ticket.id)
    assert (held, room.read(refused)) == (card, "No. 1 is held by 王芳.")
    await room.citizen_heard()
    await room.say(WANG, "我来，你忙别的", refused)
    await room.say(LI, "好的")
    assert await room.citizen_heard() == []
    assert (await room.office.ticket(ticket.id)).state is State.CLAIMED


async def test_an_answer_to_the_card_is_the_reply(room: Room) -> None:
    ticket = await room.opens()
    await room.say(WANG, "每米120元。", await room.card(ticket.id))
    assert (await room.office.ticket(ticket.id)).reply == "每米120元。"


async def test_a_transfer_asks_where_and_why_in_one_message(room: Room) -> None:
    ticket = await room.opens(department="housing")
    where = await room.press(WANG, Verb.TRANSFER, ticket.id)
    labels = [one.label for row in room.shown[where].buttons for one in row]
    assert labels == ["养老科", "Return"]
    assert await room.choose(WANG, where, "养老科") == where
    assert room.read(where).endswith("the reason for giving No. 1 to 养老科.")
    await room.say(WANG, "问的是养老金", where)
    assert room.read(where) == "No. 1: done."
    assert (await room.office.ticket(ticket.id)).department == "pension"


async def test_a_button_of_a_department_that_is_gone_moves_nothing(room: Room) -> None:
    ticket = await room.opens(department="housing")
    where = await room.press(WANG, Verb.TRANSFER, ticket.id)
    room.office.desk.follow(Roster({"housing": ROSTER.departments["housing"]}))
    note = await room.choose(WANG, where, "养老科")
    assert room.read(note) == "There is no such department; there are: 住房科"
    assert (await room.office.ticket(ticket.id)).department == "housing"


async def test_a_citizen_who_had_no_reply_is_closed_in_two_steps(room: Room) -> None:
    ticket = await room.opens()
    prompt = await room.press(WANG, Verb.CLOSE, ticket.id)
    assert (await room.office.ticket(ticket.id)).state is State.OPEN
    await room.choose(WANG, prompt, "Close without one")
    assert (await room.office.ticket(ticket.id)).state is State.ARCHIVED


async def test_what_a_citizen_asks_again_is_not_closed_by_a_press_that_came_before(
    room: Room,
) -> None:
    ticket = await room.opens()
    await room.say(WANG, "每月 30 元。", await room.card(ticket.id))
    async with room.office.store.begin() as work:
        await room.office.desk.follow_up(work, ticket.id, "周末开门吗？")
    await room.press(WANG, Verb.CLOSE, ticket.id)
    assert (await room.office.ticket(ticket.id)).state in ACTIVE


async def test_taking_over_is_for_supervisors_and_says_why(room: Room) -> None:
    ticket = await room.opens()
    await room.press(WANG, Verb.CLAIM, ticket.id)
    note = await room.press(LI, Verb.TAKE_OVER, ticket.id)
    assert room.read(note).endswith("that is only for supervisors.")
    prompt = await room.press(ZHAO, Verb.TAKE_OVER, ticket.id)
    await room.say(ZHAO, "王芳请假", prompt)
    assert (await room.office.ticket(ticket.id)).holder == ZHAO


async def test_a_passage_is_sent_as_the_release_has_it(room: Room) -> None:
    ticket = await _with_leads(room)
    note = await room.press(WANG, Verb.QUOTE, ticket.id, 1)
    assert room.read(note) == "No. 1: reply sent."
    async with room.office.store.begin() as work:
        [queued] = await work.outbox.due(at=room.office.time.now)
    quoted = [span.text for span in queued.delivery.body if span.style is Style.QUOTE]
    assert "第九条　泊位月租为每米120元。" in "".join(quoted)
    assert "https://langang.example/berths" in queued.delivery.plain


async def test_a_passage_that_reads_otherwise_now_is_not_sent(room: Room) -> None:
    ticket = await _with_leads(room)
    passage = replace(RENT.passage, text="第九条　泊位月租为每米150元。")
    room.shelf.rewritten[RENT.passage.id] = replace(RENT, passage=passage)
    note = await room.press(WANG, Verb.QUOTE, ticket.id, 1)
    assert room.read(note).endswith("Nothing sent.")
    assert await room.citizen_heard() == []
    assert (await room.office.ticket(ticket.id)).state is State.OPEN


async def test_a_draft_is_sent_by_whoever_asked_for_it_and_as_they_write_it(room: Room) -> None:
    ticket = await _with_leads(room)
    draft = await room.press(WANG, Verb.DRAFT, ticket.id)
    assert "泊位月租为每米120元" in room.read(draft)
    await room.citizen_heard()
    await room.say(WANG, "您好，每米每月120元。", draft)
    [heard] = await room.citizen_heard()
    assert "您好，每米每月120元。" in heard


async def test_a_ticket_is_merged_by_the_number_of_the_other_one(room: Room) -> None:
    first, second = await room.opens(), await room.opens("养猫要办证吗？")
    prompt = await room.press(WANG, Verb.MERGE, second.id)
    note = await room.say(WANG, "哪个？", prompt)
    assert room.read(note) == "No. 2: that is no number of a ticket."
    await room.say(WANG, "1号", prompt)
    assert (await room.office.ticket(second.id)).merged_into == first.id


async def test_forged_and_outdated_buttons_do_nothing(room: Room) -> None:
    ticket = await room.opens()
    before = await room.office.ticket(ticket.id)
    for verb, target, place in (
        (Verb.CLAIM, 10**17, None),
        (Verb.MERGE, ticket.id, 10**17),
        (Verb.MERGE, ticket.id, ticket.id),
        (Verb.QUOTE, ticket.id, 9),
        (Verb.QUEUE, 99, 99),
        (Verb.CARD, 404, None),
        (Verb.APPROVE, 404, None),
        (Verb.HUMAN, ticket.id, None),
    ):
        await room.press(WANG, verb, target, place)
    assert await room.office.ticket(ticket.id) == before


async def test_the_queue_shows_what_is_late_first(room: Room) -> None:
    await room.opens()
    room.office.time.set("2026-11-26")
    await room.opens("养猫要办证吗？")
    listed = await room.say(WANG, "/queue")
    lines = room.read(listed).split("\n")
    assert lines[0] == "All: 2"
    assert lines[1].startswith("1 · OVERDUE · ")
    await room.press(WANG, Verb.CLAIM, 2)
    assert await room.choose(WANG, listed, "Mine") == listed
    assert room.read(listed).split("\n")[0] == "Mine: 1"


async def test_a_card_comes_again_below_what_was_said(room: Room) -> None:
    ticket = await room.opens()
    card = await room.card(ticket.id)
    again = await room.say(LI, "/ticket 1")
    assert (again, room.shown[again].anew) == (card, True)  # the channel takes the old one away
    assert room.read(await room.say(LI, "/ticket x")) == "Write it like this:\n/ticket 7"
    assert room.read(await room.say(LI, "/ticket 9")) == "There is no No. 9."


async def test_away_is_noted_and_told(room: Room) -> None:
    assert room.read(await room.say(LI, "/away")) == "Nobody is away."
    noted = await room.say(LI, "/away 2026-12-01 2026-12-03 培训")
    assert room.read(noted) == "Noted: 李雷: 2026-12-01 – 2026-12-03 · 培训"
    assert room.read(await room.say(WANG, "/away")).endswith(
        "李雷: 2026-12-01 – 2026-12-03 · 培训"
    )
    for wrong in ("/away 2026-13-01", "/away 2026-12-01 2026-12-32", "/away 明天"):
        assert room.read(await room.say(LI, wrong)).startswith("Write it like this:\n/away")


async def test_everything_comes_as_a_file(room: Room) -> None:
    ticket = await room.opens("问题" * 400)
    file = room.shown[await room.press(WANG, Verb.WHOLE, ticket.id)].attachment
    assert file is not None
    assert "问题" * 400 in file.text
    assert "Citizen asked" in file.text


async def test_on_an_open_desk_nothing_is_transferred() -> None:
    room = Room(MemoryStore(), OPEN)
    ticket = await room.opens()
    buttons = [one.action for row in room.shown[await room.card(ticket.id)].buttons for one in row]
    assert "transfer:1" not in buttons
    note = await room.press(WANG, Verb.TRANSFER, ticket.id, number_of("housing"))
    assert room.read(note).startswith("There is no such department")


async def _with_leads(room: Room) -> Ticket:
    ticket = await room.opens()
    lead = Lead(
        passage_id=RENT.passage.id,
        document_id=RENT.document.id,
        title=RENT.document.title,
        address="第三章 收费 第九条",
        quote=RENT.passage.text,
    )
    async with room.office.store.begin() as work:
        evidence = replace(ticket.evidence, leads=(lead,))
        return await work.tickets.save(replace(ticket, evidence=evidence))


async def test_a_request_for_information_is_decided_with_its_letter(room: Room) -> None:
    number = await room.files("滨海路路灯维护费用的决算")
    told = await room.say(LI, "我看可以公开。", to=await room.card(number))
    assert f"/disclosure {number} " in room.read(told)
    assert not any("可以公开" in text for text in await room.citizen_heard())
    told = await room.say(LI, f"/disclosure {number} open 决算为十二万元。")
    assert room.read(told) == f"No. {number}: reply sent."
    assert any("决算为十二万元。" in text for text in await room.citizen_heard())


async def test_what_is_closed_is_opened_again_with_a_reason(room: Room) -> None:
    ticket = await room.opens()
    await room.press(WANG, Verb.CLAIM, ticket.id)
    await room.say(WANG, "每月 30 元。", await room.card(ticket.id))
    await room.press(WANG, Verb.CLOSE, ticket.id)
    asked = await room.choose(LI, await room.card(ticket.id), "Open again")
    await room.say(LI, "金额有误", asked)
    opened = await room.office.ticket(ticket.id)
    assert (opened.state, opened.holder) == (State.CLAIMED, LI)
    assert opened.deadlines.due is not None  # else it might be forgotten
    await room.say(LI, "更正：每月 300 元。", await room.card(ticket.id))
    assert any("更正：每月 300 元。" in one for one in await room.citizen_heard())


async def test_a_member_is_one_person_in_the_room_and_elsewhere() -> None:
    """What they claim in one they hold in all, whichever of their ids comes first."""
    zhou = Member(id="terminal:zhou", also=("telegram:7",), name="周舟")
    housing = replace(ROSTER.departments["housing"], members=(zhou,))
    room = Room(MemoryStore(), Roster({"housing": housing}))
    ticket = await room.opens()
    await room.press(Agent("telegram:7", "Zhou ⛵"), Verb.CLAIM, ticket.id)
    held = await room.office.ticket(ticket.id)
    assert held.holder == Agent("terminal:zhou", "周舟")
    await room.office.desk.release(ticket.id, zhou.agent)
    given = await room.office.desk.triage(ticket.id, zhou.agent, "housing")
    assert given.assigned == zhou.agent
    links = [one.href for one in room.shown[await room.card(ticket.id)].body if one.href]
    assert links == ["tg://user?id=7"]  # so that Telegram tells them


async def test_what_nobody_could_be_told_of_is_not_opened_again(room: Room) -> None:
    ticket = await room.opens()
    await room.say(WANG, "每月 30 元。", await room.press(WANG, Verb.REPLY, ticket.id))
    async with room.office.store.begin() as work:
        told = await work.tickets.get(ticket.id)
        nowhere = replace(CHAT, chat=FORGOTTEN)  # as /forget leaves it
        gone = replace(told, asked_from=nowhere, state=State.ARCHIVED, holder=None)
        await work.tickets.save(gone)
    asked = await room.press(LI, Verb.REOPEN, ticket.id)
    assert "had their data erased" in room.read(await room.say(LI, "金额有误", asked))
    assert (await room.office.ticket(ticket.id)).state is State.ARCHIVED
