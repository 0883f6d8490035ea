"""
What all charts have in common, in Vega-Lite (Satyanarayan et al. 2017, "Vega-Lite: A Grammar of
Interactive Graphics"). Pure.

A chart is as wide as a phone is, and nothing in it is told by colour alone: lines have markers and
dashes of their own, a second bar is outlined, values stand beside what they are of. Colours are
names, `var(--…)`, which drawing.py fills in for light or dark screens.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final, TypeAlias

Spec: TypeAlias = Mapping[str, Any]

WIDTH: Final = 360  # CSS pixels, with all labels
HEIGHT: Final = 200
FONT: Final = (
    "system-ui, -apple-system, 'PingFang SC', 'Microsoft YaHei', 'Noto Sans CJK SC', sans-serif"
)
INK, SOFT, GRID, PAPER = "var(--ink)", "var(--soft)", "var(--grid)", "var(--paper)"
ALARM: Final = "var(--alarm)"
SERIES: Final = ("var(--one)", "var(--two)", "var(--three)", "var(--four)")


def whole(data: Sequence[Mapping[str, Any]] | None = None, **parts: Any) -> Spec:
    text = {"labelColor": SOFT, "titleColor": SOFT, "labelFontSize": 12, "titleFontSize": 12}
    axis = {"domainColor": SOFT, "tickColor": SOFT, "gridColor": GRID, "titleFontWeight": "normal"}
    return {
        "$schema": "https://vega.github.io/schema/vega-lite/v6.json",
        "width": WIDTH,
        **({} if data is None else {"data": {"values": data}}),
        **parts,
        "background": None,
        "padding": 4,
        "autosize": {"type": "fit-x", "contains": "padding"},
        "config": {
            "aria": False,  # the drawing as a whole has a name, and the table has the figures
            "font": FONT,
            "axis": {**text, **axis},
            "legend": text,
            "title": {"color": INK, "fontSize": 12, "fontWeight": 600},
            "view": {"stroke": None},
        },
    }
