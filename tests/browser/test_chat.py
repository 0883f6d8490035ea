"""The citizen's page in a real browser, with the whole bot behind it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, Response, expect

from tests.browser.eyes import PHONE, Eyes, barriers, is_wider_than_its_window, picture
from tests.browser.talk import ask, url, visit
from tests.e2e.world import World, world

QUESTION: Final = "技能补贴一年最多能领几回？"
QUOTED: Final = "每人每年最多3次"
UNKNOWN: Final = "火星移民的落户手续怎么办？"
MOST_BYTES: Final = 100_000  # of the page with all that it loads, as they cross the network


@pytest_asyncio.fixture(loop_scope="session")
async def bot(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    async with world(releases, tmp_path) as running:
        yield running


async def test_who_asks_gets_the_words_of_the_policy(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    await picture(page, "chat-empty")
    await ask(page, QUESTION)
    await expect(page.locator("blockquote").first).to_contain_text(QUOTED)
    await expect(page.get_by_role("status")).to_be_empty()
    await picture(page, "chat-answer")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
async def test_nobody_is_kept_out(bot: World, eyes: Eyes, scheme: str, width: str) -> None:
    more = {"viewport": PHONE} if width == "phone" else {}
    page = await eyes.open(color_scheme=scheme, **more)
    await page.goto(url(bot))
    assert await barriers(page) == []
    await ask(page, QUESTION)
    await expect(page.locator("blockquote").first).to_be_visible()
    assert await barriers(page) == []
    await picture(page, f"chat-{scheme}-{width}")


async def test_on_a_phone_nothing_is_wider_than_the_screen(bot: World, eyes: Eyes) -> None:
    narrow = {"width": 320, "height": 568}  # or 640 at 200 %
    page = await eyes.open(viewport=narrow, device_scale_factor=2, has_touch=True, is_mobile=True)
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await expect(page.locator("blockquote").first).to_be_visible()
    assert not await is_wider_than_its_window(page)


async def test_by_keyboard_alone(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    await page.keyboard.type(QUESTION)  # the field has the focus from the beginning
    await page.keyboard.press("Enter")
    await expect(page.locator("blockquote").first).to_be_visible()
    await page.keyboard.press("Shift+Tab")
    focused = page.locator("#messages button:focus")
    await expect(focused).to_be_visible()  # from the field one goes back to the last buttons


async def test_offline_and_back_nothing_is_lost(bot: World, page: Page) -> None:
    await visit(page, url(bot))
    await page.context.set_offline(offline=True)
    await ask(page, QUESTION)
    await expect(page.get_by_role("alert")).to_be_visible()
    await picture(page, "chat-offline")
    await page.context.set_offline(offline=False)
    await expect(page.locator("blockquote").first).to_contain_text(QUOTED)
    await expect(page.get_by_role("alert")).to_be_hidden()
    assert await page.locator("#messages > .me").count() == 1


async def test_what_was_said_is_there_again_until_it_is_erased(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await expect(page.locator("blockquote").first).to_be_visible()
    await page.reload()
    await expect(page.locator("blockquote").first).to_contain_text(QUOTED)
    await page.locator("#erase").click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    assert await barriers(page) == []
    await page.get_by_role("dialog").locator(".danger").click()
    await expect(page.locator("blockquote")).to_have_count(0)
    await page.reload()
    await expect(page.locator("#messages > li")).to_have_count(0)


async def test_a_ticket_and_the_reply_of_a_person_arrive_without_a_reload(
    bot: World, page: Page
) -> None:
    wang = bot.agent(501, "王芳")
    await page.goto(url(bot))
    await ask(page, UNKNOWN)
    await expect(page.locator("#messages > .us")).to_contain_text("编号 1")
    wang.send("目前没有这项业务。", reply_to=await wang.hears())
    await expect(page.locator("#messages")).to_contain_text("目前没有这项业务。")
    await picture(page, "chat-ticket")


async def test_what_a_citizen_writes_is_shown_and_never_run(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    evil = (
        "<img src=x onerror=\"document.title='hacked'\"><script>document.title='hacked'</script>"
    )
    await ask(page, evil)
    await expect(page.locator("#messages > .me")).to_contain_text("<script>")
    await expect(page.locator("#messages > .us")).to_have_count(1)
    assert "hacked" not in await page.title()


async def test_the_page_is_light_enough_for_an_old_phone(bot: World, page: Page) -> None:
    heard: list[Response] = []

    def hear(response: Response) -> None:  # Playwright takes no method of a list
        heard.append(response)

    page.on("response", hear)
    await page.goto(url(bot))
    await expect(page.get_by_role("textbox")).to_be_focused()
    sizes = [await one.request.sizes() for one in heard if "/api/" not in one.url]
    assert len(sizes) > 1
    weight = sum(one["responseBodySize"] + one["responseHeadersSize"] for one in sizes)
    assert weight < MOST_BYTES


async def test_one_window_too_many_is_told_to_close_another(bot: World, eyes: Eyes) -> None:
    first = await eyes.open()
    await visit(first, url(bot))
    others = [await first.context.new_page() for _ in range(4)]
    for page in others[:3]:
        await visit(page, url(bot))
    last = others[3]
    await last.goto(url(bot))
    await expect(last.get_by_role("alert")).to_contain_text("此对话已在太多窗口中打开")
    await picture(last, "chat-crowded")
    await first.close()
    await expect(last.get_by_role("alert")).to_be_hidden(timeout=20_000)
