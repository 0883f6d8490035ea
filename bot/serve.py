"""Serving: everything that runs until somebody stops it, and a line for each part."""

from __future__ import annotations

import asyncio
import signal
import sys
from collections.abc import Callable, Coroutine
from contextlib import AsyncExitStack, suppress
from typing import Any, Final, TypeVar

from bot.app import running
from bot.config import Settings
from bot.errors import ConfigError, StoreAway
from bot.parts import App
from bot.seen.logs import log_to
from bot.store.sql import SqlStore
from index.build import load
from index.live import Live
from index.remote import Remote
from index.vectors import one_thread

AGAIN_S: Final = 1.0  # until a database that is out of reach is tried again

Begun = TypeVar("Begun")


async def serve(*, show: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raise BotError if it cannot begin."""
    settings = Settings.read()
    log_to_stderr(settings.log_level, settings.log_format)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    index = open_index(settings)
    async with AsyncExitStack() as stack:
        stack.callback(index.close)
        # The release loads in a thread, beside all that follows. Questions that come before it is
        # there wait for it.
        loading = asyncio.create_task(index.refresh())
        app = await _unless(stop, _begun(settings, index, stack, show))
        if app is None:
            return
        for line in summary(settings, app):
            show(line)
        watching = asyncio.create_task(_watch(index, loading, settings, show))
        await stop.wait()
        show("Stopping: what is in flight is finished first.")
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


async def _begun(
    settings: Settings, index: Live, stack: AsyncExitStack, show: Callable[[str], None]
) -> App:
    store = await _opened(settings.database_url, stack, show)
    try:
        return await stack.enter_async_context(running(settings, store, index))
    except OSError as error:
        raise _no_page(settings, error) from error


async def _opened(url: str, stack: AsyncExitStack, show: Callable[[str], None]) -> SqlStore:
    """The database; while it is out of reach, say so once and go on trying."""
    told = False
    while True:
        try:
            return await stack.enter_async_context(SqlStore.open(url))
        except StoreAway as error:
            if not told:
                show(f"database   waits, and tries again: {error}")
            told = True
            await asyncio.sleep(AGAIN_S)


async def _unless(stop: asyncio.Event, beginning: Coroutine[Any, Any, Begun]) -> Begun | None:
    """What is begun; None where somebody says stop before it is: a start may wait for long."""
    begun, stopping = asyncio.create_task(beginning), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait([begun, stopping], return_when=asyncio.FIRST_COMPLETED)
        return begun.result() if begun.done() else None
    finally:
        for task in (begun, stopping):
            task.cancel()
        await asyncio.gather(begun, stopping, return_exceptions=True)


def open_index(settings: Settings) -> Live:
    """The current release, as the bot serves it; nothing is loaded before the first refresh."""
    outside = settings.outside()
    return Live(
        settings.releases,
        lambda folder: load(
            folder, encoder=settings.choice.load, expect=settings.encoder, outside=outside
        ),
        thread_setup=one_thread,
        pull=Remote(settings.releases_url).pull if settings.releases_url else None,
    )


def _no_page(settings: Settings, error: OSError) -> ConfigError:
    problem = (
        f"the web page cannot be served at {settings.web_host}:{settings.web_port} "
        f"({error.strerror}); set another WEB_PORT or WEB_HOST, or WEB=false"
    )
    return ConfigError([problem])


async def _watch(
    index: Live, loading: asyncio.Task[bool], settings: Settings, show: Callable[[str], None]
) -> None:
    show("index      loading ...")
    if await loading:
        show(f"index      on: release {index.release}")
    else:
        show(f"index      off: {index.problem}")
    await index.watch(every_s=settings.reload_s)


def summary(settings: Settings, app: App) -> list[str]:
    """What is on, what is off and how to turn it on."""
    lines = [f"Mingbai 明白 · {settings.bureau_name}"]
    if app.web_port is not None:
        lines.append(f"web page   on: http://{settings.web_host}:{app.web_port}")
        lines.append(console_line(settings, app.web_port))
    else:
        lines.append("web page   off: set WEB=true")
    if app.metrics_port is not None:
        lines.append(f"metrics    on: http://{settings.metrics_host}:{app.metrics_port}/metrics")
    if settings.telegram_bot_token is not None:
        how = "webhook" if settings.telegram_webhook_url else "long polling"
        lines.append(f"telegram   on: {how}")
    else:
        lines.append("telegram   off: set TELEGRAM_BOT_TOKEN (see .env.example)")
    if settings.telegram_staff_chat:
        lines.append(f"staff      on: Telegram group {settings.telegram_staff_chat}")
    else:
        lines.append(
            "staff      in the terminal: python run_bot.py staff "
            "(a Telegram group: set TELEGRAM_STAFF_CHAT)"
        )
    lines.append(f"encoder    {settings.encoder}")
    if settings.reranker:
        lines.append(f"reranker   {settings.reranker}")
    if settings.index_url:
        lines.append(f"vectors    in Milvus: {settings.index_url}")
    return lines


def console_line(settings: Settings, port: int) -> str:
    """On the same port as the page."""
    if not settings.console:
        return "console    off: set CONSOLE=true"
    page = settings.web_url.rstrip("/") or f"http://{settings.web_host}:{port}"
    return f"console    on: {page}/console (accounts: run_bot.py staff account add LOGIN)"


def log_to_stderr(level: str, form: str = "text") -> None:
    log_to(sys.stderr, level=level, form=form)
