"""
Forms of charts with items below each other, each below its name, which may be long. Pure; see
style.py.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot.web.console.dashboards.style import GRID, INK, PAPER, SERIES, SOFT, WIDTH, Spec, whole

ROW: Final = 18  # CSS pixels
MOST_NUMBERS: Final = 15  # weeks: in more of them numbers have no room


@dataclass(frozen=True, slots=True)
class Bar:
    """One value of an item, with the words that stand behind it."""

    value: float
    words: str
    outlined: bool = False


def bars(items: Sequence[tuple[str, Sequence[Bar]]], *, most: float | None = None) -> Spec:
    """Items below each other: its name, below it its bars. `most` is what a full bar would be."""
    rows: list[dict[str, Any]] = []
    for item, own in items:
        rows.append({"row": len(rows), "label": item})
        for bar in own:
            rows.append(
                {
                    "row": len(rows),
                    "value": bar.value,
                    "words": bar.words,
                    "outlined": bar.outlined,
                }
            )
    longest = most or max((bar.value for _, own in items for bar in own), default=0) or 1
    y = {
        "field": "row",
        "type": "ordinal",
        "axis": None,
        "scale": {"domain": list(range(len(rows))), "paddingInner": 0.25, "paddingOuter": 0},
    }
    # A third of the width is left for the words behind the longest bar.
    x = {
        "field": "value",
        "type": "quantitative",
        "axis": None,
        "scale": {"domain": [0, longest * 1.5], "nice": False},
    }
    filled = {"condition": {"test": "datum.outlined", "value": PAPER}, "value": SERIES[0]}
    is_bar, is_label = ([{"filter": f"isValid(datum.{name})"}] for name in ("value", "label"))
    return whole(
        data=rows,
        height=max(1, len(rows)) * ROW,
        layer=[
            {
                "transform": is_bar,
                "mark": {"type": "bar", "stroke": SERIES[0], "strokeWidth": 1.2},
                "encoding": {"y": y, "x": x, "fill": filled},
            },
            {
                "transform": is_bar,
                "mark": {"type": "text", "align": "left", "dx": 5, "fontSize": 12, "color": INK},
                "encoding": {"y": y, "x": x, "text": {"field": "words"}},
            },
            {
                "transform": is_label,
                "mark": {
                    "type": "text",
                    "align": "left",
                    "dy": 1,
                    "fontSize": 12,
                    "color": SOFT,
                    "limit": WIDTH - 4,
                },
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label"}},
            },
        ],
    )


def dots(rows: Sequence[tuple[str, float, float]], *, title: str) -> Spec:
    """For each row a circle and a triangle on one line, the second further to the right."""
    values = [
        {"row": 2 * n + 1, "half": half, "most": most, "words": f"{half:g} – {most:g}"}
        for n, (_, half, most) in enumerate(rows)
    ]
    labels = [{"row": 2 * n, "label": name} for n, (name, _, _) in enumerate(rows)]
    y = {
        "field": "row",
        "type": "ordinal",
        "axis": None,
        "scale": {"domain": list(range(2 * len(rows)))},
    }
    longest = max((most for _, _, most in rows), default=0) or 1

    def x(field: str) -> Spec:
        scale = {"domain": [0, longest * 1.35], "nice": False}
        return {
            "field": field,
            "type": "quantitative",
            "scale": scale,
            "axis": {"title": title, "tickCount": 5},
        }

    point = {"type": "point", "filled": True, "size": 70, "opacity": 1}
    return whole(
        data=values,
        height=max(1, len(rows)) * 2 * ROW,
        layer=[
            {
                "mark": {"type": "rule", "color": SOFT, "strokeWidth": 1.5},
                "encoding": {"y": y, "x": x("half"), "x2": {"field": "most"}},
            },
            {
                "mark": {**point, "shape": "circle", "color": SERIES[0]},
                "encoding": {"y": y, "x": x("half")},
            },
            {
                "mark": {**point, "shape": "triangle-up", "color": SERIES[1]},
                "encoding": {"y": y, "x": x("most")},
            },
            {
                "mark": {"type": "text", "align": "left", "dx": 9, "fontSize": 11, "color": INK},
                "encoding": {"y": y, "x": x("most"), "text": {"field": "words"}},
            },
            {
                "data": {"values": labels},
                "mark": {"type": "text", "align": "left", "fontSize": 12, "color": SOFT, "dy": 3},
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label"}},
            },
        ],
    )


def heat(rows: Sequence[tuple[str, Sequence[tuple[str, int]]]]) -> Spec:
    """Items below each other: its name, below it a cell for each week with its number."""
    values, labels = [], []
    for n, (item, weeks) in enumerate(rows):
        labels.append({"row": 2 * n, "label": item})
        values += [{"row": 2 * n + 1, "week": week, "count": count} for week, count in weeks]
    most = max((count for _, weeks in rows for _, count in weeks), default=0) or 1
    y = {
        "field": "row",
        "type": "ordinal",
        "axis": None,
        "scale": {"domain": list(range(2 * len(rows))), "paddingInner": 0.1},
    }
    x = {
        "field": "week",
        "type": "ordinal",
        "sort": None,  # as they come: a label has no year, and 01-04 may follow 12-28
        "axis": {"title": None, "labelAngle": 0, "labelOverlap": True, "orient": "bottom"},
    }
    shade = {
        "field": "count",
        "type": "quantitative",
        "legend": None,
        "scale": {"domain": [0, most], "range": [0, 0.45]},  # ink stays legible on it
    }
    few = len(rows[0][1]) <= MOST_NUMBERS if rows else True
    number = {"type": "text", "fontSize": 11, "color": INK}
    return whole(
        data=values,
        height=max(1, len(rows)) * 2 * (ROW + 2),
        layer=[
            {
                "mark": {"type": "rect", "fill": SERIES[0], "stroke": GRID},
                "encoding": {"y": y, "x": x, "fillOpacity": shade},
            },
            *(
                [
                    {
                        "transform": [{"filter": "datum.count > 0"}],
                        "mark": number,
                        "encoding": {"y": y, "x": x, "text": {"field": "count"}},
                    }
                ]
                if few
                else []
            ),
            {
                "data": {"values": labels},
                "mark": {
                    "type": "text",
                    "align": "left",
                    "fontSize": 12,
                    "color": SOFT,
                    "dy": 3,
                    "limit": WIDTH - 8,
                },
                "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label"}},
            },
        ],
    )
