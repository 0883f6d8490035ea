"""What every store of vectors keeps to: files beside the release, and Milvus."""

from __future__ import annotations

import importlib.util
import json
import logging
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from index.build import build, load
from index.errors import ReleaseBroken, ReleaseMismatch, VectorsMissing
from index.milvus import AGAIN_S, PLACE, MilvusIndex, MilvusStore, Patient, Place
from index.outside import Outside
from index.pruning import prune
from index.stores import FILE, FILES, Remote, Store, store_at
from index.types import Away
from tests.index.fake import Hashed
from tests.index.library import LIBRARY, TODAY
from tests.index.test_reuse import Counting
from tests.index.test_vectors import nearest, unit

needs_milvus = pytest.mark.skipif(
    any(importlib.util.find_spec(name) is None for name in ("pymilvus", "milvus_lite")),
    reason="needs Milvus Lite: pip install 'mingbai[milvus]'",
)
CLOSED = "milvus://127.0.0.1:1"  # nothing listens there


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """A file of Milvus Lite; its server is in this process."""
    return store_at(str(tmp_path_factory.mktemp("milvus") / "data" / "vectors.db"))


@pytest.fixture(params=["flat", "coded", pytest.param("milvus", marks=needs_milvus)])
def store(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Store:
    if request.param == "coded":
        monkeypatch.setattr("index.vectors.FLAT", 0)
    if request.param != "milvus":
        return FILES
    lite: Store = request.getfixturevalue("lite")
    return lite


@pytest.fixture
def release(tmp_path: Path) -> Path:
    folder = tmp_path / "releases" / "20261123-101500-3f9c2a1b"
    folder.mkdir(parents=True)
    return folder


# What every store keeps to


def test_the_same_vectors_give_the_same_hits(store: Store, release: Path) -> None:
    vectors = unit(1500)  # more than one message holds
    for kept in (store.write(vectors, release), store.open(release)):
        assert len(kept) == 1500
        for question in unit(20, seed=8):
            rows, scores = kept.search(question[None], limit=50)
            wanted, similarities = nearest(vectors, question[None], 50)
            assert rows.tolist() == wanted.tolist()
            assert np.allclose(scores, similarities, atol=1e-6)
            assert rows.dtype == np.int64
            assert scores.dtype == np.float32


def test_equal_vectors_are_all_found(store: Store, release: Path) -> None:
    vectors = np.repeat(unit(5), 4, axis=0)
    rows, scores = store.write(vectors, release).search(vectors[8:9], limit=4)
    assert sorted(rows.tolist()) == [8, 9, 10, 11]
    assert scores.tolist() == pytest.approx([1, 1, 1, 1], abs=1e-5)


@pytest.mark.parametrize(("limit", "found"), [(50, 5), (5, 5), (1, 1), (0, 0), (-1, 0)])
def test_no_more_than_there_are(store: Store, release: Path, limit: int, found: int) -> None:
    rows, scores = store.write(unit(5), release).search(unit(1, seed=9), limit=limit)
    assert rows.shape == scores.shape == (found,)


def test_a_release_without_vectors(store: Store, release: Path) -> None:
    store.write(np.empty((0, 24), dtype=np.float32), release)
    kept = store.open(release)
    assert len(kept) == 0
    assert kept.search(unit(1), limit=10)[0].shape == (0,)
    assert kept.vectors([]).shape == (0, 24)


def test_a_zero_vector_is_kept_and_asked(store: Store, release: Path) -> None:
    vectors = unit(5)
    vectors[2] = 0
    kept = store.write(vectors, release)
    assert kept.search(vectors[2:3], limit=5)[1].tolist() == [0, 0, 0, 0, 0]
    assert kept.vectors([2]).tolist() == [[0.0] * 24]


def test_vectors_come_back_bit_for_bit_by_their_rows(store: Store, release: Path) -> None:
    vectors = unit(1200)
    store.write(vectors, release)
    rows = [1199, 0, 7, 7, *range(1100)]
    assert np.array_equal(store.open(release).vectors(rows), vectors[rows])


def test_a_question_of_another_dimension_is_a_mistake(store: Store, release: Path) -> None:
    with pytest.raises((ValueError, AssertionError)):  # FAISS asserts
        store.write(unit(5), release).search(unit(1, 7), limit=3)


def test_the_same_vectors_leave_the_same_files(store: Store, tmp_path: Path) -> None:
    held = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        store.write(unit(50), tmp_path / name)
        held.append({path.name: path.read_bytes() for path in (tmp_path / name).iterdir()})
    assert held[0] == held[1]
    assert len(held[0]) == 1


# Milvus


@needs_milvus
class TestMilvus:
    def test_what_is_half_written_is_written_again(self, lite: Store, release: Path) -> None:
        vectors = unit(60, seed=3)
        lite.write(vectors, release)
        client = _client(lite)
        collection = Place.read(release).collection
        client.delete(collection, ids=[5])
        client.flush(collection)
        with pytest.raises(VectorsMissing, match="does not hold the 60 vectors of release 2026"):
            lite.open(release)
        lite.write(vectors, release)
        assert lite.open(release).search(vectors[5:6], limit=1)[0].tolist() == [5]

    def test_sweeping_leaves_what_releases_and_drafts_name(
        self, lite: Store, tmp_path: Path
    ) -> None:
        names = {}
        for number, folder in enumerate(("old", "current", ".draft-1-2")):
            (tmp_path / folder).mkdir()
            lite.write(unit(5, seed=20 + number), tmp_path / folder)
            names[folder] = Place.read(tmp_path / folder).collection
        (tmp_path / "old" / PLACE).unlink()
        client = _client(lite)
        client.create_collection("somebody_elses", dimension=4)
        lite.sweep(tmp_path)
        assert set(client.list_collections()) == {
            names["current"], names[".draft-1-2"], "somebody_elses"
        }  # fmt: skip

    def test_a_collection_that_is_gone_is_named(self, lite: Store, release: Path) -> None:
        lite.write(unit(5, seed=4), release)
        place = Place.read(release)
        _client(lite).drop_collection(place.collection)
        with pytest.raises(VectorsMissing) as caught:
            lite.open(release)
        assert "does not hold the 5 vectors of release 20261123-101500-3f9c2a1b" in str(
            caught.value
        )
        assert str(caught.value).endswith(
            f"(collection {place.collection}); build again, or check INDEX_URL"
        )

    def test_files_of_earlier_releases_are_still_opened(self, lite: Store, release: Path) -> None:
        FILES.write(unit(5), release)
        assert len(lite.open(release)) == 5

    def test_a_server_that_is_away_is_named(self, release: Path) -> None:
        with pytest.raises(VectorsMissing) as caught:
            MilvusStore(CLOSED, token="name:secret", timeout_s=0.1).write(unit(5), release)
        assert str(caught.value).startswith(f"Milvus at {CLOSED} cannot be reached (")
        assert "secret" not in str(caught.value)

    def test_an_outage_is_said_once_and_ends(
        self, lite: Store, release: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        vectors = unit(5, seed=6)
        index = lite.write(vectors, release)
        assert isinstance(index, MilvusIndex)
        now = [0.0]
        patient = Patient(index, clock=lambda: now[0])
        _client(lite).drop_collection(Place.read(release).collection)
        with caplog.at_level(logging.WARNING, logger="index.milvus"):
            for _ in range(3):
                assert patient.search(vectors[:1], limit=3)[0].shape == (0,)
                assert patient.away
                now[0] += AGAIN_S
            lite.write(vectors, release)
            now[0] -= AGAIN_S / 2
            assert patient.search(vectors[:1], limit=3)[0].shape == (0,)  # not asked yet
            now[0] += AGAIN_S
            assert patient.search(vectors[:1], limit=1)[0].tolist() == [0]
            assert not patient.away
        said = [record.getMessage() for record in caplog.records if record.name == "index.milvus"]
        assert len(said) == 2
        assert "does not search (" in said[0]
        assert said[0].endswith("questions are answered by keywords alone")
        assert said[1] == "Milvus answers again"

    def test_a_release_is_built_searched_reused_and_pruned(
        self, tmp_path: Path, caplog: pytest.LogCaptureFixture
    ) -> None:
        store = store_at(str(tmp_path / "vectors.db"))
        outside = Outside(store=store)
        old = build(LIBRARY[:1], tmp_path, encoder=Hashed.fit, calibrate=False, outside=outside)
        build(LIBRARY[:-1], tmp_path, encoder=Hashed.fit, calibrate=False, outside=outside)
        encoder = Counting()
        second = build(
            LIBRARY, tmp_path, encoder=lambda _: encoder, calibrate=False, outside=outside
        )
        assert encoder.seen
        assert all(text in LIBRARY[-1].text for text in encoder.seen)  # the rest was there
        folder = tmp_path / second.name
        assert not (folder / FILE).exists()
        asked = "职工租房每月可以提取多少住房公积金？"
        searcher = load(folder, encoder=Hashed.load, outside=outside)
        there = searcher(asked, TODAY).hits[0]
        files = build(LIBRARY, tmp_path / "files", encoder=Hashed.fit, calibrate=False)
        from_files = load(tmp_path / "files" / files.name, encoder=Hashed.load)
        [same] = from_files(asked, TODAY).hits[:1]
        assert there.passage == same.passage
        assert there.vector == pytest.approx(same.vector)
        with pytest.raises(ReleaseMismatch, match="set INDEX_URL as it was"):
            load(folder, encoder=Hashed.load)
        client = _client(store)
        assert len(client.list_collections()) == 3
        assert prune(tmp_path, keep=1, store=store) == [old.name]
        assert len(client.list_collections()) == 2
        for left in client.list_collections():
            client.drop_collection(left)
        # The keywords still answer; that it does without the vectors is said.
        away = searcher(asked, TODAY).hits[0]
        assert searcher.away is Away.VECTORS
        assert (away.passage, away.vector) == (there.passage, 0.0)
        assert "questions are answered by keywords alone" in caplog.text
        with pytest.raises(VectorsMissing, match="build again, or check INDEX_URL"):
            load(folder, encoder=Hashed.load, outside=outside)

    @pytest.mark.slow
    def test_a_server_that_freezes_dies_and_comes_back(
        self, release: Path, tmp_path: Path
    ) -> None:
        with closing(socket.socket()) as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        vectors = unit(50)
        with _server(tmp_path / "server", port) as server:
            store = store_at(f"milvus://127.0.0.1:{port}", timeout_s=0.5)
            store.write(vectors, release)
            kept = store.open(release)
            assert isinstance(kept, Patient)
            now = [0.0]
            patient = Patient(kept._index, clock=lambda: now[0])  # noqa: SLF001 - another clock
            assert patient.search(vectors[:1], limit=1)[0].tolist() == [0]
            server.send_signal(signal.SIGSTOP)
            os.waitpid(server.pid, os.WUNTRACED)  # until it stands still
            started = time.monotonic()
            assert patient.search(vectors[:1], limit=1)[0].tolist() == []
            assert time.monotonic() - started < 3
            server.send_signal(signal.SIGCONT)
        now[0] += AGAIN_S
        assert patient.search(vectors[:1], limit=1)[0].tolist() == []
        with _server(tmp_path / "server", port):
            rows: list[int] = []
            for _ in range(40):  # the channel takes its time to connect again
                now[0] += AGAIN_S
                rows = rows or patient.search(vectors[:1], limit=1)[0].tolist()
                time.sleep(0 if rows else 0.25)
            assert rows == [0]


@contextmanager
def _server(folder: Path, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """Milvus Lite in a process of its own, until it is killed."""
    command = [sys.executable, "-m", "milvus_lite", "server", "--host", "127.0.0.1"]
    server = subprocess.Popen(  # noqa: S603 - our own command
        [*command, "--port", str(port), "--data-dir", str(folder)],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        for _ in range(300):
            with closing(socket.socket()) as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield server
    finally:
        server.kill()
        server.wait()


def test_a_release_in_milvus_is_no_files(release: Path) -> None:
    Place.of(unit(5)).write(release)
    with pytest.raises(ReleaseMismatch, match="vector store is Milvus, this process needs files"):
        FILES.open(release)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"collection": "a"}'])
def test_a_damaged_place_is_a_damaged_release(release: Path, text: str) -> None:
    (release / PLACE).write_text(text, encoding="utf-8")
    with pytest.raises(ReleaseBroken, match=r"vectors\.json cannot be read"):
        Place.read(release)


def test_the_place_is_that_of_the_vectors(release: Path) -> None:
    vectors = unit(30)
    Place.of(vectors).write(release)
    place = Place.read(release)
    assert place == Place.of(vectors.copy())
    assert (place.rows, place.dimension) == (30, 24)
    vectors[29, 23] += np.float32(1e-7)
    assert Place.of(vectors).collection != place.collection
    assert json.loads((release / PLACE).read_text(encoding="utf-8"))["rows"] == 30


def _client(store: Store) -> Any:
    """To do what else happens to a server."""
    assert isinstance(store, Remote)
    return store._milvus._connect()  # noqa: SLF001 - the same server; Lite lets one process in
