"""The maintainer's builds, over HTTP, in processes of their own."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest

from bot.config import Settings
from index.release import current
from tests.web.console.harness import Browser, Front
from tests.web.console.maintain.forms import (
    PATH,
    QUESTION,
    berths,
    finished,
)


@pytest.mark.slow
async def test_from_a_build_to_another_answer(
    front: Front, han: Browser, settings: Settings
) -> None:
    await han.post(f"{PATH}/build/start")
    assert "The golden gate let it pass." in await finished(han)
    first = re.search(r"releases/([\w-]+)\"", (await han.get(PATH)).text)[1]  # type: ignore[index]  # there
    refused = await han.post(f"{PATH}/releases/{first}/switch", current="", reason=" ")
    assert refused.status == 409
    await han.post(f"{PATH}/releases/{first}/switch", current="", reason="第一版")
    assert current(settings.releases) == first

    why = (await han.post(f"{PATH}/why", question=QUESTION)).text
    assert "泊位费每月300元" in why
    assert "第三条" in why
    looks = [one.text for one in await front.log() if one.what == "viewed"]
    assert looks[-1] == f"why a question is answered so ({first})"

    (settings.source_paths[0] / "berths.md").write_text(berths(fee=480), encoding="utf-8")
    await han.post(f"{PATH}/build/start")
    assert "The release is built." in await finished(han)
    rows = re.findall(r'rowheader"><a href="[^"]*releases/([\w-]+)"', (await han.get(PATH)).text)
    second = next(one for one in rows if one != first)
    differences = (await han.get(f"{PATH}/differences?old={first}&new={second}")).text
    assert "<del>300</del><ins>480</ins>" in differences
    stale = await han.post(f"{PATH}/releases/{second}/switch", current="x", reason="新价")
    assert stale.status == 409
    assert current(settings.releases) == first
    # Its golden question is not answered as it was: the gate refused it.
    form: dict[str, Any] = {"current": first, "reason": "新价"}
    unseen = await han.post(f"{PATH}/releases/{second}/switch", **form)
    assert "Tick that you have seen" in unseen.words
    assert current(settings.releases) == first
    await han.post(f"{PATH}/releases/{second}/switch", **form, seen="yes")
    assert current(settings.releases) == second
    log = [(one.what, one.text, one.why) for one in await front.log() if one.why]
    refused_name = f"{second} (refused by the golden gate)"
    assert log == [
        ("release switched", first, "第一版"),
        ("release switched", refused_name, "新价"),
    ]
    assert "too few documents" in (await han.get(f"{PATH}/calibration?release={second}")).text


@pytest.mark.slow
async def test_one_build_at_a_time_and_it_can_be_cancelled(
    front: Front, han: Browser, settings: Settings
) -> None:
    other = await front.enrolled("han2", member="web:han", name="韩梅")
    await other.get(f"{PATH}/build")
    one, two = await asyncio.gather(
        han.post(f"{PATH}/build/start"), other.post(f"{PATH}/build/start")
    )
    assert sorted([one.status, two.status]) == [200, 409]
    assert "韩梅 began it" in next(page.text for page in (one, two) if page.status == 409)
    async with han.http.get(f"{front.url}{PATH}/build/events") as response:
        assert response.headers["Content-Type"] == "text/event-stream"
        line = (await response.content.readuntil(b"\n\n")) + await response.content.readline()
        assert b'"stage": "running"' in line
    page = await other.post(f"{PATH}/build/cancel")
    assert "The build was cancelled." in page.text
    assert "cancelled by 韩梅" in page.text
    assert [path.name for path in settings.releases.glob("2*")] == []
    assert (await han.post(f"{PATH}/build/cancel")).status == 409
    await han.post(f"{PATH}/build/start")
    assert "The release is built." in await finished(han)


async def test_a_build_that_fails_says_why(han: Browser, settings: Settings) -> None:
    (settings.source_paths[0] / "golden.jsonl").write_text("{", encoding="utf-8")
    await han.post(f"{PATH}/build/start")
    text = await finished(han)
    assert "The build failed." in text
    assert "golden.jsonl" in text
