"""When people are told of changes: settings that nobody can read are refused at the start."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.config import Settings
from bot.errors import ConfigError
from bot.quiet import Quiet


def read(**values: object) -> Settings:
    return Settings.read({"_env_file": None, **values})


def test_by_default_nobody_is_told_at_night_or_at_once() -> None:
    settings = read()
    assert settings.quiet == Quiet(time(21, 30), time(8, 30), ZoneInfo("Asia/Shanghai"))
    assert settings.push_delay == timedelta(minutes=15)


def test_all_that_is_wrong_is_told_together() -> None:
    with pytest.raises(ConfigError) as refused:
        read(timezone="Langang", push_quiet="at night", push_delay_minutes=-1)
    names = [problem.partition(":")[0] for problem in refused.value.problems]
    assert names == ["TIMEZONE", "PUSH_QUIET", "PUSH_DELAY_MINUTES"]
    assert "Asia/Shanghai" in refused.value.problems[0]
    assert "21:30-08:30" in refused.value.problems[1]
