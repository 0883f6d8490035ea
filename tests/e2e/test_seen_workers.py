"""One of several workers, seen from outside: its agreement with the others, and its webhook."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from tests.e2e.world import World, world


async def figures(bot: World) -> dict[str, str]:
    """Those without labels, by their name."""
    url = f"http://127.0.0.1:{bot.app.metrics_port}/metrics"
    async with bot.http.get(url) as response:
        lines = (await response.text()).splitlines()
    return dict(line.split(" ") for line in lines if line[0] != "#" and "{" not in line)


async def coordination(bot: World) -> tuple[int, str]:
    """The answer to a balancer: the status, and the word for this part."""
    async with bot.http.get(f"http://127.0.0.1:{bot.app.web_port}/readyz") as response:
        return response.status, (await response.json())["parts"]["coordination"]


async def test_agreement_and_webhook_are_told(
    releases: Path, tmp_path: Path, postgres_url: str
) -> None:
    more: dict[str, Any] = {
        "database_url": postgres_url,
        "telegram_webhook_url": "https://bot.example.gov.cn",
    }
    async with world(releases, tmp_path, metrics_port=0, **more) as bot:
        async with asyncio.timeout(10):
            while await coordination(bot) != (200, "ok"):  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.05)
            while (await figures(bot)).get("mingbai_telegram_webhook_up") != "1.0":  # noqa: ASYNC110 - as above
                await asyncio.sleep(0.05)
        found = await figures(bot)
        assert found["mingbai_coordination_up"] == "1.0"
        assert found["mingbai_telegram_webhook_waiting"] == "0.0"
        bot.app.seen.pulse.off_s = 0.0  # as if its last turn were long ago
        assert await coordination(bot) == (503, "down")
        assert (await figures(bot))["mingbai_coordination_up"] == "0.0"
