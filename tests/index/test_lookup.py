"""From keys to numbers, on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from index.exact import Keys, Met
from index.lookup import Lookup
from tests.index.library import FUND, LIBRARY, OLD_FUND


def test_a_key_may_have_several_numbers(tmp_path: Path) -> None:
    Lookup.of([5, 2**64 - 1, 5, 3], [0, 1, 2, 3]).save(tmp_path)
    found = Lookup.load(tmp_path)
    assert [found.all(key) for key in (5, 3, 2**64 - 1, 4, 0)] == [[0, 2], [3], [1], [], []]
    asked = np.array([3, 4, 5, 2**64 - 1], dtype=np.uint64)
    assert found.first(asked).tolist() == [3, -1, 0, 1]


def test_nothing_is_found_in_nothing(tmp_path: Path) -> None:
    Lookup.of([], []).save(tmp_path)
    found = Lookup.load(tmp_path)
    assert found.all(1) == []
    assert found.first(np.array([1], dtype=np.uint64)).tolist() == [-1]


def test_keys_of_documents_are_the_same_from_disk(tmp_path: Path) -> None:
    met = Met()
    for document in LIBRARY:
        met.add(document)
    met.save(tmp_path)
    keys = Keys.load(tmp_path)
    assert [keys.ids.get(one.id) for one in LIBRARY] == list(range(len(LIBRARY)))
    assert keys.ids.get("none") is None
    assert keys.named(f"{FUND.number}和《{OLD_FUND.title}》").documents == (0, 1)
