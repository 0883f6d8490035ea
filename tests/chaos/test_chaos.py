"""Nothing is lost and nothing comes twice, however often the real process is killed."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.chaos.run import Figures, run


@pytest.mark.slow
async def test_nothing_is_lost_when_the_bot_is_killed_again_and_again(
    tmp_path: Path, releases: Path
) -> None:
    """About a minute and a half; `python -m tests.chaos.run` does more."""
    figures = Figures(kills=6, messages=150, tickets=16, seed=8)
    found = await run(figures, tmp_path, releases)
    assert found.problems == []
    assert found.counts["kills"] == 6
    assert found.counts["tickets"] == 16
    assert found.counts["messages in the ledger"] >= 166
