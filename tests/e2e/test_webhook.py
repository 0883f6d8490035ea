"""The whole bot behind a webhook: with its web page, and without."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.channels.telegram_webhook import PATH
from tests.e2e.world import world
from tests.telegram.fake_courier import posting

ADDRESS = "https://bot.example.gov.cn"


@pytest.mark.parametrize("web", [True, False])
async def test_a_question_that_is_posted_is_answered(
    releases: Path, tmp_path: Path, *, web: bool
) -> None:
    async with world(releases, tmp_path, telegram_webhook_url=ADDRESS, web=web) as here:
        url = f"http://127.0.0.1:{here.app.web_port}{PATH}"
        async with posting(here.server, url) as courier:
            citizen = here.citizen()
            citizen.send("失业保险金每个月发多少？")
            heard = await citizen.hears()
            assert "失业" in heard.text
            await here.server.changes.until(lambda: not here.server.updates.pending)
            again = {"update_id": 1, "message": {"text": "x"}}
            assert await courier.post(again, secret="forged") == 403
        async with here.http.get(url.removesuffix(PATH)) as page:
            assert (page.status == 200) is web


async def test_an_update_that_comes_twice_is_answered_once(releases: Path, tmp_path: Path) -> None:
    async with world(releases, tmp_path, telegram_webhook_url=ADDRESS) as here:
        url = f"http://127.0.0.1:{here.app.web_port}{PATH}"
        citizen = here.citizen()
        async with posting(here.server, url) as courier:
            citizen.send("失业保险金每个月发多少？")
            update = here.server.updates.pending[0]
            await citizen.hears()
            assert [await courier.post(update) for _ in range(3)] == [200, 200, 200]
            citizen.send("租房提取公积金要连续缴存几个月？")
            assert "公积金" in (await citizen.hears()).text
        assert citizen.unread() == []
