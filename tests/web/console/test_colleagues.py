"""What waits for colleagues: read at once, however much it is; and forms that keep their words."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

import bot.web
from bot.store.memory import MemoryAudit, MemoryTickets
from tests.unit.desk.office import WANG
from tests.web.console.cases import opened
from tests.web.console.staffed import Staffed, staffed

TEMPLATES = Path(bot.web.__file__).parent / "templates" / "console"


@pytest.fixture
async def at() -> AsyncIterator[Staffed]:
    async with staffed() as office:
        yield office


async def test_what_waits_is_read_at_once(at: Staffed, monkeypatch: pytest.MonkeyPatch) -> None:
    office, services = at.front.office, at.front.console.services
    for number in (1, 2, 3):
        await opened(office, chat=f"{number}", department="harbour", sensitive=True)
        await office.desk.claim(number, WANG)
        await services.consulting.ask(number, WANG, ["water"], f"第{number}问")
    for number in (4, 5, 6):
        await opened(office, chat=f"{number}", sensitive=True)
        await office.desk.reply(number, WANG, f"第{number}答")
    async with at.front.store.begin() as work:
        await office.desk.follow_up(work, 5, "还有一件事")
    read: Counter[str] = Counter()
    for part, name in ((MemoryTickets, "get"), (MemoryAudit, "of")):
        _count(monkeypatch, part, name, read)
    consulted = (await at.zhao.get("/console/consultations")).text
    assert all(f"第{number}问" in consulted for number in (1, 2, 3))
    assert read == {}
    fu = await at.person("fu")
    reviewed = (await fu.get("/console/reviews")).text
    assert all(f"第{number}答" in reviewed for number in (4, 5, 6))
    assert reviewed.count("the citizen wrote again since") == 1
    assert read == {"of": 1}


def _count(monkeypatch: pytest.MonkeyPatch, part: type, name: str, read: Counter[str]) -> None:
    calls = getattr(part, name)

    async def counted(self: object, *values: Any) -> Any:
        read[name] += 1
        return await calls(self, *values)

    monkeypatch.setattr(part, name, counted)


def test_every_form_with_words_of_ones_own_keeps_them() -> None:
    bare = []
    for path in TEMPLATES.rglob("*.html"):
        if path.parent.name == "maintain":  # files that are edited whole, and compared by version
            continue
        forms = re.findall(r"<form[^>]*>.*?</form>", path.read_text("utf-8"), re.DOTALL)
        written = [one for one in forms if "<textarea" in one]
        bare += [path.name for one in written if "data-keep" not in one.partition(">")[0]]
    assert bare == []
