"""A console with a maintainer, whose sources have one document and one golden question."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.config import Settings
from tests.web.console.harness import ROSTER, Browser, Front, front_of
from tests.web.console.maintain.forms import (
    PATH,
    QUESTION,
    berths,
)


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
