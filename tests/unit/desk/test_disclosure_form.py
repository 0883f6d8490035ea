"""/disclosure in conversation: no platform, and everything else real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest

from bot.desk.disclosure.entry import Applicant, Form, Medium, Request, Way
from bot.desk.disclosure.form import (
    WITHHELD,
    Step,
    choose,
    hinted_contact,
    next_step,
    place_of,
    write,
)
from bot.desk.disclosure.form import blank as blank_form
from bot.desk.disclosure.intake import withheld
from bot.desk.disclosure.registration import register
from bot.desk.tickets import TicketKind
from bot.retention import Periods, Retention
from bot.store.base import Store
from bot.types import Address, Delivery, Message
from knowledge.types import Lang
from tests.unit.desk.office import Office, store_of
from tests.unit.shelf import Shelf
from tests.unit.talk import CHAT, NOON, Talk

WANTED = "2025年度滨海路路灯维护费用的决算"
PHONE = "138 0013 8000"
BOTH = pytest.mark.parametrize("store", ["memory", "sqlite"], indirect=True)
IDENTITY = "11010519491231002X"


@pytest.fixture
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Store]:
    """In memory; tests of what is stored name both."""
    async with store_of(getattr(request, "param", "memory"), tmp_path) as store:
        yield store


@pytest.fixture
def talk(store: Store) -> Talk:
    return Talk(store, Shelf())


async def withheld_says(talk: Talk, text: str) -> Delivery:
    """As the dispatcher does it: what is personal goes into the form first."""
    message = Message(id="x", address=CHAT, sender="1001", text=text, at=NOON)
    async with talk.store.begin() as work:
        message = await withheld(work, message)
    _, delivery = await talk.says(message.text)
    return delivery


async def filled(talk: Talk) -> Delivery:
    """All six answers; returns the summary."""
    _, said = await talk.says("依申请公开")
    _, said = await talk.presses(said, "公民（自然人）")
    assert said.plain.startswith("2/6")
    said = await withheld_says(talk, "王小芳")
    _, said = await talk.says(WANTED)
    _, said = await talk.presses(said, "电子文本")
    _, said = await talk.presses(said, "在此对话中")
    return await withheld_says(talk, PHONE)


async def forms(store: Store) -> list[Form]:
    async with store.begin() as work:
        return list(await work.entries(Form).find())


async def requests(store: Store) -> list[Request]:
    async with store.begin() as work:
        return list(await work.entries(Request).find())


@pytest.mark.parametrize(
    "words",
    [
        "/disclosure",
        "申请信息公开",
        "我要申请政府信息公开",
        "依申请公开",
        "申請信息公開",
        "Information disclosure request",
        "정보공개 청구",
        "情報公開請求",
    ],
)
async def test_words_that_begin_a_request(talk: Talk, words: str) -> None:
    _, said = await talk.says(words)
    assert "1/6" in said.plain


async def test_a_question_about_disclosure_begins_none(talk: Talk) -> None:
    await talk.says("信息公开申请多久答复？")
    assert await forms(talk.store) == []


@BOTH
async def test_the_form_becomes_a_registered_request_with_its_ticket(talk: Talk) -> None:
    summary = await filled(talk)
    assert WANTED in summary.plain
    _, receipt = await talk.presses(summary, "确认提交")
    # 23 November 2026 and 20 working days: 21 December.
    assert "2026-0001" in receipt.plain
    assert "2026-11-23" in receipt.plain
    assert "2026-12-21" in receipt.plain
    [ticket] = await talk.tickets()
    assert (ticket.kind, ticket.question) == (TicketKind.DISCLOSURE, WANTED)
    [request] = await requests(talk.store)
    assert (request.name, request.contact) == ("王小芳", PHONE)
    assert (request.applicant, request.medium, request.way) == (
        Applicant.PERSON,
        Medium.ELECTRONIC,
        Way.CHAT,
    )
    assert (request.ticket_id, request.registration) == (ticket.id, "2026-0001")
    assert receipt.ticket_id == ticket.id
    assert await forms(talk.store) == []


@BOTH
async def test_name_and_contact_are_in_the_form_and_nowhere_else(talk: Talk) -> None:
    summary = await filled(talk)
    assert "王小芳" not in summary.plain
    assert "8000" not in summary.plain
    assert "王＊＊" in summary.plain
    await talk.presses(summary, "确认提交")
    async with talk.store.begin() as work:
        held = await work.people.held(CHAT, "1001")
    words = [past.message.text for past in held.messages]
    words += [queued.delivery.plain for queued in held.deliveries]
    words += [ticket.question for ticket in held.tickets]
    assert words.count(WITHHELD) == 2
    assert not any("王小芳" in text or "8000" in text for text in words)


async def test_an_identity_number_is_masked_even_there(talk: Talk) -> None:
    _, said = await talk.says("/disclosure")
    await talk.presses(said, "公民（自然人）")
    await withheld_says(talk, f"王小芳 {IDENTITY}")
    [form] = await forms(talk.store)
    assert form.name == "王小芳 〔身份证号〕"


async def test_an_address_may_be_what_is_wanted(talk: Talk) -> None:
    _, said = await talk.says("/disclosure")
    await talk.presses(said, "公民（自然人）")
    await withheld_says(talk, "王小芳")
    await withheld_says(talk, f"滨海路88号3栋的规划许可，电话{PHONE}")
    [form] = await forms(talk.store)
    assert form.wanted == "滨海路88号3栋的规划许可，电话〔电话〕"


@BOTH
async def test_the_form_outlives_a_restart(talk: Talk) -> None:
    _, said = await talk.says("/disclosure")
    await talk.presses(said, "商业企业")
    talk = talk.restarted()
    said = await withheld_says(talk, "澜港市滨海商贸有限公司")
    assert said.plain.startswith("3/6")
    _, said = await talk.says(WANTED)
    assert said.plain.startswith("4/6")


async def test_choices_may_be_typed(talk: Talk) -> None:
    await talk.says("/disclosure")
    _, said = await talk.says("6")
    assert said.plain.startswith("2/6")
    [form] = await forms(talk.store)
    assert form.applicant is Applicant.OTHER


async def test_what_is_no_choice_is_asked_again(talk: Talk) -> None:
    await talk.says("/disclosure")
    _, said = await talk.says("7")
    assert said.plain.startswith("1/6")
    assert "序号" in said.plain


async def test_each_answer_can_be_corrected_before_filing(talk: Talk) -> None:
    summary = await filled(talk)
    _, which = await talk.presses(summary, "修改")
    _, said = await talk.presses(which, "所需信息")
    assert said.plain.startswith("3/6")
    _, again = await talk.says("2024年度的决算")
    assert "2024年度的决算" in again.plain
    assert WANTED not in again.plain
    _, outdated = await talk.presses(summary, "确认提交")
    assert "已失效" in outdated.plain
    assert await talk.tickets() == []
    await talk.presses(again, "确认提交")
    [ticket] = await talk.tickets()
    assert ticket.question == "2024年度的决算"


async def test_a_yes_files_what_was_shown(talk: Talk) -> None:
    await filled(talk)
    _, receipt = await talk.says("确认")
    assert "2026-0001" in receipt.plain


async def test_filing_twice_is_one_request(talk: Talk) -> None:
    summary = await filled(talk)
    await talk.presses(summary, "确认提交")
    _, said = await talk.presses(summary, "确认提交")
    assert "已失效" in said.plain
    assert len(await requests(talk.store)) == 1


@pytest.mark.parametrize("how", ["/cancel", "取消"])
async def test_cancelling_erases_what_was_entered(talk: Talk, how: str) -> None:
    summary = await filled(talk)
    _, said = await (talk.says(how) if how == "/cancel" else talk.presses(summary, how))
    assert "已删除" in said.plain
    assert await forms(talk.store) == []
    _, said = await talk.says("/cancel")
    assert "没有" in said.plain


async def test_another_question_does_not_lose_the_form(talk: Talk) -> None:
    await filled(talk)
    await talk.says("你好")
    _, said = await talk.says("/disclosure")
    assert WANTED in said.plain
    _, receipt = await talk.presses(said, "确认提交")
    assert "2026-0001" in receipt.plain


async def test_in_a_group_there_is_no_form(talk: Talk) -> None:
    await talk.says("/disclosure", chat="-55")
    _, said = await talk.forges("disclose:1:1", chat="-55")
    assert "单独" in said.plain or "私" in said.plain
    assert await forms(talk.store) == []


@pytest.mark.parametrize(
    "action", ["disclose:1:1", "disclose:7:7", "disclose:9:8", "disclose:0:0"]
)
async def test_forged_buttons_do_nothing(talk: Talk, action: str) -> None:
    await talk.forges(action)
    assert await forms(talk.store) == []
    assert await talk.tickets() == []


async def test_a_command_at_the_name_is_a_command(talk: Talk) -> None:
    _, said = await talk.says("/disclosure")
    await talk.presses(said, "公民（自然人）")
    said = await withheld_says(talk, "/help")
    assert "/status" in said.plain
    [form] = await forms(talk.store)
    assert form.name == ""


@pytest.mark.parametrize(("seconds", "left"), [(0, 1), (1, 0)])
async def test_retention_erases_an_unfinished_form_after_a_week(
    talk: Talk, seconds: int, left: int
) -> None:
    await filled(talk)
    ever = Periods(messages=0, conversations=0, tickets=0)
    later = NOON + timedelta(days=7, seconds=seconds)
    await Retention(talk.store, ever, clock=lambda: later).sweep()
    assert len(await forms(talk.store)) == left


# Numbers


def complete(chat: str) -> Form:
    return Form(
        channel="telegram",
        chat=chat,
        changed=NOON,
        applicant=Applicant.PERSON,
        name="王小芳",
        wanted=WANTED,
        medium=Medium.PAPER,
        way=Way.POST,
        contact="澜港市滨海路1号",
    )


async def registered(office: Office, chat: str, *, fails: bool = False) -> None:
    async with office.store.begin() as work:
        form = await work.entries(Form).add(complete(chat))
        await register(office.desk, work, form, message_id=f"m{chat}", language=Lang.ZH_HANS)
        if fails:
            raise ZeroDivisionError


@BOTH
async def test_numbers_have_no_gaps_when_many_come_at_once_and_some_fail(store: Store) -> None:
    office = Office(store)
    await asyncio.gather(
        *(registered(office, str(n), fails=n % 3 == 0) for n in range(12)), return_exceptions=True
    )
    assert [one.number for one in await requests(store)] == [1, 2, 3, 4, 5, 6, 7, 8]


@BOTH
async def test_numbers_begin_anew_with_the_year_at_the_bureau(store: Store) -> None:
    office = Office(store)
    office.time.set("2026-12-31", 23)
    await registered(office, "1")
    office.time.set("2027-01-01", 0)  # 16:00 UTC of the year before
    await registered(office, "2")
    assert [one.registration for one in await requests(store)] == ["2026-0001", "2027-0001"]


# Pure


def form() -> Form:
    return blank_form(Address("web", "a"), NOON)


def test_an_e_mail_reply_needs_an_e_mail_address() -> None:
    electronic = choose(form(), Step.MEDIUM, 1)
    assert electronic is not None
    mail = choose(electronic, Step.WAY, 2)
    assert mail is not None
    assert write(mail, Step.CONTACT, "13800138000") is None
    written = write(mail, Step.CONTACT, " fang@langang.example ")
    assert written is not None
    assert written.contact == "fang@langang.example"


def test_another_way_of_reply_asks_for_a_contact_that_fits_it() -> None:
    electronic = choose(complete("1"), Step.MEDIUM, 1)
    assert electronic is not None
    assert next_step(electronic) is Step.WAY
    mail = choose(electronic, Step.WAY, 2)
    assert mail is not None
    assert next_step(mail) is Step.CONTACT


@pytest.mark.parametrize("text", ["", "王" * 61])
def test_names_have_a_length(text: str) -> None:
    assert write(form(), Step.NAME, text) is None


@pytest.mark.parametrize("contact", ["0571-8765 4321", "13800138000", "fang@langang.example"])
def test_a_hint_has_no_digits_and_no_address(contact: str) -> None:
    written = write(form(), Step.CONTACT, contact)
    assert written is not None
    hint = hinted_contact(written)
    assert not any(character.isdecimal() for character in hint)
    assert "fang" not in hint


@pytest.mark.parametrize(
    ("text", "place"), [("2", 2), ("２。", 2), ("On paper", 2), ("on PAPER", 2), ("rock", 0)]
)
def test_a_choice_is_known_by_its_number_or_its_words(text: str, place: int) -> None:
    assert place_of(text, ["Electronic", "On paper"]) == place
