"""A backup made while the bot serves brings all of it back, or says what is wrong with it."""

from __future__ import annotations

import asyncio
import json
import stat
import zipfile
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.backup.archive import MANIFEST
from bot.backup.making import Files, make
from bot.backup.restoring import Places, look, restore
from bot.errors import BackupError, StoreError
from bot.store.sql import SqlStore
from bot.types import Address, Message, Outcome, Result
from knowledge.types import Lang
from tests.postgres import PostgresServer

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ANN = Address("telegram", "1001")


def sqlite(folder: Path, name: str) -> str:
    return f"sqlite+aiosqlite:///{folder}/{name}.sqlite"


async def ask(url: str, *names: str) -> None:
    async with SqlStore.open(url) as store:
        for name in names:
            async with store.begin() as work:
                message = Message(id=name, address=ANN, sender="1001", text=f"问 {name}", at=NOON)
                accepted = await work.inbox.accept(message)
                assert accepted is not None
                outcome = Outcome(result=Result.SMALL_TALK, language=Lang.ZH_HANS)
                await work.inbox.finish(accepted.id, outcome, at=NOON)


async def asked(url: str) -> list[str]:
    async with SqlStore.open(url) as store, store.begin() as work:
        held = await work.people.held(ANN, "1001")
    return [one.message.id for one in held.messages]


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    folder = tmp_path / "sources"
    (folder / "财政").mkdir(parents=True)
    (folder / "财政" / "办法.md").write_text("# 办法\n", encoding="utf-8")
    return folder


@pytest.fixture
async def archive(tmp_path: Path, sources: Path) -> Path:
    url = sqlite(tmp_path, "bot")
    await ask(url, "a", "b")
    glossary = tmp_path / "glossary.toml"
    glossary.write_text("# ours\n", encoding="utf-8")
    path = tmp_path / "kept" / "one.zip"
    await make(url, path, files=Files(sources=(sources,), glossary=glossary), at=NOON)
    return path


def words(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def content(path: Path) -> bytes:
    return path.read_bytes()


def put(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def named(folder: Path, pattern: str) -> list[str]:
    return [path.name for path in folder.rglob(pattern)]


def places(folder: Path) -> Places:
    return Places(
        releases=folder / "releases", others=folder / "restored", sources=(folder / "new",)
    )


async def test_rows_and_files_come_back(archive: Path, tmp_path: Path) -> None:
    done = await restore(archive, sqlite(tmp_path, "other"), places(tmp_path))
    assert await asked(sqlite(tmp_path, "other")) == ["a", "b"]
    assert words(tmp_path / "new" / "财政" / "办法.md") == "# 办法\n"
    assert words(tmp_path / "restored" / "glossary.toml") == "# ours\n"
    assert (done.rows, len(done.written), done.kept) == (2, 2, ())
    assert named(tmp_path, "*.part") == []


async def test_a_backup_of_one_database_comes_back_in_another(
    archive: Path, tmp_path: Path, postgres: PostgresServer
) -> None:
    url = postgres.url(postgres.empty())
    await restore(archive, url, places(tmp_path))
    assert await asked(url) == ["a", "b"]
    again = tmp_path / "again.zip"
    manifest = await make(url, again, files=Files(), at=NOON)
    assert [one.sha256 for one in manifest.tables] == [one.sha256 for one in look(archive).tables]


async def test_it_is_made_while_others_write(tmp_path: Path) -> None:
    """All that was committed before is in it, in order, and nothing half."""
    url = sqlite(tmp_path, "bot")
    names = [f"{number:03}" for number in range(60)]
    await ask(url, *names[:20])
    writing = asyncio.create_task(ask(url, *names[20:]))
    for turn in range(3):
        path = tmp_path / f"{turn}.zip"
        await make(url, path, files=Files(), at=NOON)
        await restore(path, sqlite(tmp_path, f"other{turn}"), places(tmp_path))
        found = await asked(sqlite(tmp_path, f"other{turn}"))
        assert found == names[: len(found)]
        assert len(found) >= 20
    await writing


def test_only_the_owner_may_read_it(archive: Path) -> None:
    assert stat.S_IMODE(archive.stat().st_mode) == 0o600


async def test_a_file_that_is_there_is_not_written_over(archive: Path, tmp_path: Path) -> None:
    before = content(archive)
    with pytest.raises(BackupError, match="is there already; name another file"):
        await make(sqlite(tmp_path, "bot"), archive, files=Files(), at=NOON)
    assert content(archive) == before


async def test_sources_that_are_gone_make_no_backup(tmp_path: Path) -> None:
    path = tmp_path / "one.zip"
    files = Files(sources=(tmp_path / "nowhere",))
    with pytest.raises(BackupError, match="nowhere is not there; mend SOURCES"):
        await make(sqlite(tmp_path, "bot"), path, files=files, at=NOON)
    assert named(tmp_path, "one.zip*") == []


async def test_a_database_with_rows_takes_none(archive: Path, tmp_path: Path) -> None:
    url = sqlite(tmp_path, "bot")
    with pytest.raises(StoreError, match="is not empty"):
        await restore(archive, url, places(tmp_path))
    assert await asked(url) == ["a", "b"]
    assert named(tmp_path, "new") == []


async def test_files_that_are_there_stay(archive: Path, tmp_path: Path) -> None:
    theirs = tmp_path / "new" / "财政" / "办法.md"
    put(theirs, b"# newer\n")
    done = await restore(archive, sqlite(tmp_path, "other"), places(tmp_path))
    assert done.kept == (theirs,)
    assert words(theirs) == "# newer\n"


def changed(archive: Path, change: Callable[[dict[str, bytes]], None]) -> None:
    with zipfile.ZipFile(archive) as file:
        content = {name: file.read(name) for name in file.namelist()}
    change(content)
    with zipfile.ZipFile(archive, "w") as file:
        for name, text in content.items():
            file.writestr(name, text)


def _lead_elsewhere(content: dict[str, bytes]) -> None:
    told = json.loads(content[MANIFEST])
    name = told["files"][0]["name"]
    told["files"][0]["name"] = "files/sources/0/../../../../escaped"
    content["files/sources/0/../../../../escaped"] = content.pop(name)
    content[MANIFEST] = json.dumps(told).encode()


def _other_words(content: dict[str, bytes]) -> None:
    content["tables/message.jsonl"] = content["tables/message.jsonl"].replace(b"1001", b"1002")


def _no_list(content: dict[str, bytes]) -> None:
    del content[MANIFEST]


def _later(content: dict[str, bytes]) -> None:
    told = json.loads(content[MANIFEST])
    content[MANIFEST] = json.dumps(told | {"format": 99}).encode()


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (_lead_elsewhere, "leads elsewhere"),
        (_other_words, "tables/message.jsonl is not as it was written"),
        (_no_list, "no manifest.json in it"),
        (_later, "format 99 is not known here"),
    ],
)
async def test_what_is_not_as_it_was_written_restores_nothing(
    archive: Path, tmp_path: Path, change: Callable[[dict[str, bytes]], None], problem: str
) -> None:
    changed(archive, change)
    with pytest.raises(BackupError, match=problem):
        await restore(archive, sqlite(tmp_path, "other"), places(tmp_path))
    assert named(tmp_path, "other.sqlite") == named(tmp_path, "new") == []


@pytest.mark.parametrize("part", [0.1, 0.5, 0.9, 0.999])
async def test_half_a_file_is_told(archive: Path, tmp_path: Path, part: float) -> None:
    whole = content(archive)
    put(archive, whole[: int(len(whole) * part)])
    with pytest.raises(BackupError, match="damaged; nothing was restored"):
        await restore(archive, sqlite(tmp_path, "other"), places(tmp_path))


async def test_whatever_bit_is_flipped_nothing_else_is_restored(archive: Path) -> None:
    """Some are in what no reader looks at: then all is as it was written."""
    whole, manifest = content(archive), look(archive)
    refused = 0
    for place in range(0, len(whole), len(whole) // 60):
        spoilt = bytearray(whole)
        spoilt[place] ^= 1
        put(archive, bytes(spoilt))
        try:
            assert look(archive) == manifest, place
        except BackupError:
            refused += 1
    assert refused > 30


async def test_a_backup_of_a_newer_program_is_refused(archive: Path, tmp_path: Path) -> None:
    def newer(content: dict[str, bytes]) -> None:
        told = json.loads(content[MANIFEST])
        content[MANIFEST] = json.dumps(told | {"revision": "r9999"}).encode()

    changed(archive, newer)
    with pytest.raises(StoreError, match="r9999"):
        await restore(archive, sqlite(tmp_path, "other"), places(tmp_path))
    assert named(tmp_path, "new") == []
