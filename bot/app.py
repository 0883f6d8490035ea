"""The parts put together: what runs while the bot serves."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Final

import structlog

from bot.actions import Action
from bot.channels.base import Channel, Places
from bot.channels.telegram import TelegramChannel
from bot.channels.telegram_pace import Pace
from bot.channels.telegram_webhook import webhook_of
from bot.channels.web import WebChannel
from bot.citizen import Citizen
from bot.commands.command import Counter
from bot.commands.table import COMMANDS, menus
from bot.config import Settings
from bot.coordination.set_up import coordination_of
from bot.degrade.gate import Gate
from bot.degrade.kept import Keeping
from bot.degrade.ladder import Ladder, Whole
from bot.degrade.level import Level
from bot.desk import undelivered
from bot.desk.concerns.set_up import concerns_of
from bot.desk.desk import Desk
from bot.desk.disclosure.handling import Disclosures
from bot.desk.disclosure.intake import withheld
from bot.desk.lookback.set_up import lookback_of
from bot.desk.publishing.declining import Declining
from bot.desk.publishing.set_up import publishing_of
from bot.desk.room import StaffRoom, follow_room
from bot.desk.room_commands import menu as staff_menu
from bot.desk.room_services import RoomServices
from bot.desk.set_up import desk_of
from bot.desk.silence import stopped
from bot.dispatch import Dispatcher, Handler
from bot.errors import ConfigError
from bot.following import Following
from bot.inline import Inline
from bot.library import ReleaseLibrary
from bot.links import is_web_page, opens_link
from bot.parked import StoredParking
from bot.parts import App
from bot.places import StoredPlaces
from bot.privacy import clean, mask
from bot.pseudonyms import pseudonymous
from bot.push.archive import Archive
from bot.push.composing import Composer
from bot.push.pusher import Pusher, When
from bot.seen.metrics import CONTENT_TYPE
from bot.seen.readiness import Readiness
from bot.seen.set_up import Seen, seeing
from bot.sender import Sender
from bot.store.base import Accepted, Store
from bot.turnstile import Turnstile
from bot.types import Address, Input, Message
from bot.web.app import create_app, serving
from bot.web.config import WebConfig
from bot.web.console.set_up import console_of
from bot.web.library import Library
from bot.web.origins import origins_of
from bot.web.probes import counting, watching
from bot.web.webhook import Posts, alone
from bot.work import begun, jobs
from bot.workers import Worker

TELEGRAM: Final = "telegram"
STOP_S: Final = 4.0  # for each of the two steps of a graceful stop; service managers wait 10 s
LAST_S: Final = 1.5  # of the second: nothing more leaves, and what is under way ends
SUGGESTIONS: Final = (  # a test asks each of them
    "失业保险金每个月发多少？",
    "租房提取公积金要连续缴存几个月？",
    "2027年居民医保新生儿怎么参保？",
)

log = structlog.get_logger(__name__)


@asynccontextmanager
async def running(
    settings: Settings,
    store: Store,
    index: Whole,
    *,
    clock: Callable[[], datetime] | None = None,
) -> AsyncIterator[App]:
    """
    Serve until the block ends; then finish what is being handled and what is due to be sent.

    Raise ConfigError for settings that a channel refuses.
    """
    clock = clock or settings.now
    async with AsyncExitStack() as stack:
        coordination = await stack.enter_async_context(coordination_of(settings.database_url))
        seen = await stack.enter_async_context(
            seeing(settings, store, index, coordination, clock=clock)
        )
        store, coordination = seen.store, seen.coordination
        ladder = Ladder(
            seen.index,
            clock=clock,
            away=lambda: index.away,
            told=lambda level: seen.observer.degraded(level.rung),
        )
        web = WebChannel() if settings.web else None
        worker = Worker(coordination, web)
        desk = await desk_of(settings, store, clock=clock)
        places = StoredPlaces(store, told=partial(follow_room, desk))
        telegram = await _telegram(settings, seen, ladder, desk, places, stack)
        channels: list[Channel] = [one for one in (web, telegram) if one is not None]
        app = _wire(settings, seen, ladder, channels, desk, worker)
        await ladder.follow(app.services.levels)
        readiness = seen.readiness(
            lambda: web is None or web.listening, full=lambda: ladder.level is Level.FULL
        )
        posts = _posts(settings, telegram)
        if web is not None:
            port = await stack.enter_async_context(_page(settings, app, web, readiness, posts))
            app = replace(app, web_port=port)
        elif posts is not None:
            only = serving(alone(posts), host=settings.web_host, port=settings.web_port)
            app = replace(app, web_port=await stack.enter_async_context(only))
        if settings.metrics_port is not None:
            port = await _figures(settings, seen, readiness, telegram, stack)
            app = replace(app, metrics_port=port)
        left = await app.dispatcher.recover()
        if left:
            log.info("recovered", messages=left)
        if telegram is not None:  # behind what is older; until then a post is to come again
            telegram.open(seen.receive(telegram, app.dispatcher.receive))
        leading = partial(coordination.while_leading, "sending", worker.send_to_telegram)
        sending = [begun("sender", app.sender.run), begun("sending", leading)]
        tasks: list[asyncio.Task[None]] = []
        try:
            own = jobs(settings, seen, app, web, telegram)
            tasks.extend(begun(name, job) for name, job in own.items())
            yield app
        finally:
            await _stop(app, sending, tasks)


def _wire(
    settings: Settings,
    seen: Seen,
    ladder: Ladder,
    channels: Sequence[Channel],
    desk: Desk,
    worker: Worker,
) -> App:
    store, index, clock = seen.store, seen.index, desk.clock
    by_name = {channel.name: channel for channel in channels}
    sender = Sender(
        store,
        seen.channels(by_name),
        clock=clock,
        sent=worker.sent,
        is_ready=partial(_is_ready, by_name),
        stopped=partial(stopped, desk),
        dropped=partial(undelivered.note, desk),
        ours=worker.ours,
    )
    worker.sends_by(sender.wake)
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
        ladder.index,
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
        level=lambda: ladder.level,
    )
    staff = StaffRoom(services, clock=clock)

    def resume(accepted: Sequence[Accepted]) -> None:
        dispatcher.resume(accepted)

    keeping = Keeping(store, bureau=settings.bureau, clock=clock, resume=resume)
    gate = Gate(
        citizen,
        store,
        ladder,
        keeping,
        bureau=settings.bureau,
        default=settings.default_language,
    )
    turnstile = Turnstile(
        gate, store, pace=settings.pace, clock=clock, default=settings.default_language
    )

    def route(message: Message) -> Handler:
        return seen.handler(staff if message.address == desk.room else turnstile)

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
        store,
        route,
        mask=masked,
        withhold=withheld,
        stored=worker.stored,
        crowded=crowded,
        coordination=worker.coordination,
    )
    pusher = Pusher(
        store,
        archive,
        Composer(archive, index),
        when=When(delay=settings.push_delay, quiet=settings.quiet),
        clock=clock,
        queued=worker.stored,
        rests=lambda: ladder.serving is not Level.FULL,
    )
    return App(
        desk=desk,
        dispatcher=dispatcher,
        sender=sender,
        pusher=pusher,
        services=services,
        publishing=services.publishing,
        channels=channels,
        seen=seen,
        ladder=ladder,
        keeping=keeping,
        worker=worker,
        web_port=None,
        metrics_port=None,
    )


def _is_ready(channels: Mapping[str, Channel], address: Address) -> bool:
    channel = channels.get(address.channel)
    return not isinstance(channel, TelegramChannel) or channel.is_ready(address)


async def _telegram(
    settings: Settings,
    seen: Seen,
    ladder: Ladder,
    desk: Desk,
    places: Places,
    stack: AsyncExitStack,
) -> TelegramChannel | None:
    if settings.telegram_bot_token is None:
        return None
    token, secret = settings.telegram_bot_token, settings.telegram_webhook_secret
    return await stack.enter_async_context(
        TelegramChannel(
            token.get_secret_value(),
            base_url=settings.telegram_api_url,
            staff_chat=desk.room.chat if desk.room else None,
            menus=menus(settings.default_language),
            staff_menu=staff_menu(settings.staff_language),
            quote=Inline(
                ladder.index,
                clock=desk.clock,
                default=settings.default_language,
                rests=lambda: ladder.serving is not Level.FULL,
            ),
            places=places,
            language=settings.staff_language,
            pace=Pace(desk.clock, per_s=settings.telegram_per_second),
            parking=seen.parking(StoredParking(seen.store, clock=desk.clock)),
            webhook=webhook_of(
                settings.telegram_webhook_url,
                secret=secret.get_secret_value() if secret else "",
                token=token.get_secret_value(),
            ),
        )
    )


def _posts(settings: Settings, telegram: TelegramChannel | None) -> Posts | None:
    """What Telegram posts, where it does not wait for us to poll."""
    if telegram is None or telegram.webhook is None:
        return None
    secret = telegram.webhook.secret
    return Posts(telegram.take_post, secret=secret, proxies=settings.web_proxies)


@asynccontextmanager
async def _page(
    settings: Settings,
    app: App,
    channel: WebChannel,
    readiness: Readiness,
    posts: Posts | None,
) -> AsyncIterator[int]:
    index = app.seen.index
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
        index=app.ladder.index,
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
        more=posts.mount if posts else None,
        console=(
            console_of(
                settings,
                app.services,
                config,
                stored=app.worker.stored,
                served=lambda: index.release,
            )
            if settings.console
            else None
        ),
        readiness=readiness,
        level=lambda: app.ladder.level,
    )
    application.on_response_prepare.append(counting(app.seen.observer.responded))
    async with serving(application, host=settings.web_host, port=settings.web_port) as port:
        yield port


async def _figures(
    settings: Settings,
    seen: Seen,
    readiness: Readiness,
    telegram: TelegramChannel | None,
    stack: AsyncExitStack,
) -> int:
    def figures() -> Awaitable[bytes]:
        return seen.figures(telegram.posting if telegram else None)

    application = watching(figures, readiness, content_type=CONTENT_TYPE)
    host, port = settings.metrics_host, settings.metrics_port or 0
    try:
        bound = await stack.enter_async_context(serving(application, host=host, port=port))
    except OSError as error:
        problem = f"METRICS_PORT: {host}:{port} cannot be used ({error.strerror}); set another"
        raise ConfigError([problem]) from error
    return bound


async def _stop(
    app: App, sending: Sequence[asyncio.Task[None]], others: Sequence[asyncio.Task[None]]
) -> None:
    for task in others:  # nothing more comes in
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    with suppress(TimeoutError):
        async with asyncio.timeout(STOP_S):
            await app.dispatcher.drain()
    app.sender.finish()
    await asyncio.wait(sending[:1], timeout=STOP_S - LAST_S)
    app.sender.halt()  # what is cut off may arrive twice
    await asyncio.wait(sending[:1], timeout=LAST_S)
    for task in sending:
        task.cancel()
    await asyncio.gather(*sending, return_exceptions=True)
