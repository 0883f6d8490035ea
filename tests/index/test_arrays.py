"""Arrays that grow on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from index import arrays
from index.arrays import ArrayWriter, read_array, runs


def test_what_grows_is_what_numpy_saves(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "grown.npy", np.int32, width=2) as writer:
        writer.append([(1, 2), (3, 4)])
        writer.append([])
        writer.append([(5, 6)])
        assert len(writer) == 3
    np.save(tmp_path / "saved.npy", np.array([[1, 2], [3, 4], [5, 6]], dtype=np.int32))
    assert (tmp_path / "grown.npy").read_bytes() == (tmp_path / "saved.npy").read_bytes()


@pytest.mark.parametrize("waiting", [1, 2, 100])
def test_rows_that_wait_keep_their_place(
    tmp_path: Path, waiting: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(arrays, "WAITING", waiting)
    with ArrayWriter(tmp_path / "grown.npy", np.int32, width=2) as writer:
        writer.extend([(1, 2)])
        writer.append([(3, 4), (5, 6)])
        writer.extend([(7, 8), (9, 10), (11, 12)])
        writer.extend(())
        assert len(writer) == 6
    expected = np.arange(1, 13).reshape(6, 2).tolist()
    assert read_array(tmp_path / "grown.npy").tolist() == expected


@pytest.mark.parametrize(("width", "shape"), [(None, (0,)), (3, (0, 3))])
def test_nothing_is_an_array_too(
    tmp_path: Path, width: int | None, shape: tuple[int, ...]
) -> None:
    with ArrayWriter(tmp_path / "empty.npy", np.float32, width=width):
        pass
    found = read_array(tmp_path / "empty.npy")
    assert (found.shape, found.dtype.name) == (shape, "float32")


def test_read_in_place_it_is_the_same(tmp_path: Path) -> None:
    with ArrayWriter(tmp_path / "a.npy", np.int64) as writer:
        writer.append(range(5))
    assert read_array(tmp_path / "a.npy", in_place=True).tolist() == [0, 1, 2, 3, 4]
    with pytest.raises(ValueError, match="read-only"):
        read_array(tmp_path / "a.npy", in_place=True)[0] = 1


def test_runs_follow_each_other() -> None:
    found = runs(np.array([7, 2, 5]), np.array([3, 0, 2]))
    assert found.tolist() == [7, 8, 9, 5, 6]
    assert runs(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)).tolist() == []
