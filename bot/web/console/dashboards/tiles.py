"""The few figures on top of a dashboard, each beside that of the period before. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.desk.reports.overview import Overview
from bot.texts import say
from bot.web.console.dashboards.wording import cell, percent
from knowledge.types import Lang


@dataclass(frozen=True, slots=True)
class Tile:
    name: str
    value: str
    before: str  # of the period before; empty: it is about now


def tiles(overview: Overview, language: Lang) -> Sequence[Tile]:
    now, before = overview.now, overview.before

    def days(value: float | None) -> str:
        return cell("days", value, language)

    return [
        Tile(say(language, "Asked"), str(now.asked), str(before.asked)),
        Tile(
            say(language, "Answered by the bot"),
            percent(now.answered_share),
            percent(before.answered_share),
        ),
        Tile(say(language, "Handed over"), str(now.handed_over), str(before.handed_over)),
        Tile(
            say(language, "Answered in time by staff"),
            percent(now.answer_in_time_share),
            percent(before.answer_in_time_share),
        ),
        Tile(
            say(language, "Half of the answers within (working days)"),
            days(now.answer_median_days),
            days(before.answer_median_days),
        ),
        Tile(
            say(language, "Answered, then a person"),
            percent(now.failed_share),
            percent(before.failed_share),
        ),
        Tile(say(language, "Waiting now"), str(overview.waiting), ""),
    ]
