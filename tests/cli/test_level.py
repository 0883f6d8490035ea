"""`level`: show, set, auto."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import Run


def test_a_level_is_set_shown_and_lifted(run: Run, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean}/bot.sqlite"
    assert run("level", "show", database_url=url).output == "set by hand: full\n"
    told = run("level", "set", "people", "--why", "核对文件", "--as", "赵敏", database_url=url)
    assert told.output.startswith("set by hand: people\n")
    assert "people only · 赵敏 · 核对文件" in told.output
    until = ("--why", "换盘", "--until", "2099-12-01 14:30")
    told = run("level", "set", "maintenance", *until, database_url=url)
    assert "maintenance · until 2099-12-01 14:30" in told.output
    assert run("level", "auto", database_url=url).output.startswith("set by hand: full\n")


def test_what_cannot_be_read_is_refused_in_words(run: Run, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean}/bot.sqlite"
    for words in (("off", "--why", "x"), ("people", "--why", "x", "--until", "morgen")):
        told = run("level", "set", *words, database_url=url)
        assert told.exit_code
        assert "Traceback" not in told.output
    assert run("level", "show", database_url=url).output == "set by hand: full\n"
