"""Our own command line, to be run as a process of its own."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import bot

SCRIPT: Final = Path(bot.__file__).resolve().parents[1] / "run_bot.py"


@dataclass(frozen=True, slots=True)
class Program:
    """`settings` win over those of the environment and of .env, which the process reads anew."""

    settings: Mapping[str, str]

    def command(self, *words: str) -> Sequence[str]:
        return [sys.executable, str(SCRIPT), *words]

    @property
    def environment(self) -> Mapping[str, str]:
        return {**os.environ, **self.settings, "PYTHONUNBUFFERED": "1", "PYTHONUTF8": "1"}
