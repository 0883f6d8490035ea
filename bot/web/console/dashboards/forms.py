"""Forms of charts with axes: lines, columns, and how values spread. Pure; see style.py."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import east_asian_width

from bot.web.console.dashboards.style import ALARM, HEIGHT, INK, PAPER, SERIES, WIDTH, Spec, whole

MOST_LABELS: Final = 7  # of an axis
MOST_COUNTED: Final = 4  # whole numbers on an axis, each with its label
MOST_NUMBERS: Final = 9  # columns that have room for theirs
HALF: Final = 22  # half-width characters of a legend, two of which stand side by side
MOST_POINTS: Final = 31  # a longer line has none: they would hide it
SHAPES: Final = ("circle", "triangle-up", "square", "diamond")
DASHES: Final = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3])


def lines(
    names: Sequence[str],
    rows: Sequence[tuple[str, Sequence[float | None]]],
    *,
    percent: bool = False,
) -> Spec:
    """One line for each name; a row has a day (ISO) and the value of each."""
    values = [
        {"day": day, "name": name, "value": value}
        for day, counts in rows
        for name, value in zip(names, counts, strict=True)
        if value is not None
    ]
    scale = {"domain": list(names)}
    size = len(names)
    most = max((count for _, own in rows for count in own if count is not None), default=0)
    axis = {"title": None, "tickCount": 5, "format": ".0%"} if percent else _counts(most)
    legend = {
        "orient": "top",
        "title": None,
        "columns": 2 if max(map(_width, names)) <= HALF else 1,
        "columnPadding": 18,
        "labelLimit": 300,
        "symbolStrokeWidth": 2,
    }
    several = size > 1
    return whole(
        data=values,
        height=HEIGHT,
        mark={"type": "line", "strokeWidth": 2, "point": _points(len(rows))},
        encoding={
            "x": {"field": "day", "type": "ordinal", "sort": None, "axis": _days(rows)},
            "y": {"field": "value", "type": "quantitative", "axis": axis},
            "color": _by("name", {**scale, "range": SERIES[:size]}, legend if several else None),
            "shape": _by("name", {**scale, "range": SHAPES[:size]}, legend if several else None),
            "strokeDash": _by(
                "name", {**scale, "range": DASHES[:size]}, legend if several else None
            ),
        },
    )


def columns(names: tuple[str, str], rows: Sequence[tuple[str, int, int]], *, title: str) -> Spec:
    """Two columns side by side for each row; the second is outlined."""
    values = [
        {"row": row, "name": name, "value": value}
        for row, *counts in rows
        for name, value in zip(names, counts, strict=True)
    ]
    x = {
        "field": "row",
        "type": "ordinal",
        "sort": None,
        "axis": {"title": title, "labelAngle": 0},
    }
    most = max((max(counts) for _, *counts in rows), default=0)
    offset = {"field": "name", "sort": list(names)}
    y = {"field": "value", "type": "quantitative", "axis": _counts(most)}
    legend = {"orient": "top", "title": None, "symbolStrokeColor": INK, "symbolType": "square"}
    fill = _by("name", {"domain": list(names), "range": [SERIES[0], PAPER]}, legend)
    return whole(
        data=values,
        height=HEIGHT,
        layer=[
            {
                "mark": {"type": "bar", "stroke": SERIES[0], "strokeWidth": 1.2},
                "encoding": {"x": x, "xOffset": offset, "y": y, "fill": fill},
            },
            {
                "transform": [{"filter": "datum.value > 0"}],
                "mark": {"type": "text", "dy": -7, "fontSize": 11, "color": INK},
                "encoding": {"x": x, "xOffset": offset, "y": y, "text": {"field": "value"}},
            },
        ],
    )


@dataclass(frozen=True, slots=True)
class Spread:
    """How many tickets took how many days; the last row is what is overdue."""

    titles: Sequence[str]  # lines
    rows: Sequence[tuple[str, int]]
    term: int
    term_words: str


def spreads(found: Sequence[Spread]) -> Spec:
    """One below the other, each with its term as a line."""
    return whole(vconcat=[_spread(one) for one in found], spacing=22)


def _spread(one: Spread) -> Spec:
    many = len(one.rows) > MOST_NUMBERS
    gap = [("", 0), (" ", 0)][: 1 + many]  # before what is overdue
    counted = *one.rows[:-1], *gap, one.rows[-1]
    rows = [{"days": days, "tickets": tickets} for days, tickets in counted]
    labels = [days for days, _ in counted]
    x = {
        "field": "days",
        "type": "ordinal",
        "sort": labels,
        "scale": {"domain": labels},
        "axis": {
            "title": None,
            "labelAngle": 0,
            "labelOverlap": False,
            "values": [*_some([days for days, _ in one.rows[:-1]]), labels[-1]],
        },
    }
    most = max(tickets for _, tickets in counted)
    y = {"field": "tickets", "type": "quantitative", "axis": {**_counts(most), "tickCount": 3}}
    late = {
        "condition": {"test": f"datum.days === '{labels[-1]}'", "value": PAPER},
        "value": SERIES[0],
    }
    term = {"data": {"values": [{"days": str(one.term), "words": one.term_words}]}}
    edge = {"field": "days", "type": "ordinal", "sort": labels, "bandPosition": 1}
    return {
        "title": {"text": list(one.titles), "anchor": "start", "offset": 14},
        "width": WIDTH - 50,
        "height": 90,
        "data": {"values": rows},
        "layer": [
            {
                "mark": {"type": "bar", "stroke": SERIES[0], "strokeWidth": 1.2},
                "encoding": {"x": x, "y": y, "fill": late},
            },
            {
                "transform": [{"filter": "datum.tickets > 0" if not many else "false"}],
                "mark": {"type": "text", "dy": -6, "fontSize": 10, "color": INK},
                "encoding": {"x": x, "y": y, "text": {"field": "tickets"}},
            },
            {
                **term,
                "mark": {"type": "rule", "color": ALARM, "strokeWidth": 2, "strokeDash": [5, 3]},
                "encoding": {"x": edge},
            },
            {
                **term,
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dx": 4,
                    "dy": -6,
                    "fontSize": 11,
                    "color": ALARM,
                },
                "encoding": {"x": edge, "y": {"value": 0}, "text": {"field": "words"}},
            },
        ],
    }


def _width(name: str) -> int:
    """In half-width characters: a Chinese one takes the place of two Latin ones."""
    return sum(2 if east_asian_width(one) in "WF" else 1 for one in name)


def _counts(most: float) -> Mapping[str, Any]:
    """An axis of whole numbers; a short one would have halves, if it were not told its own."""
    few = {"values": list(range(int(most) + 1))} if most <= MOST_COUNTED else {}
    return {"title": None, "tickCount": 5, "format": "d", **few}


def _days(rows: Sequence[tuple[str, object]]) -> Spec:
    """An axis of ISO days, without their years."""
    days = [day for day, _ in rows]
    words = {"labelExpr": "slice(datum.label, 5)", "labelAngle": 0, "labelOverlap": False}
    return {"title": None, "values": _some(days), "grid": False, **words}


def _some(labels: Sequence[str]) -> Sequence[str]:
    """Every one of a few, and of many every second or third or so."""
    return labels[:: -(-len(labels) // MOST_LABELS) or 1]


def _points(rows: int) -> bool | Mapping[str, Any]:
    return {"filled": True, "size": 36} if rows <= MOST_POINTS else False


def _by(field: str, scale: Mapping[str, Any], legend: Mapping[str, Any] | None) -> Spec:
    return {"field": field, "type": "nominal", "scale": scale, "legend": legend}
