"""What cited places say: documents of a real release, and pages of a site on this machine."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from pathlib import Path

import pytest

from bot.desk.lookback.sayings import Place, PublishedSayings, Saying
from bot.desk.lookback.task import Verdict
from tests.readers.site import QUICK, Site, running

TODAY = date(2026, 11, 23)
FUND = "housing-fund-withdrawal-2025"


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as site:
        yield site


async def said(releases: Path, copies: Path, *places: Place) -> list[Saying]:
    sayings = PublishedSayings(releases, copies, QUICK)
    found = await sayings.read(places, on=TODAY)
    return [found[place] for place in places]


async def test_a_document_and_its_clause_are_read_from_the_release(
    releases: Path, tmp_path: Path
) -> None:
    whole, clause, other, gone, nowhere, ended = await said(
        releases,
        tmp_path,
        Place(FUND),
        Place(FUND, "第三条"),
        Place(FUND, "第四条"),
        Place(FUND, "第九十九条"),
        Place("no-such-document"),
        Place("housing-fund-withdrawal-2022"),
    )
    assert [one.verdict for one in (whole, clause, other)] == [Verdict.SAME] * 3
    assert len({whole.digest, clause.digest, other.digest}) == 3
    assert gone == Saying(verdict=Verdict.GONE, note="the document has no 第九十九条")
    assert nowhere == Saying(verdict=Verdict.GONE, note="the release has no such document")
    assert ended.verdict is Verdict.ENDED


async def test_without_a_release_nothing_is_called_gone(tmp_path: Path) -> None:
    (one,) = await said(tmp_path, tmp_path / "copies", Place(FUND))
    assert one.verdict is Verdict.UNREACHABLE


async def test_a_page_says_the_same_while_only_its_frame_changes(
    tmp_path: Path, site: Site
) -> None:
    place = Place(f"{site.url}/news")
    site.html("/news", "12路公交已恢复原线路。")
    (first,) = await said(tmp_path, tmp_path / "copies", place)
    site.html("/news", "12路公交已恢复原线路。</p><script>count(7)</script><p>")
    (frame,) = await said(tmp_path, tmp_path / "copies", place)
    assert frame == first
    site.html("/news", "12路公交暂不恢复。")
    (changed,) = await said(tmp_path, tmp_path / "copies", place)
    assert changed.verdict is Verdict.SAME  # it is there; the digest tells
    assert changed.digest != first.digest


async def test_a_page_that_is_gone_and_one_that_cannot_be_reached_are_told_apart(
    tmp_path: Path, site: Site
) -> None:
    gone, busy = Place(f"{site.url}/gone"), Place(f"{site.url}/busy")
    for path in ("/gone", "/busy"):
        site.html(path, "已办结。")
    await said(tmp_path, tmp_path / "copies", gone, busy)
    site.status("/gone", 404)
    site.status("/busy", 500)
    one, other = await said(tmp_path, tmp_path / "copies", gone, busy)
    assert one == Saying(verdict=Verdict.GONE, note="the site answers 404")
    assert other.verdict is Verdict.UNREACHABLE


async def test_robots_are_respected(tmp_path: Path, site: Site) -> None:
    site.text("/robots.txt", "User-agent: *\nDisallow: /inner/")
    site.html("/inner/news", "已办结。")
    (one,) = await said(tmp_path, tmp_path / "copies", Place(f"{site.url}/inner/news"))
    assert one.note == "the site's robots.txt asks not to fetch it"
    assert "/inner/news" not in site.asked
