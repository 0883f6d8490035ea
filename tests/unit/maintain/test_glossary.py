"""The bureau's glossary: edited where it stands, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest

from bot.errors import MaintenanceRefused
from bot.maintain.glossary_file import GlossaryFile
from bot.maintain.glossary_text import Same, Seeks, added, changed, entries

TEXT: Final = """\
# Words of the harbour.

[[same]]
words = ["渡轮", "轮渡"]  # as on the signs

# What it costs
[[seeks]]
asks = ["票价"]
tells = ["元"]
"""


def kinds(text: str) -> list[object]:
    return [one.entry for one in entries(text)]


def test_an_entry_is_changed_and_comments_around_it_stay() -> None:
    new = changed(TEXT, 0, Same(words=("渡轮", "摆渡船")))
    assert new == TEXT.replace('["渡轮", "轮渡"]  # as on the signs', '["渡轮", "摆渡船"]')


def test_an_entry_is_taken_out() -> None:
    new = changed(TEXT, 1, None)
    assert kinds(new) == [Same(words=("渡轮", "轮渡"))]
    assert "# What it costs" in new


def test_an_entry_is_added_at_the_end() -> None:
    new = added(TEXT.rstrip("\n"), Seeks(asks=("几点", '"'.join("ab")), tells=("时",)))
    assert new.startswith(TEXT)
    assert kinds(new)[2] == Seeks(asks=("几点", 'a"b'), tells=("时",))


@pytest.mark.parametrize(
    "entry",
    [
        Same(words=()),
        Same(words=("渡轮",)),
        Same(words=("渡轮", "渡輪")),  # the same when folded
        Same(words=("渡轮", "…")),
        Same(words=("渡轮", "字" * 61)),
        Seeks(asks=("票价",), tells=()),
        Same(words=tuple(f"船{n}" for n in range(41))),
    ],
)
def test_an_entry_that_says_nothing_is_refused(entry: Same | Seeks) -> None:
    with pytest.raises(MaintenanceRefused):
        added(TEXT, entry)


def test_a_mistake_in_the_file_is_told_with_its_line() -> None:
    with pytest.raises(MaintenanceRefused, match="Line 4"):
        entries('# a\n\n[[same]]\nwords = ["渡轮"\n')


def test_what_cannot_be_edited_safely_is_left_to_a_person() -> None:
    with pytest.raises(MaintenanceRefused, match="by hand"):
        entries('same = [{words = ["渡轮", "轮渡"]}]\n')


def test_two_who_edit_at_once_do_not_undo_each_other(tmp_path: Path) -> None:
    file = GlossaryFile(tmp_path / "glossary.toml")
    seen = file.read().digest
    file.change(seen, lambda text: added(text, Same(words=("渡轮", "轮渡"))))
    with pytest.raises(MaintenanceRefused, match="Somebody else"):
        file.change(seen, lambda text: added(text, Same(words=("码头", "渡口"))))
    assert kinds(file.read().text) == [Same(words=("渡轮", "轮渡"))]
    assert [path.name for path in tmp_path.iterdir()] == ["glossary.toml"]


def test_what_the_disk_refuses_is_told_and_no_draft_stays(tmp_path: Path) -> None:
    path = tmp_path / "glossary.toml"
    file = GlossaryFile(path)

    def spoiled(text: str) -> str:
        path.mkdir()
        return text

    with pytest.raises(MaintenanceRefused, match="could not be written"):
        file.change(file.read().digest, spoiled)
    assert [one.name for one in tmp_path.iterdir()] == ["glossary.toml"]
