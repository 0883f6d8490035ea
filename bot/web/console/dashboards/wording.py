"""What dashboards say in words: titles, what a chart shows, heads of columns. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from bot.desk import cards
from bot.desk.reports.overview import Cell, Topic
from bot.desk.reports.spreads import MISSED
from bot.desk.tickets import TicketKind
from bot.render import KINDS
from bot.texts import say
from bot.types import Reason
from knowledge.types import Kind, Lang

TITLES: Final[Mapping[Topic, str]] = {
    Topic.VOLUME: "How much was asked",
    Topic.RESULTS: "What became of questions",
    Topic.FIRST_WORD: "Working days until the first word",
    Topic.RESOLUTION: "Working days until the answer",
    Topic.DEPARTMENTS: "Days until the answer, by department",
    Topic.BACKLOG: "How long tickets have waited",
    Topic.REASONS: "Why a person was needed",
    Topic.RATINGS: "What citizens say of answers",
    Topic.FAILED: "Answered, and a person asked all the same",
    Topic.CONCERNS: "Hot concerns by week",
    Topic.GAPS: "Questions that no document answers",
    Topic.DOCUMENTS: "Documents that answer",
    Topic.INTERPRETATIONS: "Reach of interpretations",
    Topic.PUBLISHED: "Published answers in use",
}
NOTES: Final[Mapping[Topic, str]] = {
    Topic.VOLUME: "Answered: at once, or by what the citizen chose of an offer. Handed over: "
    "tickets opened.",
    Topic.RESULTS: "Shares of what was asked. The outlined bar is the period before.",
    Topic.FIRST_WORD: "Tickets opened in the period, by kind. The day of opening counts 0; the "
    "line is the term.",
    Topic.RESOLUTION: "Tickets opened in the period, by kind. The day of opening counts 0; the "
    "line is the term.",
    Topic.DEPARTMENTS: "Circle: half of the answers took no longer. Triangle: nine of ten took "
    "no longer.",
    Topic.BACKLOG: "All that staff owe now, by whole working days since it was opened.",
    Topic.REASONS: "Tickets opened in the period.",
    Topic.RATINGS: "Share of those who said yes; in brackets how many were asked and said "
    "anything.",
    Topic.FAILED: "Share of the answers of the bot after which the citizen asked a person. "
    "The first and last week may be cut short.",
    Topic.CONCERNS: "Citizens who asked, a day counted for itself. The eight most asked about.",
    Topic.GAPS: "Questions that were not answered, by week, and why. The first and last week "
    "may be cut short.",
    Topic.DOCUMENTS: "How often each was quoted first; the table has all of them. What retention "
    "erased is not counted.",
    Topic.INTERPRETATIONS: "How often each was quoted first; the outlined bar: with its rule "
    "beside it.",
    Topic.PUBLISHED: "How often each was given in the period.",
}
COLUMNS: Final[Mapping[str, str]] = {
    "day": "Day",
    "week": "Week from",
    "asked": "Asked",
    "answered": "Answered",
    "answered_at_once": "Answered at once",
    "offered": "Offered a choice",
    "not_answered": "Not answered",
    "handed_over": "Handed over",
    "period": "Period",
    "kind": "Kind",
    "after_days": "Working days",
    "tickets": "Tickets",
    "term_days": "Term in working days",
    "department": "Department",
    "opened": "Opened",
    "first_word_median_days": "First word: half within (days)",
    "first_word_in_time_share": "First word in time",
    "answer_median_days": "Answer: half within (days)",
    "answer_p90_days": "Answer: nine of ten within (days)",
    "answer_in_time_share": "Answer in time",
    "age_days": "Working days",
    "in_time": "In time",
    "overdue": "Overdue",
    "reason": "Why",
    "rating": "Question",
    "yes": "Yes",
    "no": "No",
    "then_a_person": "Then a person",
    "then_a_person_share": "Share",
    "number": "No.",
    "concern": "Concern",
    "citizens": "Citizens",
    Reason.NOTHING_FOUND: "nothing found",
    Reason.UNSURE: "not sure enough",
    Reason.OUTDATED: "only outdated documents",
    Reason.CONFLICT: "two documents in force disagree",
    "document": "Document",
    "document_kind": "Kind",
    "answers": "Quoted first",
    "beside": "Quoted beside another",
    "with_rule": "With its rule beside it",
    "question": "Question",
    "given": "Given",
    "helpful": "It helped",
    "no_help": "It did not help",
}
# Words that stand in cells, by column.
VALUES: Final[Mapping[str, Mapping[str, str]]] = {
    "period": {"this": "This period", "before": "The period before"},
    "kind": {str(kind): cards.TICKET_KINDS[kind] for kind in TicketKind},
    "after_days": {MISSED: "overdue"},
    "reason": {str(reason): text for reason, text in cards.REASONS.items()},
    "rating": {
        "helpful": "Did the answer of the bot help?",
        "understood": "Was the reply of staff clear?",
        "solved": "Did the reply of staff solve it?",
    },
    "document_kind": {str(kind): KINDS[kind] for kind in Kind},
    "department": {"": "none yet"},
    "concern": {"": "(words erased)"},
}

Words: TypeAlias = Callable[..., str]  # say() in one language


def heading(column: str, language: Lang) -> str:
    return say(language, COLUMNS[column])


def cell(column: str, value: Cell, language: Lang) -> str:
    """As it stands in a table, or a label; "–" of nothing."""
    if value is None:
        return "–"
    if column.endswith("_share"):
        return percent(value)
    if isinstance(value, str) and value in VALUES.get(column, {}):
        return say(language, VALUES[column][value])
    return f"{value:g}" if isinstance(value, float) else str(value)


def percent(value: Cell) -> str:
    return f"{value:.0%}" if isinstance(value, int | float) else "–"
