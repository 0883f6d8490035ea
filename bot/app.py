"""The parts put together: what runs while the bot serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.actions import Action
from bot.channels.base import Channel, Places
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_pace import Pace
from bot.channels.web import WEB, WebChannel
from bot.citizen import Citizen
from bot.commands.command import Counter
from bot.commands.table import COMMANDS, menus
from bot.config import Settings
from bot.desk.concerns.daily import DailyLook
from bot.desk.concerns.set_up import concerns_of
from bot.desk.desk import Desk
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.intake import withheld
from bot.desk.lookback.set_up import lookback_of
from bot.desk.publishing.declining import Declining
from bot.desk.publishing.keeper import Keeper
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release
from bot.desk.publishing.set_up import publishing_of
from bot.desk.room import StaffRoom, follow_room
from bot.desk.room_commands import menu as staff_menu
from bot.desk.room_services import RoomServices
from bot.desk.roster_file import watch_roster
from bot.desk.set_up import desk_of
from bot.desk.silence import stopped
from bot.desk.watch import Watch
from bot.dispatch import Dispatcher, Handler
from bot.errors import BotError
from bot.following import Following
from bot.inline import Inline, Served
from bot.library import ReleaseLibrary
from bot.links import is_web_page, opens_link
from bot.places import StoredPlaces
from bot.privacy import clean, mask
from bot.pseudonyms import pseudonymous
from bot.push.archive import Archive
from bot.push.composing import Composer
from bot.push.pusher import Pusher, When
from bot.retention import Retention
from bot.sender import Sender
from bot.store.base import Accepted, Store
from bot.turnstile import Turnstile
from bot.types import Address, Input, Message
from bot.web.app import create_app, serving
from bot.web.config import WebConfig
from bot.web.console.set_up import console_of
from bot.web.library import Library
from bot.web.origins import origins_of
from bot.web.searching import Index

TELEGRAM: Final = "telegram"
STOP_S: Final = 4.0  # for each of the two steps of a graceful stop; service managers wait 10 s
SUGGESTIONS: Final = (  # a test asks each of them
    "失业保险金每个月发多少？",
    "租房提取公积金要连续缴存几个月？",
    "2027年居民医保新生儿怎么参保？",
)

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """A running bot. `web_port` is the real one, where the setting was 0."""

    desk: Desk
    dispatcher: Dispatcher
    sender: Sender
    pusher: Pusher
    services: RoomServices
    publishing: Publishing
    channels: Sequence[Channel]
    web_port: int | None


@asynccontextmanager
async def running(
    settings: Settings,
    store: Store,
    index: Index,
    *,
    clock: Callable[[], datetime] | None = None,
) -> AsyncIterator[App]:
    """
    Serve until the block ends; then finish what is being handled and what is due to be sent.

    Raise ConfigError for settings that a channel refuses.
    """
    clock = clock or settings.now
    async with AsyncExitStack() as stack:
        web = WebChannel() if settings.web else None
        desk = await desk_of(settings, store, clock=clock)
        places = StoredPlaces(store, told=partial(follow_room, desk))
        telegram = await _telegram(settings, index, desk, places, stack)
        channels: list[Channel] = [one for one in (web, telegram) if one is not None]
        app = _wire(settings, store, index, channels, desk)
        if web is not None:
            port = await stack.enter_async_context(_page(settings, app, index, web))
            app = replace(app, web_port=port)
        left = await app.dispatcher.recover()
        if left:
            log.info("recovered", messages=left)
        retention = Retention(
            store, settings.periods, clock=clock, sessions=settings.session_limits
        )
        keeping = asyncio.create_task(retention.run())
        reading = asyncio.create_task(app.desk.read_past())
        sending = asyncio.create_task(app.sender.run())
        watch = Watch(store, app.desk, archive_days=settings.archive_days)
        listening = [asyncio.create_task(_listen(one, app.dispatcher)) for one in channels]
        listening.append(asyncio.create_task(app.pusher.run()))
        listening.append(asyncio.create_task(watch.run()))
        keeper = _keeper(settings, store, app, index)
        listening.append(asyncio.create_task(keeper.run()))
        looking = DailyLook(store, app.desk, concerns_of(settings, store, app.desk))
        listening.append(asyncio.create_task(looking.run()))
        if settings.roster is not None:
            watching = watch_roster(settings.roster, app.desk.follow)
            listening.append(asyncio.create_task(watching))
        try:
            yield app
        finally:
            await _stop(app, sending, [keeping, reading, *listening])


def _keeper(settings: Settings, store: Store, app: App, index: Served) -> Keeper:
    release = Release(settings.releases, index)
    declining = Declining(settings.pseudonym_key)
    return Keeper(store, app.desk, release, app.publishing, declining=declining)


def _wire(
    settings: Settings,
    store: Store,
    index: Served,
    channels: Sequence[Channel],
    desk: Desk,
) -> App:
    clock = desk.clock
    by_name = {channel.name: channel for channel in channels}
    web = by_name.get(WEB)
    sender = Sender(
        store,
        by_name,
        clock=clock,
        sent=web.notify if isinstance(web, WebChannel) else lambda _address: None,
        is_ready=partial(_is_ready, by_name),
        stopped=partial(stopped, desk),
    )
    archive = Archive(settings.releases, index)
    counter = Counter(
        store=store,
        library=ReleaseLibrary(settings.releases),
        following=Following(
            store, archive, clock=clock, declining=Declining(settings.pseudonym_key)
        ),
        bureau=settings.bureau,
        clock=clock,
        commands=COMMANDS,
    )
    citizen = Citizen(
        index,
        desk,
        counter,
        default=settings.default_language,
        context=timedelta(minutes=settings.context_minutes),
        site=settings.web_url if settings.web and is_web_page(settings.web_url) else "",
    )
    services = RoomServices(
        store=store,
        desk=desk,
        consult_days=settings.consult_days,
        index=index,
        disclosures=Disclosures(
            store, desk, sender=settings.letter_sender, font=settings.letter_font
        ),
        concerns=concerns_of(settings, store, desk),
        lookback=lookback_of(settings, store, desk),
        publishing=publishing_of(settings, store, desk, index),
    )
    staff = StaffRoom(services, clock=clock)
    turnstile = Turnstile(
        citizen, store, pace=settings.pace, clock=clock, default=settings.default_language
    )

    def route(message: Message) -> Handler:
        return staff if message.address == desk.room else turnstile

    def masked(message: Message) -> Message:
        text = clean(message.text)
        if message.address == desk.room:
            return replace(message, text=text)
        pressed = message.kind is Input.ACTION and Action.parse(text) is not None
        ours = pressed or opens_link(text)  # a document's name may hold digits like a phone's
        message = replace(message, text=text if ours else mask(text))
        # The page's senders are random: their pseudonyms stay when a Telegram token comes or goes.
        key = settings.pseudonym_key if message.address.channel == TELEGRAM else b""
        return pseudonymous(message, key=key)

    async def crowded(accepted: Accepted, before: int) -> None:
        if accepted.message.address != desk.room:
            await turnstile.crowded(accepted, before)

    dispatcher = Dispatcher(
        store, route, mask=masked, withhold=withheld, stored=sender.wake, crowded=crowded
    )
    pusher = Pusher(
        store,
        archive,
        Composer(archive, index),
        when=When(delay=settings.push_delay, quiet=settings.quiet),
        clock=clock,
        queued=sender.wake,
    )
    return App(
        desk=desk,
        dispatcher=dispatcher,
        sender=sender,
        pusher=pusher,
        services=services,
        publishing=services.publishing,
        channels=channels,
        web_port=None,
    )


def _is_ready(channels: Mapping[str, Channel], address: Address) -> bool:
    channel = channels.get(address.channel)
    return not isinstance(channel, TelegramChannel) or channel.is_ready(address)


async def _telegram(
    settings: Settings, index: Served, desk: Desk, places: Places, stack: AsyncExitStack
) -> TelegramChannel | None:
    if settings.telegram_bot_token is None:
        return None
    return await stack.enter_async_context(
        TelegramChannel(
            settings.telegram_bot_token.get_secret_value(),
            base_url=settings.telegram_api_url,
            staff_chat=desk.room.chat if desk.room else None,
            menus=menus(settings.default_language),
            staff_menu=staff_menu(settings.staff_language),
            quote=Inline(index, clock=desk.clock, default=settings.default_language),
            places=places,
            language=settings.staff_language,
            pace=Pace(desk.clock),
        )
    )


@asynccontextmanager
async def _page(
    settings: Settings, app: App, index: Index, channel: WebChannel
) -> AsyncIterator[int]:
    config = WebConfig(
        title="明白 Mingbai",
        bureau=settings.bureau_name,
        hotline=settings.hotline,
        suggestions=SUGGESTIONS if settings.sample else (),
        proxies=settings.web_proxies,
        messages_per_address=settings.web_address_per_minute,
        url=settings.web_url,
        widget_sites=origins_of(settings.widget_sites),
    )
    library = Library(
        index=index,
        releases=settings.releases,
        clock=app.desk.clock,
        bureau=settings.bureau,
        language=settings.default_language,
    )
    application = create_app(
        store=app.services.store,
        channel=channel,
        config=config,
        library=library,
        console=(
            console_of(
                settings,
                app.services,
                config,
                stored=app.sender.wake,
                served=lambda: index.release,
            )
            if settings.console
            else None
        ),
    )
    async with serving(application, host=settings.web_host, port=settings.web_port) as port:
        yield port


async def _listen(channel: Channel, dispatcher: Dispatcher) -> None:
    """One channel that cannot go on (a bad token) must not end the others."""
    try:
        await channel.run(dispatcher.receive)
    except BotError as error:
        log.error("channel.off", channel=channel.name, problem=str(error))  # noqa: TRY400


async def _stop(
    app: App, sending: asyncio.Task[None], others: Sequence[asyncio.Task[None]]
) -> None:
    for task in others:  # nothing more comes in
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_S):
            await app.dispatcher.drain()
    app.sender.finish()
    await asyncio.wait([sending], timeout=STOP_S)
    sending.cancel()
    await asyncio.gather(sending, return_exceptions=True)
