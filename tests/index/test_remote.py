"""Releases that are pushed to a store and pulled by workers: whole, or not at all."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import live as live_module
from index import remote as remote_module
from index.build import build, load
from index.errors import ReleaseBroken, ReleaseError, ReleaseMissing, ReleaseUnreachable
from index.live import Live
from index.objects import Objects
from index.release import CURRENT, MANIFEST, current, switch
from index.remote import INCOMING, LEFT_S, Remote, make_current
from index.vectors import one_thread
from knowledge.types import Document
from tests.index.fake import Hashed
from tests.index.library import FOREIGN, FUND, TODAY, UNEMPLOYMENT

QUESTION = "退休可以提取账户余额吗"


def built(root: Path, *more: Document) -> str:
    return build([FUND, FOREIGN, *more], root, encoder=Hashed.fit, calibrate=False).name


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return tmp_path / "ours"


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    return tmp_path / "worker"


@pytest.fixture
def there(tmp_path: Path) -> Path:
    return tmp_path / "there"


@pytest.fixture
def remote(there: Path) -> Remote:
    return Remote(f"file://{there}/")


def names(root: Path) -> set[str]:
    return {path.name for path in root.iterdir() if not path.name.startswith(".")}


def test_what_is_pushed_is_pulled_once_and_served(
    ours: Path, worker: Path, remote: Remote
) -> None:
    name = built(ours)
    assert remote.push(ours, name)
    assert remote.pull(worker)
    assert current(worker) == name
    searcher = load(worker / name, encoder=Hashed.load)
    assert searcher(QUESTION, TODAY).hits[0].document == FUND
    assert not remote.pull(worker)
    assert not remote.push(ours, name)


def test_going_back_uploads_and_downloads_nothing(
    ours: Path, worker: Path, remote: Remote
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    for name in (first, second):
        remote.push(ours, name)
        remote.pull(worker)
    (worker / second / "prior.npy").touch()
    assert not remote.push(ours, first)
    assert remote.pull(worker)
    assert current(worker) == first


def test_nothing_there_is_said(worker: Path, remote: Remote) -> None:
    with pytest.raises(ReleaseMissing, match=r"there is no release at .*index push"):
        remote.pull(worker)


def _flip(folder: Path) -> None:
    path = folder / "prior.npy"
    path.write_bytes(path.read_bytes()[:-1] + b"\xff")


def _lose(folder: Path) -> None:
    (folder / "prior.npy").unlink()


def _lead_elsewhere(folder: Path) -> None:
    path = folder / MANIFEST
    told = json.loads(path.read_text(encoding="utf-8"))
    told["files"]["../escaped"] = told["files"].pop("prior.npy")
    path.write_text(json.dumps(told), encoding="utf-8")


@pytest.mark.parametrize("damage", [_flip, _lose, _lead_elsewhere])
def test_what_is_not_as_it_was_written_is_not_taken(
    ours: Path, worker: Path, there: Path, remote: Remote, damage: Callable[[Path], None]
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    remote.push(ours, first)
    remote.pull(worker)
    remote.push(ours, second)
    damage(there / second)
    with pytest.raises(ReleaseBroken):
        remote.pull(worker)
    assert current(worker) == first
    assert names(worker) == {first, CURRENT, "SERVED"}
    assert not (worker / "escaped").exists()
    assert [path.name for path in worker.glob(".incoming*")] == []


def test_a_damaged_release_is_not_downloaded_each_time_but_what_is_pushed_next_is(
    ours: Path, worker: Path, there: Path, remote: Remote
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    remote.push(ours, first)
    _flip(there / first)
    for _ in range(2):
        with pytest.raises(ReleaseBroken, match=f"^release {first} is damaged: prior.npy is not"):
            remote.pull(worker)
        (there / first / "prior.npy").unlink(missing_ok=True)  # to look again would tell of this
    remote.push(ours, second)
    assert remote.pull(worker)
    assert current(worker) == second


def test_a_damaged_release_is_looked_at_again_some_time(
    ours: Path, worker: Path, there: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remote_module, "REFUSED_S", 0.0)
    name = built(ours)
    remote.push(ours, name)
    whole = (there / name / "prior.npy").read_bytes()
    _flip(there / name)
    with pytest.raises(ReleaseBroken):
        remote.pull(worker)
    (there / name / "prior.npy").write_bytes(whole)
    assert remote.pull(worker)


def test_a_manifest_that_was_cut_short_is_no_release(
    ours: Path, worker: Path, there: Path, remote: Remote
) -> None:
    """A folder has it so after a push that was killed, where nobody else would upload it again."""
    name = built(ours)
    (there / name).mkdir(parents=True)
    (there / name / MANIFEST).write_bytes((ours / name / MANIFEST).read_bytes()[:100])
    assert remote.push(ours, name)
    assert remote.pull(worker)


def test_the_pointer_is_replaced_whole(ours: Path, there: Path, remote: Remote) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    remote.push(ours, first)
    (there / "before").hardlink_to(there / CURRENT)
    remote.push(ours, second)
    assert (there / "before").read_text(encoding="utf-8") == first
    assert names(there) == {first, second, CURRENT, "before"}


def test_a_slow_push_does_not_undo_a_newer_one(
    ours: Path, there: Path, remote: Remote, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow, quick = built(ours), built(ours, UNEMPLOYMENT)
    send = Objects.send

    def send_slowly(self: Objects, file: Path, path: str) -> None:
        if path == f"{slow}/{MANIFEST}":
            Remote(f"file://{there}").push(ours, quick)
        send(self, file, path)

    monkeypatch.setattr(Objects, "send", send_slowly)
    switch(ours, quick)
    with pytest.raises(ReleaseError, match=f"release {quick} was pushed .* and stays"):
        make_current(f"file://{there}", ours, slow)
    assert (remote.current(), current(ours)) == (quick, quick)
    assert not remote.push(ours, slow)
    assert remote.current() == slow


def test_what_a_killed_worker_was_downloading_is_removed(
    ours: Path, worker: Path, remote: Remote
) -> None:
    worker.mkdir()
    old, new = worker / f"{INCOMING}old", worker / f"{INCOMING}new"
    for left in (old, new):
        left.mkdir()
    os.utime(old, (0, time.time() - LEFT_S - 60))
    remote.push(ours, built(ours))
    remote.pull(worker)
    assert (old.exists(), new.exists()) == (False, True)


def test_a_password_in_the_url_is_not_shown() -> None:
    with pytest.raises(ReleaseUnreachable, match=r"ftp://127\.0\.0\.1:9/releases ") as failed:
        Remote("ftp://mingbai:geheim@127.0.0.1:9/releases").current()
    assert "geheim" not in str(failed.value)


def test_a_pointer_that_leads_elsewhere_is_refused(
    worker: Path, there: Path, remote: Remote
) -> None:
    there.mkdir()
    (there / CURRENT).write_text("../ours", encoding="utf-8")
    with pytest.raises(ReleaseMissing, match="names no release"):
        remote.pull(worker)


def test_a_store_that_is_away_changes_nothing(ours: Path, there: Path) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    switch(ours, first)
    there.write_text("a file where the folder should be", encoding="utf-8")
    with pytest.raises(ReleaseUnreachable, match=r"cannot be used .*check the URL"):
        make_current(f"file://{there}", ours, second)
    assert current(ours) == first


def test_a_url_that_nothing_opens_is_said() -> None:
    with pytest.raises(ReleaseError, match="RELEASES_URL cannot be opened"):
        Remote("nonsense://bucket/releases")


@pytest.fixture
def serve(worker: Path) -> Iterator[Callable[..., Live]]:
    made: list[Live] = []

    def serve(pull: Callable[[Path], object]) -> Live:
        made.append(
            Live(
                worker,
                lambda folder: load(folder, encoder=Hashed.load),
                thread_setup=one_thread,
                pull=pull,
            )
        )
        return made[-1]

    yield serve
    for one in made:
        one.close()


async def test_a_worker_follows_what_is_pushed(
    ours: Path, remote: Remote, serve: Callable[..., Live]
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    remote.push(ours, first)
    worker = serve(remote.pull)
    assert await worker.refresh()
    assert (worker.release, worker.problem) == (first, "")
    remote.push(ours, second)
    assert await worker.refresh()
    assert worker.release == second


async def test_while_the_store_is_away_what_is_here_is_served_and_it_is_said(
    ours: Path, worker: Path, remote: Remote, serve: Callable[..., Live]
) -> None:
    name = built(ours)
    remote.push(ours, name)
    remote.pull(worker)

    def away(_root: Path) -> bool:
        raise ReleaseUnreachable("the store is away")

    served = serve(away)
    assert await served.refresh()
    assert (served.release, served.problem) == (name, "the store is away")
    assert not await served.refresh()
    assert served.problem == "the store is away"


async def test_a_worker_without_a_release_says_what_the_store_said(
    serve: Callable[..., Live],
) -> None:
    """To build one here, as it says where there is no store, would not help."""

    def refused(_root: Path) -> bool:
        raise ReleaseUnreachable("the access key is not known")

    served = serve(refused)
    assert not await served.refresh()
    assert served.problem == "the access key is not known"


async def test_a_download_that_takes_long_ends_once_and_keeps_nobody_waiting(
    ours: Path,
    worker: Path,
    remote: Remote,
    serve: Callable[..., Live],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    remote.push(ours, first)
    remote.pull(worker)
    remote.push(ours, second)
    go_on, begun = threading.Event(), 0

    def slow(root: Path) -> bool:
        nonlocal begun
        begun += 1
        go_on.wait(10)
        return remote.pull(root)

    monkeypatch.setattr(live_module, "PULL_S", 0.05)
    served = serve(slow)
    await served.refresh()
    assert (served.release, served.problem) == (
        first,
        "the newest release is still being looked for or downloaded",
    )
    await served.refresh()
    assert begun == 1
    go_on.set()
    for _ in range(500):
        if await served.refresh():
            break
        await asyncio.sleep(0.02)
    assert (served.release, served.problem) == (second, "")
