"""`backup`, `restore`, `db copy` and `db migrate`, as a maintainer runs them."""

from __future__ import annotations

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.store.sql import SqlStore
from bot.types import Address, Message
from index.release import current
from tests.cli.conftest import Run
from tests.postgres import PostgresServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = Address("telegram", "1001")


async def _ask(url: str) -> None:
    async with SqlStore.open(url) as store, store.begin() as work:
        message = Message(id="u1", address=ANN, sender="1001", text="?", at=NOON)
        await work.inbox.accept(message)


@pytest.fixture
def url(clean: Path) -> str:
    url = f"sqlite+aiosqlite:///{clean}/bot.sqlite"
    asyncio.run(_ask(url))
    return url


def test_an_installation_comes_back_and_serves_its_release(
    run: Run, clean: Path, url: str, releases: Path
) -> None:
    ours = clean / "releases"
    shutil.copytree(releases, ours)
    made = run("backup", "one.zip", database_url=url, releases=ours)
    assert made.exit_code == 0, made.output
    assert f"release {current(ours)}" in made.output
    looked = run("restore", "one.zip", "--check")
    assert "is whole: of 2" in looked.output
    new = {"database_url": f"sqlite+aiosqlite:///{clean}/new.sqlite", "releases": clean / "new"}
    back = run("restore", "one.zip", **new)
    assert back.exit_code == 0, back.output
    assert current(clean / "new") == current(ours)
    answer = run("ask", "失业保险金每个月发多少？", **new)
    assert "失业保险" in answer.output


def test_a_backup_has_a_name_of_its_own(run: Run, clean: Path, url: str) -> None:
    told = run("backup", database_url=url)
    (path,) = (clean / "data" / "backups").glob("mingbai-*.zip")
    assert told.output.startswith(f"data/backups/{path.name}: 1 rows, 0 files")
    assert "release none" in told.output


@pytest.mark.parametrize("content", [b"", b"no zip at all", None])
def test_what_is_no_backup_is_told(run: Run, clean: Path, content: bytes | None) -> None:
    if content is not None:
        (clean / "one.zip").write_bytes(content)
    told = run("restore", "one.zip")
    assert told.exit_code == 1
    assert "Traceback" not in told.output
    assert "one.zip" in told.output


def test_rows_are_copied_to_postgresql(run: Run, url: str, postgres: PostgresServer) -> None:
    new = postgres.url(postgres.empty())
    told = run("db", "copy", database_url=url, copy_to=new)
    assert told.exit_code == 0, told.output
    assert told.output.split()[:2] == ["message", "1"]
    assert "1 rows were copied and compared" in told.output
    again = run("db", "copy", database_url=url, copy_to=new)
    assert again.exit_code == 1
    assert "is not empty" in again.output


def test_a_database_is_migrated_without_serving(run: Run, clean: Path) -> None:
    url = f"sqlite+aiosqlite:///{clean}/new.sqlite"
    for _ in range(2):
        told = run("db", "migrate", database_url=url)
        assert told.exit_code == 0, told.output
    assert (clean / "new.sqlite").exists()
