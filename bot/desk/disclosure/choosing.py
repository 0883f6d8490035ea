"""
A result is chosen by buttons: first its group, then the result, then what stays closed. Pure.

A button carries one number for all of that, see Chosen. Results and groups are counted by their
places in the tables: append only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import Final, Self

from bot.desk.disclosure.results import GROUNDS, RULES, Need, Result

# English labels, keys of the catalogues.
RESULT_GROUPS: Final[Mapping[str, tuple[Result, ...]]] = MappingProxyType(
    {
        "Open": (Result.OPEN, Result.PUBLIC),
        "Open in part": (Result.PARTLY,),
        "Not open": GROUNDS,
        "Cannot be given": (
            Result.NOT_HELD,
            Result.OTHER_OFFICE,
            Result.NOT_MADE,
            Result.UNCLEAR,
        ),
        "Not handled": (
            Result.PETITION,
            Result.REPEATED,
            Result.PUBLICATION,
            Result.EXCESSIVE,
            Result.RECONFIRM,
        ),
        "Other end": (Result.NOT_CORRECTED, Result.UNPAID, Result.WITHDRAWN),
    }
)
RESULTS: Final = tuple(Result)
TENS: Final = 100  # of what a button carries: as many results, grounds and groups at most


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """How far the choice has come. A result alone says its group."""

    group: int = 0  # from 1; 0: not chosen; so the others
    result: Result | None = None
    ground: Result | None = None  # of what stays closed
    sends: bool = False  # without words of staff

    @property
    def place(self) -> int:
        """What a button carries: digits in pairs for sends, ground, result, group."""
        parts = (int(self.sends), _place(self.ground), _place(self.result), self.group)
        carried = 0
        for part in parts:
            carried = carried * TENS + part
        return carried

    @classmethod
    def of(cls, place: int) -> Self:
        """What a button carried; of what is no choice nothing is chosen."""
        left, group = divmod(place, TENS)
        left, result = divmod(left, TENS)
        sends, ground = divmod(left, TENS)
        known = group <= len(RESULT_GROUPS) and max(result, ground) <= len(RESULTS) and sends <= 1
        if not known:
            return cls()
        return cls(group=group, result=_at(result), ground=_at(ground), sends=bool(sends))

    @property
    def is_whole(self) -> bool:
        """Nothing is left to choose."""
        if self.result is None:
            return False
        return RULES[self.result].needs is not Need.GROUND or self.ground in GROUNDS

    @property
    def may_send(self) -> bool:
        """Whether the letter is complete without words of staff."""
        if self.result is None:
            return False
        rule = RULES[self.result]
        return self.is_whole and not rule.words and rule.needs is None

    def next(self) -> Sequence[tuple[str, Self]]:
        """What may be chosen now, with English labels; nothing where the choice is whole."""
        if self.is_whole:
            return ()
        if self.result is not None:
            return [(RULES[one].label, replace(self, ground=one)) for one in GROUNDS]
        if self.group:
            offered = tuple(RESULT_GROUPS.values())[self.group - 1]
            return [(RULES[one].label, replace(self, result=one)) for one in offered]
        return [
            # A group of one result is that result.
            (label, replace(self, group=at, result=one[0] if len(one) == 1 else None))
            for at, (label, one) in enumerate(RESULT_GROUPS.items(), start=1)
        ]


def _place(result: Result | None) -> int:
    return 0 if result is None else RESULTS.index(result) + 1


def _at(place: int) -> Result | None:
    return RESULTS[place - 1] if place else None
