"""deploy/postgres/roles.sql: the role of the bot can do all that the bot does, and no more."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import asyncpg
import pytest
import pytest_asyncio

from bot.accounts.tries import Tries
from bot.desk.audit import ERASED, verify
from bot.desk.moves import Move, apply
from bot.desk.tickets import Agent, Draft, Event, Ticket
from bot.errors import StoreError
from bot.push.runs import Run
from bot.store.base import Conversation, DataClass, Store
from bot.store.pushed import Item, PushDraft
from bot.store.sql import SqlStore
from bot.subscriptions import Follows, Wish
from bot.types import Address, Delivery, Message, Outcome, Reason, Result, Span
from knowledge.types import Lang
from tests.postgres import PostgresServer

ROLES: Final = Path(__file__).parents[2] / "deploy" / "postgres" / "roles.sql"
NOON: Final = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
LATER: Final = NOON + timedelta(days=1)
ANN: Final = Address("web", "ann")
WANG: Final = Agent("telegram:1", "王芳")


@contextmanager
def roles_in(postgres: PostgresServer, name: str) -> Iterator[None]:
    """They belong to the server, not to the database: afterwards they are gone."""
    postgres.script(name, ROLES)
    postgres.script(name, ROLES)  # a second time does no harm
    yield
    postgres.sql(
        name,
        "DROP OWNED BY mingbai_app, mingbai_owner CASCADE",
        "DROP ROLE mingbai_app",
        "DROP ROLE mingbai_owner",
    )


@pytest.fixture
def database(postgres: PostgresServer, postgres_database: str) -> Iterator[str]:
    with roles_in(postgres, postgres_database):
        yield postgres_database


@pytest.fixture
def url(postgres: PostgresServer, database: str) -> str:
    return postgres.url(database, role="mingbai_app")


@pytest_asyncio.fixture
async def store(url: str) -> AsyncIterator[Store]:
    async with SqlStore.open(url) as opened:
        yield opened


async def closed_ticket(store: Store) -> Ticket:
    draft = Draft(
        message_id="m1",
        asked_from=ANN,
        question="养狗要办什么证？",
        language=Lang.ZH_HANS,
        reason=Reason.UNSURE,
        opened=NOON,
    )
    async with store.begin() as work:
        ticket = await work.tickets.open(draft)
        await work.audit.note(
            Event(ticket_id=ticket.id, at=NOON, who=WANG.id, what="noted", text="住址：海滨路1号")
        )
        return await work.tickets.save(apply(ticket, Move.CLOSE, by=WANG, at=NOON))


async def test_the_bot_does_all_its_work(store: Store) -> None:
    ticket = await closed_ticket(store)
    hello = Delivery(to=ANN, body=(Span("您好"),), ticket_id=ticket.id)
    async with store.begin() as work:
        accepted = await work.inbox.accept(
            Message(id="m1", address=ANN, sender="ann", text="?", at=NOON)
        )
        assert accepted is not None
        outcome = Outcome(result=Result.SMALL_TALK, language=Lang.EN)
        await work.inbox.finish(accepted.id, outcome, at=NOON)
        await work.conversations.save(Conversation(address=ANN, seen=NOON))
        queued = await work.outbox.enqueue(hello, at=NOON)
        await work.outbox.sent(queued, platform_id="1", at=NOON)
        tries = await work.entries(Tries).add(Tries(subject="a", last=NOON))
        await work.entries(Tries).remove(tries.id)
        wish = Wish(
            address=ANN,
            follows=Follows.DOCUMENT,
            target="bicycles",
            title="bicycles",
            release="A",
            language=Lang.EN,
            since=NOON,
        )
        await work.subscriptions.add(wish)
        await work.pushes.save_run(Run(id=1, release="B", seen=NOON))
        items = (Item(document_id="bicycles", title="bicycles"),)
        assert await work.pushes.add(PushDraft(run=1, address=ANN, items=items), at=NOON)
    async with store.begin() as work:
        await work.subscriptions.remove_all(ANN)
        await work.pushes.unlink(ANN)
        await work.people.erase(ANN, "ann")


async def test_retention_takes_the_words_out_of_the_log_and_the_chain_stays_whole(
    store: Store,
) -> None:
    await closed_ticket(store)
    async with store.begin() as work:
        for what in DataClass:
            await work.records.erase(what, before=LATER, at=LATER, limit=10)
    async with store.read() as work:
        lines = await work.audit.lines()
    assert [(line.event.what, line.event.text) for line in lines] == [("noted", ""), (ERASED, "")]
    assert verify(lines).problems == ()


FORBIDDEN: Final = (
    "DROP TABLE audit",
    "DROP TABLE message",
    "TRUNCATE message",
    "ALTER TABLE message ADD COLUMN spare text",
    "CREATE TABLE spare (id int)",
    "CREATE TEMPORARY TABLE spare (id int)",
    "DELETE FROM audit",
    "TRUNCATE audit",
    "UPDATE audit SET who = 'somebody else'",
    "UPDATE audit SET at = now()",
    "UPDATE audit SET digest = ''",
    "UPDATE alembic_version SET version_num = 'r0001'",
    "SELECT pg_read_file('postgresql.conf')",
)


async def test_what_the_bot_never_does_its_role_may_not(
    postgres: PostgresServer, database: str, store: Store
) -> None:
    await closed_ticket(store)
    connection = await asyncpg.connect(user="mingbai_app", host=postgres.folder, database=database)
    try:
        for statement in FORBIDDEN:
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await connection.execute(statement)
    finally:
        await connection.close()
    async with store.read() as work:
        assert [line.event.who for line in await work.audit.lines()] == [WANG.id]


async def test_a_line_whose_words_were_changed_is_found(
    postgres: PostgresServer, database: str, store: Store
) -> None:
    await closed_ticket(store)
    postgres.sql(database, "UPDATE audit SET text = '住址：山前路2号'")
    async with store.read() as work:
        assert verify(await work.audit.lines()).problems != ()


async def test_the_bot_may_not_migrate_and_says_who_must(
    postgres: PostgresServer, database: str, url: str
) -> None:
    postgres.sql(database, "UPDATE alembic_version SET version_num = 'r0006'")
    with pytest.raises(
        StoreError, match=r"this role may not do that: run `run_bot\.py db migrate`"
    ):
        async with SqlStore.open(url):
            pass
    assert postgres.sql(database, "SELECT version_num FROM alembic_version") == [("r0006",)]


async def test_the_owner_makes_tables_that_the_bot_may_write(
    postgres: PostgresServer,
) -> None:
    """A new installation: the roles are there before the tables."""
    name = postgres.empty()
    with roles_in(postgres, name):
        async with SqlStore.open(postgres.url(name, role="mingbai_owner")):
            pass
        async with SqlStore.open(postgres.url(name, role="mingbai_app")) as store:
            assert (await closed_ticket(store)).id == 1
    postgres.remove(name)
