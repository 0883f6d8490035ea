"""`index why --message`: what was asked and answered, as the ledger has it."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bot.errors import StoreError
from bot.store import dialect
from bot.store.base import Past
from bot.store.sql import SqlStore
from bot.types import Input
from index.errors import ReleaseMissing
from index.release import MANIFEST


def past(url: str, number: int) -> Past:
    """A question that was searched for. Makes no database and migrates none."""
    parsed = dialect.parse(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise StoreError(f"there is no database {parsed.database}; check DATABASE_URL")
    found = asyncio.run(_get(url, number))
    if found is None:
        raise StoreError(f"there is no message {number}, or it is not finished")
    if not found.outcome.release or found.message.kind is not Input.TEXT:
        raise StoreError(
            f"nothing was searched for message {number}: it ended as {found.outcome.result}"
        )
    if found.outcome.picked is not None:
        raise StoreError(
            f"nothing was searched for message {number}: its passage was chosen among those "
            f"offered for message {found.outcome.picked}"
        )
    return found


async def _get(url: str, number: int) -> Past | None:
    engine = dialect.connect(dialect.parse(url))
    try:
        async with SqlStore(engine).begin() as work:
            return await work.inbox.get(number)
    finally:
        await engine.dispose()


def folder_that_answered(found: Past, root: Path) -> Path:
    folder = root / found.outcome.release
    if not (folder / MANIFEST).is_file():
        raise ReleaseMissing(
            f"message {found.id} was answered from release {folder.name}, which is not in {root} "
            "any more: `index build --keep` says how many stay. `index why` with the question "
            "itself asks the current one"
        )
    return folder


def past_in_words(found: Past) -> Iterator[str]:
    outcome = found.outcome
    ended = f"{outcome.result}{f' ({outcome.reason})' if outcome.reason else ''}"
    yield f"message      {found.id}, asked {found.message.at:%Y-%m-%d %H:%M} UTC"
    probability = "" if outcome.probability is None else f", p={outcome.probability:.3f}"
    yield f"it was       {ended}{probability}"
    if outcome.topic:
        topic = outcome.topic
        yield f"read with    {topic.words} (of {topic.document_id}); below is the question alone"
    for one in outcome.citations:
        yield f"quoted       {one.passage_id}  {one.title}  {one.address}"


def row_of_past(found: Past) -> dict[str, Any]:
    outcome = found.outcome
    return {
        "message": found.id,
        "asked": found.message.at.isoformat(),
        "result": outcome.result.value,
        "reason": outcome.reason.value if outcome.reason else None,
        "probability": outcome.probability,
        "read_with": asdict(outcome.topic) if outcome.topic else None,
        "passages": [one.passage_id for one in outcome.citations],
    }
