"""The page, its parts, and what every response carries."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import web
from yarl import URL

import bot.web
from bot.store.memory import MemoryStore
from knowledge.types import Lang
from tests.web.harness import ANN, CONFIG, Site, site_of

ROOT = Path(bot.web.__file__).parent
STATIC = ROOT / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
TEXTS: dict[str, dict[str, str]] = json.loads((STATIC / "texts.json").read_text("utf-8"))
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
        "img-src 'self' data:; base-uri 'none'; form-action 'self'; frame-ancestors 'self'; "
        "require-trusted-types-for 'script'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


async def page(site: Site, language: str = "zh-CN") -> str:
    response = await site.http.get(site.url, headers={"Accept-Language": language})
    assert response.status == 200
    return await response.text()


async def parts(site: Site) -> list[str]:
    """Return the paths of all that the page loads."""
    return sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', await page(site))))


def imported(script: str) -> set[str]:
    """A script and all that it imports, and what those do."""
    found = {script}
    if (path := STATIC / script).exists():  # texts.js is made of texts.json
        for name in re.findall(r'from "\./([\w-]+\.js)"', path.read_text("utf-8")):
            found |= imported(name)
    return found


@pytest.mark.parametrize(
    ("language", "lang", "title"),
    [
        ("zh-CN,zh;q=0.9", "zh-Hans", "您好，想了解哪项政策？"),
        ("zh-TW", "zh-Hant", "您好，想了解哪項政策？"),
        ("en-GB,en;q=0.9", "en", "Hello. Which policy can I help with?"),
        ("ko", "ko", "안녕하세요. 어떤 정책이 궁금하신가요?"),
        ("ja-JP", "ja", "こんにちは。どの制度についてお調べですか？"),
        ("fr", "zh-Hans", "您好，想了解哪项政策？"),
    ],
)
async def test_the_page_speaks_five_languages(
    site: Site, language: str, lang: str, title: str
) -> None:
    text = await page(site, language)
    assert f'<html lang="{lang}">' in text
    assert title in text
    assert f'<option value="{lang}" lang="{lang}" selected>' in text


async def test_the_page_says_who_speaks(site: Site) -> None:
    text = await page(site)
    assert "<title>明白 · 政策问答 · 临江市人力资源和社会保障局</title>" in text
    assert '<button type="button" class="suggestion">失业金怎么领？</button>' in text
    assert text.count('<a href="tel:12345">12345</a>') == 2  # below, and without JavaScript


async def test_a_page_without_hotline_and_suggestions() -> None:
    async with site_of(MemoryStore(), replace(CONFIG, hotline="", suggestions=())) as site:
        text = await page(site)
    assert "tel:" not in text
    assert "suggestion" not in text


async def test_settings_are_no_markup() -> None:
    evil = '"><script>alert(1)</script>'
    config = replace(CONFIG, title=evil, bureau=evil, hotline=evil, suggestions=(evil,))
    async with site_of(MemoryStore(), config) as site:
        text = await page(site)
    assert "<script>" not in text
    assert text.count("<script") == 1  # our own, by its address


async def test_nothing_is_inline_and_there_are_no_cookies(site: Site) -> None:
    response = await site.http.get(site.url)
    text = await response.text()
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", text) == []
    assert re.findall(r"<script(?![^>]* src=)", text) == []
    assert "Set-Cookie" not in response.headers


async def test_all_scripts_are_fetched_at_once(site: Site) -> None:
    loaded = {path.rpartition("/")[2] for path in await parts(site)}
    assert loaded == {
        *imported("chat.js"),
        "base.css",
        "chat.css",
        "icon.svg",
    }


async def test_the_page_is_light(site: Site) -> None:
    weight = len((await page(site)).encode())
    for path in await parts(site):
        response = await site.http.get(site.url + path)
        weight += len(await response.read())  # unpacked
    assert weight < 66_000


async def test_parts_are_kept_for_good_and_packed(site: Site) -> None:
    path = next(path for path in await parts(site) if path.endswith("chat.css"))
    packed = await site.http.get(site.url + path, headers={"Accept-Encoding": "gzip"})
    plain = await site.http.get(site.url + path, headers={"Accept-Encoding": "identity"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert packed.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert (packed.content_type, packed.charset) == ("text/css", "utf-8")
    whole = (STATIC / "chat.css").read_bytes()
    assert await packed.read() == await plain.read() == whole
    assert int(packed.headers["Content-Length"]) == len(gzip.compress(whole, mtime=0))


async def test_parts_of_another_version_are_not_kept(site: Site) -> None:
    response = await site.http.get(f"{site.url}/static/older/chat.css")
    assert (response.status, response.headers["Cache-Control"]) == (200, "no-cache")


@pytest.mark.parametrize(
    "path",
    [
        "/static/",
        "/static/x/",
        "/static/x/nothing.js",
        "/static/x/texts.json",
        "/static/x/../../app.py",
        "/static/x/..%2f..%2fapp.py",
        "/static/x/%2e%2e/app.py",
        "/static/x/..%5capp.py",
        "/static/x//etc/passwd",
        "/static/%2fetc%2fpasswd",
        "/static/x/chat.css%00.js",
    ],
)
async def test_only_our_parts_are_served(site: Site, path: str) -> None:
    response = await site.http.get(URL(site.url + path, encoded=True))
    assert response.status == 404
    assert "没有找到这个页面" in await response.text()


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/", 200),
        ("HEAD", "/", 200),
        ("GET", "/static/x/chat.js", 200),
        ("GET", "/static/x/none.js", 404),
        ("GET", "/healthz", 200),
        ("GET", f"/api/events?chat={ANN}", 200),
        ("GET", "/api/events", 400),
        ("HEAD", "/api/events", 405),
        ("GET", "/api/messages", 405),
        ("POST", "/api/messages", 415),
        ("OPTIONS", "/api/messages", 405),
        ("GET", "/api/none", 404),
        ("GET", "/none", 404),
        ("DELETE", "/", 405),
    ],
)
async def test_every_response_is_protected(
    site: Site, method: str, path: str, status: int
) -> None:
    async with site.http.request(method, site.url + path) as response:
        assert response.status == status
        assert {name: response.headers.get(name) for name in HEADERS} == HEADERS
        assert "Cache-Control" in response.headers
        assert "Access-Control-Allow-Origin" not in response.headers


async def test_problems_in_words(site: Site) -> None:
    response = await site.http.get(f"{site.url}/api/messages")
    assert response.headers["Allow"] == "POST"
    assert await response.json() == {
        "error": "method_not_allowed",
        "message": "Specified method is invalid for this resource.",
    }
    response = await site.http.get(f"{site.url}/none", headers={"Accept-Language": "en"})
    assert response.content_type == "text/html"
    assert "<h1>This page does not exist</h1>" in await response.text()


async def test_more_pages_can_be_added() -> None:
    async def document(request: web.Request) -> web.Response:
        return web.Response(text=request.match_info["id"])

    async def broken(_request: web.Request) -> web.Response:
        raise ZeroDivisionError

    def documents(router: web.UrlDispatcher) -> None:
        router.add_get("/documents/{id}", document)
        router.add_get("/broken", broken)

    async with site_of(MemoryStore(), documents=documents) as site:
        found = await site.http.get(f"{site.url}/documents/7")
        failed = await site.http.get(f"{site.url}/broken")
    assert (found.status, await found.text()) == (200, "7")
    assert found.headers["X-Content-Type-Options"] == "nosniff"
    assert failed.status == 500
    assert "页面暂时无法打开" in await failed.text()


async def test_healthy(site: Site) -> None:
    response = await site.http.get(f"{site.url}/healthz")
    assert await response.json() == {"status": "ok"}


def test_texts_are_complete() -> None:
    keys = TEXTS["zh-Hans"].keys()
    assert set(TEXTS) == set(Lang)
    for lang, texts in TEXTS.items():
        assert texts.keys() == keys, lang
        assert all(texts.values()), lang
        for key, text in texts.items():
            holes = sorted(re.findall(r"{\w+}", text))
            assert holes == sorted(re.findall(r"{\w+}", TEXTS["zh-Hans"][key])), (lang, key)


def test_texts_are_used() -> None:
    pages = "".join(path.read_text("utf-8") for path in (ROOT / "templates").glob("*.html"))
    scripts = "".join(path.read_text("utf-8") for path in SCRIPTS)
    named = set(re.findall(r'data-t[-\w]*="(\w+)"|\bt\.(\w+)', pages))
    spoken = set(re.findall(r"say\(([^)]*)\)", scripts))
    used = {one or other for one, other in named}
    used |= set(re.findall(r'"(\w+)"', " ".join(spoken)))
    used -= {"long"}  # a value compared in say("…")'s condition
    assert used | {"name"} == TEXTS["en"].keys()


def test_data_t_shows_the_same_words_before_and_after_javascript() -> None:
    source = (ROOT / "templates" / "chat.html").read_text("utf-8")
    for key, shown in re.findall(r'data-t="(\w+)"[^>]*>{{ t\.(\w+) }}<', source):
        assert key == shown
    assert len(re.findall(r'data-t="\w+"', source)) == len(
        re.findall(r'data-t="(\w+)"[^>]*>{{ t\.\1 }}<', source)
    )


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.name)
def test_scripts_write_text_and_never_markup(path: Path) -> None:
    forbidden = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function"
        r"|createContextualFragment|DOMParser|srcdoc|setHTML"
        r"|https?://(?!www\.w3\.org/2000/svg)\w"  # that one is a name, and nothing is fetched
    )
    assert re.findall(forbidden, path.read_text("utf-8")) == []
