"""The folders of sources, as a maintainer sees them: whatever is wrong there is named."""

from __future__ import annotations

from pathlib import Path

from bot.maintain.sources import folders


def test_a_link_to_nothing_is_named_and_the_rest_is_listed(tmp_path: Path) -> None:
    (tmp_path / "ferry.md").write_text("渡轮")
    (tmp_path / "gone.md").symlink_to(tmp_path / "nothing.md")
    (folder,) = folders([tmp_path])
    assert [one.name for one in folder.files] == ["ferry.md"]
    assert len(folder.problems) == 1
    assert "gone.md: cannot be read (No such file" in folder.problems[0]


def test_a_folder_that_cannot_be_walked_hides_no_other(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad", tmp_path / "good"
    for one in (bad, good):
        one.mkdir()
    (bad / "ring.md").symlink_to("ring.md")
    (bad / "long.md").symlink_to("n" * 300)  # no name that a disk can have: looking at it fails
    (good / "ferry.md").write_text("渡轮")
    first, second = folders([bad, good])
    assert "cannot be read" in first.problems[0]
    assert first.is_folder
    assert [one.name for one in second.files] == ["ferry.md"]
