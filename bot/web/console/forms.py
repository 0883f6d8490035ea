"""What pages with forms share: what was typed stays where a form is refused, days, numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from http import HTTPStatus
from typing import Final
from urllib.parse import quote

from aiohttp import web

from bot.desk.sorry import sorry
from bot.desk.typed import day_in, number_in
from bot.errors import DayRefused, EntryNotFound, TicketError
from bot.web.console.failures import status_of
from bot.web.console.visit import Visit, typed_in


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """
    A form that is shown again: which one, what was typed, and what was wrong with it (nothing
    where words were put into it).
    """

    deed: str = ""
    fields: Mapping[str, str] = field(default_factory=dict)
    problem: str = ""
    status: HTTPStatus = HTTPStatus.OK
    _shown: set[str] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def of(cls, visit: Visit, deed: str, error: TicketError) -> Refused:
        return cls(
            deed=deed,
            fields=visit.form,
            problem=sorry(error, visit.language),
            status=status_of(error),
        )

    def kept(self, deed: str, name: str, otherwise: str = "") -> str:
        """What was typed into a field of that form; the page shows it there."""
        if self.deed != deed:
            return otherwise
        self._shown.add(name)
        return self.fields.get(name, otherwise)

    @property
    def left(self) -> Sequence[str]:
        """What was typed and stands in no field of the page: its form is not offered any more."""
        return typed_in(self.fields, besides=self._shown)


NOTHING_REFUSED: Final = Refused()


def written(visit: Visit, name: str) -> str:
    """What was typed, with the line breaks of a chat in place of those of a form."""
    return visit.text(name).replace("\r\n", "\n").strip()


def number_of(visit: Visit, kind: str) -> int:
    """The number in the address. Raise EntryNotFound for what is none."""
    number = number_in(visit.request.match_info["number"])
    if number is None:
        raise EntryNotFound(kind, 0)
    return number


def day_of(visit: Visit, name: str) -> date | None:
    """The day in a field; None where it is empty. Raise DayRefused for what is no day."""
    text = written(visit, name)
    day = day_in(text)
    if text and day is None:
        raise DayRefused("{text} is no day such as 2026-12-01.", text=text)
    return day


def download(name: str, data: bytes, media_type: str) -> web.Response:
    """A file to be saved, never to be shown in place."""
    disposition = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
    headers = {"Content-Type": media_type, "Content-Disposition": disposition}
    return web.Response(body=data, headers=headers)
