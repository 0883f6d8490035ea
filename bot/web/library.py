"""What pages and programs read: the index, its releases, and how the bureau speaks of itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.render import Bureau
from bot.web.searching import Index
from knowledge.types import Lang


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    index: Index
    releases: Path
    clock: Callable[[], datetime]  # at the bureau
    bureau: Bureau
    language: Lang = Lang.ZH_HANS  # of answers to questions that are written in none of ours
