"""The lines that tell what is on when the bot begins to serve."""

from __future__ import annotations

import pytest

from bot.config import Settings
from bot.serve import console_line

ACCOUNTS = "(accounts: run_bot.py staff account add LOGIN)"


@pytest.mark.parametrize(
    ("given", "line"),
    [
        (
            {},
            f"console    on: http://127.0.0.1:8123/console {ACCOUNTS}",
        ),
        (
            {"web_url": "https://wen.langang.example/"},
            f"console    on: https://wen.langang.example/console {ACCOUNTS}",
        ),
        ({"console": "false"}, "console    off: set CONSOLE=true"),
    ],
)
def test_it_says_where_the_console_is(given: dict[str, str], line: str) -> None:
    settings = Settings.read({"_env_file": None, **given})
    assert console_line(settings, 8123) == line
