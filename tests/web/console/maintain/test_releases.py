"""The maintainer's releases, over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.config import Settings
from bot.web.console.maintain import releases
from index.diff import Run, runs
from index.gate import GATE
from index.release import current, switch
from index.remote import Remote
from tests.index.fake import Hashed
from tests.web.console.harness import ROSTER, Browser, Front, front_of
from tests.web.console.maintain.forms import (
    PATH,
    QUESTION,
    made,
    passed,
    send,
    waiting,
)


@pytest.mark.parametrize("where", ["sources", "current release"])
async def test_a_release_the_golden_gate_has_not_told_of_needs_the_tick(
    front: Front, han: Browser, settings: Settings, where: str
) -> None:
    """So it is while the gate asks, and after a crash in it."""
    first = made(settings)
    if where == "current release":
        (settings.source_paths[0] / "golden.jsonl").unlink()
        passed(settings, first)
    switch(settings.releases, first)
    second = made(settings, fee=480)
    page = await han.get(f"{PATH}/releases/{second}")
    assert "The golden gate has not told yet." in page.text
    assert "It was asked none" not in page.text
    assert "not told yet" in (await han.get(PATH)).text
    form: dict[str, Any] = {"current": first, "reason": "新价"}
    unseen = await han.post(f"{PATH}/releases/{second}/switch", **form)
    assert unseen.status == 409
    assert current(settings.releases) == first
    await han.post(f"{PATH}/releases/{second}/switch", **form, seen="yes")
    assert current(settings.releases) == second
    texts = [one.text for one in await front.log() if one.what == "release switched"]
    assert texts == [f"{second} (the golden gate had not told yet)"]


async def test_where_nobody_has_golden_questions_no_tick_is_needed(
    han: Browser, settings: Settings
) -> None:
    (settings.source_paths[0] / "golden.jsonl").unlink()
    name = made(settings)
    assert "It was asked none" in (await han.get(f"{PATH}/releases/{name}")).text
    await han.post(f"{PATH}/releases/{name}/switch", current="", reason="第一版")
    assert current(settings.releases) == name


async def test_one_damaged_review_is_shown_and_the_other_releases_can_be_used(
    han: Browser, settings: Settings
) -> None:
    good, bad = made(settings), made(settings, fee=480)
    passed(settings, good)
    (settings.releases / bad / GATE).write_text("[", encoding="utf-8")
    for path in ("", "/why", "/calibration", "/differences", f"/releases/{bad}"):
        assert (await han.get(PATH + path)).status == 200, path
    listed = (await han.get(PATH)).text
    assert ">broken<" in listed
    assert ">passed<" in listed
    assert "cannot be read" in (await han.get(f"{PATH}/releases/{bad}")).text
    refused = await han.post(f"{PATH}/releases/{bad}/switch", current="", reason="x")
    assert "Tick that you have seen" in refused.words
    await han.post(f"{PATH}/releases/{good}/switch", current="", reason="第一版")
    assert current(settings.releases) == good


async def test_a_release_that_cannot_be_read_is_said_in_words(
    han: Browser, settings: Settings
) -> None:
    old, new = made(settings), made(settings, fee=480)
    (settings.releases / new / "calibration.json").write_text("{", encoding="utf-8")
    (settings.releases / new / "documents.npy").unlink()
    for path in (f"calibration?release={new}", f"differences?old={old}&new={new}"):
        page = await han.get(f"{PATH}/{path}")
        assert page.status == 409, path
        assert "The release cannot be used:" in page.words
    page = await han.post(f"{PATH}/why", question=QUESTION, release=new)
    assert page.status == 409
    assert "The release cannot be used:" in page.words


async def test_what_another_encoder_built_is_not_made_current(
    han: Browser, settings: Settings
) -> None:
    (settings.source_paths[0] / "golden.jsonl").unlink()
    name = made(settings, fit=Hashed.fit)
    page = await han.get(f"{PATH}/releases/{name}")
    assert "it would not take it over" in page.text
    assert f"releases/{name}/switch" not in page.text
    refused = await han.post(f"{PATH}/releases/{name}/switch", current="", reason="x")
    assert refused.status == 409
    assert "and the bot runs with builtin" in refused.words
    assert not (settings.releases / "CURRENT").exists()


async def test_calibration_is_shown_though_the_current_release_is_of_an_older_format(
    han: Browser, settings: Settings
) -> None:
    old, new = made(settings), made(settings, fee=480)
    switch(settings.releases, old)
    manifest = settings.releases / old / "manifest.json"
    manifest.write_text(manifest.read_text().replace('"format": 4', '"format": 3'))
    page = await han.get(f"{PATH}/calibration")
    assert page.status == 200
    assert f'<option value="{new}"' not in page.text  # there is nothing to choose from yet
    assert (await han.get(f"{PATH}/calibration?release={new}")).status == 200
    assert (await han.get(f"{PATH}/calibration?release={old}")).status == 409


async def test_clauses_are_compared_beside_the_pages_of_others(
    han: Browser, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = made(settings), made(settings, fee=480)
    threads: set[threading.Thread] = set()

    def watched(before: str, after: str) -> Sequence[Run]:
        threads.add(threading.current_thread())
        return runs(before, after)

    monkeypatch.setattr(releases, "runs", watched)
    page = await han.get(f"{PATH}/differences?old={old}&new={new}")
    assert "<del>300</del><ins>480</ins>" in page.text
    assert threads
    assert threading.main_thread() not in threads


async def test_when_a_release_was_built_is_told_in_the_time_of_the_bureau(
    han: Browser, settings: Settings
) -> None:
    name = made(settings)
    manifest = settings.releases / name / "manifest.json"
    row = json.loads(manifest.read_text(encoding="utf-8"))
    row["created"] = "2026-11-23T18:30:00+00:00"
    manifest.write_text(json.dumps(row), encoding="utf-8")
    for path in ("", f"/releases/{name}"):
        text = (await han.get(PATH + path)).text
        assert "2026-11-24 02:30" in text, path
        assert "UTC" not in text


async def test_a_switch_counts_for_workers_that_have_releases_of_their_own(
    settings: Settings, tmp_path: Path
) -> None:
    """And uploads lie where all of them look."""
    url = f"file://{tmp_path}/store"
    (settings.source_paths[0] / "golden.jsonl").unlink()
    name = made(settings)
    workers = [
        settings.model_copy(update={"releases_url": url, "releases": releases})
        for releases in (settings.releases, tmp_path / "other")
    ]
    async with front_of(ROSTER, maintained=workers[0]) as front:
        browser = await front.enrolled("han", name="韩梅")
        await browser.get(PATH)
        await browser.post(f"{PATH}/releases/{name}/switch", current="", reason="第一版")
        await send(browser, front, ("a.md", b"x"))
    assert Remote(url).pull(workers[1].releases)
    assert current(workers[1].releases) == name
    async with front_of(ROSTER, maintained=workers[1]) as front:
        browser = await front.enrolled("han", name="韩梅")
        assert waiting(await browser.get(f"{PATH}/documents")) == ["a.md"]
