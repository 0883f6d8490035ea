"""What is kept of a check, and what is left of one that was killed."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.maintain.ingestion import Ingestion
from bot.maintain.program import Program
from bot.maintain.staging import Staging


class Slow(Program):
    """Readers that take their time, and find nothing."""

    def command(self, *words: str) -> Sequence[str]:
        nothing = '{"documents": [], "skipped": [], "problems": []}'
        return ["sh", "-c", f"sleep 0.2; echo '{nothing}' > {words[-1]}/report.json"]


@pytest.fixture
def ingestion(tmp_path: Path) -> Ingestion:
    return Ingestion(Staging(tmp_path / "staged"), tmp_path / "report", Program({}))


@pytest.mark.parametrize(
    "text",
    ["[]", "{}", '{"prefix": 1, "report": []}', '{"prefix": "", "report": {"documents": 1}}'],
)
def test_a_report_of_another_version_counts_as_none(
    ingestion: Ingestion, tmp_path: Path, text: str
) -> None:
    (tmp_path / "report").mkdir()
    (tmp_path / "report" / "report.json").write_text(text)
    (tmp_path / "report" / "seen.json").write_text("[]")
    assert ingestion.report() is None


async def test_links_that_a_killed_check_left_are_swept(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    left = tmp_path / "report" / ".report-x" / "uploaded"
    left.mkdir(parents=True)
    (left / "erased.md").write_text("渡轮")
    assert await ingestion.check(None)
    assert list((tmp_path / "report").iterdir()) == []


async def test_a_check_that_the_disk_refuses_came_to_no_end(
    ingestion: Ingestion, tmp_path: Path
) -> None:
    (tmp_path / "report").write_text("no folder")
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "a.md").write_text("渡轮")
    assert not await ingestion.check(None)


async def test_two_workers_that_check_at_once_do_not_sweep_what_the_other_reads(
    tmp_path: Path,
) -> None:
    (tmp_path / "staged").mkdir()
    (tmp_path / "staged" / "a.md").write_text("渡轮")
    staging = Staging(tmp_path / "staged")
    workers = [Ingestion(staging, tmp_path / "report", Slow({})) for _ in range(2)]
    first = asyncio.create_task(workers[0].check(None))
    await asyncio.sleep(0.1)  # its readers are at work
    assert await workers[1].check(None)
    assert await first
    reports = [one.report() for one in workers]
    assert [one is not None and one.fresh for one in reports] == [True, True]
