"""What is below a source: what cannot be looked at is named, and hides nothing else."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from knowledge.walk import walk


def test_what_cannot_be_looked_at_is_named_and_the_rest_is_found(tmp_path: Path) -> None:
    (tmp_path / "inside").mkdir()
    for name in ("a.md", "inside/b.md", "z.md"):
        (tmp_path / name).write_text("渡轮", encoding="utf-8")
    (tmp_path / "inside" / "ring.md").symlink_to("ring.md")
    (tmp_path / "long.md").symlink_to("n" * 300)  # no name that a disk can have
    found, missed = walk([tmp_path])
    assert [one.id for one in found] == ["a", "inside/b", "z"]
    assert {Path(one.path).name: one.problem.partition(";")[0] for one in missed} == {
        "long.md": "cannot be read (File name too long)",
        "ring.md": "cannot be read (a link that leads to itself)",
    }


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_may_be_listed_and_not_entered_is_named(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir()
    (closed / "a.md").write_text("渡轮", encoding="utf-8")
    (tmp_path / "b.md").write_text("渡轮", encoding="utf-8")
    closed.chmod(0o400)
    try:
        found, missed = walk([tmp_path])
    finally:
        closed.chmod(0o700)
    assert [one.id for one in found] == ["b"]
    assert [Path(one.path).name for one in missed] == ["a.md"]
