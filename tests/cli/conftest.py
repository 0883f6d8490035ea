"""The command line, run in this process; without a release, the encoder is not loaded."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from typer.testing import CliRunner, Result

from bot.config import Settings
from run_bot import cli

SETTINGS = [name.upper() for name in Settings.model_fields]


class Run(Protocol):
    def __call__(self, *args: object, **settings: object) -> Result: ...


@pytest.fixture
def clean(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty current folder and no setting of the machine's own."""
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(clean: Path) -> Run:
    """Run a command; settings by their names in small letters."""

    def run(*args: object, **settings: object) -> Result:
        assert Path.cwd() == clean
        environment = {name.upper(): str(value) for name, value in settings.items()}
        words = [str(one) for one in args]
        # A failure that we did not foresee ends the test: a user would see a traceback.
        return CliRunner().invoke(cli, words, env=environment, catch_exceptions=False)

    return run


@pytest.fixture
def environment(clean: Path) -> Callable[..., dict[str, str]]:
    """For a process of its own: nothing of ours but these settings."""
    assert Path.cwd() == clean

    def environment(**settings: object) -> dict[str, str]:
        kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
        given = {name.upper(): str(value) for name, value in settings.items()}
        return {**kept, "LANG": "C.UTF-8", "USER": "tester", **given}

    return environment


@pytest.fixture(autouse=True)
def _quiet_afterwards() -> Iterator[None]:
    """What a command logs to is the stream that it was run with, which ends with it."""
    before = logging.getLogger().handlers[:]
    yield
    logging.getLogger().handlers[:] = before
