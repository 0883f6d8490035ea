"""What goes on all the time in a running bot, beside the messages that come in."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial

import structlog

from bot.channels.base import Channel, Receive
from bot.channels.telegram import TelegramChannel
from bot.channels.web import WebChannel
from bot.config import Settings
from bot.desk.concerns.daily import DailyLook
from bot.desk.concerns.set_up import concerns_of
from bot.desk.publishing.declining import Declining
from bot.desk.publishing.keeper import Keeper
from bot.desk.publishing.served import Release
from bot.desk.roster_file import watch_roster
from bot.desk.watch import Watch
from bot.errors import ConfigError
from bot.inline import Served
from bot.jobs import Job, lasting
from bot.parts import App
from bot.retention import Retention
from bot.seen.set_up import Seen
from bot.store.base import Store
from bot.workers import find_room

log = structlog.get_logger(__name__)


def jobs(
    settings: Settings,
    seen: Seen,
    app: App,
    web: WebChannel | None,
    telegram: TelegramChannel | None,
) -> Mapping[str, Job]:
    """What goes on all the time: what each worker does, and what one of them does for all."""
    store, index, desk, worker = seen.store, seen.index, app.desk, app.worker
    retention = Retention(
        store, settings.periods, clock=desk.clock, sessions=settings.session_limits
    )
    watch = Watch(store, desk, archive_days=settings.archive_days)
    keeper = _keeper(settings, store, app, index)
    looking = DailyLook(store, desk, concerns_of(settings, store, desk))
    shared: dict[str, Job] = {  # each done by one worker for all
        "retention": retention.run,
        "push": app.pusher.run,
        "watch": watch.run,
        "publishing": keeper.run,
        "concerns": looking.run,
    }
    own: dict[str, Job] = {
        "past": desk.read_past,
        "sweep": app.dispatcher.sweep,
        "level": partial(app.ladder.run, app.services.levels, app.keeping),
        "pulse": seen.pulse.run,
    }
    if web is not None:
        own["web"] = partial(_listen, web, seen.receive(web, app.dispatcher.receive))
    if telegram is not None:
        find = partial(find_room, store, desk, telegram, chat=settings.telegram_staff_chat)
        own["room"] = partial(worker.follow_room, find)
        receive = seen.receive(telegram, app.dispatcher.receive)
        shared["telegram"] = partial(_lead, find, telegram, receive)
    if settings.roster is not None:
        own["roster"] = partial(watch_roster, settings.roster, desk.follow)
    lead = worker.coordination.while_leading
    return own | {name: partial(lead, name, job) for name, job in shared.items()}


def begun(name: str, job: Job) -> asyncio.Task[None]:
    return asyncio.create_task(lasting(name, job), name=name)


def _keeper(settings: Settings, store: Store, app: App, index: Served) -> Keeper:
    release = Release(settings.releases, index)
    declining = Declining(settings.pseudonym_key)
    return Keeper(store, app.desk, release, app.publishing, declining=declining)


async def _lead(find: Job, telegram: TelegramChannel, receive: Receive) -> None:
    """Before anything is taken in it is known where the staff are: else they would be citizens."""
    await find()
    await _listen(telegram, receive)


async def _listen(channel: Channel, receive: Receive) -> None:
    """One channel that no waiting mends (a bad token) must not be tried again for ever."""
    try:
        await channel.run(receive)
    except ConfigError as error:
        log.error("channel.off", channel=channel.name, problem=str(error))  # noqa: TRY400
