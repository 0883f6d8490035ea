"""What a citizen does on the chat page, for tests."""

from __future__ import annotations

from typing import Final

from playwright.async_api import FrameLocator, Page

from tests.e2e.world import World

# Not wait_for_function, which is an eval: the page's policy allows none.
_READY: Final = """() => new Promise(resolve => {
    const ready = () => performance.getEntriesByName("mingbai.ready").length;
    const look = () => ready() ? resolve() : setTimeout(look, 20);
    look();
})"""


def url(bot: World, path: str = "/") -> str:
    return f"http://127.0.0.1:{bot.app.web_port}{path}"


async def visit(page: Page, address: str) -> None:
    """Open the chat, and wait until it is connected."""
    await page.goto(address)
    await page.evaluate(_READY)


async def ask(page: Page | FrameLocator, question: str) -> None:
    await page.get_by_role("textbox").fill(question)
    await page.get_by_role("button", name="发送").click()
