"""The chat on a bureau's own site, which is another origin with a strict policy of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import unused_port
from playwright.async_api import FrameLocator, Page, expect

from bot.web.app import serving
from tests.browser.eyes import PHONE, Eyes, barriers, picture
from tests.browser.talk import ask
from tests.e2e.world import World, world

pytestmark = pytest.mark.slow

QUESTION: Final = "技能补贴一年最多能领几回？"
QUOTED: Final = "每人每年最多3次"
UNKNOWN: Final = "火星移民的落户手续怎么办？"
SAME: Final = "http://127.0.0.1"  # one site with the chat, and another origin: its port differs
NAMES: Final = "Object.getOwnPropertyNames(window).sort()"


def host(chat: str, line: str, lang: str) -> web.Application:
    """A bureau's site: /, /bare without the button, /stolen with our page in a frame of its own."""

    def page(body: str) -> web.Response:
        return web.Response(
            text=f'<!doctype html><html lang="{lang}"><head><title>澜港市人社局</title>'
            f"<link rel=stylesheet href=/style.css></head>"
            f"<body><main><h1>澜港市人社局</h1><p>办事指南</p></main>{body}</body></html>",
            content_type="text/html",
            headers={
                "Content-Security-Policy": (
                    f"default-src 'none'; script-src {chat}; frame-src {chat}; style-src 'self'; "
                    "require-trusted-types-for 'script'"
                )
            },
        )

    async def home(_request: web.Request) -> web.Response:
        return page(line + line)  # twice, as it happens where a template and a page have it

    async def bare(_request: web.Request) -> web.Response:
        return page("")

    async def stolen(_request: web.Request) -> web.Response:
        return page(f'<iframe src="{chat}/?embed=1&site={chat}" title="x"></iframe>')

    async def style(_request: web.Request) -> web.Response:
        # What a site does to its own elements must not reach ours.
        text = "button, iframe { display: none !important; } * { color: red; font: 40px serif; }"
        return web.Response(text=text, content_type="text/css")

    app = web.Application()
    app.router.add_get("/", home)
    app.router.add_get("/bare", bare)
    app.router.add_get("/stolen", stolen)
    app.router.add_get("/style.css", style)
    return app


class Places:
    """The bot, and sites around it. `localhost` and 127.0.0.1 are two sites for a browser."""

    def __init__(self, bot: World, port: int) -> None:
        self.bot = bot
        self.chat = f"http://127.0.0.1:{bot.app.web_port}"
        self._port = port

    @asynccontextmanager
    async def site(
        self, *, name: str = "localhost", more: str = "", lang: str = "zh-CN"
    ) -> AsyncIterator[str]:
        """A bureau's site at the port that is allowed, under that name."""
        line = f'<script src="{self.chat}/widget.js" async {more}></script>'
        async with serving(host(self.chat, line, lang), host="127.0.0.1", port=self._port):
            yield f"http://{name}:{self._port}"


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def places(
    releases: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Places]:
    """One for all tests here: each opens windows of somebody else."""
    port, scratch = unused_port(), tmp_path_factory.mktemp("widget")
    sites = f"http://localhost:{port}, {SAME}:{port}"
    async with world(releases, scratch, widget_sites=sites) as bot:
        yield Places(bot, port)


def inside(page: Page) -> FrameLocator:
    return page.frame_locator("iframe")


async def opened(page: Page, address: str) -> FrameLocator:
    await page.goto(address)
    await page.get_by_role("button", name="政策问答").click()
    await expect(inside(page).get_by_role("textbox")).to_be_visible()
    return inside(page)


async def test_a_citizen_asks_on_a_bureaus_site_by_keyboard_alone(
    places: Places, page: Page
) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    async with places.site() as address:
        await page.goto(address)
        button = page.get_by_role("button", name="政策问答")
        await expect(button).to_have_count(1)
        await expect(button).to_have_attribute("aria-expanded", "false")
        assert {one for one in asked if one.startswith(places.chat)} == {
            f"{places.chat}/widget.js"
        }
        await picture(page, "widget-closed")
        await page.keyboard.press("Tab")
        await expect(button).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(button).to_have_attribute("aria-expanded", "true")
        chat = inside(page)
        await expect(chat.get_by_role("textbox")).to_be_focused()
        await page.keyboard.type(QUESTION)
        await page.keyboard.press("Enter")
        await expect(chat.locator("blockquote").first).to_contain_text(QUOTED)
        await picture(page, "widget-answer")
        await page.keyboard.press("Escape")
        await expect(button).to_have_attribute("aria-expanded", "false")
        await expect(button).to_be_focused()
        await expect(page.get_by_role("dialog")).to_have_count(0)
        await page.keyboard.press("Enter")  # and again: what was said is still there
        await expect(chat.locator("blockquote").first).to_be_in_viewport()
        await page.keyboard.press("Shift+Tab")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
async def test_nobody_is_kept_out(places: Places, eyes: Eyes, scheme: str, width: str) -> None:
    more = {"viewport": PHONE} if width == "phone" else {}
    page = await eyes.open(color_scheme=scheme, **more)
    async with places.site() as address:
        await page.goto(address)
        await expect(page.get_by_role("button", name="政策问答")).to_be_visible()
        assert await barriers(page) == []
        chat = await opened(page, address)
        await expect(chat.locator("#close")).to_be_visible()
        assert await barriers(page) == []
        await picture(page, f"widget-{scheme}-{width}")
        await chat.locator("#close").click()
        await expect(page.get_by_role("button", name="政策问答")).to_be_focused()
    await page.goto(f"{places.chat}/?embed=1&site={address}")
    assert await barriers(page) == []


async def test_a_reply_that_comes_while_it_is_closed_is_counted(
    places: Places, page: Page
) -> None:
    wang = places.bot.agent(501, "王芳")
    async with places.site() as address:
        chat = await opened(page, address)
        await ask(chat, UNKNOWN)
        await expect(chat.locator("#messages > .us")).to_contain_text("编号 1")
        await expect(page.get_by_role("status")).to_be_empty()
        await page.keyboard.press("Escape")
        await expect(page.get_by_role("button", name="政策问答")).to_be_focused()
        wang.send("目前没有这项业务。", reply_to=await wang.hears())
        await expect(page.locator(".count")).to_have_text("1")
        await expect(page.get_by_role("status")).to_have_text("1 条新消息")
        await picture(page, "widget-unread")
        await page.keyboard.press("Enter")
        await expect(page.locator(".count")).to_be_empty()
        await expect(chat.locator("#messages")).to_contain_text("目前没有这项业务。")


async def test_nothing_is_left_among_the_names_of_the_site(places: Places, page: Page) -> None:
    async with places.site() as address:
        await page.goto(f"{address}/bare")
        before = await page.evaluate(NAMES)
        await opened(page, address)
        names = set(await page.evaluate(NAMES))
        assert names - set(before) <= {"0"}  # a frame is always counted there
        assert await page.evaluate("Object.keys(localStorage).concat(document.cookie)") == [""]


async def test_only_our_frame_is_heard(places: Places, page: Page) -> None:
    async with places.site() as address:
        await opened(page, address)
        button = page.get_by_role("button", name="政策问答")
        for said in ("'close'", "{unread: 7}"):
            await page.evaluate(f"postMessage({said}, '*')")
        await page.evaluate("new Promise(requestAnimationFrame)")
        await expect(button).to_have_attribute("aria-expanded", "true")
        await button.click()
        await expect(page.locator(".count")).to_be_empty()


async def test_a_site_that_is_not_named_gets_neither_button_nor_frame(
    places: Places, eyes: Eyes
) -> None:
    page = await eyes.open()
    async with places.site(name="evil.localhost") as address:
        async with page.expect_console_message() as told:
            await page.goto(address)
        assert "WIDGET_SITES" in (await told.value).text
        await expect(page.get_by_role("button")).to_have_count(0)
        async with page.expect_console_message(lambda one: "frame-ancestors" in one.text):
            await page.goto(f"{address}/stolen")
        await expect(inside(page).locator("#text")).to_have_count(0)
    assert all("frame-ancestors" in one for one in eyes.complaints)
    eyes.complaints.clear()


@pytest.mark.parametrize(
    ("lang", "more", "name", "compose"),
    [
        ("zh-TW", "", "政策問答", "您的問題"),
        ("en-GB", "", "Policy questions", "Your question"),
        ("ko", "", "정책 문의", "질문"),
        ("zh-CN", 'data-lang="ja" data-side="left"', "制度の質問", "ご質問"),
        ("fr", "", "政策问答", "您的问题"),
    ],
)
async def test_it_speaks_the_language_of_the_site(
    places: Places, page: Page, lang: str, more: str, name: str, compose: str
) -> None:
    async with places.site(lang=lang, more=more) as address:
        await page.goto(address)
        await page.get_by_role("button", name=name).click()
        await expect(inside(page).get_by_role("textbox", name=compose)).to_be_visible()
        if "left" in more:
            await picture(page, "widget-left")


async def test_where_the_browser_keeps_nothing_the_frame_works_and_says_so(
    places: Places, page: Page
) -> None:
    async with places.site() as address:
        chat = await opened(page, address)
        # A window of a test is a private one: it lets no frame of another site keep anything.
        assert "denied" in await chat.locator("body").evaluate(
            "() => { try { return String(localStorage); } catch (error) { return error.message; } }"
        )
        await expect(chat.locator("#unkept a")).to_have_attribute("href", "/")
        await ask(chat, QUESTION)
        await expect(chat.locator("blockquote").first).to_contain_text(QUOTED)
        await picture(page, "widget-unkept")


async def test_what_was_said_in_the_frame_is_there_on_the_next_page_of_the_site(
    places: Places, page: Page
) -> None:
    async with places.site(name=SAME.removeprefix("http://")) as address:
        chat = await opened(page, address)
        await expect(chat.locator("#unkept")).to_be_hidden()
        await ask(chat, QUESTION)
        await expect(chat.locator("blockquote").first).to_contain_text(QUOTED)
        chat = await opened(page, address)
        await expect(chat.locator("blockquote").first).to_contain_text(QUOTED)
        await picture(page, "widget-kept")


async def test_colours_that_somebody_chose(places: Places, eyes: Eyes) -> None:
    page = await eyes.open(forced_colors="active", viewport=PHONE)
    async with places.site() as address:
        await page.goto(address)
        await expect(page.get_by_role("button", name="政策问答")).to_be_visible()
        await picture(page, "widget-forced-closed")
        await opened(page, address)
        await picture(page, "widget-forced")


async def test_where_the_chat_cannot_be_reached_another_way_is_offered(
    places: Places, page: Page
) -> None:
    await page.clock.install()
    await page.route("**/?embed=1*", lambda route: route.fulfill(status=502, body="bad gateway"))
    async with places.site() as address:
        await page.goto(address)
        button = page.get_by_role("button", name="政策问答")
        await button.click()
        await page.clock.run_for(11_000)
        elsewhere = page.get_by_role("link", name="在新窗口中打开")
        await expect(elsewhere).to_have_attribute("href", f"{places.chat}/?lang=zh-Hans")
        await picture(page, "widget-blocked")
        await page.get_by_role("button", name="关闭").click()
        await expect(button).to_be_focused()
