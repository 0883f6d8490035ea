"""Sources, and the forms that a maintainer sends."""

from __future__ import annotations

import asyncio
import io
import re
from datetime import date
from typing import Final
from urllib.parse import quote

from bot.config import Settings
from index.build import prepare
from index.encoders.choice import Choice
from index.gate import Answer, Asked, Review, Verdict, keep
from index.golden import Golden
from index.writing import Fit
from knowledge.library import read_library
from tests.web.console.harness import Browser, Page, Served

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


def form_of(token: str, *files: tuple[str, bytes]) -> bytes:
    """As browsers write it, but that names may hold anything."""
    parts = [f'--x\r\nContent-Disposition: form-data; name="token"\r\n\r\n{token}\r\n'.encode()]
    for name, data in files:
        head = f"form-data; name=\"files\"; filename*=UTF-8''{quote(name, safe='')}"
        parts += [f"--x\r\nContent-Disposition: {head}\r\n\r\n".encode(), data, b"\r\n"]
    return b"".join([*parts, b"--x--\r\n"])


async def send(
    browser: Browser, front: Served, *files: tuple[str, bytes], token: str = ""
) -> Page:
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
