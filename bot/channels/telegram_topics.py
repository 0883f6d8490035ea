"""
Topics of a forum: one for each ticket, if the group has them.

A topic that somebody closed is opened again, one that was deleted gets a successor, and both say
so. Where no topic can be made, what there is to say goes to the group as a whole.
"""

from __future__ import annotations

import re
from typing import Final

import structlog
from telegram import Bot
from telegram.error import BadRequest, ChatMigrated, RetryAfter, TelegramError

from bot.channels.base import Places
from bot.channels.telegram_pace import Pace
from bot.texts import say
from bot.types import Delivery
from knowledge.types import Lang

LONGEST_NAME: Final = 128  # characters
_CLOSED: Final = re.compile("TOPIC_CLOSED", re.IGNORECASE)
_GONE: Final = re.compile("message thread not found|TOPIC_(DELETED|ID_INVALID)", re.IGNORECASE)

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


def is_about_topic(error: BadRequest) -> bool:
    """Whether a message was refused because of the topic that it was for."""
    return bool(_CLOSED.search(str(error)) or _GONE.search(str(error)))


class Topics:
    def __init__(self, bot: Bot, places: Places | None, pace: Pace, language: Lang) -> None:
        """`language` is that of the staff. Without `places` there are no topics."""
        self._bot = bot
        self._places = places
        self._pace = pace
        self._language = language

    async def of(self, delivery: Delivery, chat: str) -> int | None:
        """The topic that a delivery is for; made if its ticket has none yet."""
        if not delivery.topic or delivery.ticket_id is None or self._places is None:
            return None
        thread = await self._places.thread(delivery.ticket_id)
        return int(thread) if thread else await self._made(delivery, chat)

    async def mended(
        self, delivery: Delivery, chat: str, thread: int, error: BadRequest
    ) -> int | None:
        """The topic to try again in, after `error`; None: the group as a whole."""
        if _CLOSED.search(str(error)) and await self._reopened(chat, thread):
            await self._say(chat, thread, _reopened(self._language))
            return thread
        made = await self._made(delivery, chat)
        await self._say(chat, made, _moved_on(self._language, delivery.ticket_id))
        return made

    async def _made(self, delivery: Delivery, chat: str) -> int | None:
        """A new topic, written down; None where the group has none or the bot may not."""
        assert self._places is not None
        assert delivery.ticket_id is not None
        await self._pace.take(chat)
        try:
            made = await self._bot.create_forum_topic(chat, delivery.topic[:LONGEST_NAME])
        except ChatMigrated:
            raise
        except BadRequest as error:
            mend = (
                "Switch topics on in the group and let the bot manage them, or set "
                "TELEGRAM_STAFF_TOPICS to false."
            )
            log.warning("telegram_no_topics", error=str(error), mend=mend)
            return None
        await self._places.opened(delivery.ticket_id, str(made.message_thread_id))
        return made.message_thread_id

    async def _reopened(self, chat: str, thread: int) -> bool:
        await self._pace.take(chat)
        try:
            await self._bot.reopen_forum_topic(chat, thread)
        except BadRequest as error:  # it was deleted meanwhile, or the bot may not
            log.warning("telegram_topic_closed", error=str(error))
            return False
        return True

    async def _say(self, chat: str, thread: int | None, text: str) -> None:
        """A note. What it is about comes right after, so it may be left out."""
        await self._pace.take(chat)
        try:
            await self._bot.send_message(chat, text, message_thread_id=thread)
        except RetryAfter:
            raise
        except TelegramError as error:
            log.info("telegram_note_left_out", error=str(error))


def _reopened(language: Lang) -> str:
    text = "This topic was closed. It is open again, for there is something new."
    return say(language, text)


def _moved_on(language: Lang, ticket_id: int | None) -> str:
    text = "The topic of No. {id} was deleted. It goes on here."
    return say(language, text, id=ticket_id)
