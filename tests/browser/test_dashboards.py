"""Dashboards of a busy bureau in a real browser: seen by anybody, on any screen, on paper."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import date
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import Page, expect

from tests.browser.eyes import PHONE, Eyes, barriers, is_wider_than_its_window, picture
from tests.web.console.busy_year import Year
from tests.web.console.harness import ROSTER, Front, front_of

pytestmark = pytest.mark.slow

PAPER: Final = {"width": 794, "height": 1123}  # A4 at 96 pixels an inch
TODAY: Final = date(2026, 11, 23)
SLOWEST_DRAWING_MS: Final = 60_000  # fourteen charts in a program of its own, beside other work


@pytest_asyncio.fixture(loop_scope="session")
async def front() -> AsyncIterator[Front]:
    async with front_of(ROSTER) as opened:
        year = Year(opened.store, departments=("harbour", ""))
        await year.fill(date(2026, 9, 15), TODAY, daily=20)
        await year.fill_registers(TODAY)
        yield opened


async def looks(front: Front, eyes: Eyes, **options: Any) -> Page:
    """A supervisor's window, once every drawing is there."""
    browser = await front.enrolled("zhao", name="赵敏")
    page = await eyes.open(**options)
    page.set_default_timeout(SLOWEST_DRAWING_MS)
    cookies = {"console": browser.cookie(), "console-language": "zh-Hans"}
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": front.url} for name, value in cookies.items()]
    )
    await page.goto(f"{front.url}/console/dashboards")
    await page.wait_for_load_state("networkidle")
    return page


async def undrawn(page: Page) -> int:
    """How many drawings the browser could not make anything of."""
    return int(await page.evaluate("[...document.images].filter(one => !one.naturalWidth).length"))


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", ["phone", "desk"])
async def test_nobody_is_kept_out(front: Front, eyes: Eyes, scheme: str, width: str) -> None:
    more: dict[str, Any] = {"viewport": PHONE} if width == "phone" else {}
    page = await looks(front, eyes, color_scheme=scheme, **more)
    assert await page.locator(".chart img").count() == 14
    assert await undrawn(page) == 0
    assert await barriers(page) == []
    assert not await is_wider_than_its_window(page)
    await picture(page, f"dashboards-{scheme}-{width}", whole=True)
    shown = await page.locator(".chart img").first.evaluate("one => one.currentSrc")
    assert ("theme=dark" in shown) == (scheme == "dark")


async def test_each_chart_is_a_table_as_well(front: Front, eyes: Eyes) -> None:
    page = await looks(front, eyes)
    await expect(page.get_by_role("table")).to_have_count(0)
    await page.locator("#documents ~ details summary").last.press("Enter")  # by keyboard
    table = page.get_by_role("table", name="文件引用情况")
    await expect(table).to_be_visible()
    await expect(table.get_by_role("row")).to_have_count(9)  # with its head
    await page.evaluate("scrollTo(0, 0)")  # else some links are under the head of the page
    assert await barriers(page) == []


async def test_on_paper_there_are_charts_and_no_controls(front: Front, eyes: Eyes) -> None:
    page = await looks(front, eyes, viewport=PAPER)
    await page.emulate_media(media="print")
    await expect(page.locator(".chart img").first).to_be_visible()
    await expect(page.get_by_role("button")).to_have_count(0)
    await expect(page.locator(".keep").first).to_be_hidden()
    tables = page.locator(".figures")  # nobody has opened one
    assert await tables.count() > 10
    assert all([await one.is_visible() for one in await tables.all()])
    assert not await is_wider_than_its_window(page)
    await picture(page, "dashboards-print", whole=True)


async def test_days_of_ones_own_are_chosen_in_the_form(front: Front, eyes: Eyes) -> None:
    page = await looks(front, eyes)
    await page.get_by_label("自", exact=True).fill("2026-10-01")
    await page.get_by_label("至", exact=True).fill("2026-10-31")
    await page.get_by_role("button", name="查询").click()
    await expect(page.get_by_role("heading", level=1)).to_contain_text("2026-10-01 至 2026-10-31")
    await expect(page).to_have_url(re.compile(r"from=2026-10-01&until=2026-10-31"))
    await page.wait_for_load_state("networkidle")
    assert await undrawn(page) == 0


async def test_a_figure_is_taken_along_as_csv(front: Front, eyes: Eyes) -> None:
    page = await looks(front, eyes)
    async with page.expect_download() as coming:
        await page.get_by_role("link", name="CSV 咨询量").click()
    assert (await coming.value).suggested_filename == "volume-2026-11-01-2026-11-23.csv"
