"""`staff account`: who may open the staff console."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final
from urllib.parse import urlencode

import typer

from bot.cli.shown import mistakes_in_words, out

if TYPE_CHECKING:
    from bot.accounts.account import Account
    from bot.accounts.accounts import Invitation
    from bot.accounts.session import Session
    from bot.config import Settings

account = typer.Typer(help="Who may open the staff console.", no_args_is_help=True)
LoginArgument = Annotated[str, typer.Argument(help="The login.")]
ENROL: Final = "/console/enrol"


@account.command()
def add(
    context: typer.Context,
    login: LoginArgument,
    name: Annotated[str, typer.Option(help="As colleagues see it; the roster's wins.")] = "",
    member: Annotated[
        str, typer.Option(help="Id of the member of the roster: telegram:4711. Default: web:LOGIN")
    ] = "",
) -> None:
    """Add an account; prints a link, good once and for 24 hours, to open it with."""
    with mistakes_in_words():
        for line in asyncio.run(_add(context.obj, login, name=name, member=member)):
            out.print(line, markup=False)


@account.command("list")
def list_() -> None:
    """All accounts, and how many sessions each has."""
    with mistakes_in_words():
        for line in asyncio.run(_list()):
            out.print(line, markup=False)


@account.command()
def reset(context: typer.Context, login: LoginArgument) -> None:
    """Password or phone lost: a new link. What opened the account until now does not any more."""
    with mistakes_in_words():
        for line in asyncio.run(_reset(context.obj, login)):
            out.print(line, markup=False)


@account.command()
def disable(context: typer.Context, login: LoginArgument) -> None:
    """Close an account, and end its sessions; `reset` opens it again."""
    with mistakes_in_words():
        out.print(asyncio.run(_disable(context.obj, login)), markup=False)


@account.command("sign-out")
def sign_out(context: typer.Context, login: LoginArgument) -> None:
    """End all sessions of an account."""
    with mistakes_in_words():
        out.print(asyncio.run(_sign_out(context.obj, login)), markup=False)


async def _add(who: str, login: str, *, name: str, member: str) -> Sequence[str]:
    from bot.accounts.accounts import Accounts
    from bot.config import Settings
    from bot.desk.terminal import agent_named, at_desk
    from bot.desk.tickets import Agent

    settings = Settings.read()
    async with at_desk(settings) as (store, desk):
        member = member or f"web:{login}"
        known = desk.roster.acting(Agent(member, name or login))
        accounts = Accounts(store, clock=desk.clock)
        made = await accounts.add(
            login, name=known.name, member=member, who=agent_named(who, desk.roster).id
        )
        lines = [*_told(made, settings)]
        if not desk.roster.is_open and desk.roster.member(known) is None:
            lines.append(f"{member} is in no line of the roster yet: nothing is open to it.")
    return lines


async def _reset(who: str, login: str) -> Sequence[str]:
    from bot.accounts.accounts import Accounts
    from bot.config import Settings
    from bot.desk.terminal import agent_named, at_desk

    settings = Settings.read()
    async with at_desk(settings) as (store, desk):
        made = await Accounts(store, clock=desk.clock).reset(
            login, who=agent_named(who, desk.roster).id
        )
    return _told(made, settings)


async def _disable(who: str, login: str) -> str:
    from bot.accounts.accounts import Accounts
    from bot.config import Settings
    from bot.desk.terminal import agent_named, at_desk

    async with at_desk(Settings.read()) as (store, desk):
        closed = await Accounts(store, clock=desk.clock).disable(
            login, who=agent_named(who, desk.roster).id
        )
    return f"{closed.login}: disabled, signed out everywhere"


async def _sign_out(who: str, login: str) -> str:
    from bot.accounts.accounts import Accounts
    from bot.config import Settings
    from bot.desk.terminal import agent_named, at_desk

    async with at_desk(Settings.read()) as (store, desk):
        ended = await Accounts(store, clock=desk.clock).sign_out(
            login, who=agent_named(who, desk.roster).id
        )
    return f"{login}: {ended} sessions ended"


async def _list() -> Sequence[str]:
    from bot.accounts.accounts import Accounts
    from bot.config import Settings
    from bot.desk.terminal import at_desk

    async with at_desk(Settings.read()) as (store, desk):
        found = await Accounts(store, clock=desk.clock).all()
    return [_line(*one) for one in found] or ["No accounts: `staff account add LOGIN` makes one."]


def _line(one: Account, sessions: Sequence[Session]) -> str:
    return f"{one.login:20} {one.standing:9} {one.name} ({one.member}) · sessions: {len(sessions)}"


def _told(made: Invitation, settings: Settings) -> Sequence[str]:
    base = settings.web_url.rstrip("/") or f"http://{settings.web_host}:{settings.web_port}"
    return [
        f"{made.account.login}: give this link to {made.account.name}, and to nobody else",
        f"{base}{ENROL}?{urlencode({'code': made.code})}",
        f"It is good once, until {made.until:%Y-%m-%d %H:%M}.",
    ]
