"""The maintainer's pages, over HTTP, with builds in processes of their own."""

from __future__ import annotations

import asyncio
import io
import json
import re
import threading
import zipfile
from collections.abc import AsyncIterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import pytest

from bot.config import Settings
from bot.web.console.maintain import releases
from index.build import prepare
from index.diff import Run, runs
from index.encoders.choice import Choice
from index.gate import GATE, Answer, Asked, Review, Verdict, keep
from index.golden import Golden
from index.release import current, switch
from index.writing import Fit
from knowledge.library import read_library
from tests.index.fake import Hashed
from tests.web.console.harness import ROSTER, Browser, Front, Page, front_of

BERTHS: Final = """\
---
id: berths
title: 澜港市游船泊位管理办法
number: 澜港务规〔2025〕2号
issuer: 澜港市港务局
disclosure: {disclosure}
published: 2025-06-01
effective: 2025-07-01
---

第一条 为规范游船泊位管理，制定本办法。

第二条 申请泊位的，向市港务局提交申请书，港务局在{days}个工作日内答复。

第三条 泊位费每月{fee}元。
"""
QUESTION: Final = "游船泊位费每月多少元？"
PATH: Final = "/console/maintain"
SLOWEST_S: Final = 90.0
FIT: Final = Choice().fit


def berths(fee: int = 300, days: int = 15, disclosure: str = "open") -> str:
    return BERTHS.format(fee=fee, days=days, disclosure=disclosure)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    sources = tmp_path / "policies"
    sources.mkdir()
    (sources / "berths.md").write_text(berths(), encoding="utf-8")
    golden = {"question": QUESTION, "document": "berths", "contains": "300元"}
    (sources / "golden.jsonl").write_text(json.dumps(golden) + "\n", encoding="utf-8")
    return Settings.read(
        {
            "sources": str(sources),
            "releases": tmp_path / "releases",
            "published": tmp_path / "published",
            "glossary": tmp_path / "glossary.toml",
            "_env_file": None,
        }
    )


@pytest.fixture
async def front(settings: Settings) -> AsyncIterator[Front]:
    async with front_of(ROSTER, maintained=settings) as opened:
        yield opened


@pytest.fixture
async def han(front: Front) -> Browser:
    browser = await front.enrolled("han", name="韩梅")
    await browser.get(PATH)
    return browser


def form_of(token: str, *files: tuple[str, bytes]) -> bytes:
    """As browsers write it, but that names may hold anything."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'.encode()]
    for name, data in files:
        head = f"form-data; name=\"files\"; filename*=UTF-8''{quote(name, safe='')}"
        parts += [f"--x\r\nContent-Disposition: {head}\r\n\r\n".encode(), data, b"\r\n"]
    return b"".join([*parts, b"--x--\r\n"])


async def send(browser: Browser, front: Front, *files: tuple[str, bytes], token: str = "") -> Page:
    """Upload, as a browser does: the token, then the files."""
    url = f"{front.url}{PATH}/documents/upload"
    headers = {"Origin": front.url, "Content-Type": "multipart/form-data; boundary=x"}
    body = io.BytesIO(form_of(token or browser.token, *files))
    async with browser.http.post(url, data=body, headers=headers) as response:
        return await browser._page(response)  # noqa: SLF001 - a page like those of its own forms


async def finished(browser: Browser) -> str:
    """The page of the build, once it has ended."""
    async with asyncio.timeout(SLOWEST_S):
        while True:
            text = (await browser.get(f"{PATH}/build")).text
            if "data-events" not in text:
                return text
            await asyncio.sleep(0.2)


def waiting(page: Page) -> list[str]:
    return re.findall(r'name="name" value="([^"]*)">\n<button[^>]*>Discard', page.text)


def files(settings: Settings) -> list[str]:
    return sorted(path.name for path in settings.source_paths[0].iterdir())


async def test_only_maintainers_come_here(front: Front) -> None:
    for login in ("wang", "zhao"):  # an agent, a supervisor
        browser = await front.enrolled(login)
        for path in ("", "/documents", "/build", "/why", "/glossary", "/calibration"):
            assert (await browser.get(PATH + path)).status == 403
        assert (await browser.post(f"{PATH}/build/start")).status == 403
        assert (await send(browser, front, ("a.md", b"x"))).status == 403
    assert "build started" not in [what for _, what in await front.deeds()]


async def test_an_upload_waits_with_its_report_and_is_taken_over(
    front: Front, han: Browser, settings: Settings
) -> None:
    page = await send(han, front, ("ferry.md", berths().replace("berths", "ferry").encode()))
    assert "1 documents can be indexed." in page.text
    assert "澜港市游船泊位管理办法" in page.text
    assert files(settings) == ["berths.md", "golden.jsonl"]
    page = await han.post(f"{PATH}/documents/take-over", name="ferry.md", folder="0")
    assert waiting(page) == []
    assert files(settings) == ["berths.md", "ferry.md", "golden.jsonl"]
    deeds = [(one.who, one.what, one.text) for one in await front.log()]
    assert ("web:han", "document uploaded", "ferry.md") in deeds
    assert ("web:han", "document taken over", "ferry.md (policies)") in deeds


async def test_a_document_that_is_not_open_is_shown_as_such(front: Front, han: Browser) -> None:
    page = await send(han, front, ("inner.md", berths(disclosure="withheld").encode()))
    assert "0 documents can be indexed." in page.text
    assert "Not open to the public, so never indexed: inner.md" in re.sub(
        r"<[^>]+>", "", page.text
    )


async def test_what_is_discarded_is_gone(front: Front, han: Browser) -> None:
    await send(han, front, ("a.txt", "渡轮".encode()))
    page = await han.post(f"{PATH}/documents/discard", name="a.txt")
    assert waiting(page) == []
    assert (await han.post(f"{PATH}/documents/discard", name="a.txt")).status == 409


async def test_names_that_do_harm_are_refused_and_the_rest_is_taken(
    front: Front, han: Browser, settings: Settings
) -> None:
    page = await send(
        han,
        front,
        ("<img src=x onerror=alert(1)>.md", b"x"),
        ("n" * 300 + ".md", b"x"),
        ("a\0b.md", b"x"),
        ("\u202efdp.md", b"x"),
        ("tool.exe", b"MZ"),
        ("../../../up.txt", "渡轮每天六点开".encode()),
    )
    assert waiting(page) == ["up.txt"]
    assert "<img src=x" not in page.text
    assert files(settings) == ["berths.md", "golden.jsonl"]
    assert not (settings.releases.parent / "up.txt").exists()


async def test_a_zip_bomb_and_a_wrong_type_are_named_and_never_unpacked(
    front: Front, han: Browser
) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb.txt", bytes(300_000_000))
    page = await send(han, front, ("bomb.zip", packed.getvalue()), ("fake.pdf", b"MZ\x90\x00"))
    assert page.text.count(">unreadable<") == 2
    assert "0 documents can be indexed." in page.text


async def test_what_is_too_large_is_refused_while_it_comes(
    front: Front, han: Browser, settings: Settings
) -> None:
    small = "渡轮每天六点开".encode()
    page = await send(
        han, front, ("a.txt", small), ("large.md", bytes(50_000_001)), ("b.txt", small)
    )
    assert "large.md is too large" in page.text
    assert waiting(page) == ["a.txt", "b.txt"]
    folder = settings.releases / ".maintain" / "uploaded"
    assert sorted(path.name for path in folder.iterdir()) == ["a.txt", "b.txt"]
    uploaded = [one.text for one in await front.log() if one.what == "document uploaded"]
    assert uploaded == ["a.txt", "b.txt"]


async def test_of_an_upload_that_is_cut_off_what_was_whole_stays_and_is_logged(
    front: Front, han: Browser, settings: Settings
) -> None:
    host, port = front.url.removeprefix("http://").split(":")
    cookies = "; ".join(f"{one.key}={one.value}" for one in han.http.cookie_jar)
    body = (
        f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{han.token}\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\nx\r\n'
        '--x\r\nContent-Disposition: form-data; name="files"; filename="half.md"\r\n\r\n'
        + "half"
        * 5000
    )
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(
        f"POST {PATH}/documents/upload HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {front.url}\r\n"
        f"Cookie: {cookies}\r\nContent-Type: multipart/form-data; boundary=x\r\n"
        f"Content-Length: 100000\r\n\r\n{body}".encode()
    )
    await writer.drain()
    folder = settings.releases / ".maintain" / "uploaded"
    async with asyncio.timeout(5):
        while not folder.is_dir() or not list(folder.iterdir()):  # noqa: ASYNC110 - its file began
            await asyncio.sleep(0.01)
        writer.write(b"half" * 5000)  # a part ends for the server once more has come
        while not (folder / "a.txt").exists() or not list(folder.glob(".*")):  # noqa: ASYNC110 - and the next
            await asyncio.sleep(0.01)
    writer.close()
    async with asyncio.timeout(5):
        while list(folder.glob(".*")):  # noqa: ASYNC110 - and is gone
            await asyncio.sleep(0.01)
        while ("web:han", "document uploaded") not in await front.deeds():  # noqa: ASYNC110 - and the audit line
            await asyncio.sleep(0.01)  # what came before it is in the log


async def test_a_form_without_its_token_is_not_read(front: Front, han: Browser) -> None:
    page = await send(han, front, ("a.md", b"x"), token="0" * 43)
    assert page.status == 403
    assert waiting(await han.get(f"{PATH}/documents")) == []


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


async def test_the_glossary_is_kept_and_a_second_editor_is_told(
    front: Front, han: Browser, settings: Settings
) -> None:
    page = await han.get(f"{PATH}/glossary")
    seen = re.search(r'name="seen" value="(\w+)"', page.text)[1]  # type: ignore[index]  # there
    page = await han.post(f"{PATH}/glossary/add", kind="same", seen=seen, words="渡轮\n轮渡")
    assert "Kept. It counts from the next build on." in page.words
    assert settings.glossary is not None
    assert settings.glossary.read_text() == '[[same]]\nwords = ["渡轮", "轮渡"]\n'
    page = await han.post(f"{PATH}/glossary/add", kind="same", seen=seen, words="码头\n渡口")
    assert page.status == 409
    assert "Somebody else changed the glossary" in page.words
    assert "码头\n渡口</textarea>" in page.text
    assert ("web:han", "glossary entry added") in await front.deeds()


async def test_a_question_stands_in_no_address_and_no_log(front: Front, han: Browser) -> None:
    page = await han.get(f"{PATH}/why?question={QUESTION}")
    assert QUESTION not in page.text
    assert f'method="post" action="{PATH}/why"' in page.text
    page = await han.post(f"{PATH}/why", question=QUESTION, release="任意文字")
    assert page.status == 409
    texts = [one.text for one in await front.log()]
    assert not [one for one in texts if QUESTION in one or "任意文字" in one]


async def test_no_release_that_is_not_there(han: Browser) -> None:
    for path in ("releases/nothing", "calibration?release=x"):
        assert (await han.get(f"{PATH}/{path}")).status == 409
    assert (await han.post(f"{PATH}/why", question="x", release="../x")).status == 409
    assert (await han.get(f"{PATH}/releases/..%2F..%2Fetc")).status == 404
    assert (await han.get(f"{PATH}/build/logs/20261123-101500")).status == 409


def made(settings: Settings, *, fit: Fit = FIT, fee: int = 300) -> str:
    """A release that no golden question was asked."""
    (settings.source_paths[0] / "berths.md").write_text(berths(fee=fee), encoding="utf-8")
    documents = read_library(settings.source_paths, disclosure=None).documents
    return prepare(documents, settings.releases, encoder=fit, calibrate=False).name


def passed(settings: Settings, name: str) -> None:
    """As the golden gate tells it of a release that answers rightly."""
    golden = Golden(question=QUESTION, documents=("berths",))
    asked = Asked(golden=golden, before=None, after=Answer(verdict=Verdict.RIGHT))
    review = Review(release=name, on=date(2026, 11, 23), asked=(asked,))
    keep(settings.releases / name, review)


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
