"""Options that several commands have."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

from knowledge.types import Disclosure

SAMPLE: Final = Path(__file__).parents[2] / "knowledge" / "sample"

SourceOption = Annotated[
    list[Path] | None,
    typer.Option(
        help="Folder or file of policies; several may follow. Default: SOURCES, or the sample."
    ),
]
MoreSources = Annotated[list[Path] | None, typer.Argument(help="More sources.")]
DisclosureOption = Annotated[
    str | None, typer.Option(help="open: for files that do not say it themselves.")
]
DayOption = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], help="As of that day.")]


def sources_of(
    source: list[Path] | None, more: list[Path] | None, set_: Sequence[Path]
) -> list[Path]:
    """What was named, before and behind the options; else that of the settings, or the sample."""
    return [*(source or []), *(more or [])] or list(set_) or [SAMPLE]


def with_published(sources: list[Path], published: Path) -> list[Path]:
    """The sources, and the answers that the desk has published, if there are any."""
    there = any(published.glob("*.md")) and published not in sources
    return [*sources, published] if there else sources


def said(disclosure: str | None) -> Disclosure | None:
    if disclosure not in {None, Disclosure.OPEN}:
        raise typer.BadParameter(
            "only `open` can be said of a whole source", param_hint="disclosure"
        )
    return Disclosure.OPEN if disclosure else None
