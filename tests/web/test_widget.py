"""The button for other sites: what is served, and to whom a frame is open."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape

import pytest

from bot.config import Settings
from bot.errors import ConfigError
from bot.store.memory import MemoryStore
from bot.web.origins import origins_of
from tests.web.harness import CONFIG, Site, site_of

BUREAU = "https://rsj.langang.example"
PORTAL = "https://www.langang.example:8443"
OPEN = replace(CONFIG, widget_sites=(BUREAU, PORTAL))


async def ancestors(site: Site, path: str) -> str:
    response = await site.http.get(site.url + path)
    assert response.status == 200
    found = re.search(r"frame-ancestors ([^;]*)", response.headers["Content-Security-Policy"])
    assert found is not None
    return found[1]


async def test_only_the_chat_and_only_on_sites_that_are_named_may_be_framed() -> None:
    async with site_of(MemoryStore(), OPEN) as site:
        assert await ancestors(site, "/?embed=1") == f"'self' {BUREAU} {PORTAL}"
        assert await ancestors(site, "/?embed=1&site=https://evil.example") == (
            f"'self' {BUREAU} {PORTAL}"
        )
        assert await ancestors(site, "/") == "'self'"
        assert await ancestors(site, "/?embed=2") == "'self'"


async def test_without_sites_there_is_no_button_and_no_frame(site: Site) -> None:
    assert (await site.http.get(f"{site.url}/widget.js")).status == 404
    assert await ancestors(site, "/?embed=1") == "'self'"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"embed": "1", "site": BUREAU}, BUREAU),
        ({"embed": "1", "site": "https://evil.example"}, ""),
        ({"embed": "1", "site": f'{BUREAU}"><script>'}, ""),
        ({"embed": "1", "site": "*"}, ""),
        ({"embed": "1"}, ""),
    ],
)
async def test_the_page_speaks_to_a_site_that_is_named_and_to_no_other(
    query: dict[str, str], told: str
) -> None:
    async with site_of(MemoryStore(), OPEN) as site:
        response = await site.http.get(site.url, params=query)
        text = await response.text()
    found = re.search(r'<body class="embedded" data-site="([^"]*)">', text)
    assert found is not None
    assert unescape(found[1]) == told
    assert ('id="close"' in text) == bool(told)


async def test_a_page_of_its_own_tells_no_site_anything(site: Site) -> None:
    response = await site.http.get(site.url, params={"site": BUREAU})
    assert "data-site" not in await response.text()


async def test_the_script_is_fetched_again_only_when_it_has_changed() -> None:
    async with site_of(MemoryStore(), OPEN) as site:
        url = f"{site.url}/widget.js"
        first = await site.http.get(url)
        again = await site.http.get(url, headers={"If-None-Match": first.headers["ETag"]})
        plain = await site.http.get(url, headers={"Accept-Encoding": "identity"})
    assert first.headers["Cache-Control"] == "public, max-age=600"
    assert first.headers["Cross-Origin-Resource-Policy"] == "cross-origin"
    assert (first.content_type, first.charset) == ("text/javascript", "utf-8")
    assert int(first.headers["Content-Length"]) < 6_000
    assert (again.status, await again.read()) == (304, b"")
    assert plain.headers["ETag"] != first.headers["ETag"]
    assert await plain.read() == await first.read()


async def test_another_list_of_sites_is_another_script() -> None:
    tags = []
    for sites in ((BUREAU,), (BUREAU, PORTAL)):
        async with site_of(MemoryStore(), replace(CONFIG, widget_sites=sites)) as site:
            tags.append((await site.http.get(f"{site.url}/widget.js")).headers["ETag"])
    assert tags[0] != tags[1]


@pytest.mark.parametrize(
    ("text", "origins"),
    [
        ("", ()),
        (" , ", ()),
        ("https://WWW.langang.example/", ("https://www.langang.example",)),
        ("https://a.example:443, http://a.example:80", ("https://a.example", "http://a.example")),
        ("https://a.example:8443,https://a.example:8443", ("https://a.example:8443",)),
        ("https://澜港.example", ("https://xn--j6w73a.example",)),
        ("http://127.0.0.1:8000", ("http://127.0.0.1:8000",)),
    ],
)
def test_sites_as_browsers_name_them(text: str, origins: tuple[str, ...]) -> None:
    assert origins_of(text) == origins


@pytest.mark.parametrize(
    "text",
    [
        "*",
        "https://*.example",
        "www.langang.example",
        "https://",
        "https://a.example/path",
        "https://a.example?x",
        "https://a.example#x",
        "https://me@a.example",
        "https://a.example:port",
        "https://a.example:99999",
        "https://a.example; script-src *",
        "https://a.example https://b.example",
        "ftp://a.example",
        "data:text/html",
        "'self'",
        "https://a..example",
    ],
)
def test_what_is_no_site_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no site; write https://www"):
        origins_of(f"https://good.example,{text}")


def test_a_wrong_setting_is_named() -> None:
    with pytest.raises(ConfigError, match=r"WIDGET_SITES: .*is no site; write https://www"):
        Settings.read({"widget_sites": "https://*.example", "_env_file": None})
