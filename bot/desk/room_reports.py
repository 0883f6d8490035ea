"""/report in the staff room: a period in figures, a few of them as text and all in a file."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.desk.cards import plain
from bot.desk.reports.figures import Period
from bot.desk.reports.summary import summary
from bot.desk.reports.written import as_csv
from bot.desk.room_command import Command, Group
from bot.desk.room_pages import Said
from bot.desk.room_services import RoomServices
from bot.desk.tickets import Agent
from bot.desk.typed import day_in
from bot.render import Page
from bot.types import Attachment


async def _report(services: RoomServices, agent: Agent, rest: str) -> Sequence[Said] | None:
    """Without who did how much: that is for supervisors, and everybody reads the room."""
    del agent
    period = _period(rest.split(), services)
    if period is None:
        return None
    report = await services.reporter.report(period)
    name = f"report-{period.first}-{period.last}.csv"
    file = Attachment(name, as_csv(report), media_type="text/csv")
    text = summary(report, language=services.language)
    return [Said(page=Page(plain(text), attachment=file))]


def _period(words: Sequence[str], services: RoomServices) -> Period | None:
    """None for what are no days, more than two, or in the wrong order."""
    days = [day_in(word) for word in words]
    if None in days or len(days) > 2:  # noqa: PLR2004 - from, until
        return None
    first, last = (*days, None, None)[:2]
    try:
        return Period.given(first, last, today=services.desk.clock().date())
    except ValueError:
        return None


REPORT: Final = Command(
    name="report",
    group=Group.PUBLIC,
    help="figures of this month, or of a period",
    usage="/report\n/report 2026-01-01 2026-01-31",
    run=_report,
)
