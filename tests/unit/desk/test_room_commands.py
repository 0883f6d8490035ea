"""Commands of the staff room: each does what it says, or says how to write it, or for whom it is."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from bot.actions import Verb
from bot.config import Settings
from bot.desk import room_tasks
from bot.desk.absences import Absence
from bot.desk.concerns.concern import Asked, Concern, Course
from bot.desk.concerns.set_up import concerns_of
from bot.desk.hours import Hours
from bot.desk.listing import LONGEST, Entry, paged
from bot.desk.lookback.task import Task
from bot.desk.room_commands import COMMANDS, menu
from bot.desk.roster import OPEN, Roster
from bot.desk.tickets import Agent, State, TicketKind
from bot.errors import ConcernRefused
from bot.store.memory import MemoryStore
from bot.types import Button
from knowledge.types import Lang
from tests.unit.desk.office import LI, ROSTER, WANG, ZHAO, Office
from tests.unit.desk.room import PUBLISHED, SILENT, Room

HOW: Final = "Write it like this:\n"


@pytest_asyncio.fixture
async def room() -> Room:
    return Room(MemoryStore(), ROSTER)


async def concern(room: Room, **fields: object) -> int:
    """One that was found today."""
    made = Concern(
        label="停水几点来水？",
        examples=("停水几点来水？", "什么时候恢复供水？"),
        days=(Asked(date(2026, 11, 22), 4), Asked(date(2026, 11, 23), 8)),
        recent=12,
        before=3,
        found=date(2026, 11, 23),
        due=date(2026, 11, 25),
    )
    async with room.office.store.begin() as work:
        added = await work.entries(Concern).add(replace(made, **fields))  # type: ignore[arg-type]  # any field
    return added.id


async def task(room: Room, due: str = "2026-12-31", title: str = "修订提取办法") -> int:
    made = Task(year=2026, title=title, department="housing", due=date.fromisoformat(due))
    async with room.office.store.begin() as work:
        return (await work.entries(Task).add(made)).id


async def answer(room: Room, text: str, by: Agent = WANG) -> str:
    """What the room says to a command."""
    return room.read(await room.say(by, text))


@pytest.mark.parametrize(
    "text",
    [
        "/extend 7",
        "/extend 材料很多",
        "/pause 7",
        "/resume",
        "/resume 7 8",
        "/consultations 3",
        "/cancel_consult x",
        "/review 王芳",
        "/concerns x",
        "/concerns own",
        "/concerns own 3 明天",
        "/concerns answer 3",
        "/concerns lose 3",
        "/tasks x",
        "/tasks done",
        "/tasks done 3 明天",
        "/tasks cite 3",
        "/tasks add 修订提取办法",
        "/tasks add 修订提取办法 2026-02-30",
        "/report 明天",
        "/report 2026-02-01 2026-01-01",
        "/report 2026-01-01 2026-02-01 2026-03-01",
        "/roster 住房科",
        "/disclosure",
        "/queue ?",
        "/concerns ？",
    ],
)
async def test_what_cannot_be_read_says_how_it_is_written(room: Room, text: str) -> None:
    name = text.split(maxsplit=1)[0]
    assert (await answer(room, text)).startswith(f"{HOW}{name}")


async def test_help_names_every_command_and_so_does_the_menu(room: Room) -> None:
    text = await answer(room, "/help")
    assert [one.name for one in COMMANDS if f"/{one.name} " not in text] == []
    for language in Lang:
        shown = menu(language)
        assert [name for name, _ in shown] == [one.name for one in COMMANDS]
        assert [words for _, words in shown if not 1 <= len(words) <= 256] == []


async def test_the_clock_of_a_complaint_is_stopped_and_goes_on(room: Room) -> None:
    ticket = await room.office.opens(TicketKind.COMPLAINT)
    said = await answer(room, f"/pause {ticket.id} 等园林处答复")
    assert said == "No. 1: done.\nClock stopped on 2026-11-23"
    said = await answer(room, f"/resume #{ticket.id}")
    assert said.startswith("No. 1: done.\nDue by 2026-11-")
    assert {"paused", "resumed"} <= set(await room.office.history(ticket.id))


async def test_an_extension_is_refused_where_the_kind_has_none(room: Room) -> None:
    ticket = await room.opens()
    assert "no extension" in await answer(room, f"/extend {ticket.id} 材料很多")
    number = await room.files("滨海路路灯维护费用的决算")
    said = await answer(room, f"/extend {number} 材料很多")
    assert said.startswith(f"No. {number}: done.\nDue by ")
    assert any("材料很多" in text for text in await room.citizen_heard())


async def test_the_clock_of_what_a_colleague_holds_is_theirs(room: Room) -> None:
    ticket = await room.opens()
    await room.press(LI, Verb.CLAIM, ticket.id)
    assert await answer(room, "/pause 1 等园林处答复") == "No. 1 is held by 李雷."


async def consulted(room: Room) -> int:
    """A ticket of 王芳's about which 养老科 is asked."""
    ticket = await room.opens()
    await room.press(WANG, Verb.CLAIM, ticket.id)
    await room.consulting.ask(ticket.id, WANG, ["pension"], "可以领养老金吗？")
    return ticket.id


async def test_a_consultation_is_answered_from_the_list(room: Room) -> None:
    assert await answer(room, "/consultations") == "Departments that are asked: 0"
    number = await consulted(room)
    listed = await room.say(LI, "/consultations")
    assert room.read(listed).startswith(
        "Departments that are asked: 1\nConsultation 1, No. 1: 养老科 is asked, due by "
    )
    prompt = await room.choose(LI, listed, "Answer 1")
    await room.say(LI, "可以。", prompt)
    assert (await room.office.ticket(number)).state is State.CLAIMED


async def test_only_the_holder_waits_for_a_department_no_more(room: Room) -> None:
    number = await consulted(room)
    assert await answer(room, "/cancel_consult 1", LI) == "No. 1 is held by 王芳."
    said = await answer(room, "/cancel_consult 1")
    assert said == "No. 1 does not wait for consultation 1 any more."
    assert (await room.office.ticket(number)).state is State.CLAIMED


async def test_a_draft_is_looked_at_again_and_let_out(room: Room) -> None:
    assert await answer(room, "/review") == "Replies for review: 0"
    ticket = await room.opens(sensitive=True)
    await room.office.desk.reply(ticket.id, WANG, "每米120元。")
    listed = await room.say(ZHAO, "/review")
    assert "Review 1, No. 1 by 王芳: " in room.read(listed)
    draft = await room.choose(ZHAO, listed, "1")
    assert "每米120元。" in room.read(draft)
    assert room.read(await room.say(ZHAO, "/review 1")) == room.read(draft)
    await room.choose(ZHAO, draft, "Approve")
    assert any("每米120元。" in text for text in await room.citizen_heard())


async def test_a_concern_is_taken_answered_and_closed_by_buttons(room: Room) -> None:
    assert await answer(room, "/concerns") == "Hot concerns: 0"
    number = await concern(room)
    listed = await room.say(WANG, "/concerns")
    assert "Concern 1 new · by 2026-11-25 · 12 in 7 days, 3 in" in room.read(listed)
    shown = await room.choose(WANG, listed, "1")
    assert "asked: 什么时候恢复供水？" in room.read(shown)
    assert await room.choose(WANG, shown, "I take it") == shown
    assert room.read(shown).startswith("Concern 1 owned 王芳 · ")
    prompt = await room.choose(WANG, shown, "Name the response")
    await room.say(WANG, PUBLISHED, prompt)
    assert room.read(prompt) == "Concern 1: done."
    assert room.read(shown).endswith(f"response: {PUBLISHED}")
    await room.choose(WANG, shown, "Close")
    async with room.office.store.begin() as work:
        assert (await work.entries(Concern).get(number)).state is Course.CLOSED
    assert room.shown[shown].buttons == ()


async def test_a_concern_is_taken_answered_and_closed_by_commands(room: Room) -> None:
    number = await concern(room)
    said = await answer(room, f"/concerns own {number} 2026-12-01")
    assert said.startswith("Concern 1 owned 王芳 · by 2026-12-01 · ")
    assert "needs a published response" in await answer(room, "/concerns answer 1 nowhere")
    said = await answer(room, "/concerns answer 1 https://langang.example/water")
    assert said.endswith("response: https://langang.example/water")
    assert (await answer(room, "/concerns close 1")).startswith("Concern 1 closed")


async def test_without_a_response_only_a_supervisor_closes_a_concern(room: Room) -> None:
    await concern(room)
    await room.say(WANG, "/concerns own 1")
    for refused in (
        await answer(room, "/concerns close 1 不再有人问"),
        room.read(await room.press(WANG, Verb.SETTLE, 1)),
        await answer(room, "/concerns own 1", LI),
    ):
        assert refused.endswith("that is only for supervisors.")
    prompt = await room.press(ZHAO, Verb.SETTLE, 1)
    await room.say(ZHAO, "已恢复供水", prompt)
    assert (await answer(room, "/concerns 1")).startswith("Concern 1 closed")


async def test_a_task_is_added_shown_by_a_document_and_done(room: Room) -> None:
    said = await answer(room, "/tasks add 修订 提取办法 2026-12-31 养老科", ZHAO)
    assert said == "Task 1 2026 养老科 · by 2026-12-31 · still to do · 修订 提取办法"
    assert " 住房科 · " in await answer(room, "/tasks add 另一项 2026-12-31", ZHAO)
    listed = await room.say(WANG, "/tasks")
    assert room.read(listed).startswith("Tasks to do: 2, overdue 0\nTask 1 2026")
    shown = await room.choose(WANG, listed, "1")
    refused = room.read(await room.choose(WANG, shown, "It is done"))
    assert "no evidence" in refused
    prompt = await room.choose(WANG, shown, "Cite")
    await room.say(WANG, f"{PUBLISHED} 第五条", prompt)
    assert room.read(prompt) == "Task 1: done."
    assert f"{PUBLISHED} 第五条 · same on 2026-11-23" in room.read(shown)
    assert (await answer(room, "/tasks done 1 2026-11-20")).startswith(
        "Task 1 2026 养老科 · by 2026-12-31 · done 2026-11-20 · "
    )
    years = await answer(room, "/tasks years")
    assert "2026 养老科: 1 tasks · done in time 1, late 0 · open 0, overdue 0" in years


async def test_tasks_are_added_by_supervisors_only_and_cited_from_what_is_there(
    room: Room,
) -> None:
    said = await answer(room, "/tasks add 修订提取办法 2026-12-31 housing")
    assert said.endswith("that is only for supervisors.")
    said = await answer(room, "/tasks add 修订提取办法 2026-12-31 财政科", ZHAO)
    assert said.startswith("There is no such department")
    await task(room)
    assert "cannot be cited" in await answer(room, "/tasks cite 1 nowhere")
    assert await answer(room, "/tasks 9") == "There is no task 9."


async def test_what_is_overdue_comes_first_and_long_lists_have_pages(room: Room) -> None:
    for day in range(1, 13):
        await task(room, f"2026-12-{day:02}", f"第{day}项")
    await task(room, "2026-11-01", "最早的一项")
    listed = await room.say(WANG, "/tasks")
    lines = room.read(listed).split("\n")
    assert lines[0] == "Tasks to do: 13, overdue 1 (1/2)"
    assert lines[1].endswith("OVERDUE · 最早的一项")
    assert len(lines) == 11
    assert await room.choose(WANG, listed, "More") == listed
    assert [line[-4:] for line in room.read(listed).split("\n")[1:]] == [
        "第10项",
        "第11项",
        "第12项",
    ]
    await room.choose(WANG, listed, "Back")
    assert room.read(listed).split("\n") == lines
    assert room.shown[await room.say(WANG, "/tasks")].anew  # below what was said meanwhile


def test_a_page_fits_a_message_whatever_its_entries_are() -> None:
    long = [Entry("长" * 2000, Button(str(number), "x")) for number in range(5)]
    pages = paged([*long, Entry("长" * 9000), *map(Entry, "abc")])
    assert [len(page) for page in pages] == [1, 1, 1, 1, 1, 1, 3]
    assert max(sum(len(one.text) + 1 for one in page) for page in pages) <= LONGEST
    assert paged([]) == [[]]


async def test_a_report_comes_in_a_few_lines_and_as_a_table(room: Room) -> None:
    ticket = await room.opens()
    await room.office.desk.reply(ticket.id, WANG, "每米120元。")
    shown = room.shown[await room.say(WANG, "/report")]
    assert shown.plain.startswith("2026-11-01 to 2026-11-23\n")
    assert "Tickets: 1; answered: 1; " in shown.plain
    assert "Waiting now: 0; " in shown.plain
    file = shown.attachment
    assert file is not None
    assert file.name == "report-2026-11-01-2026-11-23.csv"
    rows = list(csv.reader(io.StringIO(file.text.removeprefix("\ufeff"))))
    assert ["tickets by kind", "total", "opened", "1"] in rows
    assert WANG.name not in file.text
    assert (await answer(room, "/report 2026-10-01 2026-10-31")).startswith(
        "2026-10-01 to 2026-10-31\n"
    )


async def test_the_roster_says_who_is_there(room: Room) -> None:
    absence = Absence(agent=LI.id, since=date(2026, 11, 20), until=date(2026, 11, 25))
    async with room.office.store.begin() as work:
        await work.entries(Absence).add(absence)
    said = await answer(room, "/roster")
    assert said == (
        "Departments: 2\n"
        "住房科 (housing) · on duty\n  王芳 · agent\n  赵敏 · supervisor\n"
        "养老科 (pension) · on duty\n  李雷 · agent · away until 2026-11-25\n  孙权 · supervisor"
    )
    assert (await answer(Room(MemoryStore(), OPEN), "/roster")).startswith("There is no roster")


async def test_a_department_outside_its_hours_says_when_it_opens(room: Room) -> None:
    housing = replace(ROSTER.departments["housing"], hours=Hours.parse("Mon-Fri 13:30-17:30"))
    room.office.desk.follow(Roster({"housing": housing}))
    assert "住房科 (housing) · off duty until 2026-11-23 13:30" in await answer(room, "/roster")


async def test_forged_buttons_of_lists_do_nothing(room: Room) -> None:
    await concern(room)
    for verb, target, place in (
        (Verb.LIST, 99, 1),
        (Verb.LIST, 3, 10**17),
        (Verb.REVIEW, 404, None),
        (Verb.CONCERN, 404, None),
        (Verb.OWN, 404, None),
        (Verb.TASK, 404, None),
        (Verb.DONE, 404, None),
        (Verb.EVIDENCE, 404, None),
    ):
        await room.press(WANG, verb, target, place)
    async with room.office.store.begin() as work:
        assert [one.state for one in await work.entries(Concern).find()] == [Course.NEW]


async def test_a_page_that_does_not_answer_does_not_hold_up_the_room(
    room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room_tasks, "PATIENCE_S", 0.01)
    await task(room)
    said = await answer(room, f"/tasks cite 1 {SILENT}")
    assert said.startswith(f"{SILENT} did not answer within 0.01 s.")


async def test_without_a_release_no_document_is_a_response(tmp_path: Path) -> None:
    office = Office(MemoryStore())
    service = concerns_of(
        Settings.read({"releases": tmp_path, "_env_file": None}), office.store, office.desk
    )
    with pytest.raises(ConcernRefused, match="No release can be read"):
        await service.answer(1, WANG, "berths-2025")
