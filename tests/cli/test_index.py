"""`index build`, `releases` and `rollback`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from bot.maintain.build_lock import alone
from index.release import Manifest, current, locate, read_manifest, releases
from tests.cli.conftest import Run
from tests.cli.library import BROKEN, FUND, PENSION, SECRET, write

NO_RELEASE = (
    "there is no release in {}; build one with `python run_bot.py index build --source FOLDER`\n"
)
NOTHING = "there is no document to index; see the reasons above, or name another --source\n"


def said(text: str) -> str:
    """What stands on stderr, without the progress bars."""
    return "".join(line + "\n" for line in text.splitlines() if line.strip() and "━" not in line)


# build


def test_several_sources_one_broken_file(run: Run, clean: Path) -> None:
    a = write(clean / "a", fund=FUND, broken=BROKEN)
    b = write(clean / "b", pension=PENSION, secret=SECRET)
    done = run("index", "build", "--source", a, b, "--out", "R")
    assert done.exit_code == 0
    named = said(done.stderr)
    assert f"skipped  {a / 'broken.md'}:" in named
    assert f"skipped  {b / 'secret.md'}: its disclosure attribute is withheld" in named
    counts, where = done.stdout.splitlines()
    assert counts.startswith("2 documents in 3 passages, 2 skipped, ")
    name = current(Path("R"))
    assert where == f"release {name} is current in R"
    held = [path.read_bytes() for path in (clean / "R" / name).rglob("*") if path.is_file()]
    assert not any("翡翠".encode() in data for data in held)


def test_with_an_object_store_a_terminal_builds_beside_no_console_either(
    run: Run, clean: Path
) -> None:
    """The consoles' builds are noted where all workers see them, not in one worker's releases."""
    a = write(clean / "a", fund=FUND)
    shared = {"releases_url": (clean / "store").as_uri(), "published": clean / "published"}
    with alone(clean / "published"):
        done = run("index", "build", "--source", a, **shared)
    assert done.exit_code == 1
    assert "A build runs already" in said(done.stderr)
    assert run("index", "build", "--source", a, **shared).exit_code == 0


def test_sources_may_be_named_one_by_one(run: Run, clean: Path) -> None:
    a = write(clean / "a", fund=FUND)
    b = write(clean / "b", pension=PENSION) / "pension.md"
    done = run("index", "build", "--source", a, "--source", b, "--out", clean / "R")
    assert done.stdout.startswith("2 documents in 3 passages, 0 skipped, ")


@pytest.mark.parametrize(
    ("make", "reason"),
    [
        (lambda _: None, "cannot be read (No such file or directory); check the path"),
        (lambda path: path.mkdir(), "the folder holds no file; name one that does"),
        (lambda path: write(path, broken=BROKEN), "mend the file and build again"),
        (lambda path: write(path, secret=SECRET), "its disclosure attribute is withheld"),
        (lambda path: write(path, dots=FUND.split("第一条")[0] + "……！\n"), ""),
        (lambda path: path.write_bytes(b"\x89PNG"), "no reader for files without an ending"),
    ],
    ids=["missing", "empty", "broken", "withheld", "punctuation", "picture"],
)
def test_nothing_to_index(run: Run, clean: Path, make: object, reason: str) -> None:
    assert callable(make)
    make(clean / "source")
    done = run("index", "build", "--source", "source")
    assert done.exit_code == 1
    assert reason in done.stderr
    assert said(done.stderr).endswith(NOTHING)
    assert not (clean / "data" / "releases" / "CURRENT").exists()


def test_a_missing_source_beside_a_good_one(run: Run, clean: Path) -> None:
    good = write(clean / "good", fund=FUND)
    done = run("index", "build", "--source", good, "nowhere", "--out", "R")
    assert done.exit_code == 0
    assert "skipped  nowhere: cannot be read (No such file or directory)" in done.stderr
    assert "1 documents in 2 passages, 1 skipped" in done.stdout


def test_files_without_a_word_on_disclosure(run: Run, clean: Path) -> None:
    source = write(clean / "source", plain="第一条 税率为百分之三。\n")
    assert run("index", "build", "--source", source).exit_code == 1
    assert run("index", "build", "--source", source, "--disclosure", "open").exit_code == 0
    refused = run("index", "build", "--source", source, "--disclosure", "withheld")
    assert refused.exit_code == 2
    assert "only `open` can be said of a whole source" in refused.stderr


def test_a_place_that_cannot_be_written(run: Run, clean: Path) -> None:
    source = write(clean / "source", fund=FUND)
    (clean / "file").write_text("", encoding="utf-8")
    done = run("index", "build", "--source", source, "--out", "file")
    assert done.exit_code == 1
    assert (
        said(done.stderr) == "file: File exists; check the path, its permissions and free space\n"
    )


def test_only_if_there_is_none(run: Run, clean: Path) -> None:
    source = write(clean / "source", fund=FUND)
    args = ("index", "build", "--source", source, "--if-none")
    assert "is current in" in run(*args).stdout
    name = current(clean / "data" / "releases")
    again = run(*args)
    assert (again.exit_code, again.stdout) == (0, f"The index is there: {name}\n")
    shutil.rmtree(clean / "data" / "releases" / name)  # by hand; the pointer is left
    assert "is current in" in run(*args).stdout
    assert len(releases(clean / "data" / "releases")) == 1


def test_the_last_ones_are_kept(run: Run, clean: Path) -> None:
    source = write(clean / "source", fund=FUND)
    names, said = [], []
    for number in range(3):
        write(source, more=FUND.replace("id: fund", f"id: fund-{number}"))
        said.append(run("index", "build", "--source", source, "--keep", 2).stdout)
        names.append(current(clean / "data" / "releases"))
    assert said[2].startswith(f"removed the old release {names[0]}\n")
    assert [one.name for one in releases(clean / "data" / "releases")] == names[1:]


def test_the_encoder_is_named_when_it_cannot_be_loaded(run: Run, clean: Path) -> None:
    source = write(clean / "source", fund=FUND)
    (clean / "model").mkdir()
    done = run("index", "build", "--source", source, encoder=clean / "model")
    assert done.exit_code == 1
    assert f"the encoder '{clean / 'model'}' cannot be loaded" in done.stderr
    assert "or set ENCODER=builtin" in done.stderr


# releases and rollback


@pytest.fixture
def two(run: Run, clean: Path) -> tuple[str, str]:
    names = []
    for text in (FUND, PENSION):
        write(clean / "source", one=text)
        assert run("index", "build", "--source", "source").exit_code == 0
        names.append(current(clean / "data" / "releases"))
    return names[0], names[1]


def test_releases_are_listed_whole(run: Run, clean: Path, two: tuple[str, str]) -> None:
    old, new = (read_manifest(clean / "data" / "releases" / name) for name in two)
    done = run("index", "releases", columns=40)
    assert done.exit_code == 0
    assert [line.split("  line ")[0] for line in done.stdout.splitlines()] == [
        f"  {old.name}  {old.created}  builtin  1 documents  2 passages  {_mb(old)} MB",
        f"* {new.name}  {new.created}  builtin  1 documents  1 passages  {_mb(new)} MB",
    ]


def _mb(manifest: Manifest) -> str:
    return f"{sum(manifest.sizes.values()) / 1e6:.1f}"


def test_rollback_to_the_one_before_and_by_name(
    run: Run, clean: Path, two: tuple[str, str]
) -> None:
    old, new = two
    root = clean / "data" / "releases"
    done = run("index", "rollback")
    assert (done.exit_code, done.stdout) == (0, f"release {old} is current in data/releases\n")
    assert current(root) == old
    again = run("index", "rollback")
    assert again.exit_code == 1
    assert again.stderr == f"there is no release before {old} to go back to\n"
    assert run("index", "rollback", new, "--out", root).exit_code == 0
    assert current(root) == new


def test_rollback_refuses_what_is_not_there_or_damaged(
    run: Run, clean: Path, two: tuple[str, str]
) -> None:
    old, new = two
    missing = run("index", "rollback", "20200101-000000-00000000")
    assert missing.exit_code == 1
    assert missing.stderr == (
        "there is no release 20200101-000000-00000000 in data/releases; see `index releases`\n"
    )
    (clean / "data" / "releases" / old / "prior.npy").write_bytes(b"")
    damaged = run("index", "rollback", old)
    assert damaged.exit_code == 1
    assert f"release {old} is damaged: prior.npy is not as it was written" in damaged.stderr
    assert current(clean / "data" / "releases") == new


def test_from_a_damaged_release_there_is_a_way_back(
    run: Run, clean: Path, two: tuple[str, str]
) -> None:
    old, new = two
    (clean / "data" / "releases" / new / "manifest.json").write_text("{", encoding="utf-8")
    asked = run("ask", "租房提取公积金")
    assert asked.exit_code == 1
    assert f"release {new} is damaged" in asked.stderr
    assert "go back with `index rollback`" in asked.stderr
    assert run("index", "rollback").exit_code == 0
    assert current(clean / "data" / "releases") == old
    assert run("ask", "租房提取公积金").exit_code == 0


@pytest.mark.parametrize("command", ["releases", "rollback"])
def test_without_a_release(run: Run, command: str) -> None:
    done = run("index", command)
    assert (done.exit_code, done.stderr) == (1, NO_RELEASE.format("data/releases"))
    elsewhere = run("index", command, "--out", "other")
    assert elsewhere.stderr == NO_RELEASE.format("other")


def test_a_release_can_be_asked_for_by_its_folder_or_its_root(
    run: Run, clean: Path, two: tuple[str, str]
) -> None:
    old, new = two
    root = clean / "data" / "releases"
    for where, name in ((root, new), (root / old, old), (root / new, new)):
        done = run("ask", "--json", "租房每月提取多少公积金？", "--release", where)
        assert json.loads(done.stdout)["release"] == name
    assert locate(root) == root / new
