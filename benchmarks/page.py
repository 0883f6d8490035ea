"""
How long until a citizen can ask: the chat page in a real browser, beside a bare page.

    python -m benchmarks.page [--loads 10] [--browser /usr/bin/chromium]

Needs Playwright and a Chromium. Counted from the start of the navigation, by the browser's own
clock, until the field takes text and the stream of answers is open; for the bare page, one field
and nothing else from aiohttp, until it is loaded. Every load is somebody's first: nothing is in a
cache. Turns alternate, so that what disturbs the machine disturbs both alike.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from typing import Final

from aiohttp import web
from playwright.async_api import Browser, async_playwright

from bot.channels.web import WebChannel
from bot.store.memory import MemoryStore
from bot.web.app import create_app, serving
from bot.web.config import WebConfig

BARE: Final = (
    '<!doctype html><html lang="zh"><title>-</title><textarea autofocus></textarea></html>'
)
READY: Final = "performance.getEntriesByName('mingbai.ready').map(one => one.startTime)[0]"
LOADED: Final = "performance.getEntriesByType('navigation')[0].loadEventEnd"
# Not Playwright's own way to wait, which is an eval: the page's policy allows none.
WAIT: Final = """() => new Promise(resolve => {{
    const look = () => {{ const at = {mark}; at ? resolve(at) : setTimeout(look, 20); }};
    look();
}})"""
TYPED: Final = "document.activeElement.id === 'text'"


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--loads", type=int, default=10)
    parser.add_argument(
        "--browser", default=os.environ.get("CHROMIUM") or shutil.which("chromium")
    )
    given = parser.parse_args()
    asyncio.run(measure(given.browser, given.loads))


async def measure(executable: str | None, loads: int) -> None:
    async with async_playwright() as playwright, chat() as ours, bare() as other:
        browser = await playwright.chromium.launch(
            executable_path=executable, args=["--no-sandbox", "--disable-gpu"]
        )
        for url, mark in ((ours, READY), (other, LOADED)):
            await milliseconds(browser, url, mark)  # warms up
        pairs = [
            (await milliseconds(browser, ours, READY), await milliseconds(browser, other, LOADED))
            for _ in range(loads)
        ]
        await browser.close()
    chat_ms, bare_ms = zip(*pairs, strict=True)
    ratios = [one / two for one, two in pairs]
    print("ms until one can ask, median of the loads (lowest, highest)")
    for name, values in (("chat", chat_ms), ("bare page", bare_ms), ("ratio", ratios)):
        print(f"  {name:10}{median(values):8.1f}  ({min(values):.1f}, {max(values):.1f})")


async def milliseconds(browser: Browser, url: str, mark: str) -> float:
    """From the start of the navigation until the page has set its mark."""
    context = await browser.new_context(locale="zh-CN")
    page = await context.new_page()
    await page.goto(url)
    reached = await page.evaluate(WAIT.format(mark=mark))
    if mark == READY:
        assert await page.evaluate(TYPED), "the field has no focus"
    await context.close()
    return float(reached)


@asynccontextmanager
async def chat() -> AsyncIterator[str]:
    """The page without an index behind it: nothing is asked."""
    config = WebConfig(title="明白", bureau="澜港市人力资源和社会保障局", hotline="12345")
    app = create_app(store=MemoryStore(), channel=WebChannel(), config=config)
    async with serving(app, host="127.0.0.1", port=0) as port:
        yield f"http://127.0.0.1:{port}"


@asynccontextmanager
async def bare() -> AsyncIterator[str]:
    async def page(_request: web.Request) -> web.Response:
        return web.Response(text=BARE, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", page)
    async with serving(app, host="127.0.0.1", port=0) as port:
        yield f"http://127.0.0.1:{port}"


if __name__ == "__main__":
    main()
