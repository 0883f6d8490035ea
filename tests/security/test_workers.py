"""Notices between workers, from whoever may connect to the database."""

from __future__ import annotations

import asyncio

from bot.coordination.session import CHANNEL
from bot.coordination.set_up import coordination_of
from tests.postgres import PostgresServer

FORGED = [
    "",
    " ",
    "wake",
    "other x",
    "'; DROP TABLE tickets; --",
    "wake \u202e\n x",
    "x" * 7000,
    "{",
]


async def test_a_forged_notice_is_words_for_its_topic_and_ends_nothing(
    postgres: PostgresServer, postgres_database: str, postgres_url: str
) -> None:
    found: list[str] = []
    async with coordination_of(postgres_url) as ours:
        ours.listen("wake", found.append)
        while not found:  # until it is connected
            await asyncio.to_thread(
                postgres.sql, postgres_database, f"NOTIFY {CHANNEL}, 'wake up'"
            )
            await asyncio.sleep(0.05)
        for one in FORGED:
            text = one.replace("'", "''")
            statement = f"SELECT pg_notify('{CHANNEL}', '{text}')"
            await asyncio.to_thread(postgres.sql, postgres_database, statement)
        await asyncio.to_thread(postgres.sql, postgres_database, f"NOTIFY {CHANNEL}, 'wake last'")
        async with asyncio.timeout(10):
            while found[-1] != "last":  # noqa: ASYNC110 - nothing tells of it
                await asyncio.sleep(0.02)
    assert [one for one in found if one != "up"] == ["", "\u202e\n x", "last"]
