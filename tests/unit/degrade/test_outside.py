"""The ladder over a release whose vectors are in Milvus, which goes away and comes back."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from bot.degrade.ladder import GRACE, Ladder
from bot.degrade.level import Level
from index import milvus
from index.build import build, load
from index.live import Live
from index.outside import Outside
from index.stores import Store, store_at
from index.vectors import one_thread
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, TODAY
from tests.unit.degrade.ladders import Rungs

pytestmark = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("pymilvus", "milvus_lite")),
    reason="needs Milvus Lite: pip install 'mingbai[milvus]'",
)
ASKED = "职工租房每月可以提取多少住房公积金？"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return store_at(str(tmp_path / "vectors.db"))


@pytest.fixture
def live(tmp_path: Path, store: Store) -> Iterator[Live]:
    outside = Outside(store=store)
    build(LIBRARY, tmp_path, encoder=Hashed.fit, calibrate=False, outside=outside)
    opened = partial(load, encoder=Hashed.load, outside=outside)
    with closing(Live(tmp_path, opened, thread_setup=one_thread)) as one:
        yield one


async def test_milvus_goes_away_and_comes_back(
    live: Live, store: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(milvus, "AGAIN_S", 0.0)  # it is asked again at once
    await live.refresh()
    rungs = Rungs()
    ladder = Ladder(live, clock=rungs.office.time, away=lambda: live.away)
    rungs.ladder = ladder
    folder = tmp_path / live.release
    kept = store.open(folder)
    vectors = kept.vectors(range(len(kept)))
    assert await rungs.look() is Level.FULL

    client = store._milvus._connect()  # noqa: SLF001 - Milvus as somebody else would break it
    for name in client.list_collections():
        client.drop_collection(name)
    assert await rungs.look(after_s=60) is Level.FULL, "no question met it yet"
    found = await ladder.index.search(ASKED, on=TODAY)
    assert found is not None
    assert found.hits, "the keywords answer"
    assert await rungs.look() is Level.FULL
    assert await rungs.look(after_s=GRACE.total_seconds()) is Level.QUOTATION

    store.write(vectors, folder)
    assert await rungs.look(after_s=2) is Level.QUOTATION
    assert await rungs.look(after_s=60) is Level.FULL
