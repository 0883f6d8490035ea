"""The console in real browsers, with the whole bot behind it and citizens in windows of their own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any, Final

import pyotp
import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from bot.accounts.accounts import Accounts
from bot.desk.canned import Canned
from bot.desk.tickets import Agent
from knowledge.types import Lang
from tests.browser.eyes import PHONE, Eyes, barriers, is_wider_than_its_window, picture
from tests.e2e.world import World, world

pytestmark = pytest.mark.slow

PASSWORD: Final = "渡轮每天早上六点开 ferry"
UNKNOWN: Final = "火星移民的落户手续怎么办？"
NEAR: Final = "技能补贴的申请要去哪个窗口，能不能让家里人代办？"
EVIL: Final = (
    "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
)
REPLY: Final = "目前没有这项业务。如有变化，我们会在网站上公布。"


@pytest_asyncio.fixture(loop_scope="session")
async def bot(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    async with world(releases, tmp_path) as running:
        yield running


def url(bot: World, path: str = "/") -> str:
    return f"http://127.0.0.1:{bot.app.web_port}{path}"


async def ask(page: Page, bot: World, question: str) -> None:
    await page.goto(url(bot))
    await page.get_by_role("textbox").fill(question)
    await page.get_by_role("button", name="发送").click()


async def asked(eyes: Eyes, bot: World, question: str = UNKNOWN) -> Page:
    """A citizen whose question has come to staff."""
    page = await eyes.open()
    await ask(page, bot, question)
    await expect(page.locator("#messages > .us").first).to_be_visible()
    return page


async def signed_in(
    eyes: Eyes, bot: World, login: str = "wang", name: str = "王芳", **window: Any
) -> Page:
    accounts = Accounts(bot.store, clock=bot.clock)
    made = await accounts.add(login, name=name, member=f"web:{login}", who="test")
    page = await eyes.open(**window)
    await page.goto(url(bot, f"/console/enrol?code={made.code}"))
    await page.locator("#password").fill(PASSWORD)
    await page.locator("#again").fill(PASSWORD)
    await page.locator("#again").press("Enter")
    key = (await page.locator(".key").inner_text()).replace(" ", "")
    await page.locator("#code").fill(pyotp.TOTP(key).at(bot.clock()))
    await page.locator("#code").press("Enter")
    await page.wait_for_url("**/console")
    return page


async def claimed(page: Page, bot: World, number: int = 1) -> None:
    await page.goto(url(bot, f"/console/tickets/{number}"))
    await page.get_by_role("button", name="认领", exact=True).click()
    await expect(page.locator("#text")).to_be_visible()


async def test_a_reply_reaches_the_citizen_without_a_reload(bot: World, eyes: Eyes) -> None:
    agent = await signed_in(eyes, bot)
    await expect(agent.locator("[data-row]")).to_have_count(0)
    citizen = await asked(eyes, bot)
    await expect(agent.locator("[data-row]")).to_have_text([UNKNOWN])  # by itself
    await agent.locator("[data-row]").click()
    await agent.get_by_role("button", name="认领", exact=True).click()
    await agent.locator("#text").fill(REPLY)
    await agent.locator("#text").press("Control+Enter")
    await expect(agent.locator(".turns")).to_contain_text(REPLY)
    await expect(citizen.locator("#messages")).to_contain_text(REPLY)
    await expect(agent.locator("#text")).to_have_value("")  # the draft is gone with it


async def test_of_two_who_claim_at_once_one_is_told_who_was_faster(bot: World, eyes: Eyes) -> None:
    await asked(eyes, bot)
    wang, li = await signed_in(eyes, bot), await signed_in(eyes, bot, "li", "李雷")
    for page in (wang, li):
        await page.goto(url(bot, "/console/tickets/1"))
    await wang.get_by_role("button", name="认领", exact=True).click()
    await expect(li.locator("#changed")).to_contain_text("王芳")
    await li.get_by_role("button", name="认领", exact=True).click()
    await expect(li.get_by_role("alert")).to_contain_text("王芳")
    await expect(li.locator("#text")).to_have_count(0)


async def test_what_is_typed_survives_news_and_a_lost_page(bot: World, eyes: Eyes) -> None:
    citizen = await asked(eyes, bot)
    agent = await signed_in(eyes, bot)
    await claimed(agent, bot)
    await agent.locator("#text").press_sequentially("您好，正在核实")
    await citizen.get_by_role("textbox").fill("补充：我在火星有房。")
    await citizen.get_by_role("button", name="发送").click()
    await agent.reload()
    await expect(agent.locator("#text")).to_have_value("您好，正在核实")
    await agent.get_by_role("button", name="退出").click()
    assert await agent.evaluate("Object.keys(localStorage).filter(n => n.includes('draft'))") == []


async def test_by_keyboard_alone(bot: World, eyes: Eyes) -> None:
    citizen = await asked(eyes, bot)
    agent = await signed_in(eyes, bot)
    await expect(agent.locator("[data-row]")).to_have_count(1)
    await agent.keyboard.press("j")
    await agent.keyboard.press("Enter")
    await agent.wait_for_url("**/tickets/1")
    await agent.keyboard.press("c")
    await expect(agent.locator("#text")).to_be_visible()
    await agent.keyboard.press("r")
    await agent.keyboard.type("jxc?" + REPLY)  # keys are off while somebody types
    await agent.keyboard.press("Control+Enter")
    await expect(citizen.locator("#messages")).to_contain_text("jxc?" + REPLY)
    await agent.locator("h1").click()
    await agent.keyboard.press("?")
    await expect(agent.get_by_role("dialog")).to_be_visible()
    await picture(agent, "console-keys")
    await agent.locator("#keys-off").check()
    await agent.keyboard.press("Escape")
    await agent.keyboard.press("g")
    await agent.keyboard.press("q")
    assert agent.url.endswith("/tickets/1"), "they are switched off"
    await agent.keyboard.press("?")
    await agent.locator("#keys-off").uncheck()
    await agent.keyboard.press("Escape")
    await agent.keyboard.press("g")
    await agent.keyboard.press("q")
    await agent.wait_for_url("**/console")


async def test_words_are_inserted_without_leaving_the_page(bot: World, eyes: Eyes) -> None:
    await asked(eyes, bot)
    services = bot.app.services
    canned = Canned(name="受理", language=Lang.ZH_HANS, text="{greeting}编号{number}已受理。")
    await services.canned.add(canned, Agent("web:wang", "王芳"))
    agent = await signed_in(eyes, bot)
    await claimed(agent, bot)
    await agent.locator("#text").fill("前面的话。")
    await agent.get_by_role("button", name="插入", exact=True).click()
    await expect(agent.locator("#text")).to_have_value("前面的话。\n\n您好，编号1已受理。")


async def test_what_people_write_is_shown_and_never_run(bot: World, eyes: Eyes) -> None:
    citizen = await asked(eyes, bot, EVIL)
    agent = await signed_in(eyes, bot, name=EVIL[:40])
    await expect(agent.locator("[data-row]")).to_contain_text("<script>")
    await claimed(agent, bot)
    await expect(agent.locator(".turns .citizen").first).to_contain_text("<script>")
    await agent.locator("#text").fill(EVIL)
    await agent.locator("#text").press("Control+Enter")
    await expect(agent.locator(".turns .staff")).to_contain_text("<script>")
    await expect(citizen.locator("#messages")).to_contain_text("onerror")
    for page in (agent, citizen):
        assert "hacked" not in await page.title()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
async def test_nobody_is_kept_out(bot: World, eyes: Eyes, scheme: str, width: str) -> None:
    for question in (NEAR, UNKNOWN, "海边露营要不要交钱？"):
        await asked(eyes, bot, question)
    more: dict[str, Any] = {"viewport": PHONE} if width == "phone" else {}
    agent = await signed_in(eyes, bot, color_scheme=scheme, **more)
    await agent.goto(url(bot, "/console"))
    assert await barriers(agent) == []
    await picture(agent, f"console-queue-{scheme}-{width}")
    await claimed(agent, bot)
    assert await barriers(agent) == []
    assert not await is_wider_than_its_window(agent)
    await picture(agent, f"console-ticket-{scheme}-{width}", whole=True)
    for path in ("canned", "consultations", "reviews"):
        await agent.goto(url(bot, f"/console/{path}"))
        assert await barriers(agent) == []
        await picture(agent, f"console-{path}-{scheme}-{width}")
