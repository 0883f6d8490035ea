"""A report in the few lines that fit a chat, in the language of staff. Pure."""

from __future__ import annotations

from typing import Final

from bot.desk.reports.figures import TOTAL, Report, Section, Value
from bot.texts import say
from knowledge.types import Lang

BOT: Final = "the bot"  # the item of what is counted of its answers
_UNKNOWN: Final = "–"  # there is nothing to take it from


def summary(report: Report, *, language: Lang) -> str:
    """What was asked, what staff did with it, and what they owe now."""
    found = report.sections()
    asked = found[Section.QUESTIONS][BOT]
    tickets = found[Section.TICKETS][TOTAL]
    backlog = found.get(Section.BACKLOG, {}).get(TOTAL, {})
    period = say(
        language,
        "{first} to {last}",
        first=report.period.first.isoformat(),
        last=report.period.last.isoformat(),
    )
    questions = say(
        language,
        "Questions: {asked}; answered by the bot: {share}; a person was asked all the same: "
        "{person}",
        asked=asked["asked"],
        share=_share(asked["answered_share"]),
        person=asked["then_a_person"],
    )
    opened = say(
        language,
        "Tickets: {opened}; answered: {answered}; median: {days} working days; in time: {share}",
        opened=tickets["opened"],
        answered=tickets["answered"],
        days=_days(tickets["answer_median_days"]),
        share=_share(tickets["answer_in_time_share"]),
    )
    waiting = say(
        language,
        "Waiting now: {count}; the oldest: {days} working days; nothing overdue: {share}",
        count=backlog.get("waiting", 0),
        days=_days(backlog.get("oldest_days")),
        share=_share(backlog.get("age_in_time_share")),
    )
    return f"{period}\n{questions}\n{opened}\n{waiting}"


def _share(value: Value) -> str:
    return _UNKNOWN if value is None else f"{value:.1%}"


def _days(value: Value) -> str:
    return _UNKNOWN if value is None else f"{value:g}"
