"""The chat page and what lies around it: documents, lost lines, other windows, files, print."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from aiohttp.test_utils import unused_port
from playwright.async_api import Page, Route, expect

from bot.store.sql import SqlStore
from bot.types import Address, Delivery, Span
from tests.browser.eyes import PHONE, Eyes, barriers, picture
from tests.browser.talk import ask, url
from tests.e2e.world import World, world

pytestmark = pytest.mark.slow

QUESTION: Final = "技能补贴一年最多能领几回？"
QUOTED: Final = "每人每年最多3次"
UNKNOWN: Final = "火星移民的落户手续怎么办？"
REPLY: Final = "目前没有这项业务。"
FILE: Final = """name => {
    const data = new DataTransfer();
    data.items.add(new File(["x"], "证件.jpg", {type: "image/jpeg"}));
    const options = {bubbles: true, cancelable: true, composed: true};
    const event = name === "paste"
        ? new ClipboardEvent(name, {...options, clipboardData: data})
        : new DragEvent(name, {...options, dataTransfer: data});
    return document.getElementById("text").dispatchEvent(event);
}"""
HIDDEN_FOCUS: Final = """() => {
    const edge = name => document.querySelector(name).getBoundingClientRect();
    const box = document.activeElement.getBoundingClientRect();
    const inside = document.activeElement.closest("main");
    return Boolean(inside) && (box.top < edge(".top").bottom || box.bottom > edge(".dock").top);
}"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def bot(releases: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """One for all tests here: each opens windows of somebody else."""
    port, scratch = unused_port(), tmp_path_factory.mktemp("links")
    address = f"http://127.0.0.1:{port}"
    async with world(releases, scratch, web_port=port, web_url=address) as running:
        yield running


async def answered(page: Page) -> None:
    await expect(page.locator("blockquote").first).to_contain_text(QUOTED)


async def test_from_an_answer_to_the_clause_highlighted(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    await page.locator("#language").select_option("en")
    await page.get_by_role("textbox").fill(QUESTION)
    await page.keyboard.press("Enter")
    await answered(page)
    async with page.expect_popup() as opened:
        await page.locator("#messages a[href*='/documents/']").first.click()
    document = await opened.value
    await expect(document.locator("#quote")).to_be_in_viewport()
    await expect(document.locator(".aimed mark").first).to_be_visible()
    await expect(document.locator("html")).to_have_attribute("lang", "en")
    assert await document.locator(".aimed").filter(has_text=QUOTED).count() == 1
    assert await document.evaluate("opener") is None
    await picture(document, "document-from-chat")


async def test_a_question_that_comes_by_a_link_waits_to_be_sent(bot: World, page: Page) -> None:
    for path in ("/?lang=ko&q=%E8%A1%A5%E8%B4%B4%3F", "/?lang=ko#ask=%E8%A1%A5%E8%B4%B4%3F"):
        await page.goto(url(bot, path))
        await expect(page.get_by_role("textbox")).to_have_value("补贴?")
        assert page.url == url(bot, "/?lang=ko")
    await expect(page.locator("#messages > li")).to_have_count(0)


async def test_from_the_search_to_the_assistant(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    async with page.expect_popup() as opened:
        await page.locator(".browse a").click()
    search = await opened.value
    await search.get_by_role("searchbox").fill("技能补贴")
    await search.keyboard.press("Enter")
    await search.locator("a[href^='/#ask=']").click()
    await expect(search.locator("#text")).to_have_value("技能补贴")
    await expect(search.locator("#messages > li")).to_have_count(0)


async def test_a_reply_given_while_the_bot_was_down_arrives_once(
    releases: Path, tmp_path: Path, page: Page
) -> None:
    port = unused_port()
    async with world(releases, tmp_path, web_port=port) as bot:
        await page.goto(url(bot))
        await ask(page, UNKNOWN)
        await expect(page.locator("#messages > .us")).to_contain_text("编号 1")
        database, at = bot.settings.database_url, bot.clock()
    chat = await page.evaluate("JSON.parse(localStorage.getItem('mingbai.chat')).chat")
    async with SqlStore.open(database) as store, store.begin() as work:
        await work.outbox.enqueue(Delivery(to=Address("web", chat), body=(Span(REPLY),)), at=at)
    await expect(page.get_by_role("alert")).to_be_visible()
    await ask(page, QUESTION)  # asked while nobody is there
    await expect(page.locator(".unsent")).to_have_count(1)
    async with world(releases, tmp_path, web_port=port) as bot:
        await answered(page)
        await expect(page.locator("#messages > .us").filter(has_text=REPLY)).to_have_count(1)
        await expect(page.get_by_role("alert")).to_be_hidden()
        await expect(page.locator("#messages > .us")).to_have_count(3)
        async with bot.store.begin() as work:
            sent = await work.outbox.delivered(Address("web", chat), after=0, limit=10)
    assert len(sent) == 3
    await expect(page.locator("#messages > .me")).to_have_count(2)


async def test_a_message_that_was_refused_for_a_moment_arrives_once(
    bot: World, page: Page
) -> None:
    posts: list[int] = []

    async def busy_first(route: Route) -> None:
        posts.append(503 if not posts else 0)
        if len(posts) == 1:
            await route.fulfill(status=503, headers={"Retry-After": "1"})
        else:
            await route.continue_()

    await page.route("**/api/messages", busy_first)
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await expect(page.locator(".unsent")).to_contain_text("尚未送达")
    await answered(page)
    assert posts == [503, 0]
    await expect(page.locator("#messages > .me")).to_have_count(1)
    await expect(page.locator("#messages > .us")).to_have_count(1)


async def test_an_answer_to_the_message_that_was_lost_doubles_nothing(
    bot: World, page: Page
) -> None:
    lost: list[str] = []

    async def lose_first(route: Route) -> None:
        response = await route.fetch()  # the server has it, and the browser never hears so
        if lost:
            await route.fulfill(response=response)
        else:
            lost.append(route.request.post_data or "")
            await route.abort()

    await page.route("**/api/messages", lose_first)
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await answered(page)
    await expect(page.locator(".unsent")).to_have_count(0)
    await expect(page.locator("#messages > .me")).to_have_count(1)
    await expect(page.locator("#messages > .us")).to_have_count(1)


async def test_who_sends_too_fast_is_told_so_and_waits(bot: World, page: Page) -> None:
    async def too_fast(route: Route) -> None:
        await route.fulfill(status=429, headers={"Retry-After": "1"})

    await page.route("**/api/messages", too_fast, times=1)
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await expect(page.locator(".unsent")).to_contain_text("发送得有点快，稍候会自动送出")
    await answered(page)
    await expect(page.locator(".unsent")).to_have_count(0)


async def test_two_windows_of_one_citizen_stay_in_step(bot: World, page: Page) -> None:
    other = await page.context.new_page()
    await page.goto(url(bot))
    await other.goto(url(bot))
    await ask(page, QUESTION)
    for window in (page, other):
        await answered(window)
        await expect(window.locator("#messages > li")).to_have_count(2)
    await other.locator("#erase").click()
    await other.locator("dialog .danger").click()
    for window in (page, other):
        await expect(window.locator("#messages > li")).to_have_count(0)
    await ask(other, QUESTION)
    await answered(page)
    await expect(page.locator("#messages > li")).to_have_count(2)


async def test_a_page_that_was_put_away_comes_back_as_things_are_now(
    bot: World, page: Page
) -> None:
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await answered(page)
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pagehide', {persisted: true}))")
    await page.evaluate(  # what another window did meanwhile
        "localStorage.setItem('mingbai.chat', JSON.stringify("
        "{chat: 'x'.repeat(32), after: 0, entries: [], outbox: [], asked: 0}))"
    )
    await page.evaluate("dispatchEvent(new PageTransitionEvent('pageshow', {persisted: true}))")
    await expect(page.locator("#messages > li")).to_have_count(0)
    await ask(page, QUESTION)
    await answered(page)  # so the line is open again, to that conversation


async def test_a_file_is_not_taken_and_the_page_says_so(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    for name in ("drop", "paste"):
        assert await page.evaluate(FILE, name) is False  # the browser may not open it either
        await expect(page.locator("#only-text")).to_contain_text("只能发送文字")
        await picture(page, "chat-file")
        await page.get_by_role("textbox").fill("补贴")
        await expect(page.locator("#only-text")).to_be_empty()


async def test_how_much_may_be_written_is_counted(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    for length, words in ((1_000, ""), (1_700, "1700 / 2000 字"), (2_010, "已超出 10 字")):
        await page.get_by_role("textbox").fill("补" * length)
        counter = page.locator("#counter")
        await (expect(counter).to_contain_text(words) if words else expect(counter).to_be_empty())
    await expect(page.locator("#send")).to_be_enabled()
    await page.get_by_role("textbox").fill("补" * 20_001)
    await expect(page.locator("#send")).to_be_disabled()


async def test_who_asks_gets_no_cookie(bot: World, page: Page) -> None:
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await answered(page)
    await page.goto(url(bot, "/search?q=补贴"))
    await page.goto(url(bot, "/documents/"))
    assert await page.context.cookies() == []


async def test_where_nothing_can_be_kept_the_page_works_and_says_so(
    bot: World, page: Page
) -> None:
    await page.add_init_script(
        "Object.defineProperty(window, 'localStorage',"
        " {get() { throw new DOMException('blocked', 'SecurityError'); }})"
    )
    await page.goto(url(bot))
    await expect(page.locator("#unkept")).to_be_visible()
    await ask(page, QUESTION)
    await answered(page)
    await ask(page, UNKNOWN)
    await expect(page.locator("#messages > li")).to_have_count(4)


async def test_what_has_the_focus_is_never_covered(bot: World, eyes: Eyes) -> None:
    page = await eyes.open(viewport=PHONE)
    await page.goto(url(bot))
    for question in (QUESTION, UNKNOWN, QUESTION):
        await ask(page, question)
        await expect(page.get_by_role("status").first).to_be_empty()
    await expect(page.locator("#messages > .us")).to_have_count(3)
    for key in ("Shift+Tab", "Tab"):
        for _ in range(12):
            await page.keyboard.press(key)
            assert not await page.evaluate(HIDDEN_FOCUS)


async def test_without_scripts_the_page_says_what_to_do(bot: World, eyes: Eyes) -> None:
    page = await eyes.open(java_script_enabled=False)
    await page.goto(url(bot))
    await expect(page.locator("noscript .notice")).to_contain_text("12345")
    await expect(page.locator("#composer")).to_be_hidden()
    await expect(page.locator(".browse a")).to_have_attribute("href", "/search?lang=zh-Hans")
    await picture(page, "chat-noscript")


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("forced", {"forced_colors": "active"}),
        ("contrast", {"contrast": "more"}),
        ("contrast-dark", {"contrast": "more", "color_scheme": "dark"}),
    ],
)
async def test_in_colours_that_somebody_chose(
    bot: World, eyes: Eyes, name: str, options: Mapping[str, str]
) -> None:
    page = await eyes.open(viewport=PHONE, **options)
    await page.goto(url(bot))
    await picture(page, f"chat-{name}-empty")
    await ask(page, QUESTION)
    await answered(page)
    await picture(page, f"chat-{name}")
    assert await barriers(page) == []


async def test_on_paper_there_is_what_was_said_and_nothing_to_press(
    bot: World, page: Page
) -> None:
    await page.goto(url(bot))
    await ask(page, QUESTION)
    await answered(page)
    await page.emulate_media(media="print")
    await answered(page)
    for pressed in ("#composer", "#language", "#erase", "#messages button"):
        await expect(page.locator(pressed).first).to_be_hidden()
    await picture(page, "chat-print", whole=True)
