"""What leans on what was said before is read so, and what only seems to is not."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store.memory import MemoryStore
from index.build import build, load
from index.encoders.choice import Choice
from index.live import Live
from index.vectors import one_thread
from knowledge.library import read_library
from tests.dialogs.followups import LIBRARY, SAMPLE, Dialog
from tests.unit.shelf import Shelf
from tests.unit.talk import Talk

OWN = Path(__file__).parent / "library"


def served(root: Path) -> Live:
    live = Live(
        root,
        lambda folder: load(folder, encoder=Choice().load, expect="builtin"),
        thread_setup=one_thread,
    )
    asyncio.run(live.refresh())
    return live


@pytest.fixture(scope="module")
def sample(releases: Path) -> Iterator[Live]:
    live = served(releases)
    yield live
    live.close()


@pytest.fixture(scope="module")
def foreign(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """A small library in Korean, Japanese and English."""
    root = tmp_path_factory.mktemp("foreign")
    build(read_library([OWN]).documents, root, encoder=Choice().fit)
    live = served(root)
    yield live
    live.close()


async def follow(dialog: Dialog, live: Live) -> None:
    talk = Talk(MemoryStore(), Shelf(), index=live)
    for turn in dialog.turns:
        outcome, reply = await talk.says(turn.text)
        part_of = outcome.topic.document_id if outcome.topic else ""
        told = f"{turn.text} -> {outcome.result} {outcome.probability}: {reply.plain}"
        assert part_of.startswith(turn.part_of), told
        assert bool(part_of) == bool(turn.part_of), told
        words = turn.holds.removeprefix("!")
        assert not words or (words in reply.plain) is not turn.holds.startswith("!"), told


@pytest.mark.parametrize("dialog", SAMPLE, ids=lambda dialog: dialog.name)
async def test_dialogs_on_the_sample(dialog: Dialog, sample: Live) -> None:
    await follow(dialog, sample)


@pytest.mark.parametrize("dialog", LIBRARY, ids=lambda dialog: dialog.name)
async def test_dialogs_in_other_languages(dialog: Dialog, foreign: Live) -> None:
    await follow(dialog, foreign)
