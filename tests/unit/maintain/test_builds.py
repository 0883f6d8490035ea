"""Builds that cannot be begun."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk.tickets import Agent
from bot.errors import MaintenanceRefused
from bot.maintain.builds import Builds
from bot.maintain.program import Program

HAN = Agent("web:han", "韩梅")


class Spoiling(Program):
    """A build that runs for long; its log cannot be written once it has begun."""

    def command(self, *_words: str) -> Sequence[str]:
        folder = Path(self.settings["BUILDS"])
        for log in [path for path in folder.glob("*.log") if path.is_file()]:
            log.unlink()
            log.mkdir()
        return ["sleep", "60"]


def now() -> datetime:
    return datetime(2026, 3, 2, 9, tzinfo=UTC)


def test_a_build_that_the_log_cannot_name_is_ended(tmp_path: Path) -> None:
    builds = Builds(tmp_path, Spoiling({"BUILDS": str(tmp_path)}), clock=now)
    for _ in range(2):  # the second time the lock would be held by the first one's process
        with pytest.raises(MaintenanceRefused, match="could not be begun: Is a directory"):
            builds.start(HAN)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    builds = Builds(tmp_path / "file" / "builds", Program({}), clock=now)
    with pytest.raises(MaintenanceRefused, match="could not be begun"):
        builds.start(HAN)
