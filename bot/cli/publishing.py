"""`staff publish` and `staff published`: from a reply to an answer for everybody."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.shown import mistakes_in_words, out
from knowledge.types import Disclosure

if TYPE_CHECKING:  # numpy takes its time, and `--help` should not
    from bot.desk.publishing.asked import Worth
    from bot.desk.publishing.publication import Publication
    from bot.desk.publishing.publishing import Publishing
    from bot.desk.tickets import Agent
    from index.live import Live

    Job = Callable[[Publishing, Agent], Awaitable[Publication]]

publish = typer.Typer(help="Publish good replies: the bot gives them to everybody.")
Why = Annotated[str, typer.Argument(help="Why.")]


@publish.command("propose")
def publish_propose(
    context: typer.Context,
    ticket: int,
    *,
    question: Annotated[str, typer.Option(help="As everybody asks it.")] = "",
    answer: Annotated[str, typer.Option(help="As everybody may read it.")] = "",
    cite: Annotated[
        list[str] | None, typer.Option(help="Id of a passage that it rests on: fund#3.")
    ] = None,
    public: Annotated[
        bool, typer.Option("--open", help="It is for everybody (主动公开). It must be said.")
    ] = False,
) -> None:
    """Propose the reply of a ticket, or revise what was proposed, refused or withdrawn."""
    with mistakes_in_words():
        from bot.desk.publishing.preparing import Proposal

        proposal = Proposal(
            question=question,
            answer=answer,
            passages=cite,
            disclosure=Disclosure.OPEN if public else None,
        )
        _do(context, lambda service, agent: service.propose(ticket, agent, proposal))


@publish.command("show")
def publish_show(context: typer.Context, number: int) -> None:
    """One, with all that whoever approves must look at."""
    _do(context, lambda service, _: service.get(number))


@publish.command("approve")
def publish_approve(context: typer.Context, number: int) -> None:
    """Let it out, if somebody else proposed it: the next `index build` takes it along."""
    _do(context, lambda service, agent: service.approve(number, agent))


@publish.command("refuse")
def publish_refuse(context: typer.Context, number: int, why: Why) -> None:
    """Give it back to whoever proposed it."""
    _do(context, lambda service, agent: service.refuse(number, agent, why))


@publish.command("drop")
def publish_drop(context: typer.Context, number: int, why: Why) -> None:
    """Take it back: from the next release on it is not given any more."""
    _do(context, lambda service, agent: service.drop(number, agent, why))


def published(context: typer.Context) -> None:
    """All of them: how far they are, how often each is given, and what it is worth."""
    with mistakes_in_words():
        for one in asyncio.run(_published(context.obj)) or ["Nothing was proposed yet."]:
            out.print(one, markup=False)


def _do(context: typer.Context, job: Job) -> None:
    async def done() -> Publication:
        async with _at_work(context.obj) as (service, agent, _):
            return await job(service, agent)

    with mistakes_in_words():
        for one in lines(asyncio.run(done())):
            out.print(one, markup=False)


async def _published(name: str) -> list[str]:
    async with _at_work(name) as (service, _, worth):
        known = await service.all()
        by_number = {one.publication.id: one for one in await worth()}
        return [
            text for one in known for text in (head(one), *worth_in_words(by_number.get(one.id)))
        ]


@asynccontextmanager
async def _at_work(
    name: str,
) -> AsyncIterator[tuple[Publishing, Agent, Callable[[], Awaitable[Sequence[Worth]]]]]:
    """The service over the database and the current release."""
    from functools import partial

    from bot.config import Settings
    from bot.desk.publishing.asked import worth
    from bot.desk.publishing.set_up import publishing_of
    from bot.desk.terminal import agent_named, at_desk
    from bot.serve import open_index

    settings = Settings.read()
    index: Live = open_index(settings)
    try:
        await index.refresh()
        async with at_desk(settings) as (store, desk):
            service = publishing_of(settings, store, desk, index)
            yield service, agent_named(name, desk.roster), partial(worth, store, desk, index)
    finally:
        index.close()


def lines(one: Publication) -> Iterator[str]:
    """One in full."""
    yield head(one)
    yield one.answer
    for cited in one.cites:
        yield f"  cites {cited.passage_id} {cited.title} {cited.address}".rstrip()
    for flag in one.flags:
        yield f"  look at: {flag}"
    if one.why:
        yield f"  why: {one.why}"


def head(one: Publication) -> str:
    edition = f" (edition {one.edition})" if one.edition > 1 else ""
    return f"No. {one.id}{edition} {one.stage} · ticket {one.ticket_id} · {one.question}"


def worth_in_words(worth: Worth | None) -> Iterator[str]:
    if worth is None or worth.like is None:
        return
    tally, like = worth.tally, worth.like
    share = "" if worth.share is None else f"; the bot answers {worth.share:.0%} of them"
    yield (
        f"  given {tally.given} times, helpful {tally.helpful}, no help {tally.unhelpful}; "
        f"to staff since: {like.since}{share}"
    )
    if like.before:
        yield (
            f"  of {like.before} questions about the like that staff had before, "
            f"it answers {like.now} now"
        )
