"""Serves the dashboards: the page, each drawing by itself, and the figures of each as CSV."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import structlog
from aiohttp import web

from bot.desk.reports.figures import Period
from bot.desk.reports.overview import Cell, Overview, Table, Topic
from bot.desk.reports.overviews import Overviews
from bot.desk.reports.written import rows_as_csv
from bot.desk.roster import Role
from bot.web.console.console import Console
from bot.web.console.dashboards.charts import Chart, charts
from bot.web.console.dashboards.choice import PRESETS, Choice, chosen
from bot.web.console.dashboards.drawing import Drawing, DrawingFailed, Theme, draw
from bot.web.console.dashboards.keeping import Kept
from bot.web.console.dashboards.tiles import tiles
from bot.web.console.visit import HOME, Visit
from index.errors import SearchError
from knowledge.types import Document, Lang

PATH: Final = "/dashboards"
# Whoever is answerable for the work, and whoever keeps the knowledge that it rests on.
READERS: Final = (Role.SUPERVISOR, Role.MAINTAINER)
_UNUSED: Final = 30  # documents that are listed by name; the table has all of them

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Page:
    """A period in the words of one language."""

    choice: Choice
    overview: Overview
    charts: Mapping[Topic, Chart]


class DashboardPages:
    def __init__(self, console: Console) -> None:
        self._console = console
        self._overviews: Kept[Period, Overview] = Kept()
        self._drawings: Kept[tuple[Period, datetime, Lang], Mapping[Topic, Drawing]] = Kept()

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.shown, *READERS)
        console.get(f"{PATH}/{{topic}}.svg", self.drawing, *READERS)
        console.get(f"{PATH}/{{topic}}.csv", self.figures, *READERS)

    async def shown(self, visit: Visit) -> web.StreamResponse:
        page = await self._page(visit)
        choice, overview = page.choice, page.overview
        await self._console.viewed(
            visit, f"dashboards ({choice.period.first} – {choice.period.last})"
        )
        return self._console.render(
            visit,
            "dashboards.html",
            address=f"{HOME}{PATH}",
            choice=choice,
            presets=PRESETS,
            overview=overview,
            tiles=tiles(overview, visit.language),
            charts=page.charts.values(),
            unused=_unused(overview),
            most=_UNUSED,
        )

    async def drawing(self, visit: Visit) -> web.StreamResponse:
        page = await self._page(visit)
        chart = _named(visit, page)
        theme = Theme.DARK if visit.request.query.get("theme") == Theme.DARK else Theme.LIGHT
        key = page.choice.period, page.overview.made, visit.language
        try:
            drawn = await self._drawings.get(key, lambda: _drawn(page.charts.values()))
        except (DrawingFailed, OSError) as error:
            log.error("dashboard.not_drawn", error=str(error))  # noqa: TRY400 - it says all there is
            raise web.HTTPServiceUnavailable from None
        if chart.topic not in drawn:  # there is nothing to draw
            raise web.HTTPNotFound
        svg = drawn[chart.topic].shown(theme, title=chart.title, description=chart.note)
        return web.Response(text=svg, content_type="image/svg+xml")

    async def figures(self, visit: Visit) -> web.StreamResponse:
        page = await self._page(visit)
        chart, period = _named(visit, page), page.choice.period
        await self._console.viewed(
            visit, f"figures of {chart.topic} ({period.first} – {period.last})"
        )
        text = rows_as_csv(chart.heads, _cells(chart, page.overview.tables[chart.topic]))
        name = f"{chart.topic}-{period.first}-{period.last}.csv"
        return web.Response(
            text=text,
            content_type="text/csv",
            charset="utf-8",
            headers={"Content-Disposition": f'attachment; filename="{name}"'},
        )

    async def _page(self, visit: Visit) -> _Page:
        desk = self._console.services.desk
        choice = chosen(visit.request.query, today=desk.clock().date())
        overview = await self._overviews.get(choice.period, lambda: self._read(choice.period))
        made = await asyncio.to_thread(charts, overview, visit.language)
        return _Page(choice, overview, {one.topic: one for one in made})

    async def _read(self, period: Period) -> Overview:
        services = self._console.services
        return await Overviews(services.store, services.desk, self._documents).overview(period)

    async def _documents(self) -> Sequence[Document]:
        try:
            return await self._console.services.publishing.release.documents()
        except (SearchError, OSError) as error:  # the other figures are there all the same
            log.warning("dashboard.no_documents", error=str(error))
            return ()


async def _drawn(found: Iterable[Chart]) -> Mapping[Topic, Drawing]:
    """Raise DrawingFailed."""
    own = [one for one in found if one.has_figures]
    drawings = await draw([one.spec for one in own])
    return {one.topic: drawing for one, drawing in zip(own, drawings, strict=True)}


def _cells(chart: Chart, table: Table) -> Iterable[Sequence[Cell]]:
    """Texts in words, and numbers as a spreadsheet counts with them."""
    for words, values in zip(chart.rows, table.rows, strict=True):
        yield [
            word if isinstance(value, str) else value
            for word, value in zip(words, values, strict=True)
        ]


def _unused(overview: Overview) -> Sequence[str]:
    """Titles of documents in force that were never quoted in the period."""
    rows = overview.tables[Topic.DOCUMENTS].rows
    return [str(title) for title, _, answers, beside in rows if not answers and not beside]


def _named(visit: Visit, page: _Page) -> Chart:
    """The chart that an address names. Raise HTTPNotFound."""
    name = visit.request.match_info["topic"]
    if name not in set(Topic):
        raise web.HTTPNotFound
    return page.charts[Topic(name)]
