from __future__ import annotations

from pathlib import Path

import pytest

from index.build import build, load
from index.encoders.choice import Choice
from index.searcher import Searcher
from tests.index.library import LIBRARY


@pytest.fixture(scope="session")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The short documents of library.py as a release, for all tests that only read it."""
    root = tmp_path_factory.mktemp("library")
    return root / build(LIBRARY, root, encoder=Choice().fit).name


@pytest.fixture(scope="session")
def searcher(library: Path) -> Searcher:
    return load(library, encoder=Choice().load, expect="builtin")
