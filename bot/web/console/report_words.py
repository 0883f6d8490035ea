"""The figures of a report as tables, in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from bot.desk import cards
from bot.desk.history import DONE
from bot.desk.reports.events import REOPENED
from bot.desk.reports.figures import TOTAL, Report, Section, Value
from bot.desk.reports.summary import BOT
from bot.render import NAMES
from bot.texts import say
from bot.types import Result
from bot.web.console.dashboards.wording import COLUMNS, cell
from knowledge.types import Lang

PARTS: Final[Mapping[Section, str]] = {
    Section.QUESTIONS: "Questions to the bot",
    Section.MESSAGES: "Messages by result",
    Section.MESSAGES_BY_DAY: "Messages by day",
    Section.MESSAGES_BY_LANGUAGE: "Messages by language",
    Section.TICKETS: "Tickets by kind",
    Section.TICKETS_BY_DAY: "Tickets by day",
    Section.TICKETS_BY_LANGUAGE: "Tickets by language",
    Section.REASONS: "Tickets by reason",
    Section.DEPARTMENTS: "Departments",
    Section.BACKLOG: "What waits now",
    Section.MOVES: "What was done",
    Section.AGENTS: "Who did how much",
}
# What dashboards have as columns, what was done, and what is in neither or reads otherwise here.
FIGURES: Final[Mapping[str, str]] = {
    **DONE,
    **COLUMNS,
    "answered_share": "Answered, share",
    "chosen": "Chosen of an offer",
    "chosen_share": "Chosen of an offer, share",
    "then_a_person_share": "Then a person, share",
    "messages": "Messages",
    "first_word_p90_days": "First word: nine of ten within (days)",
    "rated": "Rated",
    "understood_share": "Clear, share",
    "solved_share": "Solved, share",
    "waiting": "Waiting",
    "oldest_days": "Oldest (days)",
    "age_median_days": "Half waits no longer than (days)",
    "age_p90_days": "Nine of ten wait no longer than (days)",
    "age_in_time_share": "Not overdue, share",
    "times": "Times",
    "holds_now": "Holds now",
}
RESULTS: Final[Mapping[str, str]] = {
    Result.ANSWERED: "answered",
    Result.CLARIFY: "offered a choice",
    Result.UNRESOLVED: "given to staff",
    Result.HUMAN_REQUESTED: "asked for a person",
    Result.SMALL_TALK: "small talk",
    Result.EMERGENCY: "emergency",
    Result.BLOCKED: "nothing to answer",
    Result.STAFF: "work of staff",
    Result.ERROR: "an error on our side",
}
ITEMS: Final[Mapping[Section, Mapping[str, str]]] = {
    Section.QUESTIONS: {BOT: "The bot"},
    Section.MESSAGES: RESULTS,
    Section.MESSAGES_BY_LANGUAGE: {str(lang): name for lang, name in NAMES.items()},
    Section.TICKETS: {TOTAL: "All", **{str(k): text for k, text in cards.TICKET_KINDS.items()}},
    Section.TICKETS_BY_LANGUAGE: {str(lang): name for lang, name in NAMES.items()},
    Section.REASONS: {str(reason): text for reason, text in cards.REASONS.items()},
    Section.DEPARTMENTS: {"": "none yet"},
    Section.BACKLOG: {TOTAL: "All", "": "none yet"},
    Section.MOVES: {**DONE, REOPENED: "came back after it was done"},
}


@dataclass(frozen=True, slots=True)
class Table:
    section: Section
    title: str
    heads: tuple[str, ...]  # without that of the items
    rows: tuple[tuple[str, ...], ...]  # the item first


def tables(report: Report, language: Lang) -> Sequence[Table]:
    """A table for each part of the report that has figures."""
    return [
        _table(section, items, language) for section, items in report.sections().items() if items
    ]


def _table(section: Section, items: Mapping[str, Mapping[str, Value]], language: Lang) -> Table:
    names = tuple(dict.fromkeys(name for values in items.values() for name in values))
    return Table(
        section,
        say(language, PARTS[section]),
        tuple(figure(name, language) for name in names),
        tuple(
            (
                item(section, key, language),
                *(cell(name, values.get(name), language) for name in names),
            )
            for key, values in items.items()
        ),
    )


def figure(name: str, language: Lang) -> str:
    """A name that has no words yet as it is."""
    return say(language, FIGURES[name]) if name in FIGURES else name


def item(section: Section, key: str, language: Lang) -> str:
    """What has no words of a table, such as a day or a department, as it is."""
    known = ITEMS.get(section, {})
    return say(language, ITEMS[section][key]) if key in known else key
