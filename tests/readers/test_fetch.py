from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web

from knowledge.fetch import Fetched, Missed, fetch
from knowledge.manners import Manners
from tests.readers.site import QUICK, Site, running


@pytest.fixture
async def site() -> AsyncIterator[Site]:
    async with running() as one:
        yield one


async def one(url: str, folder: Path, manners: Manners = QUICK) -> Fetched | Missed:
    (answer,) = await fetch([url], folder, manners)
    return answer


async def missed(url: str, folder: Path, manners: Manners = QUICK) -> str:
    answer = await one(url, folder, manners)
    assert isinstance(answer, Missed)
    return answer.problem


async def got(url: str, folder: Path, manners: Manners = QUICK) -> Fetched:
    answer = await one(url, folder, manners)
    assert isinstance(answer, Fetched)
    return answer


async def test_a_page(site: Site, tmp_path: Path) -> None:
    site.html("/a.html", "甲。")
    answer = await got(f"{site.url}/a.html", tmp_path)
    assert (answer.ending, answer.stale) == (".html", "")
    assert "甲。" in answer.body.read_text(encoding="utf-8")
    assert site.asked == ["/robots.txt", "/a.html"]
    assert site.headers[1]["User-Agent"] == "MingbaiBot/0.1 (policy assistant)"


async def test_an_unchanged_page_is_not_sent_again(site: Site, tmp_path: Path) -> None:
    site.html("/a", "甲。", ETag='"1"', **{"Last-Modified": "Tue, 01 Jul 2025 00:00:00 GMT"})
    first = await got(f"{site.url}/a", tmp_path)
    body = first.body.read_bytes()
    assert await got(f"{site.url}/a", tmp_path) == first
    assert first.body.read_bytes() == body
    asked = site.headers[-1]
    assert (asked["If-None-Match"], asked["If-Modified-Since"]) == (
        '"1"',
        "Tue, 01 Jul 2025 00:00:00 GMT",
    )
    site.html("/a", "乙。", ETag='"2"')
    assert "乙。" in (await got(f"{site.url}/a", tmp_path)).body.read_text(encoding="utf-8")


async def test_a_damaged_copy_is_fetched_anew(site: Site, tmp_path: Path) -> None:
    site.html("/a", "甲。", ETag='"1"')
    first = await got(f"{site.url}/a", tmp_path)
    first.body.write_bytes(b"damaged")
    assert "甲。" in (await got(f"{site.url}/a", tmp_path)).body.read_text(encoding="utf-8")
    assert "If-None-Match" not in site.headers[-1]


async def test_a_copy_stands_in_where_the_site_is_down_but_not_where_the_page_is_gone(
    site: Site, tmp_path: Path
) -> None:
    site.html("/a", "甲。")
    await got(f"{site.url}/a", tmp_path)
    site.status("/a", 500)
    stale = (await got(f"{site.url}/a", tmp_path)).stale
    assert stale.startswith("the site answers 500; the copy of 20")
    site.status("/a", 410)
    assert await missed(f"{site.url}/a", tmp_path) == "the site answers 410"


async def test_robots(site: Site, tmp_path: Path) -> None:
    site.text(
        "/robots.txt", "User-agent: MingbaiBot\nDisallow: /secret\n\nUser-agent: *\nDisallow: /"
    )
    site.html("/open", "甲。")
    site.html("/secret/a", "密。")
    site.move("/moved", "/secret/a")
    urls = [f"{site.url}{path}" for path in ("/open", "/secret/a", "/moved")]
    answers = await fetch(urls, tmp_path, QUICK)
    refused = "the site's robots.txt asks not to fetch it"
    assert isinstance(answers[0], Fetched)
    assert answers[1:] == [Missed(urls[1], refused), Missed(urls[2], refused)]
    assert sorted(site.asked) == ["/moved", "/open", "/robots.txt"]


@pytest.mark.parametrize(
    ("status", "problem"),
    [
        (403, "the site's robots.txt asks not to fetch it"),
        (500, "the site's robots.txt cannot be read"),
        (503, "the site is too busy"),
    ],
)
async def test_robots_that_cannot_be_read(
    site: Site, tmp_path: Path, status: int, problem: str
) -> None:
    site.status("/robots.txt", status)
    site.html("/a", "甲。")
    assert await missed(f"{site.url}/a", tmp_path) == problem


async def test_redirects(site: Site, tmp_path: Path) -> None:
    site.html("/0", "甲。")
    for hop in range(1, 7):
        site.move(f"/{hop}", f"/{hop - 1}")
    assert isinstance(await one(f"{site.url}/5", tmp_path), Fetched)
    problem = "it redirects more than 5 times"
    assert await missed(f"{site.url}/6", tmp_path) == problem
    site.move("/file", "file:///etc/passwd")
    problem = "only http and https addresses are fetched"
    assert await missed(f"{site.url}/file", tmp_path) == problem
    site.move("/bad", "http://[")
    assert (await missed(f"{site.url}/bad", tmp_path)).startswith("it redirects to what is no")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("ftp://gov.example/a", "only http and https addresses are fetched"),
        ("/a", "only http and https addresses are fetched"),
        ("http://u:p@gov.example/", "an address with a password is not fetched"),
        ("http://gov.example:99999/", "it is no address of a page"),
    ],
)
async def test_what_is_not_fetched(url: str, problem: str, tmp_path: Path) -> None:
    assert (await missed(url, tmp_path)).startswith(problem)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]"])
async def test_inner_addresses_are_not_asked(site: Site, tmp_path: Path, host: str) -> None:
    site.html("/a", "密。")
    url = f"{site.url.replace('127.0.0.1', host)}/a"
    problem = await missed(url, tmp_path, replace(QUICK, private=False))
    assert "is an address of the inner network; it is fetched only where" in problem
    assert site.asked == []


async def test_a_site_that_nobody_runs(tmp_path: Path) -> None:
    problem = await missed("http://127.0.0.1:9/a", tmp_path)
    assert problem.startswith("the site cannot be reached (")


async def test_too_large(site: Site, tmp_path: Path) -> None:
    site.html("/a", "甲" * 1000)
    problem = await missed(f"{site.url}/a", tmp_path, replace(QUICK, largest=999))
    assert problem == "larger than 999 bytes"


async def test_too_slow(site: Site, tmp_path: Path) -> None:
    site.slow_s = 5.0
    site.html("/a", "甲。")
    problem = await missed(f"{site.url}/a", tmp_path, replace(QUICK, timeout_s=0.05))
    assert problem == "the site does not answer in time"


async def test_a_busy_site_is_asked_again(site: Site, tmp_path: Path) -> None:
    answers = iter([429, 503, 200])
    site.pages["/a"] = lambda _: web.Response(
        status=next(answers), text="甲。", headers={"Retry-After": "0"}
    )
    assert (await got(f"{site.url}/a", tmp_path)).body.read_text(encoding="utf-8") == "甲。"
    site.status("/b", 503)
    assert await missed(f"{site.url}/b", tmp_path) == "the site is too busy"
    assert site.asked.count("/b") == 3


async def test_few_at_once_and_in_order(site: Site, tmp_path: Path) -> None:
    site.slow_s = 0.02
    urls = [f"{site.url}/{number}" for number in range(12)]
    for number in range(12):
        site.text(f"/{number}", str(number))
    answers = await fetch(urls, tmp_path, replace(QUICK, per_host=3))
    assert [one.url for one in answers] == urls
    assert site.most_at_once == 3
    site.most_at_once = 0
    await fetch(urls, tmp_path, replace(QUICK, per_host=9, total=2))
    assert site.most_at_once == 2


async def test_a_pause_between_requests(site: Site, tmp_path: Path) -> None:
    site.text("/robots.txt", "User-agent: *\nCrawl-delay: 0.1")
    started = asyncio.get_running_loop().time()
    await fetch([f"{site.url}/{n}" for n in range(4)], tmp_path, replace(QUICK, delay_s=0.05))
    assert asyncio.get_running_loop().time() - started >= 0.2


@pytest.mark.parametrize(
    ("path", "kind", "ending"),
    [
        ("/a", "text/html; charset=gb2312", ".html"),
        ("/a.jsp", "text/html", ".html"),
        ("/a", "application/pdf", ".pdf"),
        ("/a.docx", "application/octet-stream", ".docx"),
        ("/a.csv", "text/plain", ".csv"),
        ("/a", "text/plain", ".txt"),
        ("/a.png", "image/png", ".png"),
    ],
)
async def test_the_reader_by_what_the_site_says(
    site: Site, tmp_path: Path, path: str, kind: str, ending: str
) -> None:
    site.pages[path] = lambda _: web.Response(body=b"x", headers={"Content-Type": kind})
    assert (await got(f"{site.url}{path}", tmp_path)).ending == ending


def aged(folder: Path) -> set[str]:
    """Set the copies back by years; return their names."""
    for path in folder.iterdir():
        os.utime(path, (0, 0))
    return {path.name for path in folder.iterdir()}


async def test_a_copy_that_no_list_names_for_long_leaves(site: Site, tmp_path: Path) -> None:
    for name in ("/a", "/b"):
        site.html(name, f"{name}。")
        await got(f"{site.url}{name}", tmp_path)
    assert len(aged(tmp_path)) == 4
    again = await got(f"{site.url}/b", tmp_path)
    assert aged(tmp_path) == {again.body.name, again.body.with_suffix(".json").name}


async def test_copies_that_cannot_be_kept(site: Site, tmp_path: Path) -> None:
    site.html("/a", "甲。")
    (tmp_path / "file").write_text("x")
    problem = await missed(f"{site.url}/a", tmp_path / "file")
    assert problem == f"it cannot be kept in {tmp_path / 'file'} (File exists)"
