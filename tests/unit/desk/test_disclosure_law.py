"""What the law asks of requests for information. Days are written by hand."""

from __future__ import annotations

import struct
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import reportlab

from bot.commands.own_pages import due_line
from bot.desk.disclosure.casebook import Case
from bot.desk.disclosure.corrections import received
from bot.desk.disclosure.dictation import do
from bot.desk.disclosure.entry import Request
from bot.desk.disclosure.files import lacking
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.letter import Decision, Sender
from bot.desk.disclosure.results import GROUNDS, Result
from bot.desk.silence import stopped
from bot.desk.tickets import State
from bot.errors import ClockRefused, ConfigError, DisclosureRefused
from bot.store.base import DataClass
from bot.types import Delivery, Input, Matter, Message, Outcome, Span
from bot.types import Result as Outcomes
from knowledge.types import Lang
from tests.unit.desk.office import CHAT, WANG, Office, store_of
from tests.unit.desk.requests import filed

SENDER = Sender(bureau="澜港市市政管理局", review="澜港市人民政府", court="澜港市滨海区人民法院")
FIRST = Decision(result=Result.OPEN, text="决算为 12 万元。")
AGAIN = Decision(result=Result.PARTLY, text="总额 13 万元。", ground=Result.THIRD_PARTY)
WHY = "经核对，原答复书所附金额有误。"


@pytest.fixture(params=["memory", "sqlite"])
async def office(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Office]:
    async with store_of(request.param, tmp_path) as store:
        office = Office(store)
        office.time.set("2026-09-15")
        yield office


@pytest.fixture
def desk(office: Office) -> Disclosures:
    return Disclosures(office.store, office.desk, sender=SENDER)


async def answers(office: Office, number: int, text: str) -> None:
    async with office.store.begin() as work:
        ticket = await office.desk.follow_up(work, number, text)
        await received(office.desk, work, ticket, text, language=Lang.ZH_HANS)


async def due(office: Office, number: int) -> str:
    """The day of the letter; with a stop where the clock stands."""
    now = (await office.ticket(number)).deadlines
    assert now.resolution is not None
    day = now.resolution.astimezone(office.time.now.tzinfo).date().isoformat()
    return f"{day} stopped" if now.paused else day


# Articles 30 and 33: what stops the clock


async def test_a_plain_question_does_not_stop_the_clock(office: Office) -> None:
    number = await filed(office)
    await office.desk.claim(number, WANG)
    await office.desk.ask(number, WANG, "您要扫描件还是复印件？")
    assert (await office.ticket(number)).state is State.ASKED
    assert any("扫描件" in text for text in await office.told(CHAT))
    assert await due(office, number) == "2026-10-19"
    asked = await office.ticket(number)
    line = due_line(Lang.EN, asked, office.desk.bureau, office.time.now)  # what /status says
    assert line == "Reply by 2026-10-19."
    office.time.set("2026-09-18")
    await answers(office, number, "扫描件")
    assert await due(office, number) == "2026-10-19"
    assert (await office.ticket(number)).deadlines.next is not None  # a word to the citizen


async def test_an_answer_to_a_question_does_not_end_a_hearing(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.hear(number, WANG, "滨海照明公司")
    await office.desk.ask(number, WANG, "您要扫描件还是复印件？")
    await answers(office, number, "扫描件")
    assert (await due(office, number)).endswith("stopped")
    with pytest.raises(DisclosureRefused, match="being heard"):
        await desk.ask_correction(number, WANG, "请写明路段")


async def test_giving_it_back_does_not_start_the_clock_of_a_correction(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.ask_correction(number, WANG, "请写明路段")
    await office.desk.release(number, WANG)
    assert (await due(office, number)).endswith("stopped")
    office.time.set("2026-09-17")
    await answers(office, number, "东段")
    assert await due(office, number) == "2026-10-21"


async def test_a_correction_counts_where_the_bot_was_about_to_answer_it(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.ask_correction(number, WANG, "请写明路段")
    now = office.time.now
    message = Message(
        id="late", address=CHAT, sender="1001", kind=Input.TEXT, text="东段的路灯", at=now
    )
    outcome = Outcome(result=Outcomes.ANSWERED, language=Lang.ZH_HANS)
    await office.told(CHAT)  # what was said before has left
    async with office.store.begin() as work:
        accepted = await work.inbox.accept(message)
        assert accepted is not None
        await work.inbox.finish(accepted.id, outcome, at=now)
        matter = Matter(ticket_id=number, asked=accepted.id)
        answer = Delivery(to=CHAT, body=(Span("机器人的回答"),), matter=matter)
        await work.outbox.enqueue(answer, at=now)
        due = await work.outbox.due(at=now)
        [queued] = [one for one in due if one.delivery.matter == matter]
        assert await stopped(office.desk, work, queued)
    request = (await desk.case(number)).request
    assert request.correction is not None
    assert request.correction.text == "东段的路灯"
    assert (await office.ticket(number)).deadlines.paused is None


async def test_a_correction_is_asked_for_within_seven_working_days(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)  # a Tuesday; Sunday the 20th is worked
    office.time.set("2026-09-24")
    with pytest.raises(DisclosureRefused, match="until 2026-09-23"):
        await desk.ask_correction(number, WANG, "请写明路段")
    office.time.set("2026-09-23")
    await desk.ask_correction(number, WANG, "请写明路段")


async def test_the_term_after_a_correction_may_be_extended(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await office.timekeeper.extend(number, WANG, "信息量大")
    await desk.ask_correction(number, WANG, "请写明路段")
    await answers(office, number, "东段")
    assert await due(office, number) == "2026-10-19"
    await office.timekeeper.extend(number, WANG, "信息量大")
    with pytest.raises(ClockRefused, match="once"):
        await office.timekeeper.extend(number, WANG, "还没查完")


# Article 32


async def test_silence_of_others_counts_after_fifteen_working_days(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    request = await desk.hear(number, WANG, "滨海照明公司")
    assert request.hearings[0].until == date(2026, 10, 12)
    with pytest.raises(DisclosureRefused, match="until 2026-10-12"):
        await desk.heard(number, WANG)
    office.time.set("2026-10-13")
    await desk.heard(number, WANG)


# Article 36, and 行政复议法 (2023) article 23


@pytest.mark.parametrize("ground", sorted(set(GROUNDS) - {Result.INQUIRY}))
async def test_a_refusal_names_its_article_and_the_review_that_comes_first(
    office: Office, desk: Disclosures, ground: Result
) -> None:
    number = await filed(office)
    letter = await desk.reply(number, WANG, Decision(result=ground, text="理由如下。"))
    assert "、第三十六条第（三）项的规定" in letter.text
    first = (
        "根据《中华人民共和国行政复议法》第二十三条的规定，您应当先向澜港市人民政府申请行政复议"
    )
    assert first in letter.text
    assert "60日内" in letter.text
    assert "6个月" not in letter.text


async def test_nobody_is_named_where_nobody_knows_who_has_it(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    for line in ("other-office", "other-office -"):
        with pytest.raises(DisclosureRefused, match="office"):
            await do(desk, office.timekeeper, WANG, f"{number} {line}", language=Lang.ZH_HANS)
    line = f"{number} other-office -\n该路段由外地单位管理，本机关无法确定。"
    await do(desk, office.timekeeper, WANG, line, language=Lang.ZH_HANS)
    text = (await desk.letter(number)).text
    assert "第三十六条第（五）项的规定，现予告知。" in text
    assert "请向" not in text


async def test_an_unpaid_fee_is_not_laid_to_the_regulations(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    letter = await desk.reply(number, WANG, Decision(result=Result.UNPAID))
    assert "根据《政府信息公开信息处理费管理办法》的规定，视为您放弃申请" in letter.text
    assert "政府信息公开条例" not in letter.text


# No letter is lost


async def test_a_second_letter_says_why_and_both_are_kept(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    with pytest.raises(DisclosureRefused, match="no letter yet"):
        await desk.reply(number, WANG, replace(FIRST, corrects=WHY))
    first = await desk.reply(number, WANG, FIRST)
    with pytest.raises(DisclosureRefused, match="stays"):
        await desk.reply(number, WANG, AGAIN)
    office.time.set("2026-09-21")
    second = await desk.reply(number, WANG, replace(AGAIN, corrects=WHY))
    assert [await desk.letter(number, place=place) for place in (1, 2)] == [first, second]
    assert await desk.letter(number) == second
    assert (first.number, second.number) == ("依申请公开〔2026〕1号", "依申请公开〔2026〕1-2号")
    assert desk.as_pdf(first).name != desk.as_pdf(second).name
    assert second.paragraphs[1:3] == (
        WHY,
        "本机关现撤销2026年9月15日作出的答复书（依申请公开〔2026〕1号），重新答复如下。",
    )
    for place in (0, 3):
        with pytest.raises(DisclosureRefused, match="no letter of that number"):
            await desk.letter(number, place=place)
    history = await office.history(number)
    assert (history.count("replied"), history.count("letter replaced")) == (2, 1)
    _, events = await office.desk.look(number)
    told = "".join(event.text for event in events)  # what /mydata has, beside the last one
    assert first.paragraphs[-1] in told
    assert "总额 13 万元。" in ((await office.ticket(number)).reply or "")


async def test_a_year_counts_the_letter_that_held_at_its_end(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.reply(number, WANG, FIRST)
    await desk.reply(number, WANG, replace(AGAIN, corrects=WHY))
    assert await counted(desk, 2026) == ["（二）部分公开"]
    office.time.set("2027-03-01")
    again = Decision(
        result=Result.NOT_HELD, text="经再次检索没有。", corrects="复议机关责令重新答复。"
    )
    await desk.reply(number, WANG, again)
    assert await counted(desk, 2026) == ["（二）部分公开"]
    assert await counted(desk, 2027) == []


async def counted(desk: Disclosures, year: int) -> list[str]:
    rows = (await desk.annual(year)).requests
    return [
        row.name.removeprefix("三、本年度办理结果-")
        for row in rows
        if row.name.startswith("三、") and row.counts[-1] and "总计" not in row.name
    ]


async def test_letters_go_with_the_words_of_their_ticket(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.reply(number, WANG, FIRST)
    await desk.reply(number, WANG, replace(AGAIN, corrects=WHY))
    before = await desk.annual(2026)
    office.time.set("2029-12-31")
    async with office.store.begin() as work:
        await work.records.erase(
            DataClass.TICKETS, before=office.time.now, at=office.time.now, limit=10
        )
        [request] = await work.entries(Request).find()
    assert [(one.paragraphs, one.corrects) for one in request.letters] == [((), "")] * 2
    assert await desk.annual(2026) == before


async def test_after_the_letter_nothing_of_before_it_is_begun(
    office: Office, desk: Disclosures
) -> None:
    number = await filed(office)
    await desk.reply(number, WANG, FIRST)
    for job in (desk.hear(number, WANG, "照明公司"), desk.ask_correction(number, WANG, "路段")):
        with pytest.raises(DisclosureRefused, match="out already"):
            await job
    await answers(office, number, "谢谢，附表打不开")  # it waits again, and has its letter
    await office.desk.reply(number, WANG, "附表重新发送如下。")
    case: Case = await desk.case(number)
    assert len(case.request.letters) == 1


# The font of letters

VERA = Path(reportlab.__file__).parent / "fonts" / "Vera.ttf"  # Latin letters only


def test_a_font_without_chinese_characters_is_told() -> None:
    missing = lacking(VERA, SENDER.bureau)
    assert missing.startswith("政府信息公开")
    assert len(missing) == 20


@pytest.mark.parametrize("size", [0, 3, 60, 2000])
def test_a_font_that_is_cut_off_or_is_none_is_an_error(tmp_path: Path, size: int) -> None:
    path = tmp_path / f"cut{size}.ttf"
    path.write_bytes(VERA.read_bytes()[:size])
    with pytest.raises(ConfigError, match="LETTER_FONT"):
        lacking(path)
    with pytest.raises(ConfigError, match="LETTER_FONT"):
        lacking(tmp_path / "nowhere.ttf")


def test_a_font_with_all_characters_lacks_nothing(tmp_path: Path) -> None:
    path = tmp_path / "all.ttf"
    path.write_bytes(with_characters(VERA.read_bytes(), 0x20, 0xFFFE))
    assert lacking(path, SENDER.bureau) == ""
    assert lacking(path, "𠮷") == "𠮷"


def with_characters(font: bytes, first: int, last: int) -> bytes:
    """The font with a table of characters (cmap, format 12) that has all of these."""
    group = struct.pack(">III", first, last, 1)
    table = struct.pack(">HHHHI", 0, 1, 3, 10, 12)
    table += struct.pack(">HHIII", 12, 0, 16 + len(group), 0, 1) + group
    record = font.index(b"cmap")
    place = struct.pack(">II", len(font), len(table))
    return font[: record + 8] + place + font[record + 16 :] + table
