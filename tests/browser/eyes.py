"""Browser windows for tests, and what is seen in them."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page

PICTURES: Final = Path(__file__).parents[2] / "build" / "screenshots"
PHONE: Final = {"width": 360, "height": 740}
DESK: Final = {"width": 1280, "height": 800}
# axe-core (Deque), as the package carries it. Its rules for WCAG 2.0 to 2.2, levels A and AA.
_AXE: Final = (files("axe_playwright_python") / "axe.min.js").read_text("utf-8")
_RULES: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_NOT_TOLD: Final = "Failed to load resource"  # a test that goes offline wants it


class Eyes:
    """Opens windows; keeps what their pages complained of: errors of scripts, of the policy."""

    def __init__(self, browser: Browser, slowest_ms: float) -> None:
        self._browser = browser
        self._slowest_ms = slowest_ms
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    async def open(self, **options: Any) -> Page:
        """A window of somebody of their own: no storage is shared with another one."""
        wanted = {"viewport": DESK, "locale": "zh-CN", "reduced_motion": "reduce", **options}
        context = await self._browser.new_context(**wanted)
        context.set_default_timeout(self._slowest_ms)
        self._contexts.append(context)
        page = await context.new_page()
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith(_NOT_TOLD):
            self.complaints.append(f"{message.text} ({message.location['url']})")


async def barriers(page: Page) -> Sequence[str]:
    """What keeps people out, as axe-core finds it: a line for each element."""
    await page.evaluate(_AXE)
    found = await page.evaluate(
        "rules => axe.run(document, {runOnly: rules, resultTypes: ['violations']})", _RULES
    )
    return [
        f"{one['impact']} {one['id']}: {node['html'][:120]} {node['failureSummary']}"
        for one in found["violations"]
        for node in one["nodes"]
    ]


async def picture(page: Page, name: str, *, whole: bool = False) -> None:
    """Leave what is seen of the page, or the whole of it, as build/screenshots/NAME.png."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    await page.screenshot(path=PICTURES / f"{name}.png", full_page=whole)


async def is_wider_than_its_window(page: Page) -> bool:
    return bool(await page.evaluate("document.documentElement.scrollWidth > innerWidth"))
