"""`level`: how much the bot does by itself."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

import typer

from bot.cli.registered import Opened, call

if TYPE_CHECKING:  # the database takes its time, and `--help` should not
    from bot.config import Settings
    from bot.degrade.levels import Levels
    from bot.desk.desk import Desk
    from bot.store.base import Store

level = typer.Typer(help="How much the bot does by itself.", no_args_is_help=True)
SHOWN: Final = 10  # steps
NameOption = Annotated[str, typer.Option("--as", help="Your name, as colleagues see it.")]
ME: Final = os.environ.get("USER", "staff")


@level.command("show")
def level_show(name: NameOption = ME) -> None:
    """What is set by hand, and the last steps of the workers by themselves."""

    async def job(opened: Opened[Levels]) -> Sequence[str]:
        return await _lines(opened.service)

    call(name, _made, job)


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

    async def job(opened: Opened[Levels]) -> Sequence[str]:
        from bot.degrade.level import Level
        from bot.degrade.until import until_in

        if name_of_level not in list(Level):
            raise typer.BadParameter(f"{name_of_level} is none of {', '.join(Level)}")
        end = until_in(until, opened.service.now) if until else None
        if until and end is None:
            raise typer.BadParameter(f"{until} is no time such as 14:30 or 2026-12-01 14:30")
        await opened.service.set(Level(name_of_level), opened.agent, why=why, until=end)
        return await _lines(opened.service)

    call(name, _made, job)


@level.command("auto")
def level_auto(
    why: Annotated[str, typer.Option(help="For colleagues and the audit log.")] = "",
    name: NameOption = ME,
) -> None:
    """What was set by hand counts no more."""

    async def job(opened: Opened[Levels]) -> Sequence[str]:
        await opened.service.lift(opened.agent, why=why)
        return await _lines(opened.service)

    call(name, _made, job)


def _made(settings: Settings, store: Store, desk: Desk) -> Levels:
    from bot.degrade.levels import Levels

    del settings
    return Levels(store, desk)


async def _lines(levels: Levels) -> Sequence[str]:
    from bot.degrade import pages
    from bot.degrade.level import Level
    from knowledge.types import Lang

    now, hand = levels.now, await levels.by_hand()
    head = f"set by hand: {hand.holds(now) if hand else Level.FULL}"
    steps = await levels.steps(limit=SHOWN)
    return [head, *(pages.line(one, Lang.EN, zone=now.tzinfo) for one in steps)]
