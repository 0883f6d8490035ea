"""`level`: how much the bot does by itself."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Annotated, Final, TypeAlias

import typer

from bot.cli.registered import Opened, call
from bot.cli.shown import err

if TYPE_CHECKING:  # the database takes its time, and `--help` should not
    from bot.config import Settings
    from bot.degrade.levels import Levels
    from bot.desk.desk import Desk
    from bot.desk.tickets import Agent
    from bot.store.base import Store
    from knowledge.types import Lang

level = typer.Typer(help="How much the bot does by itself.", no_args_is_help=True)
SHOWN: Final = 10  # steps
NameOption = Annotated[str, typer.Option("--as", help="Your name, as colleagues see it.")]
ME: Final = os.environ.get("USER", "staff")
Change: TypeAlias = "Callable[[Levels, Agent], Awaitable[object]]"


@level.command("show")
def level_show(name: NameOption = ME) -> None:
    """What is set by hand, and the last steps of the workers by themselves."""

    async def nothing(_levels: Levels, _agent: Agent) -> None: ...

    _do(name, nothing)


@level.command("set")
def level_set(
    name_of_level: Annotated[
        str,
        typer.Argument(metavar="LEVEL", help="full, quotation, published, people or maintenance."),
    ],
    why: Annotated[str, typer.Option(help="For colleagues and the audit log.")],
    until: Annotated[
        str, typer.Option(help="14:30 or '2026-12-01 14:30'; until it is lifted if left out.")
    ] = "",
    name: NameOption = ME,
) -> None:
    """Go to a level; workers that failed by themselves may be below it."""

    async def change(levels: Levels, agent: Agent) -> None:
        from bot.degrade.level import Level
        from bot.degrade.until import until_or_refused
        from bot.errors import LevelRefused

        if name_of_level not in list(Level):
            raise LevelRefused(
                "{text} is none of {levels}.", text=name_of_level, levels=", ".join(Level)
            )
        end = until_or_refused(until, levels.now)
        await levels.set(Level(name_of_level), agent, why=why, until=end)

    _do(name, change)


@level.command("auto")
def level_auto(
    why: Annotated[str, typer.Option(help="For colleagues and the audit log.")] = "",
    name: NameOption = ME,
) -> None:
    """What was set by hand counts no more."""

    async def change(levels: Levels, agent: Agent) -> None:
        await levels.lift(agent, why=why)

    _do(name, change)


def _do(name: str, change: Change) -> None:
    """Make a change as `name`, and print how things are then, in the language of staff."""
    call(name, _made, partial(_changed, change))


async def _changed(change: Change, opened: Opened[tuple[Levels, Lang]]) -> Sequence[str]:
    from bot.desk.sorry import sorry
    from bot.errors import TicketError

    levels, language = opened.service
    try:
        await change(levels, opened.agent)
    except TicketError as error:
        err.print(sorry(error, language), style="red", markup=False)
        raise typer.Exit(1) from None
    return await _lines(levels, language)


def _made(settings: Settings, store: Store, desk: Desk) -> tuple[Levels, Lang]:
    from bot.degrade.levels import Levels

    del settings
    return Levels(store, desk), desk.language


async def _lines(levels: Levels, language: Lang) -> Sequence[str]:
    from bot.degrade.level import LEVELS, Level
    from bot.texts import say

    hand = await levels.by_hand()
    set_to = hand.holds(levels.now) if hand else Level.FULL
    head = say(language, "Set by hand: {level}", level=say(language, LEVELS[set_to]))
    return [head, *await levels.last(SHOWN)]
