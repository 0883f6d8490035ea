"""
The maintainers' golden questions: what the release must answer, and what it must not.

`golden.jsonl` holds one question a line, with the document that answers it, or null where the
library has no answer. docs/releases.md describes the fields.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Final

from index.errors import BadGolden

FILE: Final = "golden.jsonl"
FIELDS: Final = ("question", "document", "address", "contains", "language", "on")


@dataclass(frozen=True, slots=True, kw_only=True)
class Golden:
    question: str
    documents: tuple[str, ...]  # ids, any of which is right; none: there is no answer
    address: str = ""  # the place in the document, for people
    contains: tuple[str, ...] = ()  # words, any of which tells the right passage; none: any
    language: str = ""  # of the question, for people
    on: date | None = None  # the day to ask as of; None: today


def find(sources: Sequence[Path]) -> list[Path]:
    """Every golden.jsonl in these folders; hidden folders are left out, as for documents."""
    found = (path for source in sources if source.is_dir() for path in source.rglob(FILE))
    return sorted({path for path in found if not _hidden(path, sources)})


def read_all(paths: Sequence[Path]) -> tuple[Golden, ...]:
    """Read the files; raise BadGolden with the file and the line of the first mistake."""
    found: dict[tuple[str, date | None], str] = {}
    golden: list[Golden] = []
    for where, one in (line for path in paths for line in _lines(path)):
        first = found.setdefault((one.question, one.on), where)
        if first != where:
            raise BadGolden(f"{where}: the question of {first} again; remove one of the two")
        golden.append(one)
    return tuple(golden)


def golden_of(row: Mapping[str, Any]) -> Golden:
    """Raise ValueError for what is no golden question."""
    if unknown := row.keys() - set(FIELDS):
        raise ValueError(f"unknown field {', '.join(sorted(unknown))}; known: {', '.join(FIELDS)}")
    question = _word(row, "question").strip()
    if not question:
        raise ValueError("a line needs a question")
    if "document" not in row:
        raise ValueError("a line needs a document: its id, a list of ids, or null for no answer")
    on = _word(row, "on")
    return Golden(
        question=question,
        documents=_words(row, "document"),
        address=_word(row, "address"),
        contains=_words(row, "contains"),
        language=_word(row, "language"),
        on=date.fromisoformat(on) if on else None,
    )


def row_of(one: Golden) -> dict[str, Any]:
    """Return a line that `golden_of` reads."""
    return {
        "question": one.question,
        "document": list(one.documents) or None,
        "address": one.address or None,
        "contains": list(one.contains) or None,
        "language": one.language or None,
        "on": one.on.isoformat() if one.on else None,
    }


def _lines(path: Path) -> Iterator[tuple[str, Golden]]:
    """Golden questions, each with `file:line`."""
    # No splitlines: a JSON text may hold U+2028 and others that it breaks at.
    for number, line in enumerate(_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        where = f"{path}:{number}"
        try:
            row = json.loads(line)
            if not isinstance(row, dict):
                raise BadGolden(f'{where}: not an object; write {{"question": …}}')
            yield where, golden_of(row)
        except (ValueError, RecursionError) as error:
            raise BadGolden(f"{where}: {error}; see docs/releases.md") from error


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise BadGolden(f"{path} cannot be read ({error.strerror})") from error
    except UnicodeDecodeError as error:
        raise BadGolden(f"{path} is not UTF-8 ({error}); save it in that encoding") from error


def _word(row: Mapping[str, Any], name: str) -> str:
    value = row.get(name)
    if not isinstance(value, str | None):
        raise ValueError(f"{name} is {value!r}, and must be text or null")  # noqa: TRY004 - a line
    return value or ""


def _words(row: Mapping[str, Any], name: str) -> tuple[str, ...]:
    """One text or several, any of which is right."""
    value = row.get(name)
    several = [] if value is None else value if isinstance(value, list) else [value]
    if not all(isinstance(one, str) and one for one in several) or value == []:
        raise ValueError(f"{name} is {value!r}, and must be text, a list of texts, or null")
    return tuple(several)


def _hidden(path: Path, sources: Sequence[Path]) -> bool:
    inside = (path.relative_to(one) for one in sources if path.is_relative_to(one))
    return all(any(part.startswith(".") for part in one.parts) for one in inside)
