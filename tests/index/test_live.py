"""The release that is served, while others come, go and break."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import date
from pathlib import Path

import pytest

from index.build import build, load
from index.errors import ReleaseBroken, ReleaseMismatch
from index.live import Live, Searcher
from index.release import CURRENT, MANIFEST, current, switch
from index.types import Found, Hit
from index.vectors import one_thread
from tests.index.fake import Hashed
from tests.index.library import FOREIGN, FUND, TODAY, UNEMPLOYMENT

QUESTION = "退休可以提取账户余额吗"


def opened(folder: Path) -> Searcher:
    return load(folder, encoder=Hashed.load)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Callable[..., Live]]:
    made: list[Live] = []

    def serve(load: Callable[[Path], Searcher] = opened) -> Live:
        made.append(Live(tmp_path, load, thread_setup=one_thread))
        return made[-1]

    yield serve
    for one in made:
        one.close()


def release(root: Path) -> str:
    return build([FUND, FOREIGN], root, encoder=Hashed.fit, calibrate=False).name


def damage(root: Path, name: str) -> None:
    (root / name / "prior.npy").unlink()


async def served(live: Live) -> str:
    found = await live.search(QUESTION, on=TODAY)
    assert found is not None
    assert found.hits[0].document == FUND
    return found.release


async def test_after_a_start_the_last_good_release_is_served(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    good, other, broken = (release(tmp_path) for _ in range(3))
    damage(tmp_path, broken)
    damage(tmp_path, other)
    live = serve()
    assert await live.refresh() is True
    assert await served(live) == good
    assert broken in live.problem
    assert live.problem.endswith(f"; {good} is served in its place")
    assert await live.refresh() is False  # neither is tried again
    newest = release(tmp_path)
    assert await live.refresh() is True
    assert (await served(live), live.problem) == (newest, "")


async def test_after_a_start_without_any_good_release_nothing_is_served(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    for name in (release(tmp_path), release(tmp_path)):
        damage(tmp_path, name)
    live = serve()
    assert await live.refresh() is False
    assert live.release == ""
    assert live.problem


async def test_a_damaged_release_is_tried_again_once_it_was_mended(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    name = release(tmp_path)
    part = tmp_path / name / "prior.npy"
    content = part.read_bytes()
    part.unlink()
    live = serve()
    assert [await live.refresh() for _ in range(2)] == [False, False]
    assert "prior.npy" in live.problem
    part.write_bytes(content)
    assert await live.refresh() is True
    assert (await served(live), live.problem) == (name, "")


async def test_a_question_waits_for_the_first_release(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slowly(folder: Path) -> Searcher:
        begun.set()
        go_on.wait()
        return opened(folder)

    name = release(tmp_path)
    live = serve(slowly)
    loading = asyncio.create_task(live.refresh())
    await asyncio.to_thread(begun.wait)
    asked = asyncio.create_task(served(live))
    done, _ = await asyncio.wait([asked], timeout=0.05)
    assert not done
    go_on.set()
    assert await asked == name
    assert await loading is True


async def test_none_at_first_then_one_appears(tmp_path: Path, serve: Callable[..., Live]) -> None:
    live = serve()
    assert await live.refresh() is False
    assert await live.search(QUESTION, on=TODAY) is None
    assert live.release == ""
    assert "there is no release in" in live.problem
    name = release(tmp_path)
    assert await live.refresh() is True
    assert await served(live) == live.release == name
    assert live.problem == ""


async def test_a_release_is_loaded_once(tmp_path: Path, serve: Callable[..., Live]) -> None:
    loads: list[Path] = []

    def counting(folder: Path) -> Searcher:
        loads.append(folder)
        return opened(folder)

    live = serve(counting)
    release(tmp_path)
    assert [await live.refresh() for _ in range(3)] == [True, False, False]
    assert len(loads) == 1


async def test_a_new_release_is_swapped_in_while_questions_run(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    live = serve()
    names = [release(tmp_path)]
    await live.refresh()
    seen: list[str] = []
    stop = asyncio.Event()

    async def ask() -> None:
        while not stop.is_set():
            seen.append(await served(live))

    asking = [asyncio.create_task(ask()) for _ in range(4)]
    for _ in range(3):
        names.append(await asyncio.to_thread(release, tmp_path))
        assert await live.refresh() is True
        count = len(seen)
        while len(seen) < count + 8:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.001)
    stop.set()
    await asyncio.gather(*asking)
    assert list(dict.fromkeys(seen)) == names  # in this order, each whole


async def test_a_question_that_has_begun_keeps_its_release(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    begun, go_on = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()

    class Slow:
        def __init__(self, folder: Path) -> None:
            self.name = folder.name

        def __call__(self, _question: str, _on: date) -> Found:
            loop.call_soon_threadsafe(begun.set)
            asyncio.run_coroutine_threadsafe(go_on.wait(), loop).result(10)
            return Found(hits=(), release=self.name)

        def passage(self, _passage_id: str, _on: date) -> Hit | None:
            raise AssertionError

    live = serve(Slow)
    first = release(tmp_path)
    await live.refresh()
    asked = asyncio.create_task(live.search(QUESTION, on=TODAY))
    await begun.wait()
    second = release(tmp_path)
    assert await live.refresh() is True
    assert live.release == second
    go_on.set()
    found = await asked
    assert found is not None
    assert found.release == first


async def test_a_passage_is_found_again_by_its_id(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    live = serve()
    assert await live.passage(f"{FUND.id}#1", on=TODAY) is None  # nothing is loaded
    release(tmp_path)
    await live.refresh()
    found = await live.search(QUESTION, on=TODAY)
    assert found is not None
    again = await live.passage(found.hits[0].passage.id, on=TODAY)
    assert again is not None
    assert (again.passage, again.document) == (found.hits[0].passage, FUND)


async def test_a_broken_release_is_refused_and_said_once(
    tmp_path: Path, serve: Callable[..., Live], caplog: pytest.LogCaptureFixture
) -> None:
    live = serve()
    good = release(tmp_path)
    await live.refresh()
    bad = release(tmp_path)
    damage(tmp_path, bad)
    with caplog.at_level(logging.ERROR, "index.live"):
        assert [await live.refresh() for _ in range(3)] == [False, False, False]
    assert await served(live) == live.release == good
    assert live.problem.startswith(f"release {bad} is damaged: prior.npy cannot be read")
    assert [one.message for one in caplog.records if one.name == "index.live"] == [live.problem]
    newest = release(tmp_path)
    assert await live.refresh() is True
    assert (live.release, live.problem) == (newest, "")


async def test_after_a_rollback_nothing_is_wrong_any_more(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    live = serve()
    good = release(tmp_path)
    await live.refresh()
    bad = release(tmp_path)
    damage(tmp_path, bad)
    await live.refresh()
    switch(tmp_path, good)
    assert await live.refresh() is False  # it is the one that is served
    assert live.problem == ""
    switch(tmp_path, bad)  # again, perhaps mended meanwhile: it is looked at again
    await live.refresh()
    assert bad in live.problem


async def test_a_good_release_that_comes_while_a_bad_one_is_refused_is_loaded(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    newest: list[str] = []

    def load_and_be_overtaken(folder: Path) -> Searcher:
        if not newest:
            newest.append(release(tmp_path))
            raise ReleaseBroken(folder, "half copied")
        return opened(folder)

    live = serve(load_and_be_overtaken)
    release(tmp_path)
    assert await live.refresh() is True
    assert [live.release] == newest == [current(tmp_path)]
    assert await live.refresh() is False
    assert live.problem == ""


async def test_a_release_of_another_encoder_is_refused(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    live = serve(lambda folder: load(folder, encoder=Hashed.load, expect="builtin"))
    release(tmp_path)
    assert await live.refresh() is False
    assert "set ENCODER=hashed" in live.problem
    assert live.release == ""


async def test_a_pointer_to_nothing_keeps_what_is_served(
    tmp_path: Path, serve: Callable[..., Live]
) -> None:
    live = serve()
    good = release(tmp_path)
    await live.refresh()
    (tmp_path / CURRENT).write_text("20990101-000000-00000000", encoding="utf-8")
    assert await live.refresh() is False
    assert f"it has no {MANIFEST}" in live.problem
    assert await served(live) == good
    (tmp_path / CURRENT).unlink()
    assert await live.refresh() is False
    assert "there is no release" in live.problem
    switch(tmp_path, good)
    await live.refresh()
    assert live.problem == ""


@pytest.mark.parametrize("error", [OSError(5, "Input/output error"), RuntimeError("faiss")])
async def test_any_failure_while_loading_leaves_the_watch_alive(
    tmp_path: Path,
    serve: Callable[..., Live],
    caplog: pytest.LogCaptureFixture,
    error: Exception,
) -> None:
    failing = True

    def load_or_fail(folder: Path) -> Searcher:
        if failing:
            raise error
        return opened(folder)

    live = serve(load_or_fail)
    name = release(tmp_path)
    watching = asyncio.create_task(live.watch(every_s=0.01))
    async with asyncio.timeout(10):
        while not live.problem:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
        assert str(error) in live.problem
        await asyncio.sleep(0.05)  # it goes on trying, and says so once
        failing = False
        while not live.release:  # noqa: ASYNC110 - nothing tells of it
            await asyncio.sleep(0.01)
    assert (live.release, live.problem) == (name, "")
    said = [one for one in caplog.records if one.name == "index.live" and one.levelname == "ERROR"]
    assert len(said) == 1
    watching.cancel()
    with suppress(asyncio.CancelledError):
        await watching


async def test_a_served_release_may_be_pruned(tmp_path: Path, serve: Callable[..., Live]) -> None:
    """A bot that refuses the newest release, say for its encoder, goes on with an old one."""
    live = serve()
    old = build([UNEMPLOYMENT, FUND], tmp_path, encoder=Hashed.fit, calibrate=False).name
    await live.refresh()
    for path in sorted((tmp_path / old).rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    assert await served(live) == old


def test_a_mismatch_tells_which_field() -> None:
    error = ReleaseMismatch("encoder", expected="a", found="b", mend="mend")
    assert error.field == "encoder"
