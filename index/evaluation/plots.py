"""
Curves and histograms as numbers that a template draws: no library, no script.

Lines differ by their dashes and bars by their row, not by colour alone, so that a plot reads in
print and to those who see colours otherwise.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

WIDTH: Final = 400  # units of the picture
LEFT: Final = 64  # room for the numbers and the name of the vertical axis
RIGHT: Final = 22  # room for half of the last number
BOTTOM: Final = 44  # room for the numbers and the name of the horizontal axis
AREA: Final = 220  # height of the drawing
LEGEND: Final = 20  # height of a line of the legend
ROW: Final = 64  # height of one histogram
MOST: Final = 200  # points of a line; more cannot be seen
BINS: Final = 20  # of a histogram
_STEPS: Final = (0.01, 0.02, 0.05, 0.1, 0.2)  # between the numbers of the upright axis

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    label: str
    x: Floats
    y: Floats
    marks: tuple[tuple[float, float], ...] = ()  # places of note
    dots: bool = False  # the points themselves are shown


@dataclass(frozen=True, slots=True)
class Tick:
    place: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    label: str
    points: str  # as SVG has them
    legend: float  # height of its line in the legend
    marks: tuple[tuple[float, float], ...]
    dots: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plot:
    title: str
    about: str  # one sentence: how to read it
    across: str  # names of the axes
    up: str
    height: int
    top: float  # of the drawing
    bottom: float
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    lines: tuple[Line, ...]
    diagonal: bool


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    label: str
    base: float
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Histograms:
    title: str
    about: str
    across: str
    height: int
    x_ticks: tuple[Tick, ...]
    rows: tuple[Row, ...]
    line: float  # where the refusal line stands


def curves(
    title: str,
    series: Sequence[Series],
    *,
    about: str,
    across: str,
    up: str,
    diagonal: bool = False,
) -> Plot:
    """Shares over shares; with a `diagonal` both axes reach 1, else the upright one ends early."""
    highest = 1.0 if diagonal else max(float(one.y.max(initial=0.0)) for one in series)
    step = next(one for one in _STEPS if highest <= one * 5 or one == _STEPS[-1])
    marks = max(1, int(np.ceil(highest / step - 1e-9)))
    ceiling = step * marks
    top = LEGEND * len(series) + 8.0
    bottom = top + AREA

    def down(value: float) -> float:
        return round(bottom - AREA * value / ceiling, 1)

    return Plot(
        title=title,
        about=about,
        across=across,
        up=up,
        height=int(bottom + BOTTOM),
        top=top,
        bottom=bottom,
        x_ticks=tuple(Tick(_across(share), f"{share:.0%}") for share in np.linspace(0, 1, 6)),
        y_ticks=tuple(Tick(down(n * step), f"{n * step:.0%}") for n in range(marks + 1)),
        lines=tuple(
            Line(
                label=one.label,
                points=" ".join(f"{_across(x)},{down(y)}" for x, y in _thinned(one)),
                legend=LEGEND * place + 12.0,
                marks=tuple((_across(x), down(y)) for x, y in one.marks),
                dots=tuple((_across(x), down(y)) for x, y in _thinned(one) if one.dots),
            )
            for place, one in enumerate(series)
        ),
        diagonal=diagonal,
    )


def histograms(
    title: str, groups: Sequence[tuple[str, Floats]], *, about: str, across: str, line: float
) -> Histograms:
    """Shares of each group, one above the other over one axis from 0 to 1; bars by group."""
    width = (WIDTH - LEFT - RIGHT) / BINS
    rows = []
    for place, (label, values) in enumerate(groups):
        base = ROW * (place + 1.0)
        counts = np.histogram(values, bins=BINS, range=(0.0, 1.0))[0]
        most = max(int(counts.max()), 1)
        tall = (ROW - LEGEND - 6) / most
        bars = tuple(
            Bar(
                round(LEFT + number * width, 1),
                round(base - count * tall, 1),
                round(width - 1, 1),
                round(count * tall, 1),
                f"{number / BINS:.2f} to {(number + 1) / BINS:.2f}: {count}",
            )
            for number, count in enumerate(counts.tolist())
        )
        rows.append(Row(label=f"{label}: {len(values):,}", base=base, bars=bars))
    return Histograms(
        title=title,
        about=about,
        across=across,
        height=ROW * len(groups) + BOTTOM,
        x_ticks=tuple(Tick(_across(share), f"{share:.1f}") for share in np.linspace(0, 1, 6)),
        rows=tuple(rows),
        line=_across(line),
    )


def _across(share: float) -> float:
    return round(LEFT + (WIDTH - LEFT - RIGHT) * float(share), 1)


def _thinned(series: Series) -> list[tuple[float, float]]:
    places = np.unique(np.linspace(0, len(series.x) - 1, MOST).astype(int))
    return [(float(series.x[place]), float(series.y[place])) for place in places]
