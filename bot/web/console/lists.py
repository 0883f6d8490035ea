"""What pages with lists share: what is looked for, and which page, stands in their address."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from bot.desk.typed import day_in, number_in
from bot.web.console.visit import HOME, Visit

LINES: Final = 25  # a page
MOST_PAGES: Final = 100_000  # no list is longer


@dataclass(frozen=True, slots=True)
class Query:
    """What of a list is looked for; what the list does not know is left out of its address."""

    path: str  # below /console
    fields: Mapping[str, str]

    @classmethod
    def of(cls, visit: Visit, path: str, *names: str) -> Query:
        query = visit.request.query
        found = {name: query.get(name, "").strip() for name in (*names, "page")}
        return cls(path, {name: text for name, text in found.items() if text})

    def text(self, name: str) -> str:
        return self.fields.get(name, "")

    def number(self, name: str) -> int | None:
        return number_in(self.text(name))

    def day(self, name: str) -> date | None:
        return day_in(self.text(name))

    @property
    def page(self) -> int:
        return min(self.number("page") or 1, MOST_PAGES)

    def address(self, **changes: object) -> str:
        """The list with other fields, and from its first page unless they name one."""
        kept = {name: text for name, text in self.fields.items() if name != "page"}
        fields = {name: value for name, value in {**kept, **changes}.items() if value}
        return f"{HOME}{self.path}?{urlencode(fields)}" if fields else f"{HOME}{self.path}"
