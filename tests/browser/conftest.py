"""
A real browser: Debian's Chromium, driven by Playwright. Without one these tests are skipped.

All of them share one event loop, for a browser takes a second to start. Pictures of the main
pages are left in build/screenshots, to be looked at.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.eyes import Eyes

HERE: Final = Path(__file__).parent
CHROMIUM: Final = os.environ.get("CHROMIUM") or shutil.which("chromium")
SLOWEST_MS: Final = 10_000  # a machine that does other work as well


def pytest_collection_modifyitems(items: Sequence[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
            if CHROMIUM is None:
                reason = "no browser here: apt-get install chromium, or name one in CHROMIUM"
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        # Without its sandbox, for in containers tests run as root; it loads our pages alone.
        browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"]
        )
        expect.set_options(timeout=SLOWEST_MS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def eyes(chromium: Browser) -> AsyncIterator[Eyes]:
    """Opens pages, and fails the test at the end for what any of them complained of."""
    opened = Eyes(chromium, SLOWEST_MS)
    yield opened
    await opened.close()
    assert opened.complaints == []


@pytest_asyncio.fixture(loop_scope="session")
async def page(eyes: Eyes) -> Page:
    return await eyes.open()
