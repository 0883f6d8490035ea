from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build
from index.encoders.choice import Choice
from knowledge.library import read_library

pytest_plugins = ["tests.postgres"]
SAMPLE = Path(__file__).parents[1] / "knowledge" / "sample"


@pytest.fixture(scope="session")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sample library, built once for all tests that only read it."""
    root = tmp_path_factory.mktemp("releases")
    build(read_library([SAMPLE]).documents, root, encoder=Choice().fit)
    return root
