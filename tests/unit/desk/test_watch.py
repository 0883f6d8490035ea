"""What is done about tickets that nobody does anything with, on real days of 2026."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from bot.desk.pressing import press
from bot.desk.roster import OPEN
from bot.desk.tickets import Deadlines, State, TicketKind
from bot.desk.watch import Watch
from tests.unit.desk.office import LI, WANG, Interrupted, Office, store_of


async def test_a_lease_that_ended_returns_the_ticket_and_names_who_had_it(stored: Office) -> None:
    ticket = await stored.opens()
    await stored.desk.claim(ticket.id, WANG)
    await stored.told()
    stored.time.set("2026-11-24", 9)
    await stored.watch().step()
    assert (await stored.ticket(ticket.id)).holder == WANG, "a day is not over"
    stored.time.set("2026-11-24", 10, 1)
    watch = stored.watch()
    await watch.step()
    now = await stored.ticket(ticket.id)
    assert (now.state, now.holder, now.lease) == (State.OPEN, None, None)
    [_, note] = await stored.told()
    assert (
        note == "Back in the queue, for nothing was done with them for too long: 1\n· 王芳: No. 1"
    )
    assert (await stored.history(ticket.id))[-1] == "lapsed"
    await watch.step()
    assert await stored.told() == []


async def test_a_lease_does_not_end_on_a_weekend(office: Office) -> None:
    office.time.set("2026-11-27", 17)  # a Friday
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    for day, hour in (("2026-11-28", 18), ("2026-11-29", 12), ("2026-11-30", 16)):
        office.time.set(day, hour)
        await office.watch().step()
        assert (await office.ticket(ticket.id)).holder == WANG
    office.time.set("2026-11-30", 17, 1)
    await office.watch().step()
    assert (await office.ticket(ticket.id)).holder is None


async def test_a_citizen_who_presses_does_not_keep_the_ticket_where_it_is(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.claim(ticket.id, WANG)
    office.time.set("2026-11-24", 9)
    async with office.store.begin() as work:
        assert await press(office.desk, work, await work.tickets.get(ticket.id))
    office.time.set("2026-11-24", 10, 1)
    await office.watch().step()
    assert (await office.ticket(ticket.id)).holder is None


async def test_staff_are_warned_once_in_the_morning_of_the_last_day(office: Office) -> None:
    ticket = await office.opens()
    await office.told()
    for day, hour, minute in (("2026-11-23", 23, 0), ("2026-11-24", 8, 29)):
        office.time.set(day, hour, minute)
        await office.watch().step()
        assert await office.told() == []
    office.time.set("2026-11-24", 8, 30)
    watch = office.watch()
    await watch.step()
    assert await office.told() == [f"Due soon: 1\n· 2026-11-24 nobody yet: No. {ticket.id}"]
    await watch.step()
    await office.watch().step()  # after a restart
    assert await office.told() == []


async def test_what_is_overdue_is_for_the_supervisors_once(stored: Office) -> None:
    first, second = await stored.opens(), await stored.opens()
    await stored.desk.triage(first.id, WANG, "housing")
    await stored.desk.triage(second.id, WANG, "pension")
    stored.time.set("2026-11-24")
    await stored.watch().step()
    await stored.told()
    stored.time.set("2026-11-25", 8, 30)
    await stored.watch().step()
    [note] = await stored.told()
    assert note == (
        "Overdue: 2\n· 2026-11-24 住房科: No. 1\n· 2026-11-24 养老科: No. 2"
        "\nFor the supervisors: 赵敏, 孙权"
    )
    assert (await stored.ticket(first.id)).deadlines.escalated == stored.time.now
    assert (await stored.history(first.id))[-2:] == ["warned", "escalated"]
    stored.time.set("2026-11-26")
    await stored.watch().step()
    assert await stored.told() == []


async def test_only_its_own_supervisors_are_named(office: Office) -> None:
    ticket = await office.opens()
    await office.desk.triage(ticket.id, WANG, "pension")
    office.time.set("2026-11-24", 16)
    await office.desk.claim(ticket.id, LI)
    office.time.set("2026-11-25", 8, 30)
    await office.watch().step()
    [*_, note] = await office.told()
    assert "李雷: No. 1" in note
    assert note.endswith("For the supervisors: 孙权")


async def test_a_new_due_time_is_warned_of_again(office: Office) -> None:
    ticket = await office.opens(TicketKind.COMPLAINT)  # first word 24, answer 30 November
    office.time.set("2026-11-24")
    await office.watch().step()
    await office.desk.claim(ticket.id, WANG)
    await office.desk.ask(ticket.id, WANG, "哪个小区？")
    async with office.store.begin() as work:
        await office.desk.follow_up(work, ticket.id, "澜港花园。")  # a word by the 25th
    await office.told()
    office.time.set("2026-11-25", 8, 30)
    await office.watch().step()
    assert any("2026-11-25 王芳: No. 1" in note for note in await office.told())


async def test_a_holiday_is_no_day_to_be_told_on(office: Office) -> None:
    office.time.set("2026-09-30", 16)
    await office.opens()  # a word is due on 8 October
    await office.told()
    for day in ("2026-10-01", "2026-10-07"):
        office.time.set(day, 12)
        await office.watch().step()
        assert await office.told() == []
    office.time.set("2026-10-08", 8, 30)
    await office.watch().step()
    assert await office.told() == ["Due soon: 1\n· 2026-10-08 nobody yet: No. 1"]
    office.time.set("2026-10-10", 8, 30)  # a Saturday that is worked
    await office.watch().step()
    assert (await office.told())[0].startswith("Overdue: 1")


async def test_many_tickets_are_one_message(office: Office) -> None:
    for _ in range(43):
        await office.opens()
    await office.told()
    office.time.set("2026-11-24", 8, 30)
    await office.watch().step()
    [note] = await office.told()
    assert note.startswith("Due soon: 43\n· 2026-11-24 nobody yet: No. 1, 2, 3")
    assert note.endswith("40 … +3")


async def test_two_processes_say_nothing_twice(stored: Office) -> None:
    held, late = await stored.opens(), await stored.opens()
    await stored.desk.claim(held.id, WANG)
    await stored.told()
    stored.time.set("2026-11-25", 11)
    await asyncio.gather(stored.watch().step(), stored.watch().step(), stored.watch().step())
    notes = await stored.told()
    assert sorted(note.split(":")[0] for note in notes) == [
        "Back in the queue, for nothing was done with them for too long",
        "Overdue",
    ]
    assert (await stored.history(held.id)).count("lapsed") == 1
    assert (await stored.history(late.id)).count("escalated") == 1


async def test_a_clock_that_stands_for_long_is_reminded_of_once(office: Office) -> None:
    office.time.set("2026-09-15")
    ticket = await office.opens(TicketKind.DISCLOSURE)
    await office.timekeeper.pause(ticket.id, WANG, "征求第三方意见")
    await office.told()
    for day in ("2026-10-10", "2026-10-12"):  # the fifteenth working day
        office.time.set(day)
        await office.watch().step()
        assert await office.told() == []
    office.time.set("2026-10-13")
    watch = office.watch()
    await watch.step()
    [note] = await office.told()
    assert note.startswith("Their clocks have stood for long")
    await watch.step()
    await office.watch().step()
    assert await office.told() == []


async def test_what_was_answered_long_ago_is_archived(stored: Office) -> None:
    waiting, answered = await stored.opens(), await stored.opens()
    await stored.desk.reply(answered.id, WANG, "要办犬证。")
    stored.time.now += timedelta(days=13, hours=23)
    await stored.watch().step()
    assert (await stored.ticket(answered.id)).state is State.ANSWERED
    stored.time.now += timedelta(hours=2)
    await stored.watch(archive_days=0).step()
    assert (await stored.ticket(answered.id)).state is State.ANSWERED
    await stored.watch().step()
    assert (await stored.ticket(answered.id)).state is State.ARCHIVED
    assert (await stored.ticket(waiting.id)).state is State.OPEN
    assert (await stored.history(answered.id))[-1] == "archived"


async def test_archiving_leaves_the_room_to_others(office: Office) -> None:
    numbers = [(await office.opens()).id for _ in range(7)]
    for number in numbers:
        await office.desk.reply(number, WANG, "要办犬证。")
    office.time.now += timedelta(days=15)
    watch, archived = office.watch(), []
    for _ in range(2):
        await watch.step()
        states = [(await office.ticket(number)).state for number in numbers]
        archived.append(states.count(State.ARCHIVED))
    assert archived == [5, 7]


async def test_tickets_from_before_there_were_clocks_get_theirs(stored: Office) -> None:
    ticket = await stored.opens()
    async with stored.store.begin() as work:
        await work.tickets.save(replace(ticket, deadlines=Deadlines()))
    stored.time.set("2026-11-24", 8)
    await stored.watch().step()
    assert (await stored.ticket(ticket.id)).deadlines == ticket.deadlines


async def test_without_a_room_tickets_are_marked_all_the_same(tmp_path: Path) -> None:
    async with store_of("memory", tmp_path) as store:
        office = Office(store, roster=OPEN, room=None)
        ticket = await office.opens()
        office.time.set("2026-11-25")
        await office.watch().step()
        assert (await office.ticket(ticket.id)).deadlines.escalated is not None


async def test_what_changed_meanwhile_is_not_told(stored: Office) -> None:
    """Somebody answers between the reading and the writing; the rest is told a step later."""
    answered, late = await stored.opens(), await stored.opens()
    await stored.told()
    stored.time.set("2026-11-25")

    async def reply() -> None:
        await stored.desk.reply(answered.id, WANG, "要办犬证。")

    store = Interrupted(
        stored.store, reply, behind=3
    )  # behind tickets without clocks, leases, what is due
    watch = Watch(store, stored.desk, archive_days=0)
    await watch.step()
    assert await stored.told() == []
    assert (await stored.ticket(late.id)).deadlines.escalated is None, "all or nothing"
    await watch.step()
    assert await stored.told() == [
        "Overdue: 1\n· 2026-11-24 nobody yet: No. 2\nFor the supervisors: 赵敏, 孙权"
    ]
