"""A report as text, as JSON, or as CSV for a spreadsheet. Pure."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from bot.desk.reports.figures import Report, Value

# A spreadsheet takes a cell that begins so for a formula, and names are what people wrote (OWASP,
# "CSV Injection").
_FORMULA: Final = (*"=+-@＝＋－＠\t\r\n",)  # with Chinese settings also full-width
_SHARE: Final = "_share"
_DAYS: Final = "_days"
COLUMNS: Final = ("section", "item", "figure", "value")


def as_json(report: Report) -> str:
    """One object: the period, and by section, item and name each value."""
    content = {
        "first": report.period.first.isoformat(),
        "last": report.period.last.isoformat(),
        "made": report.made.isoformat(timespec="seconds"),
        **{str(name): items for name, items in report.sections().items()},
    }
    return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def as_csv(report: Report) -> str:
    """One line for each figure."""
    rows = ((one.section, one.item, one.name, one.value) for one in report.figures)
    return rows_as_csv(COLUMNS, rows)


def rows_as_csv(heads: Sequence[str], rows: Iterable[Sequence[str | Value]]) -> str:
    """A table, behind a byte order mark: spreadsheets guess wrongly without."""
    file = io.StringIO()
    file.write("\ufeff")
    writer = csv.writer(file, lineterminator="\r\n")
    for row in (heads, *rows):
        writer.writerow([cell(one) if isinstance(one, str) else one for one in row])
    return file.getvalue()


def cell(text: str) -> str:
    """A text that no spreadsheet takes for a formula: behind an apostrophe it is text."""
    formula = text.startswith(_FORMULA) or text.lstrip().startswith(_FORMULA)
    return f"'{text}" if formula else text


def as_text(report: Report) -> str:
    """A line for each item, for a terminal or a mail."""
    lines = [
        f"{report.period.first} to {report.period.last}, as known {report.made:%Y-%m-%d %H:%M}"
    ]
    for section, items in report.sections().items():
        lines.append(f"\n{section.value.capitalize()}")
        for item, values in items.items():
            lines.append(f"  {item or 'none yet'}: {_line(values)}")
    return "\n".join(lines) + "\n"


def _line(values: Mapping[str, Value]) -> str:
    if len(values) == 1:  # the section's name says what it is
        return str(*values.values())
    return " · ".join(_told(name, value) for name, value in values.items() if value is not None)


def _told(name: str, value: float) -> str:
    words = name.removesuffix(_SHARE).removesuffix(_DAYS).replace("_", " ")
    if name.endswith(_SHARE):
        return f"{words} {value:.1%}"
    return f"{words} {value:g} days" if name.endswith(_DAYS) else f"{words} {value}"
