"""Releases on disk: readers see a whole one, the old or the new, whatever happens to a build."""

from __future__ import annotations

import json
import multiprocessing
import os
import random
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import pytest

from index import served, verified
from index.build import NOBODY, build, load
from index.drafts import draft
from index.encoders.choice import Choice
from index.errors import ReleaseBroken, ReleaseError, ReleaseMismatch, ReleaseMissing
from index.pruning import prune
from index.release import (
    CURRENT,
    FORMAT,
    MANIFEST,
    Manifest,
    Origin,
    current,
    locate,
    named,
    previous,
    publish,
    read_manifest,
    releases,
    switch,
    verify,
    was_served,
)
from tests.index.fake import Hashed
from tests.index.library import FOREIGN, FUND, LIBRARY, TODAY, UNEMPLOYMENT

ROOT: Final = Path(__file__).parents[2]
MORNING: Final = datetime(2026, 11, 23, 10, 15, 0, tzinfo=UTC)


def make(root: Path, *, text: str = "text", at: datetime = MORNING) -> Manifest:
    """A release of one file, without an index in it, and make it current."""
    made = add(root, text=text, at=at)
    switch(root, made.name)
    return made


def add(
    root: Path, *, text: str = "text", at: datetime = MORNING, origin: Origin = NOBODY
) -> Manifest:
    """Likewise, and leave the current one."""
    with draft(root) as folder:
        (folder / "part").mkdir()
        (folder / "part" / "file.txt").write_text(text, encoding="utf-8")
        empty = Manifest(
            encoder="hashed", revision="1", dimension=2, documents=1, passages=1, origin=origin
        )
        return publish(root, folder, empty, at=at)


def small(root: Path, *, encoder: type[Hashed] = Hashed, **more: Any) -> Manifest:
    return build([FUND, FOREIGN], root, encoder=encoder.fit, **more)


def leftovers(root: Path) -> list[str]:
    """Names of what is neither a release, nor the pointer to one, nor what was verified."""
    names = (path.name for path in root.iterdir() if path.name != verified.FOLDER)
    return sorted(name for name in names if name.startswith("."))


# A release and its pointer


def test_a_release_tells_what_it_is(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert (made.name, made.created) == (
        f"20261123-101500-{made.digest[:8]}",
        "2026-11-23T10:15:00.000+00:00",
    )
    assert made.files == {
        # sha256 of "text"
        "part/file.txt": "982d9e3eb996f559e633f4d194def3761d909f5a3b647d1a851fead67c32c9d1"
    }
    assert made.sizes == {"part/file.txt": 4}
    assert read_manifest(tmp_path / made.name) == made
    assert current(tmp_path) == made.name
    assert leftovers(tmp_path) == []


def test_a_path_is_a_release_or_the_folder_that_they_are_in(tmp_path: Path) -> None:
    made = make(tmp_path)
    assert locate(tmp_path) == locate(tmp_path / made.name) == tmp_path / made.name


def test_time_is_told_in_utc_wherever_it_is_built(tmp_path: Path) -> None:
    east = datetime.fromisoformat("2026-11-23T18:15:00+08:00")
    assert make(tmp_path, at=east).created == "2026-11-23T10:15:00.000+00:00"


def test_names_do_not_collide_within_a_second(tmp_path: Path) -> None:
    names = [make(tmp_path).name for _ in range(3)]
    assert names == [names[0], f"{names[0]}-2", f"{names[0]}-3"]
    assert [one.name for one in releases(tmp_path)] == names


def test_the_contents_alone_make_the_digest(tmp_path: Path) -> None:
    first, later = make(tmp_path), make(tmp_path, at=MORNING + timedelta(days=1))
    assert first.digest == later.digest
    assert make(tmp_path, text="other").digest != first.digest


def test_who_built_it_is_told_and_is_no_part_of_the_digest(tmp_path: Path) -> None:
    origin = Origin(
        version="9", commit="abc", dirty=True, sources=("a", "b"), settings={"name": "x"}
    )
    made = add(tmp_path, origin=origin)
    assert read_manifest(tmp_path / made.name).origin == origin
    assert made.digest == add(tmp_path).digest


@pytest.mark.parametrize("path", ["none", "file.txt/none"])
def test_no_release_at_all(tmp_path: Path, path: str) -> None:
    (tmp_path / "file.txt").write_text("", encoding="utf-8")
    with pytest.raises(ReleaseMissing, match=r"build one with `python run_bot\.py index build"):
        current(tmp_path / path)
    with pytest.raises(ReleaseMissing, match="is no release: it has no manifest"):
        read_manifest(tmp_path / path)
    assert releases(tmp_path / path) == []


@pytest.mark.parametrize("damage", ["folder", "bytes"])
def test_a_pointer_that_cannot_be_read(tmp_path: Path, damage: str) -> None:
    if damage == "folder":
        (tmp_path / CURRENT).mkdir()
    else:
        (tmp_path / CURRENT).write_bytes(b"\xff\xfe")
    with pytest.raises(ReleaseMissing, match=r"CURRENT cannot be read .* rollback NAME"):
        current(tmp_path)


def test_what_is_added_becomes_current_by_a_switch_only(tmp_path: Path) -> None:
    with pytest.raises(ReleaseMissing):
        current((tmp_path / add(tmp_path, text="first").name).parent)
    now = make(tmp_path, text="second").name
    refused = add(tmp_path, text="third", at=_minute(1)).name
    assert current(tmp_path) == now
    assert [was_served(tmp_path / name) for name in (now, refused)] == [True, False]


def test_releases_are_found_by_name_or_by_their_part(tmp_path: Path) -> None:
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("ab")]
    assert named(tmp_path, "current") == named(tmp_path, names[1]) == tmp_path / names[1]
    assert named(tmp_path, "previous") == tmp_path / names[0]
    for wrong in ("", ".", "..", "none", f"../{tmp_path.name}/{names[0]}"):
        with pytest.raises(ReleaseMissing, match="there is no release"):
            named(tmp_path, wrong)


# Two builds, and the way back


def test_what_was_never_served_is_no_release_to_go_back_to(tmp_path: Path) -> None:
    good = make(tmp_path, text="a").name
    refused = add(tmp_path, text="b", at=_minute(1)).name
    now = make(tmp_path, text="c", at=_minute(2)).name
    assert previous(tmp_path) == good
    switch(tmp_path, refused)  # on purpose, by name
    assert previous(tmp_path) == now
    switch(tmp_path, now)
    assert previous(tmp_path) == good


def test_refused_builds_push_no_good_release_out(tmp_path: Path) -> None:
    good = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("ab")]
    refused = [add(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("cdef", start=2)]
    assert prune(tmp_path, keep=2) == refused[:2]
    assert [one.name for one in releases(tmp_path)] == [*good, *refused[2:]]


def test_rollback_goes_back_one_at_a_time(tmp_path: Path) -> None:
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abc")]
    for wanted in (names[1], names[0]):
        assert previous(tmp_path) == wanted
        switch(tmp_path, wanted)
        assert current(tmp_path) == wanted
    with pytest.raises(ReleaseMissing, match=f"there is no release before {names[0]}"):
        previous(tmp_path)
    switch(tmp_path, names[2])
    assert current(tmp_path) == names[2]


@pytest.mark.parametrize(
    ("switches", "way"),
    [
        ("abc", "abc"),
        ("abcb", "ab"),  # back to b
        ("abcba", "a"),  # and to a
        ("abcbad", "ad"),  # the next build goes on from there
        ("abcbd", "abd"),  # c was left: nobody goes back to it
        ("abcda", "a"),  # far back, by name
        ("abcdac", "ac"),  # and on to c again
        ("ba", "ba"),  # whatever was built first
        ("aa", "a"),
    ],
)
def test_the_way_back_is_that_of_the_service(tmp_path: Path, switches: str, way: str) -> None:
    names = {t: add(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abcd")}
    for letter in switches:
        switch(tmp_path, names[letter])
    assert served.names(tmp_path) == [names[letter] for letter in switches]
    for wanted in reversed(way[:-1]):
        assert previous(tmp_path) == names[wanted]
        switch(tmp_path, previous(tmp_path))
    with pytest.raises(ReleaseMissing, match="no release before"):
        previous(tmp_path)


def test_a_release_that_is_gone_is_left_out_of_the_way_back(tmp_path: Path) -> None:
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abc")]
    shutil.rmtree(tmp_path / names[1])
    assert previous(tmp_path) == names[0]


def test_a_switch_that_the_machine_did_not_survive(tmp_path: Path) -> None:
    """What was noted and never current, and a line that was not written to its end."""
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abcd")]
    (tmp_path / CURRENT).write_text(names[1], encoding="utf-8")
    assert previous(tmp_path) == names[0]
    with (tmp_path / served.FILE).open("a", encoding="utf-8") as file:
        file.write(f"2026-11-23T10:15:00+00:00 {names[0][:9]}")
    assert previous(tmp_path) == names[0]
    switch(tmp_path, names[3])
    assert served.names(tmp_path)[-1] == names[3]
    assert previous(tmp_path) == names[2]


def test_releases_copied_without_their_history_have_a_way_back(tmp_path: Path) -> None:
    here = make(tmp_path, text="a").name
    (tmp_path / served.FILE).unlink()
    assert was_served(tmp_path / here)
    make(tmp_path, text="b", at=_minute(1))
    assert previous(tmp_path) == here


def test_a_history_that_cannot_be_read_removes_nothing(tmp_path: Path) -> None:
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abc")]
    (tmp_path / served.FILE).unlink()
    (tmp_path / served.FILE).mkdir()
    with pytest.raises(ReleaseError, match=r"SERVED cannot be read .* check its permissions"):
        prune(tmp_path, keep=1)
    assert [one.name for one in releases(tmp_path)] == names


def test_builds_within_a_second_are_told_apart_by_time_not_by_digest(tmp_path: Path) -> None:
    at = [MORNING + timedelta(milliseconds=100 * n) for n in range(6)]
    names = [make(tmp_path, text=str(n), at=when).name for n, when in enumerate(at)]
    assert [one.name for one in releases(tmp_path)] == names
    assert names != sorted(names)
    assert previous(tmp_path) == names[-2]


@pytest.mark.parametrize("name", ["none", "", ".", "..", "../elsewhere", "{root}/{name}"])
def test_only_a_release_of_that_folder_becomes_current(tmp_path: Path, name: str) -> None:
    made = make(tmp_path / "here")
    make(tmp_path, text="elsewhere")
    (tmp_path / current(tmp_path)).rename(tmp_path / "elsewhere")
    wanted = name.format(root=tmp_path / "here", name=made.name)
    with pytest.raises(ReleaseMissing, match="there is no release"):
        switch(tmp_path / "here", wanted)
    assert current(tmp_path / "here") == made.name


def test_a_damaged_release_does_not_bar_the_way_back(tmp_path: Path) -> None:
    """What the message about a damaged release tells to do works."""
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abcd")]
    (tmp_path / names[0] / MANIFEST).write_text('{"format": 0}', encoding="utf-8")
    (tmp_path / names[2] / MANIFEST).write_text("{", encoding="utf-8")
    assert [one.name for one in releases(tmp_path)] == [names[1], names[3]]
    switch(tmp_path, names[2])
    assert previous(tmp_path) == names[1]
    assert prune(tmp_path, keep=1) == [names[0]]


def test_the_newest_are_kept_and_the_current_one(tmp_path: Path) -> None:
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abcde")]
    switch(tmp_path, names[1])
    assert prune(tmp_path, keep=2) == [names[2]]
    assert previous(tmp_path) == names[0]  # kept, though it is the oldest
    assert [one.name for one in releases(tmp_path)] == [names[n] for n in (0, 1, 3, 4)]
    assert current(tmp_path) == names[1]
    assert prune(tmp_path, keep=9) == []


def test_releases_of_older_formats_go_and_those_of_newer_ones_stay(tmp_path: Path) -> None:
    names = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("abcd")]
    for name, number in ((names[0], FORMAT - 1), (names[1], FORMAT + 1)):
        _edit(format=number)(tmp_path / name)
    assert prune(tmp_path, keep=9) == [names[0]]
    assert sorted(path.parent.name for path in tmp_path.glob("*/" + MANIFEST)) == names[1:]


def test_an_older_program_keeps_its_releases_until_a_new_one_is_current(tmp_path: Path) -> None:
    old = [make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("ab")]
    for name in old:
        _edit(format=FORMAT - 1)(tmp_path / name)
    refused = add(tmp_path, text="c", at=_minute(2)).name
    assert prune(tmp_path, keep=1) == []
    switch(tmp_path, refused)
    assert prune(tmp_path, keep=1) == old


# Damage


def _truncate(folder: Path) -> None:
    path = folder / "documents.jsonl"
    path.write_bytes(path.read_bytes()[:-10])


def _flip(folder: Path) -> None:
    path = folder / "vectors.faiss"
    data = bytearray(path.read_bytes())
    data[len(data) // 2] ^= 1
    path.write_bytes(data)


def _edit(**changes: object) -> Callable[[Path], None]:
    def edit(folder: Path) -> None:
        path = folder / MANIFEST
        values = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(values | changes), encoding="utf-8")

    return edit


def _forget(name: str) -> Callable[[Path], None]:
    """Take a file out of the manifest and out of the folder: the digests of the rest fit."""

    def forget(folder: Path) -> None:
        values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        del values["files"][name]
        (folder / MANIFEST).write_text(json.dumps(values), encoding="utf-8")
        (folder / name).unlink()

    return forget


def _write(text: str) -> Callable[[Path], None]:
    return lambda folder: _written(folder / MANIFEST, text)


def _written(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("damage", "problem"),
    [
        (_truncate, "documents.jsonl is not as it was written"),
        (_flip, "vectors.faiss is not as it was written"),
        (
            lambda folder: (folder / "prior.npy").unlink(),
            "prior.npy cannot be read (No such file or directory)",
        ),
        (
            lambda folder: shutil.rmtree(folder / "windows"),
            "windows/counts.npy cannot be read (No such file or directory)",
        ),
        (_forget("calibration.json"), "manifest.json is not as it was written"),
        (_edit(revision="2"), "manifest.json is not as it was written"),
        (_edit(digest="0" * 64), "manifest.json is not as it was written"),
        (_edit(files={}), "manifest.json is not as it was written"),
        (_edit(files=None), "manifest.json is no manifest"),
        (_edit(more=1), "manifest.json is no manifest"),
        (_write(f'{{"format": {FORMAT}}}'), "manifest.json is no manifest"),
        (_write("{"), "manifest.json is not JSON"),
        (_write("[]"), "the release's format is None"),
        (_write("3"), "manifest.json is no manifest"),
        (_write(""), "manifest.json is not JSON"),
        (_write("[" * 100_000), "manifest.json is not JSON"),
    ],
)
def test_a_damaged_release_is_never_loaded(
    tmp_path: Path, damage: Callable[[Path], None], problem: str
) -> None:
    folder = tmp_path / small(tmp_path, calibrate=False).name
    damage(folder)
    with pytest.raises((ReleaseBroken, ReleaseMismatch)) as caught:
        load(folder, encoder=Hashed.load)
    assert problem in str(caught.value)
    if isinstance(caught.value, ReleaseBroken):
        assert str(caught.value).startswith(f"release {folder.name} is damaged: ")
        assert "go back with `index rollback`" in str(caught.value)


def test_a_release_of_another_format(tmp_path: Path) -> None:
    folder = tmp_path / make(tmp_path).name
    _edit(format=FORMAT + 1)(folder)
    with pytest.raises(ReleaseMismatch) as caught:
        load(folder, encoder=Hashed.load)
    assert str(caught.value) == (
        f"the release's format is {FORMAT + 1}, this process needs {FORMAT}; "
        "build it again with `python run_bot.py index build --source FOLDER`"
    )


def test_a_release_of_another_encoder(library: Path) -> None:
    with pytest.raises(ReleaseMismatch) as caught:
        load(library, encoder=Choice().load, expect="BAAI/bge-m3")
    assert str(caught.value) == (
        "the release's encoder is builtin, this process needs BAAI/bge-m3; "
        "set ENCODER=builtin, or build the index again"
    )


def test_a_copy_of_a_release_elsewhere_is_as_good(library: Path, tmp_path: Path) -> None:
    copy = shutil.copytree(library, tmp_path / "copied")
    verify(copy, read_manifest(copy))
    assert load(copy, encoder=Choice().load).name == library.name


# The same input twice


def test_two_builds_of_the_same_input_are_the_same(library: Path, tmp_path: Path) -> None:
    again = build(LIBRARY, tmp_path, encoder=Choice().fit)
    first = read_manifest(library)
    assert dict(again.files) == dict(first.files)
    assert again.digest == first.digest


def test_another_document_is_another_digest(tmp_path: Path) -> None:
    one = build([FUND, FOREIGN], tmp_path, encoder=Hashed.fit)
    two = build([FUND, UNEMPLOYMENT], tmp_path, encoder=Hashed.fit)
    assert one.digest != two.digest


# Builds that fail


class Failing(Hashed):
    """Fails at one step, as a full disk or a bad model would."""

    step = ""

    @classmethod
    def fit(cls, _texts: object) -> Failing:
        cls._maybe("fit")
        return cls()

    def pieces(self, text: str, /) -> list[str]:
        self._maybe("pieces")
        return [text]

    def encode_passages(self, texts: Any, /) -> Any:
        self._maybe("encode")
        return super(Failing, self).encode_passages(texts)

    def encode_question(self, text: str, /) -> Any:
        self._maybe("question")
        return super(Failing, self).encode_question(text)

    def save(self, folder: Path, /) -> None:
        super(Failing, self).save(folder)
        self._maybe("save")

    @classmethod
    def _maybe(cls, step: str) -> None:
        if cls.step == step:
            raise OSError(28, "No space left on device")


@pytest.mark.parametrize("step", ["fit", "pieces", "encode", "question", "save"])
def test_an_encoder_that_fails_leaves_all_as_it_was(tmp_path: Path, step: str) -> None:
    before = small(tmp_path).name
    failing = type("Failing", (Failing,), {"step": step})
    with pytest.raises(OSError, match="No space left"):
        small(tmp_path, encoder=failing)
    assert _whole(tmp_path) == before
    assert leftovers(tmp_path) == []


@pytest.mark.parametrize("stopped_at", ["terms", "vectors", "calibration"])
def test_a_build_that_is_stopped_leaves_all_as_it_was(tmp_path: Path, stopped_at: str) -> None:
    before = small(tmp_path).name

    def progress(step: str, _done: int, _total: int) -> None:
        if step == stopped_at:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        small(tmp_path, progress=progress)
    assert _whole(tmp_path) == before
    assert leftovers(tmp_path) == []


@dataclass
class Disk:
    """Counts what Python writes below a folder, and fails at the nth time."""

    root: str = "\0"
    writes: int = 0
    fails_at: int = 0
    failed: str = ""

    def __call__(self, event: str, args: tuple[Any, ...]) -> None:
        if event in {"open", "os.rename", "os.mkdir"} and self.root in str(args[0]):
            if event == "open" and not self._written(args):
                return
            self.writes += 1
            if self.writes == self.fails_at:
                self.failed = f"{event} {args[0]}"
                raise OSError(5, "Input/output error", self.failed)

    @staticmethod
    def _written(args: tuple[Any, ...]) -> bool:
        """To be written, or opened to be flushed to the disk (os.open has no mode)."""
        return args[1] is None or not str(args[1]).startswith("r")

    @contextmanager
    def watching(self, root: Path, *, fails_at: int) -> Iterator[None]:
        self.root, self.writes, self.fails_at, self.failed = str(root), 0, fails_at, ""
        try:
            yield
        finally:
            self.root = "\0"


@pytest.fixture(scope="module")
def disk() -> Disk:
    made = Disk()
    sys.addaudithook(made)  # for good; it looks at nothing outside a `watching` block
    return made


def test_whatever_write_fails_a_whole_release_is_current(tmp_path: Path, disk: Disk) -> None:
    before = make(tmp_path).name
    for failed, raised in _each_write(disk, tmp_path, lambda: small(tmp_path, calibrate=False)):
        now = _whole(tmp_path)
        if failed != f"open {tmp_path}":  # a flush, also after the pointer has moved
            assert (now == before) is raised, failed
        assert leftovers(tmp_path) in ([], [f".{CURRENT}-{os.getpid()}"])
        switch(tmp_path, before)


def test_every_file_is_written_where_it_can_fail(tmp_path: Path, disk: Disk) -> None:
    written = "\n".join(
        failed
        for failed, _ in _each_write(disk, tmp_path, lambda: small(tmp_path, calibrate=False))
    )
    for name in ("documents.jsonl", "folded.bin", "hashed.txt", "calibration.json", MANIFEST):
        assert name in written
    for event in ("os.mkdir", "os.rename"):
        assert event in written


def _each_write(disk: Disk, root: Path, work: Callable[[], object]) -> Iterator[tuple[str, bool]]:
    """Do the work again and again, failing one write later each time: which, and did it raise?"""
    for nth in range(1, 500):
        raised = False
        try:
            with disk.watching(root, fails_at=nth):
                work()
        except OSError:
            raised = True
        yield disk.failed, raised
        if not disk.failed:
            return
    pytest.fail("the work never ends well")


def test_folders_inside_a_release_are_flushed_too(tmp_path: Path, disk: Disk) -> None:
    flushed = [failed for failed, _ in _each_write(disk, tmp_path, lambda: make(tmp_path))]
    assert any(one.startswith("open") and one.endswith("/part") for one in flushed)


KILLED: Final = """
import sys
from pathlib import Path
from index.build import build
from tests.index.fake import Hashed
from tests.index.library import LIBRARY
root = Path(sys.argv[1])
for _ in range(1000):
    print(build(LIBRARY, root, encoder=Hashed.fit, calibrate=False).name, flush=True)
"""


def test_a_killed_build_leaves_a_whole_release_and_the_next_one_sweeps(tmp_path: Path) -> None:
    for number in range(2):
        builder = subprocess.Popen(  # noqa: S603 - our own program
            [sys.executable, "-c", KILLED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
        )
        assert builder.stdout is not None
        with builder.stdout as lines:
            lines.readline()
            drafts: list[str] = []
            while not drafts and builder.poll() is None:  # it is in the middle of the next one
                drafts = [name for name in leftovers(tmp_path) if name.startswith(".draft-")]
            builder.send_signal(signal.SIGKILL)
            builder.wait()
        assert _whole(tmp_path)
        assert len(releases(tmp_path)) > number
    left = [name for name in leftovers(tmp_path) if name.startswith(".draft-")]
    small(tmp_path, calibrate=False)
    assert not set(left) & set(leftovers(tmp_path))


GATED: Final = """
import sys, time
from pathlib import Path
from index.build import prepare
from tests.index.fake import Hashed
from tests.index.library import LIBRARY
root = Path(sys.argv[1])
print(prepare(LIBRARY, root, encoder=Hashed.fit, calibrate=False).name, flush=True)
time.sleep(60)  # the gate asks its questions
"""


def test_a_build_killed_before_the_switch_leaves_the_current_release(tmp_path: Path) -> None:
    good, now = (make(tmp_path, text=t, at=_minute(n)).name for n, t in enumerate("ab"))
    builder = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", GATED, str(tmp_path)], cwd=ROOT, stdout=subprocess.PIPE
    )
    assert builder.stdout is not None
    with builder.stdout as lines:
        left = lines.readline().decode().strip()
        builder.send_signal(signal.SIGKILL)
        builder.wait()
    assert (_whole(tmp_path), previous(tmp_path)) == (now, good)
    verify(tmp_path / left, read_manifest(tmp_path / left))  # whole, for who wants it
    switch(tmp_path, left)
    assert (_whole(tmp_path), previous(tmp_path)) == (left, now)


def build_and_switch_for_ever(root: Path) -> None:
    while True:
        small(root, calibrate=False)
        prune(root, keep=2)
        small(root, calibrate=False)
        switch(root, previous(root))


@pytest.mark.slow
def test_whatever_moment_it_is_killed_at_a_whole_release_is_current(tmp_path: Path) -> None:
    """Builds, removals and rollbacks, sixty times, anywhere in them."""
    small(tmp_path, calibrate=False)
    chance = random.Random(4)  # noqa: S311 - to spread the moments
    processes = multiprocessing.get_context("forkserver")
    processes.set_forkserver_preload([__name__])  # imports take longer than builds
    lives_s = 0.0
    for turn in range(60):
        working = processes.Process(target=build_and_switch_for_ever, args=(tmp_path,))
        begun = time.monotonic()
        working.start()
        if turn % 20 == 0:  # how long two switches take on this machine, as busy as it is
            switched = len(served.names(tmp_path))
            while len(served.names(tmp_path)) < switched + 2:
                time.sleep(0.001)
            lives_s = 2 * (time.monotonic() - begun)
        else:
            time.sleep(chance.uniform(0, lives_s))
        working.kill()
        working.join()
        assert _whole(tmp_path)
        for one in releases(tmp_path):  # no half of one, so there is a way back as well
            verify(tmp_path / one.name, one)
        assert load(locate(tmp_path), encoder=Hashed.load)("退休提取", TODAY).hits
    assert len(set(served.names(tmp_path))) > 10  # it did get somewhere
    small(tmp_path, calibrate=False)
    assert [name for name in leftovers(tmp_path) if name.startswith(".draft-")] == []


# Drafts


def test_drafts_of_processes_that_are_gone_are_removed(tmp_path: Path) -> None:
    gone = subprocess.run([sys.executable, "-S", "-c", "import os; print(os.getpid())"],
                          capture_output=True, check=True, text=True).stdout.strip()  # fmt: skip
    stale = [f".draft-{gone}-20261123101500000000", f".draft-{os.getpid()}-1"]
    living = [f".draft-{os.getppid()}-1", ".draft-1-20261123101500000000"]
    others = [".draft-notes", ".drafts", "draft-2-2"]
    for name in (*stale, *living, *others):
        (tmp_path / name / "inside").mkdir(parents=True)
    make(tmp_path)
    assert {name for name in (*stale, *living, *others) if (tmp_path / name).exists()} == {
        *living,
        *others,
    }


def test_drafts_are_no_releases(tmp_path: Path) -> None:
    made = make(tmp_path)
    shutil.copytree(tmp_path / made.name, tmp_path / f".draft-{os.getppid()}-1")
    assert [one.name for one in releases(tmp_path)] == [made.name]


def test_two_drafts_at_once_do_not_sweep_each_other(tmp_path: Path) -> None:
    with draft(tmp_path) as one, draft(tmp_path) as other:
        assert one.is_dir()
        assert other.is_dir()
    assert leftovers(tmp_path) == []


ELSEWHERE: Final = """
import os, sys
from pathlib import Path
from index.drafts import draft
os.getpid = lambda: int(sys.argv[2])  # as in another container, where numbers begin anew
with draft(Path(sys.argv[1])) as folder:
    print(folder.name, flush=True)
    sys.stdin.read()
"""


@pytest.mark.parametrize("number", [os.getpid(), 999_999_999], ids=["ours", "nobody's"])
def test_a_draft_in_another_container_stays_while_its_build_lives(
    tmp_path: Path, number: int
) -> None:
    builder = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", ELSEWHERE, str(tmp_path), str(number)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    )
    assert builder.stdout is not None
    with builder:
        name = builder.stdout.readline().decode().strip()
        make(tmp_path)
        assert (tmp_path / name).is_dir()
        builder.kill()
    make(tmp_path, text="other")
    assert not (tmp_path / name).exists()


# Readers while builds go on


def test_readers_see_the_old_release_or_the_new_one(tmp_path: Path) -> None:
    made = {small(tmp_path, calibrate=False).name}
    seen: set[str] = set()
    problems: list[BaseException] = []
    stop = threading.Event()

    def read() -> None:
        try:
            while not stop.is_set():
                folder = locate(tmp_path)
                found = load(folder, encoder=Hashed.load)("退休提取", TODAY)
                assert found.hits
                seen.add(found.release)
        except BaseException as error:  # noqa: BLE001 - to the test's own thread
            problems.append(error)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(8):
            made.add(small(tmp_path, calibrate=False).name)
    finally:
        stop.set()
        reader.join()
    assert problems == []
    assert seen <= made
    assert len(seen) > 1


def _minute(number: int) -> datetime:
    return MORNING + timedelta(minutes=number)


def _whole(root: Path) -> str:
    """Name of the current release, every file of it checked."""
    folder = locate(root)
    verify(folder, read_manifest(folder))
    return folder.name
