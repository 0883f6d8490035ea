"""
Dialogs as tables: one file a subject in `tables/`, one table a turn.

A turn is what a person does (one of says, presses, replies, edits, sends; `staff` is what a
member of staff replies to their ticket) and what must come back. Words are looked for in all
that comes back, its buttons not; "{ticket}" stands for the number of the person's newest ticket.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any, Final, Self

FOLDER: Final = Path(__file__).parent / "tables"
ACTS: Final = ("says", "presses", "replies", "edits", "sends", "staff")
LISTS: Final = frozenset({"holds", "lacks", "buttons"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    act: str  # one of ACTS
    text: str  # what is said; a button's label; "sticker", "photo" or "voice"
    times: int = 1  # the same again and again; what comes back to the last one counts
    long: int = 0  # characters that the text is filled up to
    outcome: str = ""  # "result" or "result/reason"; empty: not looked at
    holds: tuple[str, ...] = ()
    lacks: tuple[str, ...] = ()
    buttons: tuple[str, ...] = ()  # labels among the buttons
    tickets: int | None = None  # of the person, after the turn
    messages: int | None = None  # that came back

    @classmethod
    def read(cls, row: Mapping[str, Any]) -> Self:
        """Raise ValueError for what is not as above."""
        values = {name: _read(name, value) for name, value in row.items() if name not in ACTS}
        acts = [name for name in row if name in ACTS]
        unknown = values.keys() - {one.name for one in fields(cls)}
        if len(acts) != 1 or unknown:
            raise ValueError(f"one of {ACTS} is needed, {sorted(unknown)} unknown: {row}")
        return cls(act=acts[0], text=row[acts[0]], **values)

    @property
    def words(self) -> str:
        return self.text + self.text[-1] * (self.long - len(self.text))


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialog:
    name: str
    turns: tuple[Turn, ...]
    subject: str  # the file's name
    phone: str = "zh-hans"  # its language
    exceptions: Mapping[str, str] = field(default_factory=dict)  # why a channel cannot
    defect: str = ""  # why the bot does not do this yet

    @classmethod
    def read(cls, row: Mapping[str, Any], subject: str) -> Self:
        turns = tuple(map(Turn.read, row["turn"]))
        rest = {name: value for name, value in row.items() if name != "turn"}
        return cls(turns=turns, subject=subject, **rest)


def dialogs() -> Iterator[Dialog]:
    for path in sorted(FOLDER.glob("*.toml")):
        rows = tomllib.loads(path.read_text(encoding="utf-8"))
        for row in rows["dialog"]:
            yield Dialog.read(row, path.stem)


def _read(name: str, value: Any) -> Any:
    """A single word may stand without brackets around it."""
    if name not in LISTS:
        return value
    return (value,) if isinstance(value, str) else tuple(value)
