"""
source.toml: what a maintainer says of a folder of sources.

Every mistake in it is told at once; a folder whose settings are wrong is not read by guesswork.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fnmatch import fnmatchcase
from typing import Final, TypeVar

from knowledge.manners import Manners
from knowledge.readers.columns import FIELDS, Columns
from knowledge.types import Disclosure, Kind, Lang

FILE: Final = "source.toml"
LARGEST: Final = 1_000_000  # bytes
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """For what the documents below a folder do not say themselves."""

    disclosure: Disclosure | None = None
    kind: Kind | None = None
    issuer: str = ""
    language: Lang | None = None
    topics: tuple[str, ...] = ()
    tables: Mapping[str, Columns] | None = None  # by a pattern of file names
    urls: tuple[str, ...] = ()
    manners: Manners | None = None

    def over(self, above: Source) -> Source:
        """Return these settings, completed by those of the folder above. Lists of URLs stay."""
        own = self.tables or {}
        inherited = {name: one for name, one in (above.tables or {}).items() if name not in own}
        return Source(
            disclosure=self.disclosure or above.disclosure,
            kind=self.kind or above.kind,
            issuer=self.issuer or above.issuer,
            language=self.language or above.language,
            topics=self.topics or above.topics,
            tables={**own, **inherited},
            urls=self.urls,
            manners=self.manners or above.manners,
        )

    def columns(self, name: str) -> Columns:
        """Return what is said of the table in a file of that name."""
        for pattern, columns in (self.tables or {}).items():
            if fnmatchcase(name.lower(), pattern.lower()):
                return columns
        return Columns()


def read_source(data: bytes) -> Source:
    """Read the file; raise ValueError with a sentence for each mistake."""
    if len(data) > LARGEST:
        raise ValueError(f"larger than {LARGEST} bytes")
    try:
        values = tomllib.loads(data.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("not UTF-8; save it as UTF-8") from error
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"not TOML: {error}") from error
    reader = _Reader()
    source = Source(
        disclosure=reader.choice(values, "disclosure", Disclosure),
        kind=reader.choice(values, "kind", Kind),
        issuer=reader.text(values, "issuer"),
        language=reader.choice(values, "language", Lang),
        topics=reader.texts(values, "topics"),
        tables=_tables(reader, values),
        urls=reader.texts(values, "urls"),
        manners=_manners(reader, values),
    )
    known = {"disclosure", "kind", "issuer", "language", "topics", "tables", "urls", "fetch"}
    reader.unknown("", values, known)
    if reader.problems:
        raise ValueError("; ".join(reader.problems))
    return source


def _tables(reader: _Reader, values: Mapping[str, object]) -> dict[str, Columns]:
    found: dict[str, Columns] = {}
    for pattern, table in reader.tables(values, "tables").items():
        named = f'tables."{pattern}".'
        reader.unknown(named, table, FIELDS | {"append", "sheet", "header"})
        found[pattern] = Columns(
            fields={name: reader.texts(table, name, named) for name in table if name in FIELDS},
            append=reader.texts(table, "append", named),
            sheet=reader.text(table, "sheet", named),
            header=reader.whole(table, "header", 0, named),
        )
    return found


def _manners(reader: _Reader, values: Mapping[str, object]) -> Manners | None:
    table = reader.table(values, "fetch")
    if table is None:
        return None
    reader.unknown("fetch.", table, {one.name for one in fields(Manners)})
    usual = Manners()
    private = table.get("private", False)
    if not isinstance(private, bool):
        reader.problems.append("fetch.private: true or false is wanted")
    return Manners(
        delay_s=reader.number(table, "delay_s", usual.delay_s, least=0),
        timeout_s=reader.number(table, "timeout_s", usual.timeout_s, least=1),
        per_host=reader.whole(table, "per_host", usual.per_host),
        total=reader.whole(table, "total", usual.total),
        largest=reader.whole(table, "largest", usual.largest),
        contact=reader.text(table, "contact", "fetch."),
        private=private is True,
    )


class _Reader:
    """Reads values and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[str] = []

    def unknown(
        self, where: str, values: Mapping[str, object], known: set[str] | frozenset[str]
    ) -> None:
        self.problems += (
            f"{where}{name}: there is no such setting; there are {', '.join(sorted(known))}"
            for name in values
            if name not in known
        )

    def text(self, values: Mapping[str, object], name: str, where: str = "") -> str:
        value = values.get(name, "")
        if isinstance(value, str):
            return value.strip()
        self.problems.append(f"{where}{name}: a text is wanted, in quotation marks")
        return ""

    def texts(self, values: Mapping[str, object], name: str, where: str = "") -> tuple[str, ...]:
        value = values.get(name, [])
        listed = [value] if isinstance(value, str) else value
        if isinstance(listed, list) and all(isinstance(one, str) for one in listed):
            return tuple(one.strip() for one in listed if one.strip())
        self.problems.append(f'{where}{name}: a list of texts is wanted, ["…", "…"]')
        return ()

    def choice(self, values: Mapping[str, object], name: str, kind: type[E]) -> E | None:
        value = self.text(values, name)
        if not value:
            return None
        try:
            return kind(value)
        except ValueError:
            self.problems.append(f"{name}: {value!r} is none of {', '.join(kind)}")
            return None

    def number(
        self, values: Mapping[str, object], name: str, usual: float, *, least: float
    ) -> float:
        value = values.get(name, usual)
        if isinstance(value, int | float) and not isinstance(value, bool) and value >= least:
            return float(value)
        self.problems.append(f"fetch.{name}: a number of at least {least:g} is wanted")
        return usual

    def whole(
        self, values: Mapping[str, object], name: str, usual: int, where: str = "fetch."
    ) -> int:
        value = values.get(name)
        if value is None:
            return usual
        if isinstance(value, int) and not isinstance(value, bool) and value >= 1:
            return value
        self.problems.append(f"{where}{name}: a whole number of at least 1 is wanted")
        return usual

    def table(self, values: Mapping[str, object], name: str) -> dict[str, object] | None:
        value = values.get(name)
        if value is None or isinstance(value, dict):
            return value
        self.problems.append(f"{name}: a section [{name}] is wanted")
        return None

    def tables(self, values: Mapping[str, object], name: str) -> dict[str, dict[str, object]]:
        found: dict[str, dict[str, object]] = {}
        for pattern, value in (self.table(values, name) or {}).items():
            if isinstance(value, dict):
                found[pattern] = value
            else:
                self.problems.append(f'{name}.{pattern}: a section [{name}."*.csv"] is wanted')
        return found
