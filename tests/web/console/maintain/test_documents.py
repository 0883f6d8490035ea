"""The maintainer's documents, over HTTP."""

from __future__ import annotations

import asyncio
import io
import re
import zipfile
from html import unescape

from bot.config import Settings
from tests.web.console.harness import Browser, Front, Page
from tests.web.console.maintain.forms import (
    PATH,
    berths,
    files,
    send,
    waiting,
)


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


async def removed(browser: Browser, name: str = "berths.md", reason: str = "两份重复") -> Page:
    """By the form behind the link in the list."""
    listed = await browser.get(f"{PATH}/documents")
    link = re.search(r'href="([^"]*/remove\?[^"]*)"', listed.text)[1]  # type: ignore[index]  # there
    assert name in (await browser.get(unescape(link))).text
    return await browser.post(f"{PATH}/documents/remove", folder="0", name=name, reason=reason)


async def test_a_document_is_removed_with_a_reason_and_put_back(
    front: Front, han: Browser, settings: Settings
) -> None:
    before = (settings.source_paths[0] / "berths.md").read_bytes()
    assert (await removed(han, reason=" ")).status == 409
    assert files(settings) == ["berths.md", "golden.jsonl"]
    page = await removed(han)
    assert "berths.md is not among the sources any more." in page.text
    assert files(settings) == ["golden.jsonl"]
    number = re.search(r'name="removed" value="([^"]+)"', page.text)[1]  # type: ignore[index]  # there
    page = await han.post(f"{PATH}/documents/put-back", removed=number)
    assert "The next build reads it." in page.text
    assert 'name="removed"' not in page.text
    assert (settings.source_paths[0] / "berths.md").read_bytes() == before
    log = [(one.who, one.what, one.text, one.why) for one in await front.log()]
    assert ("web:han", "document removed", "berths.md (policies)", "两份重复") in log
    assert ("web:han", "document put back", "berths.md (policies)", "") in log


async def test_only_what_is_listed_is_removed(
    front: Front, han: Browser, settings: Settings
) -> None:
    (settings.source_paths[0] / "source.toml").write_text('disclosure = "open"\n')
    (settings.source_paths[0].parent / "secret.md").write_text("密")
    for name in ("../secret.md", "source.toml", "golden.jsonl", "nothing.md", ""):
        page = await han.post(f"{PATH}/documents/remove", folder="0", name=name, reason="x")
        assert page.status == 409, name
    for folder in ("1", "x", ""):
        page = await han.post(
            f"{PATH}/documents/remove", folder=folder, name="berths.md", reason="x"
        )
        assert page.status == 409, folder
    assert (await han.post(f"{PATH}/documents/put-back", removed="../uploaded")).status == 409
    assert "document removed" not in [what for _, what in await front.deeds()]


async def test_what_is_wrong_is_told_in_the_language_of_the_reader(
    front: Front, han: Browser
) -> None:
    await send(han, front, ("inner.md", berths().replace("disclosure: open\n", "").encode()))
    assert "it has no disclosure attribute" in (await han.get(f"{PATH}/documents")).text
    await han.post("/console/language", language="zh-Hans", back=f"{PATH}/documents")
    text = (await han.get(f"{PATH}/documents")).text
    assert "没有登记公开属性，因此不对外显示" in text
    assert "it has no disclosure attribute" not in text
