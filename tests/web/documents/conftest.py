"""The pages over a real index: the sample, and documents made to go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from index.live import Live
from tests.web.library import Reading, live_at, published, reading


@pytest.fixture(scope="module")
def sample(releases: Path) -> Iterator[Live]:
    with live_at(releases) as live:
        yield live


@pytest.fixture
async def site(sample: Live, releases: Path) -> AsyncIterator[Reading]:
    async with reading(sample, releases) as opened:
        yield opened


@dataclass(frozen=True)
class Made:
    live: Live
    root: Path


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Made]:
    """Two releases of the documents of tests/web/library.py."""
    root = tmp_path_factory.mktemp("made")
    published(root)
    with live_at(root) as live:
        yield Made(live, root)


@pytest.fixture
async def other(made: Made) -> AsyncIterator[Reading]:
    async with reading(made.live, made.root) as opened:
        yield opened
