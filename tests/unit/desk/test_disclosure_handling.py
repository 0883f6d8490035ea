"""Staff handle requests for information. Days are written by hand."""

from __future__ import annotations

import io
from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pdfplumber
import pytest
from docx import Document

from bot.desk.disclosure.corrections import received
from bot.desk.disclosure.dictation import do, read
from bot.desk.disclosure.entry import (
    Applicant,
    Dispute,
    Remedy,
    Request,
    Verdict,
)
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision, Sender
from bot.desk.disclosure.results import Result
from bot.desk.tickets import State
from bot.errors import ClockRefused, DisclosureRefused, HeldByAnother
from bot.store.base import DataClass
from bot.types import Delivery
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, LI, WANG, Office, store_of
from tests.unit.desk.requests import filed

BOTH = pytest.mark.parametrize("office", ["memory", "sqlite"], indirect=True)
SENDER = Sender(bureau="澜港市市政管理局", review="澜港市人民政府", court="澜港市滨海区人民法院")


@pytest.fixture
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    """In memory; tests of what is stored name both."""
    async with store_of(getattr(request, "param", "memory"), tmp_path) as store:
        office = Office(store)
        office.time.set("2026-09-15")
        yield office


@pytest.fixture
def desk(office: Office) -> Disclosures:
    return Disclosures(office.store, office.desk, sender=SENDER)


async def due(office: Office, number: int) -> str:
    ticket = await office.ticket(number)
    assert ticket.deadlines.resolution is not None
    return ticket.deadlines.resolution.astimezone(office.time.now.tzinfo).date().isoformat()


async def answers(office: Office, number: int, text: str) -> None:
    async with office.store.begin() as work:
        ticket = await office.desk.follow_up(work, number, text)
        await received(office.desk, work, ticket, text, language=Lang.ZH_HANS)


async def sent(office: Office) -> list[Delivery]:
    async with office.store.begin() as work:
        held = await work.people.held(CHAT, "1001")
    return [queued.delivery for queued in held.deliveries]


# Registered


async def test_a_request_is_due_after_twenty_working_days_with_the_holidays_of_autumn(
    office: Office,
) -> None:
    # 25 September and 1 to 7 October 2026 are holidays; 20 September and 10 October are worked.
    number = await filed(office)
    assert await due(office, number) == "2026-10-19"


async def test_name_and_contact_are_for_the_holder_and_the_log_says_who_looked(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    assert (await desk.case(number)).request.name == ""
    assert [case.request.contact for case in await desk.cases()] == [""]
    with pytest.raises(DisclosureRefused, match="claim it first"):
        await desk.applicant(number, WANG)
    await office.desk.claim(number, WANG)
    assert (await desk.applicant(number, WANG)).contact == "13800138000"
    with pytest.raises(DisclosureRefused):
        await desk.applicant(number, LI)
    assert (await office.history(number)).count("contact looked at") == 1


async def test_requests_are_found_by_either_number(office: Office, desk: Disclosures) -> None:
    number = await filed(office)
    assert await desk.numbered("2026-0001") == number
    assert await desk.numbered(str(number)) == number
    for wrong in ("2026-0002", "第一号", "2026-", "1" * 40, "1-" + "2" * 40, "٢٠٢٦-١"):
        with pytest.raises(DisclosureRefused):
            await desk.case(await desk.numbered(wrong))


# 补正


@BOTH
async def test_the_clock_begins_anew_when_the_correction_comes(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)  # due on 19 October
    office.time.set("2026-09-17")
    request = await desk.ask_correction(number, WANG, "请写明路段")
    assert request.correction is not None
    assert request.correction.until == date(2026, 10, 14)
    assert (await office.ticket(number)).state is State.ASKED
    assert (await office.ticket(number)).deadlines.due is None
    office.time.set("2026-10-13")
    await answers(office, number, "滨海路1号至99号")
    # 20 working days from 14 October on.
    assert await due(office, number) == "2026-11-10"
    case = await desk.case(number)
    assert case.request.correction is not None
    assert case.request.correction.text == "滨海路1号至99号"
    assert case.ticket.state is State.CLAIMED


async def test_what_is_added_later_does_not_move_the_clock(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.ask_correction(number, WANG, "请写明路段")
    office.time.set("2026-09-16")
    await answers(office, number, "滨海路")
    office.time.set("2026-09-18")
    await answers(office, number, "谢谢，另外请快一点")
    assert await due(office, number) == "2026-10-20"


async def test_a_correction_is_asked_for_once(office: Office, desk: Disclosures) -> None:
    number = await filed(office)
    await desk.ask_correction(number, WANG, "请写明路段")
    with pytest.raises(DisclosureRefused, match="once"):
        await desk.ask_correction(number, WANG, "还有年份")


async def test_without_a_correction_the_request_ends_only_after_its_day(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    decision = Decision(result=Result.NOT_CORRECTED)
    with pytest.raises(DisclosureRefused, match="No correction"):
        await desk.reply(number, WANG, decision)
    await desk.ask_correction(number, WANG, "请写明路段", until=date(2026, 9, 30))
    office.time.set("2026-09-30", 23)
    with pytest.raises(DisclosureRefused, match="still time"):
        await desk.reply(number, WANG, decision)
    office.time.set("2026-10-08")
    letter = await desk.reply(number, WANG, decision)
    assert "第三十条" in letter.text
    assert "视为您放弃申请" in letter.text


# 征求第三方意见, 延期


@BOTH
async def test_hearing_others_stops_the_clock_and_the_letter(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)  # due on 19 October
    office.time.set("2026-09-17")
    await desk.hear(number, WANG, "澜港市滨海照明有限公司，涉及商业秘密")
    assert (await office.ticket(number)).deadlines.due is None
    with pytest.raises(DisclosureRefused, match="still being heard"):
        await desk.reply(number, WANG, Decision(result=Result.OPEN, text="见附表"))
    with pytest.raises(DisclosureRefused, match="already"):
        await desk.hear(number, WANG, "另一家")
    office.time.set("2026-10-09")
    request = await desk.heard(number, WANG, "不同意公开单价")
    assert request.hearings[0].opinion == "不同意公开单价"
    # 17 working days were left on 17 September.
    assert await due(office, number) == "2026-11-03"
    told = [one.plain for one in await sent(office)]
    assert any("征求" in text for text in told)
    assert "2026-11-03" in told[-1]


async def test_an_extension_goes_once_after_a_hearing_too(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await office.timekeeper.extend(number, WANG, "需要检索的信息量大")
    assert await due(office, number) == "2026-11-16"
    await desk.hear(number, WANG, "滨海照明")
    await desk.heard(number, WANG, "同意")
    with pytest.raises(ClockRefused, match="once"):
        await office.timekeeper.extend(number, WANG, "还没查完")


# 答复


async def test_the_letter_says_what_was_asked_decided_and_where_to_turn(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    office.time.set("2026-09-18")
    letter = await desk.reply(number, WANG, Decision(result=Result.OPEN, text="决算为 12 万元。"))
    assert (
        letter.text
        == """政府信息公开申请答复书
依申请公开〔2026〕1号
王小芳：
本机关于2026年9月15日收到您提交的政府信息公开申请（登记编号：2026-0001），申请公开：“2025年度滨海路路灯维护费用的决算”。
经审查，您申请的信息可以公开。根据《中华人民共和国政府信息公开条例》第三十六条第（二）项的规定，现向您提供。
决算为 12 万元。
如不服本答复，您可以自收到本答复书之日起60日内向澜港市人民政府申请行政复议，或者自收到本答复书之日起6个月内向澜港市滨海区人民法院提起行政诉讼。
澜港市市政管理局
2026年9月18日"""
    )
    ticket = await office.ticket(number)
    assert ticket.state is State.ANSWERED
    assert "王小芳" not in (ticket.reply or "")
    assert "decided" in await office.history(number)


@BOTH
async def test_the_citizen_gets_the_letter_as_text_and_as_a_file(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    letter = await desk.reply(number, WANG, Decision(result=Result.OPEN, text="12 万元。"))
    delivery = (await sent(office))[-1]
    assert letter.text in delivery.plain
    assert "予以公开" in delivery.plain
    assert delivery.attachment is not None
    assert delivery.attachment.name == "依申请公开2026-1.pdf"
    assert delivery.attachment.media_type == "application/pdf"
    assert delivery.attachment == desk.as_pdf(await desk.letter(number))
    assert delivery.ticket_id == number


async def test_a_refusal_names_the_review_before_the_lawsuit(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office, applicant=Applicant.ENTERPRISE, name="滨海商贸有限公司")
    decision = Decision(result=Result.PROCESS, text="您申请的是尚未审定的过程稿。")
    letter = await desk.reply(number, WANG, decision)
    assert "贵单位申请的信息属于讨论记录" in letter.text
    assert "对行政复议决定仍不服的" in letter.text
    assert "6个月" not in letter.text
    assert "您申请的是尚未审定的过程稿。" in letter.text, "words of staff stay as they are"


async def test_what_is_opened_in_part_says_why_the_rest_is_not(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    decision = Decision(result=Result.PARTLY, text="总额 12 万元。", ground=Result.THIRD_PARTY)
    letter = await desk.reply(number, WANG, decision)
    assert "第三十七条" in letter.text
    assert "其中，不予公开的内容涉及商业秘密、个人隐私等" in letter.text
    assert "第十五条" in letter.text


@pytest.mark.parametrize(
    ("decision", "lacks"),
    [
        (Decision(result=Result.OPEN), "words"),
        (Decision(result=Result.SECRET, text=" "), "words"),
        (Decision(result=Result.PUBLIC), "link"),
        (Decision(result=Result.OTHER_OFFICE), "office"),
        (Decision(result=Result.PARTLY, text="总额"), "ground"),
        (Decision(result=Result.PARTLY, text="总额", ground=Result.OPEN), "ground"),
        (Decision(result=Result.UNCLEAR, text="仍不明确"), "corrected"),
        (Decision(result=Result.OPEN, text="长" * 3001), "3000"),
    ],
)
async def test_a_reply_that_lacks_something_does_not_go_out(
    office: Office, desk: Disclosures, decision: Decision, lacks: str
) -> None:
    number = await filed(office)
    before = await sent(office)
    with pytest.raises(DisclosureRefused, match=lacks):
        await desk.reply(number, WANG, decision)
    assert await sent(office) == before
    assert (await office.ticket(number)).state is State.OPEN
    with pytest.raises(DisclosureRefused, match="no letter"):
        await desk.letter(number)


async def test_only_the_holder_decides(office: Office, desk: Disclosures) -> None:
    number = await filed(office)
    await office.desk.claim(number, WANG)
    for job in (
        desk.reply(number, LI, Decision(result=Result.REPEATED)),
        desk.hear(number, LI, "滨海照明"),
        desk.ask_correction(number, LI, "请写明路段"),
    ):
        with pytest.raises(HeldByAnother):
            await job


async def test_a_ticket_that_is_no_request_has_no_letter(
    office: Office, desk: Disclosures
) -> None:
    ticket = await office.opens()
    with pytest.raises(DisclosureRefused, match="no registered request"):
        await desk.reply(ticket.id, WANG, Decision(result=Result.REPEATED))


@pytest.mark.parametrize("kind", ["word", "pdf"])
async def test_the_files_have_the_words_of_the_letter(
    office: Office, desk: Disclosures, kind: str
) -> None:
    number = await filed(office, name="王<小>𠮷&芳")
    await desk.reply(number, WANG, Decision(result=Result.PUBLIC, link="https://lg.example/a?b&c"))
    letter = await desk.letter(number)
    if kind == "word":
        document = Document(io.BytesIO(desk.as_word(letter).data))
        text = "".join(paragraph.text for paragraph in document.paragraphs)
        assert text == letter.text.replace("\n", "")
    else:
        with pdfplumber.open(io.BytesIO(desk.as_pdf(letter).data)) as pdf:
            text = "".join(page.extract_text() for page in pdf.pages)
        # The built-in font has no 𠮷: a sign of that, never another character.
        wanted = letter.text.replace("𠮷", "〓")
        assert text.replace("\n", "").replace(" ", "") == wanted.replace("\n", "").replace(" ", "")


# What stays


@BOTH
async def test_retention_leaves_what_the_tables_count(office: Office, desk: Disclosures) -> None:
    number = await filed(office)
    await desk.reply(number, WANG, Decision(result=Result.REPEATED))
    before = await desk.annual(2026)
    office.time.set("2029-12-31")
    async with office.store.begin() as work:
        await work.records.erase(
            DataClass.TICKETS, before=office.time.now, at=office.time.now, limit=10
        )
        [request] = await work.entries(Request).find()
    assert (request.name, request.contact) == ("", "")
    assert request.answer is not None
    assert request.answer.paragraphs == ()
    assert await desk.annual(2026) == before
    with pytest.raises(DisclosureRefused, match="erased"):
        await desk.letter(number)


async def test_disputes_are_counted_by_year_and_verdict(office: Office, desk: Disclosures) -> None:
    number = await filed(office)
    await desk.reply(number, WANG, Decision(result=Result.REPEATED))
    begun = Dispute(remedy=Remedy.REVIEW, begun=date(2026, 12, 1))
    await desk.note_dispute(number, WANG, begun)
    ended = Dispute(
        remedy=Remedy.REVIEW,
        begun=date(2026, 12, 1),
        ended=date(2027, 2, 1),
        verdict=Verdict.UPHELD,
    )
    await desk.note_dispute(number, WANG, ended)
    rows = {year: (await desk.annual(year)).disputes[0].counts for year in (2026, 2027, 2028)}
    assert rows == {2026: (0, 0, 0, 1, 1), 2027: (1, 0, 0, 0, 1), 2028: (0, 0, 0, 0, 0)}
    with pytest.raises(DisclosureRefused, match="verdict"):
        await desk.note_dispute(
            number, WANG, Dispute(remedy=Remedy.LAWSUIT, begun=begun.begun, ended=begun.begun)
        )


# In one line


def test_a_line_names_the_number_the_result_and_what_it_needs() -> None:
    chinese = Lang.ZH_HANS
    assert dictated("7 予以公开 决算为 12 万元。", chinese) == Decision(
        result=Result.OPEN, text="决算为 12 万元。"
    )
    assert dictated("7 partly third-party 总额 12 万元。", chinese) == Decision(
        result=Result.PARTLY, ground=Result.THIRD_PARTY, text="总额 12 万元。"
    )
    assert dictated("7 部分公开 不予公开：第三方合法权益 总额", chinese) == Decision(
        result=Result.PARTLY, ground=Result.THIRD_PARTY, text="总额"
    )
    assert dictated("7 已主动公开 https://lg.example/1\n第三页", chinese) == Decision(
        result=Result.PUBLIC, link="https://lg.example/1", text="第三页"
    )
    assert dictated("2026-0001 not this office 澜港市财政局，0571-1", Lang.EN) == Decision(
        result=Result.OTHER_OFFICE, office="澜港市财政局，0571-1"
    )


def dictated(text: str, language: Lang) -> Decision | None:
    return read(text, language=language).decision


def test_the_longest_word_counts() -> None:
    assert read("7 heard 不同意", language=Lang.ZH_HANS).step == "heard"
    assert read("7 hear 滨海照明", language=Lang.ZH_HANS).step == "hear"


@pytest.mark.parametrize("text", ["", "7", "7 好的", "open"])
def test_a_line_without_a_number_or_a_result_is_refused(text: str) -> None:
    with pytest.raises(DisclosureRefused, match="Write the number"):
        read(text, language=Lang.ZH_HANS)


async def test_a_request_from_line_to_line(office: Office, desk: Disclosures) -> None:
    number = await filed(office)
    for line in (
        "7 补正 请写明路段",
        "7 征求第三方 滨海照明",
        "7 第三方意见 同意",
        "7 延期 信息量大",
        "2026-0001 重复申请",
    ):
        if "征求" in line:
            await answers(office, number, "滨海路")
        text = line.replace("7 ", f"{number} ")
        said = await do(desk, office.timekeeper, WANG, text, language=Lang.ZH_HANS)
        assert str(number) in said
    assert (await office.ticket(number)).state is State.ANSWERED
