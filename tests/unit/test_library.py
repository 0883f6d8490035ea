"""What deep links lead to: the release as it is, and a welcome where there is none."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

from bot.library import MOST, ReleaseLibrary, Subject, documents_of
from bot.links import Target, payload
from index.release import current
from knowledge.types import Document

TODAY = date(2026, 11, 23)


async def test_a_document_is_found_whether_it_binds_or_not(releases: Path) -> None:
    library = ReleaseLibrary(releases)
    for name in ("housing-fund-withdrawal-2025", "housing-fund-withdrawal-2022"):
        found = await library.linked(payload(Target.DOCUMENT, name), on=TODAY)
        assert isinstance(found, Document)
        assert found.id == name


async def test_a_topic_has_what_binds_the_newest_first(releases: Path) -> None:
    found = await ReleaseLibrary(releases).linked(payload(Target.TOPIC, "租房"), on=TODAY)
    assert isinstance(found, Subject)
    assert found.name == "租房"
    assert 1 <= len(found.documents) <= MOST
    assert all(one.standing(TODAY).binding for one in found.documents)
    days = [one.published or date.min for one in found.documents]
    assert days == sorted(days, reverse=True)


async def test_a_topic_without_a_rule_in_force_leads_nowhere(releases: Path) -> None:
    library = ReleaseLibrary(releases)
    assert await library.linked(payload(Target.TOPIC, "租房"), on=date(1999, 1, 1)) is None


async def test_without_a_release_every_link_leads_nowhere(tmp_path: Path) -> None:
    assert await ReleaseLibrary(tmp_path).linked("doc_a", on=TODAY) is None


async def test_a_release_that_is_gone_leads_nowhere(releases: Path, tmp_path: Path) -> None:
    (tmp_path / "CURRENT").write_text(current(releases), "utf-8")
    assert await ReleaseLibrary(tmp_path).linked("doc_a", on=TODAY) is None


async def test_a_damaged_release_leads_nowhere(releases: Path, tmp_path: Path) -> None:
    name = current(releases)
    shutil.copytree(releases / name, tmp_path / name)
    (tmp_path / "CURRENT").write_text(name, "utf-8")
    whole = (tmp_path / name / "documents.jsonl").read_bytes()
    (tmp_path / name / "documents.jsonl").write_bytes(whole.replace(b"2025", b"2027"))
    start = payload(Target.DOCUMENT, "housing-fund-withdrawal-2025")
    assert await ReleaseLibrary(tmp_path).linked(start, on=TODAY) is None


async def test_links_and_subscriptions_hold_one_copy(releases: Path) -> None:
    name = "housing-fund-withdrawal-2025"
    linked = await ReleaseLibrary(releases).linked(payload(Target.DOCUMENT, name), on=TODAY)
    assert any(linked is one for one in documents_of(releases / current(releases)))
