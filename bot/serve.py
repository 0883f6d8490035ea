"""Serving: everything that runs until somebody stops it, and a line for each part."""

from __future__ import annotations

import asyncio
import logging
import signal
import sys
from collections.abc import Callable
from contextlib import AsyncExitStack, suppress

import structlog

from bot.app import App, running
from bot.config import Settings
from bot.errors import ConfigError
from bot.store.sql import SqlStore
from index.build import load
from index.live import Live
from index.vectors import one_thread


async def serve(*, show: Callable[[str], None]) -> None:
    """Serve until SIGINT or SIGTERM. Raise BotError if it cannot begin."""
    settings = Settings.read()
    log_to_stderr(settings.log_level)
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    index = open_index(settings)
    async with AsyncExitStack() as stack:
        stack.callback(index.close)
        store = await stack.enter_async_context(SqlStore.open(settings.database_url))
        try:
            app = await stack.enter_async_context(running(settings, store, index))
        except OSError as error:
            raise _no_page(settings, error) from error
        for line in summary(settings, app):
            show(line)
        # The index loads in a thread while the page is up: until it is there, questions go to
        # staff.
        watching = asyncio.create_task(_watch(index, settings, show))
        await stop.wait()
        show("Stopping: what is in flight is finished first.")
        watching.cancel()
        with suppress(asyncio.CancelledError):
            await watching


def open_index(settings: Settings) -> Live:
    """The current release, as the bot serves it; nothing is loaded before the first refresh."""
    outside = settings.outside()
    return Live(
        settings.releases,
        lambda folder: load(
            folder, encoder=settings.choice.load, expect=settings.encoder, outside=outside
        ),
        thread_setup=one_thread,
    )


def _no_page(settings: Settings, error: OSError) -> ConfigError:
    problem = (
        f"the web page cannot be served at {settings.web_host}:{settings.web_port} "
        f"({error.strerror}); set another WEB_PORT or WEB_HOST, or WEB=false"
    )
    return ConfigError([problem])


async def _watch(index: Live, settings: Settings, show: Callable[[str], None]) -> None:
    show("index      loading ...")
    if await index.refresh():
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
    if settings.telegram_bot_token is not None:
        lines.append("telegram   on: long polling")
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


def log_to_stderr(level: str) -> None:
    """Structured lines; no local variables in tracebacks, for they may hold citizens' words."""
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s")
    for noisy in ("httpx", "httpcore", "aiosqlite", "alembic", "sentence_transformers"):
        logging.getLogger(noisy).setLevel(max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.KeyValueRenderer(key_order=["timestamp", "level", "event"]),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelName(level)),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
