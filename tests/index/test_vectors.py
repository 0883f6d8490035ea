"""What every index of vectors keeps to. A new one is one more line in INDEXES."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Protocol, TypeAlias

import faiss
import numpy as np
import pytest

from index.errors import ReleaseMismatch
from index.types import Rows, Scores, VectorIndex, Vectors
from index.vectors import FLAT, CodedIndex, FlatIndex, build_index, load_index, one_thread


class Kept(VectorIndex, Protocol):
    """An index that a release can hold."""

    def save(self, path: Path) -> None: ...
    def vectors(self, rows: Sequence[int]) -> Vectors: ...


Build: TypeAlias = Callable[[Vectors], Kept]
# How to build it, and the least recall of the nearest ten.
INDEXES: Final[dict[str, tuple[Build, float]]] = {
    "flat": (FlatIndex.build, 1.0),
    "coded": (CodedIndex.build, 0.98),
}
ROOT: Final = Path(__file__).parents[2]
BOTH: Final = [
    pytest.param((kind, stored), id=f"{kind}-{'loaded' if stored else 'built'}")
    for kind in INDEXES
    for stored in (False, True)
]


def unit(rows: int, dimension: int = 24, *, seed: int = 7) -> Vectors:
    values = np.random.default_rng(seed).normal(size=(rows, dimension)).astype(np.float32)
    return np.asarray(values / np.linalg.norm(values, axis=1, keepdims=True), dtype=np.float32)


def nearest(vectors: Vectors, question: Vectors, limit: int) -> tuple[Rows, Scores]:
    """All similarities, sorted: slow and surely right."""
    scores = vectors @ question[0]
    order = np.argsort(-scores, kind="stable")[:limit]
    return order, scores[order]


@pytest.fixture(params=BOTH)
def make(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[Vectors], VectorIndex]:
    kind, stored = request.param
    build, _ = INDEXES[kind]

    def make(vectors: Vectors) -> VectorIndex:
        built = build(vectors)
        if not stored:
            return built
        built.save(tmp_path / "vectors")
        return load_index(tmp_path / "vectors")

    return make


@pytest.mark.parametrize("kind", INDEXES)
def test_the_nearest_ten(kind: str) -> None:
    build, least = INDEXES[kind]
    vectors = unit(2000)
    index = build(vectors)
    found = [set(index.search(q[None], limit=10)[0].tolist()) for q in unit(50, seed=8)]
    exact = [set(nearest(vectors, q[None], 10)[0].tolist()) for q in unit(50, seed=8)]
    recall = sum(len(a & b) for a, b in zip(found, exact, strict=True)) / 500
    assert recall >= least


def test_similarities_are_cosines_and_fall(make: Callable[[Vectors], VectorIndex]) -> None:
    vectors, question = unit(200), unit(1, seed=9)
    rows, scores = make(vectors).search(question, limit=20)
    assert np.allclose(scores, (vectors @ question[0])[rows], atol=1e-6)
    assert np.all(np.diff(scores) <= 0)
    assert len(set(rows.tolist())) == 20


def test_a_row_finds_itself_first(make: Callable[[Vectors], VectorIndex]) -> None:
    vectors = unit(100)
    index = make(vectors)
    for number in (0, 42, 99):
        rows, scores = index.search(vectors[number : number + 1], limit=3)
        assert rows[0] == number
        assert scores[0] == pytest.approx(1, abs=1e-5)


def test_shapes_and_types(make: Callable[[Vectors], VectorIndex]) -> None:
    index = make(unit(5))
    assert len(index) == 5
    rows, scores = index.search(unit(1, seed=9), limit=50)  # more than there are
    assert rows.shape == scores.shape == (5,)
    assert rows.dtype == np.int64
    assert scores.dtype == np.float32
    assert sorted(rows.tolist()) == [0, 1, 2, 3, 4]


@pytest.mark.parametrize("limit", [0, -1])
def test_nothing_asked_for_is_nothing_found(
    make: Callable[[Vectors], VectorIndex], limit: int
) -> None:
    rows, scores = make(unit(5)).search(unit(1), limit=limit)
    assert (rows.shape, scores.shape) == ((0,), (0,))


def test_a_question_without_words_is_a_zero_vector(make: Callable[[Vectors], VectorIndex]) -> None:
    rows, scores = make(unit(5)).search(np.zeros((1, 24), dtype=np.float32), limit=3)
    assert scores.tolist() == [0, 0, 0]
    assert set(rows.tolist()) <= {0, 1, 2, 3, 4}


def test_many_threads_at_once(make: Callable[[Vectors], VectorIndex]) -> None:
    vectors = unit(500)
    index = make(vectors)
    wrong: list[int] = []

    def search(first: int) -> None:
        one_thread()
        for number in range(first, 500, 4):
            rows, _ = index.search(vectors[number : number + 1], limit=1)
            if rows[0] != number:
                wrong.append(number)

    threads = [threading.Thread(target=search, args=(first,)) for first in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []


def test_the_number_of_rows_chooses_the_kind() -> None:
    values = np.eye(2, dtype=np.float32)
    assert isinstance(build_index(np.tile(values, (FLAT // 2, 1))), FlatIndex)
    assert isinstance(build_index(unit(FLAT + 1, 2)), CodedIndex)


@pytest.mark.parametrize("kind", INDEXES)
def test_vectors_come_back_exactly_and_two_builds_are_the_same(kind: str, tmp_path: Path) -> None:
    build, _ = INDEXES[kind]
    vectors = unit(700)
    for name in ("one", "two"):
        build(vectors).save(tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()
    assert np.array_equal(load_index(tmp_path / "one").vectors([3, 699, 0]), vectors[[3, 699, 0]])


def test_any_number_of_threads_builds_the_same(tmp_path: Path) -> None:
    """In processes of their own, for a pool of threads keeps the size that it began with."""
    program = (
        "import sys; from pathlib import Path; from index.vectors import CodedIndex; "
        "from tests.index.test_vectors import unit; "
        "CodedIndex.build(unit(3000)).save(Path(sys.argv[1]))"
    )
    for threads in ("1", "4"):
        environment = {**os.environ, "OMP_NUM_THREADS": threads, "OPENBLAS_NUM_THREADS": threads}
        command = [sys.executable, "-c", program, str(tmp_path / threads)]
        subprocess.run(command, cwd=ROOT, env=environment, check=True)  # noqa: S603 - ours
    assert (tmp_path / "1").read_bytes() == (tmp_path / "4").read_bytes()


@pytest.mark.parametrize("dimension", [1, 2, 7])
def test_an_odd_dimension_is_coded_too(dimension: int) -> None:
    vectors = unit(300, dimension)
    index = CodedIndex.build(vectors)
    rows, scores = index.search(vectors[7:8], limit=1)
    assert scores.tolist() == pytest.approx([1], abs=1e-5)
    assert np.allclose(vectors[rows[0]], vectors[7], atol=1e-5)


def test_another_kind_of_index_is_refused(tmp_path: Path) -> None:
    """What an earlier version wrote has rows that mean something else."""
    graph = faiss.IndexHNSWFlat(2, 4)
    faiss.write_index(graph, str(tmp_path / "vectors.faiss"))
    with pytest.raises(ReleaseMismatch, match=r"vector index is IndexHNSWFlat, .* build it again"):
        load_index(tmp_path / "vectors.faiss")


def test_equal_rows_do_not_hide_the_others(make: Callable[[Vectors], VectorIndex]) -> None:
    vectors = np.concatenate([np.repeat(unit(3), 200, axis=0), unit(50, seed=9)])
    index = make(vectors)
    assert len(index) == 650
    for number in range(600, 650):
        rows, _ = index.search(vectors[number : number + 1], limit=1)
        assert rows.tolist() == [number]
    rows, scores = index.search(vectors[300:301], limit=150)
    assert set(rows.tolist()) <= set(range(200, 400))
    assert len(set(rows.tolist())) == 150
    assert scores.tolist() == pytest.approx([1] * 150, abs=1e-5)


def test_nearly_equal_rows_do_not_hide_the_others() -> None:
    """The same clause of a thousand notices that differ in a figure."""
    chance = np.random.default_rng(3)
    near = np.repeat(unit(3), 500, axis=0) + chance.normal(0, 1e-4, (1500, 24))
    vectors = np.concatenate([near, unit(200, seed=9)]).astype(np.float32)
    index = CodedIndex.build(vectors)
    lost = [
        number
        for number in range(1500, 1700)
        if index.search(vectors[number : number + 1], limit=1)[0].tolist() != [number]
    ]
    assert lost == []
