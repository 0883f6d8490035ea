"""Releases that are pushed to a store and pulled by workers: whole, or not at all."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import live as live_module
from index.build import build, load
from index.errors import ReleaseBroken, ReleaseError, ReleaseMissing, ReleaseUnreachable
from index.live import Live
from index.release import CURRENT, MANIFEST, current, switch
from index.remote import Remote, make_current
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
        "the newest release is still being downloaded",
    )
    await served.refresh()
    assert begun == 1
    go_on.set()
    for _ in range(500):
        if await served.refresh():
            break
        await asyncio.sleep(0.02)
    assert (served.release, served.problem) == (second, "")
