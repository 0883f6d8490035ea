"""The report of a period as tables, as CSV and as JSON; who did how much for supervisors alone."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from bot.desk.reports.figures import Report
from bot.desk.reports.written import as_csv, as_json
from bot.desk.roster import Role
from bot.web.console.console import Console
from bot.web.console.dashboards.choice import PRESETS, Choice, chosen
from bot.web.console.forms import download
from bot.web.console.navigation import EVERYBODY
from bot.web.console.report_words import tables
from bot.web.console.visit import HOME, Visit

PATH: Final = "/reports"


class ReportPages:
    def __init__(self, console: Console) -> None:
        self._console = console

    def add(self) -> None:
        console = self._console
        console.get(PATH, self.look, *EVERYBODY)
        console.get(f"{PATH}.csv", self.as_csv, *EVERYBODY)
        console.get(f"{PATH}.json", self.as_json, *EVERYBODY)

    async def look(self, visit: Visit) -> web.StreamResponse:
        choice = self._choice(visit)
        report = await self._report(visit, choice)
        with_agents = _with_agents(visit)
        extra = "&agents=yes" if with_agents else ""
        return self._console.render(
            visit,
            "reports.html",
            address=f"{HOME}{PATH}",
            query=f"{choice.query}{extra}",
            choice=choice,
            presets=PRESETS,
            made=report.made,
            tables=tables(report, visit.language),
            may_agents=self._console.services.desk.roster.may(visit.actor, Role.SUPERVISOR),
            with_agents=with_agents,
        )

    async def as_csv(self, visit: Visit) -> web.StreamResponse:
        report = await self._report(visit, self._choice(visit))
        return download(_name(report, "csv"), as_csv(report).encode(), "text/csv; charset=utf-8")

    async def as_json(self, visit: Visit) -> web.StreamResponse:
        report = await self._report(visit, self._choice(visit))
        return download(_name(report, "json"), as_json(report).encode(), "application/json")

    def _choice(self, visit: Visit) -> Choice:
        today = self._console.services.desk.clock().date()
        return chosen(visit.request.query, today=today)

    async def _report(self, visit: Visit, choice: Choice) -> Report:
        """Raise NotAllowed where who did how much is asked for by somebody else."""
        agents = visit.actor if _with_agents(visit) else None
        report = await self._console.services.reporter.report(choice.period, agents=agents)
        if agents is not None:
            period = choice.period
            what = f"report with agents ({period.first} – {period.last})"
            await self._console.viewed(visit, what)
        return report


def _with_agents(visit: Visit) -> bool:
    return bool(visit.request.query.get("agents"))


def _name(report: Report, ending: str) -> str:
    return f"report-{report.period.first}-{report.period.last}.{ending}"
