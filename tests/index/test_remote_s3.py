"""Releases in a store that speaks S3: what a folder forgives, it does not."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Final

import pytest

from index.build import build, load
from index.errors import ReleaseBroken, ReleaseError, ReleaseMissing, ReleaseUnreachable
from index.live import Live
from index.release import CURRENT, MANIFEST, current, read_manifest
from index.remote import Remote
from index.vectors import one_thread
from knowledge.types import Document
from tests.index.fake import Hashed
from tests.index.library import FOREIGN, FUND, TODAY, UNEMPLOYMENT
from tests.index.s3 import S3

pytestmark = pytest.mark.slow

FUND_ASKED: Final = "退休可以提取账户余额吗"
UNEMPLOYMENT_ASKED: Final = "失业人员应当在几日内申领失业保险金"


def built(root: Path, *more: Document) -> str:
    return build([FUND, FOREIGN, *more], root, encoder=Hashed.fit, calibrate=False).name


@pytest.fixture
def s3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[S3]:
    """The server, with its keys in the environment."""
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        monkeypatch.delenv(name)
    server = S3()
    for name, value in server.settings(tmp_path).items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


@pytest.fixture
def ours(tmp_path: Path) -> Path:
    return tmp_path / "ours"


@pytest.fixture
def worker(tmp_path: Path) -> Path:
    return tmp_path / "worker"


@pytest.fixture
def serving(worker: Path, s3: S3) -> Iterator[Live]:
    live = Live(
        worker,
        lambda folder: load(folder, encoder=Hashed.load),
        thread_setup=one_thread,
        pull=Remote(s3.url).pull,
    )
    yield live
    live.close()


async def found(serving: Live, question: str, on: date = TODAY) -> Document:
    answer = await serving.search(question, on=on)
    assert answer is not None
    return answer.hits[0].document


async def test_a_worker_downloads_each_file_once_and_then_asks_for_the_pointer_only(
    s3: S3, ours: Path, serving: Live
) -> None:
    first = built(ours)
    assert Remote(s3.url).push(ours, first)
    files = {*read_manifest(ours / first).files, MANIFEST}
    assert s3.names() == {CURRENT, *(f"{first}/{file}" for file in files)}
    s3.door.asked.clear()
    assert await serving.refresh()
    assert await found(serving, FUND_ASKED) == FUND
    root = f"GET /{s3.bucket}/mingbai"
    assert sorted(s3.door.asked) == sorted(
        [f"{root}/{CURRENT}", *(f"{root}/{first}/{file}" for file in files)]
    )
    s3.door.asked.clear()
    assert not await serving.refresh()
    assert s3.door.asked == [f"{root}/{CURRENT}"]


async def test_a_running_worker_takes_what_is_pushed_next(
    s3: S3, ours: Path, serving: Live
) -> None:
    Remote(s3.url).push(ours, built(ours))
    await serving.refresh()
    second = built(ours, UNEMPLOYMENT)
    assert Remote(s3.url).push(ours, second)
    assert await serving.refresh()
    assert (serving.release, serving.problem) == (second, "")
    assert await found(serving, UNEMPLOYMENT_ASKED) == UNEMPLOYMENT


async def test_a_damaged_object_is_refused_named_and_not_downloaded_over_and_over(
    s3: S3, ours: Path, worker: Path, serving: Live, caplog: pytest.LogCaptureFixture
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    Remote(s3.url).push(ours, first)
    await serving.refresh()
    Remote(s3.url).push(ours, second)
    s3.damage(f"{second}/prior.npy")
    assert not await serving.refresh()
    said = f"release {second} is damaged: prior.npy is not as it was written; "
    assert serving.problem.startswith(said)
    assert [one for one in caplog.messages if one.startswith(said)] == [serving.problem]
    assert (serving.release, current(worker)) == (first, first)
    assert await found(serving, FUND_ASKED) == FUND
    s3.door.asked.clear()
    assert not await serving.refresh()
    assert s3.door.asked == [f"GET /{s3.bucket}/mingbai/{CURRENT}"]
    assert serving.problem.startswith(said)
    third = built(ours, UNEMPLOYMENT)
    Remote(s3.url).push(ours, third)
    assert await serving.refresh()
    assert (serving.release, serving.problem) == (third, "")


def test_a_bucket_that_is_not_there_is_said_and_not_made(s3: S3, ours: Path, worker: Path) -> None:
    misspelt = Remote("s3://twons/mingbai")
    with pytest.raises(ReleaseMissing, match="bucket does not exist"):
        misspelt.pull(worker)
    with pytest.raises(ReleaseUnreachable, match=r"bucket does not exist.*check the URL"):
        misspelt.push(ours, built(ours))
    assert "twons" not in s3.files.ls("")


async def test_of_two_pushes_at_once_one_wins_whole_and_the_other_is_told(
    s3: S3, ours: Path, serving: Live
) -> None:
    slow, quick = built(ours), built(ours, UNEMPLOYMENT)
    failed: list[ReleaseError] = []

    def push_slowly() -> None:
        try:
            Remote(s3.url).push(ours, slow)
        except ReleaseError as error:
            failed.append(error)

    pushing = threading.Thread(target=push_slowly)
    with s3.holding("/prior.npy") as waiting:
        pushing.start()
        assert waiting.wait(10)
        Remote(s3.url).push(ours, quick)
        assert await serving.refresh()
    pushing.join()
    said = (
        f"release {quick} was pushed to {s3.url} while {slow} was on its way, and stays;"
        f" if {slow} is to be served, push it again"
    )
    assert [str(error) for error in failed] == [said]
    assert not await serving.refresh()
    assert serving.release == quick
    # What it had uploaded is whole: nothing is uploaded when it is pushed again.
    assert not Remote(s3.url).push(ours, slow)
    assert await serving.refresh()
    assert serving.release == slow


async def test_while_the_store_is_away_the_old_release_serves_until_it_is_back(
    s3: S3, ours: Path, serving: Live
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    Remote(s3.url).push(ours, first)
    await serving.refresh()
    Remote(s3.url).push(ours, second)
    s3.stop()
    assert not await serving.refresh()
    assert serving.problem.startswith(f"{s3.url} cannot be used (EndpointConnectionError: ")
    assert await found(serving, FUND_ASKED) == FUND
    with pytest.raises(ReleaseUnreachable, match="whether the store is up"):
        Remote(s3.url).push(ours, first)
    s3.start()
    assert await serving.refresh()
    assert (serving.release, serving.problem) == (second, "")


async def test_keys_that_are_mended_are_taken_without_a_restart(
    s3: S3, ours: Path, tmp_path: Path, serving: Live, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = built(ours), built(ours, UNEMPLOYMENT)
    Remote(s3.url).push(ours, first)
    await serving.refresh()
    Remote(s3.url).push(ours, second)
    keys = tmp_path / "aws-credentials"
    form = "[default]\naws_access_key_id = {}\naws_secret_access_key = {}\n"
    away = f"{s3.url} cannot be used "
    with s3.asking_for_keys() as (key, secret):
        assert not await serving.refresh()
        assert serving.problem.startswith(f"{away}(PermissionError: The AWS Access Key Id you")
        for variable in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
            monkeypatch.delenv(variable)
        assert not await serving.refresh()
        assert serving.problem.startswith(f"{away}(NoCredentialsError: Unable to locate")
        keys.write_text(form.format(key, "geheim"), encoding="utf-8")
        assert not await serving.refresh()
        assert serving.problem.startswith(f"{away}(PermissionError: The request signature")
        assert "geheim" not in serving.problem
        assert serving.release == first
        keys.write_text(form.format(key, secret), encoding="utf-8")
        assert await serving.refresh()
    assert (serving.release, serving.problem) == (second, "")


def test_a_release_that_is_not_whole_in_the_store_is_refused(
    s3: S3, ours: Path, worker: Path
) -> None:
    name = built(ours)
    Remote(s3.url).push(ours, name)
    s3.files.rm_file(f"{s3.url}/{name}/prior.npy")
    with pytest.raises(ReleaseBroken, match=f"{s3.url}/{name} is not whole"):
        Remote(s3.url).pull(worker)
    assert not (worker / CURRENT).exists()
