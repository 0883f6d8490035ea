"""What staff type is not lost, and nobody else reads it: forms, ended sessions, lost lines."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.desk.tickets import Agent
from tests.browser.eyes import Eyes, barriers, picture
from tests.unit.desk.requests import filed
from tests.web.console.cases import opened
from tests.web.console.harness import Browser
from tests.web.console.staffed import Staffed, staffed

pytestmark = pytest.mark.slow

ZHAO: Final = Agent("web:zhao", "赵敏")
WORDS: Final = "还差户口本，请补交"
FORMS: Final = {
    "reply": ("tickets/1", "#text"),
    "reason": ("tickets/1", "#transfer-why"),
    "consultation": ("tickets/1", "#consult-question"),
    "hearing": ("requests/2", "#hear-text"),
    "letter": ("requests/2/letter?result=secret", "#letter-text"),
    "concern": ("concerns/1", "#close-why"),
    "task": ("tasks", "#add-title"),
    "absence": ("roster", "#away-note"),
    "canned": ("canned", "#canned-text"),
}


@pytest_asyncio.fixture(loop_scope="session")
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as office:
        await opened(office.front.office, department="harbour")
        await filed(office.front.office)
        await office.concern()
        for ticket in (1, 2):
            await office.front.office.desk.claim(ticket, ZHAO)
        yield office


async def window(eyes: Eyes, at: Staffed, whose: Browser, path: str) -> Page:
    page = await eyes.open()
    await sits_down(page, at, whose)
    await page.goto(url(at, path))
    return page


async def sits_down(page: Page, at: Staffed, whose: Browser) -> None:
    """The browser has the session of that person from now on."""
    cookies = {"console": whose.cookie(), "console-language": "zh-Hans"}
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": at.front.url} for name, value in cookies.items()]
    )


def url(at: Staffed, path: str) -> str:
    return f"{at.front.url}/console/{path}"


async def ends(browser: Browser) -> None:
    await browser.get("/console/account")
    await browser.post("/console/sign-out")


async def fill(page: Page, field: str, words: str = WORDS) -> None:
    """Unfold it where it is folded."""
    found = page.locator(field)
    await found.evaluate("one => one.closest('details')?.setAttribute('open', '')")
    await found.fill(words)


async def send(page: Page, field: str) -> None:
    """As a button does that asks no browser whether other fields are filled."""
    await page.locator(field).evaluate(
        "one => { one.form.noValidate = true; one.form.requestSubmit(); }"
    )


async def kept(page: Page) -> list[str]:
    names = await page.evaluate("Object.keys(localStorage)")
    return [one for one in names if one.startswith("console-draft-")]


async def test_no_form_loses_its_words_with_its_session(at: Staffed, eyes: Eyes) -> None:
    lost = []
    for name, (path, field) in FORMS.items():
        page = await window(eyes, at, at.zhao, path)
        await fill(page, field)
        await ends(at.zhao)
        await send(page, field)
        await page.wait_for_url("**/console/sign-in**")
        assert "next=" in page.url, "signing in leads back to the form"
        await at.zhao.sign_in("zhao")
        await sits_down(page, at, at.zhao)
        await page.goto(url(at, path))
        if await page.locator(field).input_value() != WORDS:
            lost.append(name)
        await page.context.close()
    assert lost == []


async def test_what_arrived_is_not_put_back(at: Staffed, eyes: Eyes) -> None:
    page = await window(eyes, at, at.zhao, "tickets/1")
    await fill(page, "#consult-question")
    await fill(page, "#text", "好的。")
    await send(page, "#text")
    await expect(page.locator(".turns .staff")).to_contain_text("好的。")
    await expect(page.locator("#text")).to_have_value("")
    assert [name.split("/")[-1].strip() for name in await kept(page)] == ["consult"]


async def test_a_reply_that_never_arrived_is_put_back_whatever_else_happened(
    at: Staffed, eyes: Eyes
) -> None:
    page = await window(eyes, at, at.zhao, "tickets/1")
    await page.route("**/tickets/1/reply", lambda route: route.fulfill(status=204))
    await fill(page, "#text")
    await send(page, "#text")
    async with at.front.store.begin() as work:
        await at.front.office.desk.follow_up(work, 1, "还有一个问题")
    await page.goto(url(at, "tickets/1"))
    await expect(page.locator("#text")).to_have_value(WORDS)


async def test_a_shared_computer_shows_nobody_the_words_of_another(
    at: Staffed, eyes: Eyes
) -> None:
    page = await window(eyes, at, at.zhao, "canned")
    await fill(page, "#canned-text")
    await sits_down(page, at, at.wang)
    await page.goto(url(at, "canned"))
    await expect(page.locator("#canned-text")).to_have_value("")
    assert WORDS not in await page.content()
    await sits_down(page, at, at.zhao)
    await page.goto(url(at, "canned"))
    await expect(page.locator("#canned-text")).to_have_value(WORDS)
    await page.get_by_role("button", name="退出").click()
    await page.wait_for_url("**/sign-in")
    assert await kept(page) == []


async def test_words_whose_form_is_gone_are_shown_until_they_are_thrown_away(
    at: Staffed, eyes: Eyes
) -> None:
    page = await window(eyes, at, at.zhao, "tickets/1")
    await fill(page, "#text")
    await at.front.office.desk.close(1, ZHAO, "已解决")
    await page.goto(url(at, "tickets/1"))
    await expect(page.locator("#text")).to_have_count(0)
    await expect(page.locator("#left textarea")).to_have_value(WORDS)
    assert await barriers(page) == []
    await picture(page, "console-left")
    await page.locator("#left button").click()
    await expect(page.locator("#left")).to_be_hidden()
    await page.reload()
    await expect(page.locator("#left")).to_be_hidden()


async def test_inserting_says_what_is_wrong_and_puts_nothing_else_into_a_reply(
    at: Staffed, eyes: Eyes
) -> None:
    page = await window(eyes, at, at.zhao, "tickets/1")
    await fill(page, "#text")
    insert = page.locator("button[data-insert]").first
    await page.route("**/insert", lambda route: route.abort())
    await insert.click()
    await expect(page.locator("#changed")).to_contain_text("连接不上")
    await page.unroute("**/insert")
    await page.route("**/insert", lambda route: route.fulfill(status=502, body="<h1>502</h1>"))
    await insert.click()
    await expect(page.locator("#changed")).to_contain_text("没有成功")
    await page.unroute("**/insert")
    await ends(at.zhao)
    await insert.click()
    await expect(page.locator("#over")).to_contain_text("新标签页")
    await expect(page.locator("#text")).to_have_value(WORDS)
    await picture(page, "console-over")


async def test_a_list_that_cannot_be_fetched_stays_and_says_so(at: Staffed, eyes: Eyes) -> None:
    page = await window(eyes, at, at.zhao, "")
    await page.goto(f"{at.front.url}/console")
    await page.locator("#bulk-why").fill(WORDS)
    await page.route("**/console?part=table", lambda route: route.fulfill(status=503))
    await page.evaluate("window.isSame = true")
    await at.front.office.desk.release(1, ZHAO)
    await expect(page.locator("#stale")).to_be_visible()
    await picture(page, "console-stale")
    await page.unroute("**/console?part=table")
    await expect(page.locator("#stale")).to_be_hidden()
    await expect(page.locator("#queue")).not_to_contain_text("harbour")
    assert await page.evaluate("window.isSame"), "the page was not loaded anew"
    await expect(page.locator("#bulk-why")).to_have_value(WORDS)
