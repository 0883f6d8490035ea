"""When the release that is served was built: read once for each release."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.seen.metrics import Served
from index.errors import SearchError
from index.release import read_manifest


@dataclass(slots=True)
class Releases:
    root: Path
    _known: Served | None = None

    async def served(self, name: str) -> Served | None:
        """None for "", and for one that is not there any more."""
        if self._known is None or self._known.name != name:
            self._known = await asyncio.to_thread(self._read, name) if name else None
        return self._known

    def _read(self, name: str) -> Served | None:
        try:
            manifest = read_manifest(self.root / name)
            return Served(name, datetime.fromisoformat(manifest.created))
        except (SearchError, OSError, ValueError):
            return None
