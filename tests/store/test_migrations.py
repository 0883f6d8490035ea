"""From every earlier revision the tables come to those of this program, and no row is lost."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Table, func, inspect, select, table
from sqlalchemy.ext.asyncio import create_async_engine

from bot.desk.audit import verify
from bot.desk.tickets import Draft, State
from bot.store.base import Sought
from bot.store.columns import Said
from bot.store.dialect import parse
from bot.store.migrate import SCRIPTS
from bot.store.sql import SqlStore, prepare
from bot.store.tables import metadata
from bot.types import Address, Reason
from knowledge.types import Lang
from tests.postgres import PostgresServer

NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS: Final = Path(__file__).parents[1] / "data" / "store" / "rows.sql"
CONFIG: Final = Config()
CONFIG.set_main_option("script_location", SCRIPTS)
REVISIONS: Final = sorted(
    one.revision for one in ScriptDirectory.from_config(CONFIG).walk_revisions()
)


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Of a database with nothing in it."""
    if request.param == "sqlite":
        yield f"sqlite+aiosqlite:///{tmp_path}/store.sqlite"
        return
    server: PostgresServer = request.getfixturevalue("postgres")
    name = server.empty()
    yield server.url(name)
    server.remove(name)


async def run(url: str, look: Callable[[Connection], Any]) -> Any:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        found = await connection.run_sync(look)
    await engine.dispose()
    return found


def statements(revision: str, backend: str) -> Iterator[str]:
    """What fills the tables of a revision."""
    noon = {"sqlite": "'2026-03-02 12:00:00.000000'", "postgresql": "'2026-03-02 12:00:00+00'"}
    _, *parts = re.split(r"^-- (r\d+) to (\w+)\n", ROWS.read_text("utf-8"), flags=re.MULTILINE)
    for first, last, rows in zip(parts[::3], parts[1::3], parts[2::3], strict=True):
        if first <= revision and (last == "head" or revision <= last):
            yield from rows.replace("NOON", noon[backend]).strip().splitlines()


def filling(revision: str) -> Callable[[Connection], None]:
    def fill(connection: Connection) -> None:
        for statement in statements(revision, connection.dialect.name):
            connection.exec_driver_sql(statement)

    return fill


def counts(connection: Connection) -> Counter[str]:
    """How many rows each table has; the history of tickets became the audit log."""
    names = set(inspect(connection).get_table_names()) - {"alembic_version"}
    found = Counter(
        {
            name.replace("ticket_event", "audit"): connection.scalar(
                select(func.count()).select_from(table(name))
            )
            for name in names
        }
    )
    return +found


def everything(connection: Connection) -> Sequence[Any]:
    """Every row, read by this program's own types."""
    return [row for one in metadata.sorted_tables for row in connection.execute(select(one))]


async def test_the_migrations_lead_to_the_tables(url: str) -> None:
    async with SqlStore.open(url):
        pass

    def differences(connection: Connection) -> list[Any]:
        options = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=options)
        found: list[Any] = compare_metadata(context, metadata)
        return found

    assert await run(url, differences) == []


@pytest.mark.parametrize("revision", REVISIONS)
async def test_no_row_of_an_earlier_revision_is_lost(url: str, revision: str) -> None:
    await prepare(parse(url), to=revision)
    await run(url, filling(revision))
    before = await run(url, counts)
    async with SqlStore.open(url) as store:
        assert await run(url, counts) == before
        assert len(await run(url, everything)) == before.total()
        async with store.begin() as work:
            [unfinished] = await work.inbox.unfinished()
            assert unfinished.message.text == "无人机要在哪里登记？"
            held = await work.people.held(Address("telegram", "1001"), "1001")
            assert [past.message.at for past in held.messages] == [NOON]
            found = await work.tickets.find(Sought(states=frozenset(State)))
            assert [one.state for one in found] == [State.OPEN, State.ARCHIVED]
            assert [one.evidence.text for one in found] == ["《养犬管理条例》第九条", ""]
            assert {one.opened for one in found} == {NOON}
            assert [queued.attempts for queued in await work.outbox.due(at=NOON)] == [1]
            lines = await work.audit.lines()
            assert [line.event.who for line in lines] == ["citizen", "telegram:8"]
            assert verify(lines).problems == ()
            draft = Draft(
                message_id="u3",
                asked_from=Address("telegram", "1001"),
                question="?",
                language=Lang.EN,
                reason=Reason.UNSURE,
                opened=NOON,
            )
            assert (await work.tickets.open(draft)).id == 3


async def test_a_revision_that_is_there_is_migrated_once(url: str) -> None:
    """Several workers start at the same moment on a new database."""

    async def start() -> None:
        async with SqlStore.open(url) as store, store.read() as work:
            assert await work.audit.newest() == 0

    await asyncio.gather(*(start() for _ in range(4)))


@pytest.mark.parametrize("one", metadata.sorted_tables, ids=lambda one: str(one.name))
def test_every_text_that_people_may_have_written_is_stored_as_such(one: Table) -> None:
    plain = [
        str(column)
        for column in one.columns
        if column.type.__class__.__name__ in {"String", "Text"}
    ]
    assert plain == [], f"{Said.__name__} takes any text; PostgreSQL takes no NUL"
