"""`staff canned`: replies that staff send again and again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out
from knowledge.types import Lang

if TYPE_CHECKING:  # the database takes its time, and `--help` should not
    from bot.desk.canned import Canned
    from bot.desk.canned_replies import CannedReplies
    from bot.desk.tickets import Agent

canned = typer.Typer(help="Replies that are used again and again: write `/c NAME` as a reply.")

Name = Annotated[str, typer.Argument(help="One word.")]


@canned.command("add")
def canned_add(
    context: typer.Context,
    name: Name,
    text: Annotated[
        str,
        typer.Argument(
            help="With {greeting}, {number}, {due}, {hotline}, {department}, {name} where they go."
        ),
    ],
    language: Annotated[Lang, typer.Option(help="Of the citizens it is for.")] = Lang.ZH_HANS,
    department: Annotated[str, typer.Option(help="Its key; empty: for all.")] = "",
) -> None:
    """Keep a reply, or write it anew."""
    from bot.desk.canned import Canned

    wanted = Canned(name=name, language=language, department=department, text=text)
    with mistakes_in_words():
        kept = asyncio.run(_add(context.obj, wanted))
        out.print(f"Kept: {line(kept)}", markup=False)


@canned.command("list")
def canned_list(context: typer.Context) -> None:
    """All of them, with how often each was used."""
    with mistakes_in_words():
        kept = [line(one) for one in asyncio.run(_all(context.obj))]
        for text in kept or ["There are no canned replies."]:
            out.print(text, markup=False)


@canned.command("show")
def canned_show(context: typer.Context, name: Name) -> None:
    """One with its text, in every language and department."""
    with mistakes_in_words():
        found = [one for one in asyncio.run(_all(context.obj)) if one.name == name]
        for one in found:
            out.print(f"{line(one)}\n{one.text}", markup=False)
        if not found:
            out.print(f"There is no canned reply {name!r}.", markup=False)
            raise typer.Exit(1)


@canned.command("remove")
def canned_remove(context: typer.Context, number: int) -> None:
    """Remove one by its number."""
    with mistakes_in_words():
        gone = asyncio.run(_remove(context.obj, number))
        out.print(f"Removed: {line(gone)}", markup=False)


def line(one: Canned) -> str:
    where = one.department or "all departments"
    return f"No. {one.id} {one.name} · {one.language} · {where} · used {one.used}"


async def _add(name: str, wanted: Canned) -> Canned:
    async with _replies(name) as (replies, agent):
        return await replies.add(wanted, agent)


async def _all(name: str) -> list[Canned]:
    async with _replies(name) as (replies, _):
        return list(await replies.all())


async def _remove(name: str, number: int) -> Canned:
    async with _replies(name) as (replies, agent):
        return await replies.remove(number, agent)


@asynccontextmanager
async def _replies(name: str) -> AsyncIterator[tuple[CannedReplies, Agent]]:
    from bot.config import Settings
    from bot.desk.canned_replies import CannedReplies
    from bot.desk.terminal import agent_named, at_desk

    async with at_desk(Settings.read()) as (store, desk):
        yield CannedReplies(store, desk), agent_named(name, desk.roster)
