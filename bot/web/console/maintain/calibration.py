"""How far the probabilities of a release hold: a reliability diagram, and its figures."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from bot.web.console.maintain.base import Pages
from bot.web.console.visit import Visit
from index.evaluation.refusal import Bin

SIDE: Final = 300  # of the square that is drawn in, in units of the drawing
LEAST_R: Final = 3.0
MOST_R: Final = 9.0


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    r: float


class CalibrationPages(Pages):
    async def look(self, visit: Visit) -> web.StreamResponse:
        own = self._maintenance
        rows = await asyncio.to_thread(own.shelf.rows)
        names = [one.name for one in rows]
        # What is served may be of a format that this program reads no more.
        usual = next((one for one in (own.served(), own.shelf.current()) if one in names), "")
        name = visit.request.query.get("release", "") or usual
        found = await asyncio.to_thread(own.shelf.reliability, name) if name else None
        return self.render(
            visit,
            "calibration.html",
            names=names,
            release=name,
            found=found,
            dots=dots(found.bins) if found else (),
            line_x=round(SIDE * found.line, 1) if found else 0,
            error=calibration_error(found.bins) if found and found.bins else None,
            side=SIDE,
        )


def dots(bins: Sequence[Bin]) -> Sequence[Dot]:
    """Where each bin is in the square; the more questions, the larger."""
    most = max((one.count for one in bins), default=1)
    return [
        Dot(
            x=round(SIDE * one.said, 1),
            y=round(SIDE * (1 - one.was), 1),
            r=round(LEAST_R + (MOST_R - LEAST_R) * (one.count / most) ** 0.5, 1),
        )
        for one in bins
    ]


def calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance between what is said and what was, over the bins, by their counts (ECE)."""
    total = sum(one.count for one in bins)
    return sum(one.count * abs(one.said - one.was) for one in bins) / total
