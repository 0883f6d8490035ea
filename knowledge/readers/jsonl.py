"""
JSON lines: each line is an object, and each object a document.

The names of its fields are matched as the header of a table is; a line may lack some of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import BinaryIO, Final

from knowledge.readers.columns import Columns, Plan, plain, plan
from knowledge.readers.decode import BOMS
from knowledge.readers.reading import Note, Reading
from knowledge.readers.tables import Known, read_row

LONGEST_LINE: Final = 20_000_000  # bytes; past it, it is not one document a line
MOST_TOLD: Final = 100  # lines, and names of fields, that are told one by one
_CHUNK: Final = 1 << 20
_LAYOUTS: Final = 256  # sets of fields whose plan is remembered


def read_jsonl(stream: BinaryIO, columns: Columns) -> Reading:
    """Read a file of any length, line by line. UTF-8, as the format has it."""
    known, layouts = Known(), _Layouts(columns)
    lines = wrong = 0
    for number, line in enumerate(_lines(stream), start=1):
        if not line.strip():
            continue
        lines += 1
        where = f"line {number}"
        try:
            fields = _object(line)
            layout = layouts.of(tuple(fields))
        except ValueError as error:
            wrong += 1
            if wrong <= MOST_TOLD:
                yield Note(where, str(error))
            continue
        yield from layouts.unread(layout)
        cells = tuple(_cell(value) for value in fields.values())
        for name in _nested(tuple(fields), cells, layout):
            yield Note(where, f"{name}: an object where a text is wanted; left out")
        padding = ("",) * (layout.width - len(cells))
        yield from read_row((*(cell or "" for cell in cells), *padding), layout, known, where)
    if wrong > MOST_TOLD:
        yield Note("", f"{wrong - MOST_TOLD} more lines could not be read")
    if not lines:
        raise ValueError("there is no line in it")
    yield from layouts.unmet()


def _lines(stream: BinaryIO) -> Iterator[bytes]:
    """Yield the lines; of one that is too long, a beginning that is too long as well."""
    head = stream.read(4)
    mark, name = next((one for one in BOMS if head.startswith(one[0])), (b"", "utf-8-sig"))
    if name != "utf-8-sig":
        raise ValueError(f"it is {name.upper()}; save it as UTF-8")
    stream.seek(len(mark))
    while line := stream.readline(LONGEST_LINE + 1):
        yield line
        while len(line) > LONGEST_LINE and not line.endswith(b"\n"):
            rest = stream.readline(_CHUNK)
            if not rest or rest.endswith(b"\n"):
                break


def _object(line: bytes) -> Mapping[str, object]:
    """Read a line; numbers stay as they are written."""
    if len(line) > LONGEST_LINE:
        raise ValueError(f"it is longer than {LONGEST_LINE} bytes; write one document a line")
    try:
        values = json.loads(
            line.decode("utf-8"), parse_int=str, parse_float=str, parse_constant=lambda _: ""
        )
    except UnicodeDecodeError as error:
        raise ValueError(f"it is not UTF-8 (byte {error.start + 1}); save it as UTF-8") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"it is not JSON ({error.msg}, character {error.pos + 1})") from error
    except RecursionError as error:
        raise ValueError("it is nested too deeply") from error
    if not isinstance(values, dict):
        raise ValueError(  # noqa: TRY004 - a mistake of the file, as the others
            "it is no JSON object; write {…} with the fields of one document"
        )
    if "\\u0000" in line.decode("utf-8") and "\0" in "".join(map(str, values.values())):
        raise ValueError("it holds NUL characters")
    return values


def _cell(value: object) -> str | None:
    """Return what a spreadsheet would show; None for what fits in no cell."""
    if isinstance(value, str):
        return value
    if not value:
        return "" if value is not False else "false"
    if value is True:
        return "true"
    if isinstance(value, list):
        parts = [_cell(one) if not isinstance(one, list) else None for one in value]
        texts = [part for part in parts if part is not None]
        return "\n".join(texts) if len(texts) == len(parts) else None
    return None


def _nested(names: tuple[str, ...], cells: tuple[str | None, ...], layout: Plan) -> Iterator[str]:
    """Yield the fields that are wanted and hold no text."""
    wanted = {*layout.appended.values()}.union(*layout.fields.values())
    for place, (name, cell) in enumerate(zip(names, cells, strict=True)):
        if cell is None and place in wanted:
            yield name


class _Layouts:
    """The plan of each set of fields, and what is to be said of the fields of the file."""

    def __init__(self, columns: Columns) -> None:
        self.of = lru_cache(_LAYOUTS)(self._of)
        self._columns = columns
        self._told: set[str] = set()
        named = [*columns.append, *(name for names in columns.fields.values() for name in names)]
        self._unmet = {plain(name): name for name in named}

    def _of(self, names: tuple[str, ...]) -> Plan:
        """Return where the fields stand; those that the line lacks stand behind it."""
        met = {plain(name) for name in names}
        for name in met:
            self._unmet.pop(name, None)
        fields = self._columns.fields
        needed = fields.get("text", ())
        texts = [name for name in needed if plain(name) in met]
        others = [name for of, named in fields.items() if of != "text" for name in named]
        optional = [*self._columns.append, *others, *(needed if texts else ())]
        lacking = dict.fromkeys(name for name in optional if plain(name) not in met)
        return plan((*names, *lacking), self._columns)

    def unread(self, layout: Plan) -> Iterator[Note]:
        """Name the fields that no line before had."""
        fresh = [name for name in layout.unread if name not in self._told]
        if fresh and len(self._told) < MOST_TOLD:
            self._told.update(fresh)
            listed = ", ".join(fresh[:MOST_TOLD])
            yield Note("", f"fields not read: {listed}; if they matter, name them in source.toml")

    def unmet(self) -> Iterator[Note]:
        for name in self._unmet.values():
            yield Note("", f"no line has the field {name!r} that source.toml names")
