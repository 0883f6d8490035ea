"""What a release says of the program that built it."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from index.calibration import DEFAULT
from index.provenance import MODULES, commit, constants, counts, dirty, origin, summary
from index.ranking import SAME_SOURCE
from tests.index.library import LIBRARY

SHA: Final = "0123456789abcdef0123456789abcdef01234567"
OTHER: Final = SHA[::-1]


def checkout(root: Path, **files: str) -> Path:
    for name, text in files.items():
        path = root / ".git" / name.replace("__", "/").replace("_", "-")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


def test_no_checkout_has_no_commit(tmp_path: Path) -> None:
    assert (commit(tmp_path), dirty(tmp_path)) == ("", None)


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"HEAD": SHA + "\n"}, SHA),
        ({"HEAD": "ref: refs/heads/main\n", "refs__heads__main": SHA + "\n"}, SHA),
        (
            {
                "HEAD": "ref: refs/heads/main\n",
                "packed_refs": f"# pack-refs\n{OTHER} refs/heads/other\n{SHA} refs/heads/main\n",
            },
            SHA,
        ),
        ({"HEAD": "ref: refs/heads/born\n"}, ""),
        ({"HEAD": "broken"}, ""),
        ({"HEAD": ""}, ""),
    ],
)
def test_the_commit_is_read_from_the_files(
    tmp_path: Path, files: dict[str, str], expected: str
) -> None:
    assert commit(checkout(tmp_path, **files)) == expected


def test_the_commit_of_a_worktree(tmp_path: Path) -> None:
    main = tmp_path / "main"
    checkout(
        main,
        HEAD=f"{OTHER}\n",
        refs__heads__side=SHA,
        worktrees__side__HEAD="ref: refs/heads/side\n",
        worktrees__side__commondir="../..\n",
    )
    side = tmp_path / "side"
    side.mkdir()
    (side / ".git").write_text(f"gitdir: {main}/.git/worktrees/side\n", encoding="utf-8")
    assert commit(side) == SHA


def test_a_checkout_is_dirty_when_its_code_was_changed(tmp_path: Path) -> None:
    git = shutil.which("git")
    if git is None:
        pytest.skip("git is not installed")
    (tmp_path / "index").mkdir()
    code = tmp_path / "index" / "code.py"
    code.write_text("one", encoding="utf-8")
    identity = ("-c", "user.name=x", "-c", "user.email=x@example.test")
    for words in (("init", "-q"), ("add", "."), (*identity, "commit", "-qm", "one")):
        subprocess.run([git, *words], cwd=tmp_path, check=True)  # noqa: S603 - an own folder
    assert len(commit(tmp_path)) == 40
    (tmp_path / "data").write_text("no code", encoding="utf-8")
    assert dirty(tmp_path) is False
    code.write_text("two", encoding="utf-8")
    assert dirty(tmp_path) is True


def test_a_machine_without_git_does_not_know(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    checkout(tmp_path, HEAD=SHA)
    assert (commit(tmp_path), dirty(tmp_path)) == (SHA, None)


def test_sources_are_named_without_the_folders_of_the_machine(tmp_path: Path) -> None:
    made = origin([tmp_path / "policies", tmp_path / "a.zip"], {"name": "builtin"}, forced=True)
    assert made.sources == ("policies", "a.zip")
    assert (made.settings, made.forced) == ({"name": "builtin"}, True)
    assert re.fullmatch(r"\d+\.\d+\.\d+.*", made.version)


def test_constants_are_named_by_module() -> None:
    found = constants()
    assert found["ranking.SAME_SOURCE"] == SAME_SOURCE
    assert len(str(found["glossary.toml"])) == 64


def test_every_module_that_ranks_has_constants_in_it() -> None:
    modules = {name.partition(".")[0] for name in constants()}
    assert modules >= {one.__name__.rpartition(".")[2] for one in MODULES}


def test_documents_are_counted() -> None:
    assert counts(LIBRARY) == {
        "status": {"in_force": 8, "superseded": 1},
        "kind": {"interpretation": 1, "policy": 8},
        "language": {"en": 1, "zh-Hans": 7, "zh-Hant": 1},
    }


def test_the_calibration_is_told_by_name() -> None:
    told = summary(DEFAULT)
    assert (told["line"], told["bias"], told["strength"], told["questions"]) == (0.5, -5.0, 4.0, 0)
