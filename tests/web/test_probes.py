"""What programs ask that look after the bot, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest

from bot.seen.readiness import Part, Ready
from bot.web.app import serving
from bot.web.probes import counting, part_of, watching
from tests.web.harness import Site


class Bot:
    """Whose parts stand as a test says."""

    def __init__(self) -> None:
        self.ready = Ready({"store": Part.OK, "index": Part.DEGRADED})

    async def figures(self) -> bytes:
        return b"mingbai_store_up 1.0\n"

    async def readiness(self) -> Ready:
        return self.ready


@asynccontextmanager
async def served(bot: Bot) -> AsyncIterator[str]:
    app = watching(bot.figures, bot.readiness, content_type="text/plain; version=1.0.0")
    async with serving(app, host="127.0.0.1", port=0) as port:
        yield f"http://127.0.0.1:{port}"


async def test_ready_with_each_part_and_503_when_one_is_down() -> None:
    bot = Bot()
    async with served(bot) as url, aiohttp.ClientSession() as http:
        response = await http.get(f"{url}/readyz")
        assert response.status == 200
        parts = {"store": "ok", "index": "degraded"}
        assert await response.json() == {"status": "ready", "parts": parts}
        bot.ready = Ready({"store": Part.DOWN})
        response = await http.get(f"{url}/readyz")
        assert response.status == 503
        assert await response.json() == {"status": "not ready", "parts": {"store": "down"}}


async def test_figures_come_as_prometheus_wants_them() -> None:
    async with served(Bot()) as url, aiohttp.ClientSession() as http:
        response = await http.get(f"{url}/metrics")
        assert response.headers["Content-Type"] == "text/plain; version=1.0.0"
        assert await response.text() == "mingbai_store_up 1.0\n"
        assert (await http.get(f"{url}/healthz")).status == 200


async def test_the_public_port_has_no_figures(site: Site) -> None:
    assert (await site.http.get(f"{site.url}/metrics")).status == 404


@pytest.mark.parametrize(
    ("path", "part"),
    [
        ("/", "chat"),
        ("/api/messages", "api"),
        ("/documents/langang-2026-1", "documents"),
        ("/console", "console"),
        ("/static/abc/chat.js", "static"),
        ("/readyz", "probe"),
        ("/13812345678", "other"),
        ("/wp-login.php", "other"),
        ("", "other"),
        ("*", "other"),
    ],
)
def test_whatever_is_asked_for_is_one_of_a_few_parts(path: str, part: str) -> None:
    assert part_of(path) == part


async def test_every_response_is_counted() -> None:
    counted: list[tuple[str, int]] = []
    bot = Bot()
    app = watching(bot.figures, bot.readiness, content_type="text/plain")
    app.on_response_prepare.append(counting(lambda part, status: counted.append((part, status))))
    async with serving(app, host="127.0.0.1", port=0) as port, aiohttp.ClientSession() as http:
        for path in ("/healthz", "/nothing"):
            await http.get(f"http://127.0.0.1:{port}{path}")
    assert counted == [("probe", 200), ("other", 404)]
