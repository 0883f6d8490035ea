from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from index.build import build
from index.encoders.choice import Choice
from knowledge.library import read_library
from tests.e2e.world import World, world

SAMPLE = Path(__file__).parents[2] / "knowledge" / "sample"


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample library, built once for all tests that only read it."""
    root = tmp_path_factory.mktemp("releases")
    build(read_library([SAMPLE]).documents, root, encoder=Choice().fit)
    return root


@pytest.fixture
async def bot(releases: Path, tmp_path: Path) -> AsyncIterator[World]:
    async with world(releases, tmp_path) as running:
        yield running
