"""Pages of documents that were written already."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import pytest

from index.live import Live
from tests.web.library import Reading, reading

FUND: Final = "/documents/housing-fund-withdrawal-2025"
FEW: Final = 5  # that an address may have written in a minute


@pytest.fixture
async def few(sample: Live, releases: Path) -> AsyncIterator[Reading]:
    async with reading(sample, releases, searches_per_minute=FEW) as opened:
        yield opened


async def test_a_page_that_the_browser_has_is_not_sent_again(site: Reading) -> None:
    first = await site.get(FUND)
    headers = {"If-None-Match": first.headers["Etag"]}
    again = await site.get(FUND, **headers)
    assert (again.status, again.text) == (304, "")
    assert again.headers["Etag"] == first.headers["Etag"]
    other = await site.get(f"{FUND}?lang=en", **headers)
    assert other.status == 200, "in another language it is another page"


async def test_a_page_is_written_once_and_reads_the_same(few: Reading) -> None:
    first = await few.get(FUND)
    for _ in range(2 * FEW):
        again = await few.get(FUND)
        assert (again.status, again.text) == (200, first.text)


async def test_an_address_that_has_too_many_pages_written_is_told_to_wait(few: Reading) -> None:
    shown = [await few.get(f"{FUND}?quote={number}", "en") for number in range(FEW + 2)]
    page = shown[-1]
    assert page.status == 429
    assert f"Please wait {page.headers['Retry-After']} seconds" in page.text


async def test_what_is_not_there_is_not_kept(site: Reading) -> None:
    for _ in range(2):
        page = await site.get("/documents/nothing")
        assert page.status == 404
        assert "Etag" not in page.headers
