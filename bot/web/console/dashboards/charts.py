"""From the tables of an overview to charts in the words of one language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, TypeAlias

from bot.desk import cutting
from bot.desk.reports.figures import share
from bot.desk.reports.overview import Cell, Overview, Table, Topic
from bot.texts import say
from bot.web.console.dashboards import forms
from bot.web.console.dashboards.items import Bar, bars, dots, heat
from bot.web.console.dashboards.style import Spec
from bot.web.console.dashboards.wording import NOTES, TITLES, cell, heading, percent
from knowledge.types import Lang

MOST: Final = 12  # items of a chart; the table has all of them
MOST_CONCERNS: Final = 8
LONGEST_LABEL: Final = 60  # units

Form: TypeAlias = Callable[[Table, Lang], Spec]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    topic: Topic
    title: str
    note: str
    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]  # as they are read
    has_figures: bool  # whether there is anything to draw
    spec: Spec


def charts(overview: Overview, language: Lang) -> Sequence[Chart]:
    return [_chart(topic, overview.tables[topic], language) for topic in FORMS]


def _chart(topic: Topic, table: Table, language: Lang) -> Chart:
    rows = tuple(
        tuple(cell(name, value, language) for name, value in zip(table.columns, row, strict=True))
        for row in table.rows
    )
    return Chart(
        topic=topic,
        title=say(language, TITLES[topic]),
        note=say(language, NOTES[topic]),
        heads=tuple(heading(name, language) for name in table.columns),
        rows=rows,
        has_figures=any(_counts(value) for row in table.rows for value in row[1:]),
        spec=FORMS[topic](table, language),
    )


def _counts(value: Cell) -> bool:
    return isinstance(value, int | float) and value > 0


def _number(value: Cell) -> float:
    return value if isinstance(value, int | float) else 0


def _lines(table: Table, language: Lang) -> Spec:
    names = [heading(name, language) for name in table.columns[1:]]
    return forms.lines(names, [(str(day), [*map(_number, own)]) for day, *own in table.rows])


def _failed(table: Table, language: Lang) -> Spec:
    name = heading("then_a_person_share", language)
    rows = [
        (str(week), [part if isinstance(part, float) else None]) for week, _, _, part in table.rows
    ]
    return forms.lines([name], rows, percent=True)


def _results(table: Table, language: Lang) -> Spec:
    items = []
    for place, name in enumerate(table.columns[1:], start=1):
        own = []
        for n, row in enumerate(table.rows):
            part = share(int(_number(row[place])), sum(int(_number(one)) for one in row[1:]))
            words = f"{percent(part)}  {cell('period', row[0], language)}"
            own.append(Bar(part or 0, words, outlined=n > 0))
        items.append((heading(name, language), own))
    return bars(items, most=1)


def _rated(table: Table, language: Lang) -> Spec:
    items = []
    for name, yes, no in table.rows:
        said = int(_number(yes) + _number(no))
        part = share(int(_number(yes)), said)
        items.append(
            (cell("rating", name, language), [Bar(part or 0, f"{percent(part)}  ({said})")])
        )
    return bars(items, most=1)


def _ranked(place: int) -> Form:
    """The items that stand first, by the count in that column."""

    def form(table: Table, language: Lang) -> Spec:
        name = table.columns[0]
        counted = [row for row in table.rows if _number(row[place]) > 0][:MOST]
        items = [
            (_label(name, row[0], language), [Bar(_number(row[place]), f"{row[place]}")])
            for row in counted
        ]
        return bars(items)

    return form


def _interpretations(table: Table, language: Lang) -> Spec:
    items = []
    for title, count, with_rule in table.rows[:MOST]:
        own = [
            Bar(_number(count), f"{count}"),
            Bar(_number(with_rule), f"{with_rule}", outlined=True),
        ]
        items.append((_label("document", title, language), own))
    return bars(items)


def _spreads(table: Table, language: Lang) -> Spec:
    """Kinds with one term together: there is one line to look at."""
    found = []
    by_term = sorted(table.rows, key=lambda row: _number(row[3]))  # stable: days stay in order
    for term, rows in groupby(by_term, key=lambda row: row[3]):
        own = list(rows)
        counts: dict[Cell, int] = {}
        for _, days, tickets, _ in own:
            counts[days] = counts.get(days, 0) + int(_number(tickets))
        kinds = list(dict.fromkeys(cell("kind", row[0], language) for row in own))
        titles = [" · ".join(kinds[n : n + 2]) for n in range(0, len(kinds), 2)]
        spread = [(cell("after_days", days, language), count) for days, count in counts.items()]
        words = say(language, "term: {days}", days=term)
        found.append(forms.Spread(titles, spread, int(_number(term)), words))
    return forms.spreads(found)


def _backlog(table: Table, language: Lang) -> Spec:
    age, in_time, overdue = (heading(name, language) for name in table.columns)
    rows = [(str(row[0]), int(_number(row[1])), int(_number(row[2]))) for row in table.rows]
    return forms.columns((in_time, overdue), rows, title=age)


def _departments(table: Table, language: Lang) -> Spec:
    half, most = (table.columns.index(f"answer_{name}_days") for name in ("median", "p90"))
    rows = [
        (_label("department", row[0], language), _number(row[half]), _number(row[most]))
        for row in table.rows
        if row[half] is not None
    ]
    return dots(rows, title=heading("after_days", language))


def _concerns(table: Table, language: Lang) -> Spec:
    rows = []
    for number, weeks in groupby(table.rows, key=lambda row: row[0]):
        own = list(weeks)
        counts = [(str(row[2])[5:], int(_number(row[3]))) for row in own]
        rows.append((f"{number} · {_label('concern', own[0][1], language)}", counts))
    return heat(rows[:MOST_CONCERNS])


def _label(column: str, value: Cell, language: Lang) -> str:
    return cutting.line(cell(column, value, language), LONGEST_LABEL)


FORMS: Final[Mapping[Topic, Form]] = {  # in the order of the page
    Topic.VOLUME: _lines,
    Topic.RESULTS: _results,
    Topic.FAILED: _failed,
    Topic.FIRST_WORD: _spreads,
    Topic.RESOLUTION: _spreads,
    Topic.DEPARTMENTS: _departments,
    Topic.BACKLOG: _backlog,
    Topic.REASONS: _ranked(1),
    Topic.RATINGS: _rated,
    Topic.CONCERNS: _concerns,
    Topic.GAPS: _lines,
    Topic.DOCUMENTS: _ranked(2),
    Topic.INTERPRETATIONS: _interpretations,
    Topic.PUBLISHED: _ranked(1),
}
