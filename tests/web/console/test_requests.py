"""Requests for information in the console: the register, each step, the letter, the tables."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from bot.desk.tickets import Agent, State
from tests.unit.desk.requests import WANTED, filed
from tests.web.console.cases import version
from tests.web.console.harness import Browser, Page
from tests.web.console.staffed import NASTY, SAFE, Staffed, staffed

PATH = "/console/requests"
WANG = Agent("telegram:1", "王芳")
PHONE = "13800138000"


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as opened:
        yield opened


async def test_the_register_says_what_is_due_and_owed_next(at: Staffed) -> None:
    number = await filed(at.front.office)
    text = (await at.wang.get(PATH)).text
    assert f'<a href="{PATH}/{number}">2026-0001</a>' in text
    assert WANTED in text
    assert "2026-12-21" in text
    assert "Next: the letter; a correction may be asked for until" in text
    assert "overdue</strong>" not in text
    at.front.office.time.set("2026-12-22")
    browser = await at.person("liu")
    text = (await browser.get(f"{PATH}?part=late")).text
    assert "overdue</strong>" in text
    assert WANTED not in (await browser.get(f"{PATH}?part=done")).text


async def test_a_request_is_found_by_its_number(at: Staffed) -> None:
    number = await filed(at.front.office)
    assert (await at.wang.get(f"{PATH}?number=2026-0001")).path == f"{PATH}/{number}"
    assert (await at.wang.get(f"{PATH}/2026-0001")).status == 200
    unknown = await at.wang.get(f"{PATH}?number=2026-0002")
    assert (unknown.status, unknown.words) == (409, "There is no request 2026-0002.")
    await at.front.office.opens()
    assert "no registered request" in (await at.wang.get(f"{PATH}/2")).words


async def test_the_file_of_the_register_names_nobody(at: Staffed) -> None:
    await filed(at.front.office, wanted="=1+1")
    page = await at.wang.get(f"{PATH}.csv?part=all")
    assert page.headers["Content-Disposition"].startswith("attachment")
    assert "'=1+1" in page.text
    assert "2026-0001" in page.text
    assert PHONE not in page.text
    assert "王小芳" not in page.text


async def letter(at: Staffed, path: str, **fields: Any) -> Page:
    """Send the form of a letter as its page has it now."""
    ticket = await at.front.office.ticket(int(path.rpartition("/")[2]))
    return await at.wang.post(f"{path}/letter", version=str(ticket.version), **fields)


async def test_name_and_contact_are_for_the_holder_and_written_down(at: Staffed) -> None:
    number = await filed(at.front.office)
    path = f"{PATH}/{number}"
    page = await at.wang.get(path)
    assert "Show name and contact" not in page.text
    refused = await at.wang.post(f"{path}/applicant")
    assert "claim it first" in refused.words
    await at.front.office.desk.claim(number, WANG)
    assert PHONE not in (await at.wang.get(path)).text
    assert PHONE in (await at.wang.post(f"{path}/applicant")).text
    assert ("telegram:1", "contact looked at") in await at.front.deeds()
    await at.zhao.get(path)
    assert PHONE not in (await at.zhao.post(f"{path}/applicant")).text


async def test_letters_and_refused_steps_are_looks_too(at: Staffed) -> None:
    path = f"{PATH}/{await filed(at.front.office)}"
    await at.wang.get("/console/account")
    for page in (
        await at.wang.get(f"{path}/letter"),
        await letter(at, path, result="open", text="共计12万元。"),
        await at.wang.post(f"{path}/extend", why="需要查阅档案"),
        await at.wang.post(f"{path}/applicant"),
    ):
        assert WANTED in page.text
    assert (await at.viewed()).count("ticket 1") == 4


async def test_each_step_on_the_way_to_the_letter(at: Staffed) -> None:
    number = await filed(at.front.office)
    path = f"{PATH}/{number}"
    await at.wang.get(path)
    empty = await step(at.wang, path, "correct", text=" ")
    assert "Say what is to be made clear." in empty.words
    heard = await step(at.wang, path, "hear", text="路灯公司，合同价")
    assert heard.words == f"No. {number}: done; the applicant is told."
    assert "By law the clock stands." in heard.text
    assert "Ask for a correction</h2>" not in heard.text
    early = await step(at.wang, path, "heard", text="")
    assert "they have until" in early.words
    after = await step(at.wang, path, "heard", text="同意公开")
    assert "同意公开" in after.text
    put_off = await step(at.wang, path, "extend", why="需要查阅档案")
    assert "extended once" in put_off.text


async def test_a_step_waits_where_the_applicant_wrote_meanwhile(at: Staffed) -> None:
    number = await filed(at.front.office)
    path = f"{PATH}/{number}"
    before = version(await at.wang.get(path))
    async with at.front.store.begin() as work:
        await at.front.office.desk.follow_up(work, number, "只要2025年的。")
    for deed in ("correct", "hear"):
        late = await at.wang.post(f"{path}/{deed}", text="路灯公司，合同价", version=before)
        assert (late.status, "Citizen wrote again" in late.words) == (409, True)
        assert ">路灯公司，合同价</textarea>" in late.text
        assert (await at.wang.post(f"{path}/{deed}", text="路灯公司")).status == 409
    assert (await at.front.office.ticket(number)).deadlines.paused is None
    heard = await step(at.wang, path, "hear", text="路灯公司")
    assert heard.status == 200


async def test_a_letter_is_decided_in_three_steps_sent_fetched_and_replaced(at: Staffed) -> None:
    number = await filed(at.front.office)
    path = f"{PATH}/{number}"
    results = await at.wang.get(f"{path}/letter")
    assert f'href="{path}/letter?result=partly"' in results.text
    grounds = await at.wang.get(f"{path}/letter?result=partly")
    assert "&amp;ground=third-party" in grounds.text
    assert "<textarea" not in grounds.text
    words = await at.wang.get(f"{path}/letter?result=partly&ground=third-party")
    assert "<textarea" in words.text
    fields: dict[str, Any] = {"result": "partly", "ground": "third-party"}
    bare = await letter(at, path, text="", **fields)
    assert (bare.status, "needs words" in bare.words) == (409, True)
    done = await letter(at, path, text="路灯维护费用共计12万元。", **fields)
    assert done.path == path
    assert "opened in part" in done.text
    assert (await at.front.office.ticket(number)).state is State.ANSWERED
    for ending, begins in (("docx", b"PK"), ("pdf", b"%PDF")):
        url = f"{at.front.url}{path}/letters/1.{ending}"
        async with at.wang.http.get(url) as response:
            assert (await response.read()).startswith(begins)
    assert (await at.zhao.get(f"{path}/letters/1.pdf")).status == 409  # it names the applicant
    assert (await at.wang.get(f"{path}/letters/2.pdf")).status == 409
    again = await at.wang.get(f"{path}/letter?result=open&anew=yes")
    assert "is replaced" in again.text
    fields = {"result": "open", "anew": "yes", "text": "共计13万元。"}
    silent = await letter(at, path, corrects="", **fields)
    assert "says why it must" in silent.words
    assert ">共计13万元。</textarea>" in silent.text
    seen = (await at.front.office.ticket(number)).version
    replaced = await letter(at, path, corrects="金额有误", **fields)
    assert "金额有误" in replaced.text
    assert "replaced</span>" in replaced.text
    twice = await at.wang.post(
        f"{path}/letter", version=str(seen), corrects="金额有误", **fields
    )  # a double click
    assert (twice.status, "was changed meanwhile" in twice.words) == (409, True)
    assert ">共计13万元。</textarea>" in twice.text
    assert (await at.wang.get(f"{path}/letters/3.pdf")).status == 409


async def test_the_letter_to_a_sensitive_request_waits_for_a_second_person(at: Staffed) -> None:
    number = await filed(at.front.office)
    async with at.front.store.begin() as work:
        ticket = await work.tickets.get(number)
        await work.tickets.save(replace(ticket, sensitive=True))
    path = f"{PATH}/{number}"
    await at.wang.get(path)
    await letter(at, path, result="secret", text="涉及国家秘密。")
    own = await at.wang.get(path)
    assert "waits for a second person" in own.text
    assert "Approve</button>" not in own.text
    fu = await at.person("fu")
    page = await fu.get(path)
    review = page.text.split('name="number" value="')[1].split('"')[0]
    assert (await step(fu, path, "reject", number=review, why="")).status == 409
    sent = await step(fu, path, "approve", number=review)
    assert "Letter 1 went out" in sent.text


async def test_a_lawsuit_is_written_down_and_counted(at: Staffed) -> None:
    number = await filed(at.front.office)
    path = f"{PATH}/{number}"
    await at.wang.get(path)
    await letter(at, path, result="secret", text="涉及国家秘密。")
    none = await at.wang.post(f"{path}/dispute", remedy="review", begun="")
    assert none.status == 409
    noted = await at.wang.post(f"{path}/dispute", remedy="review", begun="2026-11-23")
    assert "行政复议 · 2026-11-23 · 尚未审结" in noted.text
    year = (await at.wang.get(f"{PATH}/annual")).text
    assert "一、本年新收政府信息公开申请数量</th><td>1</td>" in year
    csv = await at.wang.get(f"{PATH}/annual.csv?year=2026")
    assert "一、本年新收政府信息公开申请数量,1," in csv.text
    assert "2025" in (await at.wang.get(f"{PATH}/annual?year=2025")).text
    assert (await at.wang.get(f"{PATH}/annual?year=99999999999")).status == 200


async def test_what_applicants_wrote_is_text(at: Staffed) -> None:
    number = await filed(at.front.office, wanted=NASTY, name=NASTY)
    await at.front.office.desk.claim(number, WANG)
    path = f"{PATH}/{number}"
    texts = [(await at.wang.get(one)).text for one in (PATH, path, f"{path}/letter")]
    texts.append((await at.wang.post(f"{path}/applicant")).text)
    for text in texts:
        assert SAFE in text
        assert "<img src=x" not in text


async def test_requests_are_for_agents_and_reviewers(at: Staffed) -> None:
    await filed(at.front.office)
    seen = str((await at.front.office.ticket(1)).version)
    han, fu = await at.person("han"), await at.person("fu")
    assert (await han.get(PATH)).status == 403
    assert (await fu.get(f"{PATH}/1")).status == 200
    assert (await fu.get(f"{PATH}/1/letter")).status == 403
    assert (await fu.post(f"{PATH}/1/hear", text="x", version=seen)).status == 403


async def step(browser: Browser, path: str, deed: str, **fields: str) -> Page:
    """A form of the request's page, as it is now."""
    seen = version(await browser.get(path))
    return await browser.send(f"{path}/{deed}", {"version": seen, **fields})
