"""Questions that are typed in any chat after the bot's name, answered while they are typed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from hashlib import sha256
from typing import Final

import structlog
from telegram import (
    Bot,
    InlineQuery,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
)
from telegram.error import TelegramError

from bot.channels.base import Quote
from bot.channels.telegram_text import render, split
from bot.types import Quotation

# For as long Telegram answers the same words itself; a new release is quoted after that.
CACHED_S: Final = 30
START: Final = "inline"  # no document's link: whoever comes by it is welcomed

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class InlineAnswers:
    """One answer at a time for each person: the newest words count."""

    def __init__(self, bot: Bot, quote: Quote) -> None:
        self._bot = bot
        self._quote = quote
        self._tasks: dict[int, asyncio.Task[None]] = {}

    def take(self, query: InlineQuery) -> None:
        person = query.from_user.id
        if earlier := self._tasks.get(person):
            earlier.cancel()
        task = asyncio.create_task(self._answer(query))
        self._tasks[person] = task
        task.add_done_callback(lambda done: self._forget(person, done))

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _forget(self, person: int, done: asyncio.Task[None]) -> None:
        if self._tasks.get(person) is done:
            del self._tasks[person]

    async def _answer(self, query: InlineQuery) -> None:
        try:
            quoted = await self._quote(query.query, query.from_user.language_code)
            await self._bot.answer_inline_query(
                query.id,
                list(_articles(quoted.quotations)),
                cache_time=CACHED_S,
                is_personal=True,  # the frame is in the language of whoever asks
                button=InlineQueryResultsButton(quoted.invitation, start_parameter=START),
            )
        except TelegramError as error:
            log.info("telegram_inline_left", error=str(error))  # typed on meanwhile
        except Exception as error:  # noqa: BLE001 - a search that fails must not end the polling
            # Without its words: they may hold what was typed.
            log.error("telegram_inline_failed", error=type(error).__name__)  # noqa: TRY400


def _articles(quotations: tuple[Quotation, ...]) -> Iterator[InlineQueryResultArticle]:
    for one in quotations:
        parts = split(one.body)
        if len(parts) > 1:
            continue  # cut, a quotation would be without its source
        text, entities = render(parts[0])
        yield InlineQueryResultArticle(
            id=sha256(one.id.encode()).hexdigest()[:32],  # Telegram takes 64 bytes
            title=one.title,
            description=one.summary,
            input_message_content=InputTextMessageContent(
                text, entities=entities, link_preview_options=LinkPreviewOptions(is_disabled=True)
            ),
        )
