"""Builds that cannot be begun, and builds of another worker."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.desk.tickets import Agent
from bot.errors import MaintenanceRefused
from bot.maintain import builds as building
from bot.maintain.build_log import Stage
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


class Sleeping(Program):
    def command(self, *_words: str) -> Sequence[str]:
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


def test_a_build_that_runs_on_another_machine_is_cancelled_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(building, "ASKED_S", 0.05)
    here = Builds(tmp_path, Sleeping({}), clock=now, machine="here")
    there = Builds(tmp_path, Sleeping({}), clock=now, machine="there")
    name = there.start(HAN)
    assert here.cancel(HAN) == name
    assert here.get(name).stage is Stage.CANCELLED
    assert here.start(HAN) != name, "the lock is free"
    here.cancel(HAN)


def test_no_process_here_is_ended_for_a_build_that_runs_elsewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its number may be that of a process of ours, the worker itself for one."""
    monkeypatch.setattr(building, "ASKED_S", 60.0)  # as if the worker there were gone
    monkeypatch.setattr(building, "OVER_S", 0.2)
    there = Builds(tmp_path, Sleeping({}), clock=now, machine="there")
    here = Builds(tmp_path, Sleeping({}), clock=now, machine="here")
    name = there.start(HAN)
    with pytest.raises(MaintenanceRefused, match="runs on there"):
        here.cancel(HAN)
    assert here.get(name).stage is Stage.RUNNING
    there.cancel(HAN)
    assert here.get(name).stage is Stage.CANCELLED
