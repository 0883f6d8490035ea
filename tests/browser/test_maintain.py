"""A maintainer in a real browser: from an upload to another answer; each page, for anybody."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from playwright.async_api import FilePayload, Page, expect

from bot.accounts.account import Account, Standing
from bot.accounts.accounts import Accounts
from bot.accounts.door import Door
from bot.accounts.session import Client, Stage
from knowledge.types import Lang
from tests.browser.eyes import PHONE, Eyes, barriers, is_wider_than_its_window, picture
from tests.conftest import SAMPLE
from tests.e2e.world import World, world

pytestmark = pytest.mark.slow

SLOWEST_BUILD_MS: Final = 180_000
QUESTION: Final = "游船泊位费每月多少元？"
BERTHS: Final = """\
---
id: berths
title: 澜港市游船泊位管理办法
number: 澜港务规〔2025〕2号
issuer: 澜港市港务局
disclosure: open
published: 2025-06-01
effective: 2025-07-01
---

第一条 为规范游船泊位管理，制定本办法。

第二条 申请泊位的，向市港务局提交申请书，港务局在15个工作日内答复。

第三条 游船泊位费每月480元，按季度缴纳。
"""
FILE: Final = FilePayload(name="泊位办法.md", mimeType="text/markdown", buffer=BERTHS.encode())
EVIL: Final = "<b onmouseover=alert(1)>x.md"
PAGES: Final = ("", "differences", "documents", "build", "why", "glossary", "calibration")


@pytest_asyncio.fixture(loop_scope="session")
async def bot(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    shutil.copytree(releases, tmp_path / "releases")
    shutil.copytree(SAMPLE, tmp_path / "policies")
    golden = {"question": QUESTION, "document": "berths", "contains": "480元"}
    text = json.dumps(golden, ensure_ascii=False)
    (tmp_path / "policies" / "golden.jsonl").write_text(text, encoding="utf-8")
    glossary = tmp_path / "glossary.toml"
    glossary.write_text('[[same]]\nwords = ["泊位", "船位"]\n', encoding="utf-8")
    where: dict[str, Any] = {"sources": str(tmp_path / "policies"), "glossary": glossary}
    async with world(tmp_path / "releases", tmp_path, **where) as running:
        yield running


def url(bot: World, path: str = "") -> str:
    return f"http://127.0.0.1:{bot.app.web_port}{path}"


async def maintainer(bot: World, eyes: Eyes, **options: Any) -> Page:
    """A window of somebody who has signed in."""
    made = await Accounts(bot.store, clock=bot.clock).add(
        f"han-{secrets.token_hex(4)}", name="韩梅", member="web:han", who="t"
    )
    sessions = Door.of(bot.store, clock=bot.clock).sessions
    async with bot.store.begin() as work:
        active = replace(made.account, standing=Standing.ACTIVE)
        account = await work.entries(Account).save(active)
        signed = await sessions.begin(work, account, Stage.FULL, Client(address="127.0.0.1"))
    page = await eyes.open(**options)
    cookies = {"console": signed.token, "console-language": Lang.ZH_HANS}
    await page.context.add_cookies(
        [{"name": name, "value": value, "url": url(bot)} for name, value in cookies.items()]
    )
    return page


async def asked(bot: World, eyes: Eyes) -> Page:
    """A citizen who has asked."""
    page = await eyes.open()
    await page.goto(url(bot, "/"))
    await page.get_by_role("textbox").fill(QUESTION)
    await page.get_by_role("button", name="发送").click()
    await expect(page.locator("#messages > .us").first).to_be_visible()
    return page


async def test_from_an_upload_to_another_answer(bot: World, eyes: Eyes) -> None:
    citizen = await asked(bot, eyes)
    await expect(citizen.locator("#messages")).not_to_contain_text("480元")

    page = await maintainer(bot, eyes)
    await page.goto(url(bot, "/console/maintain/documents"))
    evil = FilePayload(name=EVIL, mimeType="text/markdown", buffer=b"x")
    await page.get_by_label("选择文件").set_input_files([FILE, evil])
    await page.get_by_role("button", name="上传").click()
    await expect(page.get_by_role("heading", name="读取报告")).to_be_visible(timeout=60_000)
    await expect(page.locator("main")).to_contain_text("澜港市游船泊位管理办法")
    await expect(page.locator("#live")).to_contain_text("<b onmouseover")
    assert await barriers(page) == []
    await picture(page, "maintain-report", whole=True)
    await page.get_by_role("button", name="移入来源：泊位办法.md").click()
    await expect(page.locator("#live")).to_contain_text("已移入来源")

    await page.get_by_role("link", name="构建", exact=True).click()
    await page.get_by_role("button", name="开始构建").click()
    await expect(page.get_by_role("progressbar")).to_be_visible()
    assert await barriers(page) == []
    await expect(page.locator("#words")).to_contain_text("校准", timeout=SLOWEST_BUILD_MS)
    await picture(page, "maintain-building")
    await expect(page.locator("main")).to_contain_text("版本已构建完成", timeout=SLOWEST_BUILD_MS)
    await picture(page, "maintain-built")
    await expect(page.locator("main")).to_contain_text("已通过基准检验")
    await page.get_by_role("link", name="查看并启用…").click()
    assert await barriers(page) == []
    await page.get_by_label("理由").fill("新的泊位办法")
    await picture(page, "maintain-release", whole=True)
    await page.get_by_role("button", name="启用").click()
    await expect(page.locator("#live")).to_contain_text("已启用")
    assert await bot.index.refresh()

    citizen = await asked(bot, eyes)
    await expect(citizen.locator("#messages")).to_contain_text("480元")


async def test_without_scripts_a_build_is_watched_all_the_same(bot: World, eyes: Eyes) -> None:
    page = await maintainer(bot, eyes, java_script_enabled=False)
    await page.goto(url(bot, "/console/maintain/build"))
    await page.get_by_role("button", name="开始构建").click()
    await expect(page.locator("meta[http-equiv=refresh]")).to_have_attribute("content", "3")
    await page.get_by_role("button", name="取消").click()
    await expect(page.locator("main")).to_contain_text("构建已取消")


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_nobody_is_kept_out(bot: World, eyes: Eyes, scheme: str) -> None:
    desk = await maintainer(bot, eyes, color_scheme=scheme)
    phone = await maintainer(bot, eyes, color_scheme=scheme, viewport=PHONE)
    narrow = await maintainer(bot, eyes, viewport={"width": 320, "height": 568})
    for name in PAGES:
        for page, kind in ((desk, "desk"), (phone, "phone"), (narrow, "narrow")):
            await page.goto(url(bot, f"/console/maintain/{name}".rstrip("/")))
            if name == "why":
                await page.get_by_label("问题").last.fill("技能补贴一年最多能领几回？")
                await page.get_by_role("button", name="解释").click()
                await expect(page.locator(".verdict")).to_be_visible()
            assert not await is_wider_than_its_window(page), (name, kind)
            assert await barriers(page) == [], (name, kind)
            if kind != "narrow":
                await picture(page, f"maintain-{name or 'releases'}-{scheme}-{kind}", whole=True)
