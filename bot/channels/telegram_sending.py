"""Deliveries to Telegram: parts, buttons, edits, and what to do when it is not pleased."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import takewhile
from typing import Final

import structlog
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.channels.telegram_errors import asked_pause_s, translated
from bot.channels.telegram_groups import Groups
from bot.channels.telegram_pace import Pace
from bot.channels.telegram_text import is_web_address, render, split
from bot.channels.telegram_topics import Topics, is_about_topic
from bot.errors import ChannelError
from bot.types import Attachment, Button, Delivery, RichText, Span

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)

_ACTION_LIMIT: Final = 64  # bytes
_NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)

# Telegram's words for what is wrong, in any case.
_UNCHANGED: Final = re.compile("message is not modified", re.IGNORECASE)
_NOT_EDITABLE: Final = re.compile(
    "message to edit not found|message can't be edited|MESSAGE_ID_INVALID", re.IGNORECASE
)
_DRESS: Final = re.compile(
    r"parse entities|\bentity\b|ENTIT(Y|IES)_|button url|BUTTON_URL", re.IGNORECASE
)

Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Post:
    """One message of Telegram's."""

    chat: str
    body: RichText
    buttons: Rows = ()
    reply_to: str | None = None
    attachment: Attachment | None = None  # a file, in place of the body
    thread: int | None = None  # the topic that it belongs into


@dataclass(frozen=True, slots=True)
class _Left:
    """A message of Telegram's that is in the chat."""

    chat: str  # ids of another one mean nothing here
    id: str


@dataclass(frozen=True, slots=True)
class _Begun:
    """A delivery that failed behind its first parts, and what became of those."""

    delivery: Delivery
    left: Sequence[_Left]


class Sender:
    def __init__(self, bot: Bot, groups: Groups, topics: Topics, pace: Pace) -> None:
        self._bot = bot
        self._groups = groups
        self._topics = topics
        self._pace = pace
        self._begun: dict[str, _Begun] = {}  # by chat, which is sent one delivery at a time

    async def send(self, delivery: Delivery, /, *, edit: str | None) -> str:
        _check(delivery.buttons)
        with translated():
            try:
                return await self._send_parts(delivery, edit=edit)
            except ChatMigrated as error:
                await self._groups.follow(delivery.to.chat, str(error.new_chat_id))
                return await self._send_parts(delivery, edit=edit)
            except RetryAfter as error:
                self._pace.throttled(self._groups.now(delivery.to.chat), asked_pause_s(error))
                raise

    async def _send_parts(self, delivery: Delivery, *, edit: str | None) -> str:
        """Send what has not left yet; after a failure the next call goes on from there."""
        chat = self._groups.now(delivery.to.chat)
        if chat != delivery.to.chat:
            edit = None  # ids of the old chat may be other messages in the new one
        posts = self._posts(delivery, chat, await self._topics.of(delivery, chat))
        place = None if delivery.anew else edit
        left = await self._left(delivery, posts, place)
        try:
            for post in posts[len(left) :]:
                sent = await self._put(post, delivery, edit=None if left else place)
                left.append(_Left(chat, sent))
            if delivery.anew and edit is not None:
                await self._remove(chat, edit)
        except (TelegramError, ChannelError, asyncio.CancelledError) as error:
            # It will be tried again, as what took too long in all is: a group takes few a minute.
            if left and not isinstance(error, BadRequest | Forbidden):
                self._begun[chat] = _Begun(delivery, left)
            raise
        return left[-1].id

    async def _left(
        self, delivery: Delivery, posts: Sequence[_Post], place: str | None
    ) -> list[_Left]:
        """
        The messages with which the first posts have left already.

        Where a delivery takes the place of one that left in part, what that one said otherwise
        is removed; `place` will be edited.
        """
        chat = posts[0].chat
        known = next((one for one in self._begun if self._groups.now(one) == chat), None)
        if known is None:
            return []
        begun = self._begun[known]
        staying = self._staying(begun, delivery, posts)
        if delivery.key is not None and delivery.key == begun.delivery.key:
            for one in begun.left[staying:]:
                if one.chat == chat and one.id != place:
                    await self._remove(chat, one.id)
        del self._begun[known]
        return list(begun.left[:staying])

    def _staying(self, begun: _Begun, delivery: Delivery, posts: Sequence[_Post]) -> int:
        """How many of the messages that left say what they should still."""
        here = replace(begun.delivery, to=delivery.to, reply_to=delivery.reply_to)
        if here == delivery:  # the same; its conversation may have moved
            return len(begun.left)
        other_key = delivery.key is None or delivery.key != begun.delivery.key
        if other_key or delivery.anew is not begun.delivery.anew:
            return 0
        before = self._posts(begun.delivery, posts[0].chat, posts[0].thread)
        pairs = zip(before[: len(begun.left)], posts, strict=False)
        return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))

    def _posts(self, delivery: Delivery, chat: str, thread: int | None) -> list[_Post]:
        moved = chat != delivery.to.chat
        parts = split(delivery.body)
        # Telegram refuses blank messages; a blank delivery it may refuse itself.
        visible = [part for part in parts if "".join(span.text for span in part).strip()]
        posts = [_Post(chat=chat, body=part, thread=thread) for part in visible or [delivery.body]]
        if delivery.attachment:
            posts.append(_Post(chat=chat, body=(), attachment=delivery.attachment, thread=thread))
        posts[0] = replace(posts[0], reply_to=None if moved else delivery.reply_to)
        posts[-1] = replace(posts[-1], buttons=delivery.buttons)
        return posts

    async def _put(self, post: _Post, delivery: Delivery, *, edit: str | None) -> str:
        try:
            return await self._dressed(post, edit=edit)
        except BadRequest as error:
            if post.thread is None or not is_about_topic(error):
                raise
            thread = await self._topics.mended(delivery, post.chat, post.thread, error)
            return await self._dressed(replace(post, thread=thread), edit=edit)

    async def _dressed(self, post: _Post, *, edit: str | None) -> str:
        try:
            return await self._edit_or_send(post, edit=edit)
        except BadRequest as error:
            if not _DRESS.search(str(error)):
                raise
            log.warning("telegram_sent_plain", error=str(error))
            return await self._edit_or_send(_undressed(post), edit=edit)

    async def _edit_or_send(self, post: _Post, *, edit: str | None) -> str:
        if edit is None:
            return await self._send(post)
        try:
            await self._edit(post, edit)
        except BadRequest as error:
            if _NOT_EDITABLE.search(str(error)):
                return await self._send(post)
            if not _UNCHANGED.search(str(error)):
                raise
        return edit

    async def _send(self, post: _Post) -> str:
        if post.attachment:
            return await self._send_file(post, post.attachment)
        text, entities = render(post.body)
        await self._pace.take(post.chat)
        sent = await self._bot.send_message(
            post.chat,
            text,
            message_thread_id=post.thread,
            entities=entities,
            reply_markup=_keyboard(post.buttons),
            reply_parameters=_reply(post.reply_to),
            link_preview_options=_NO_PREVIEW,
        )
        return str(sent.message_id)

    async def _send_file(self, post: _Post, file: Attachment) -> str:
        await self._pace.take(post.chat)
        sent = await self._bot.send_document(
            post.chat,
            file.content,
            filename=file.name,
            message_thread_id=post.thread,
            reply_markup=_keyboard(post.buttons),
        )
        return str(sent.message_id)

    async def _edit(self, post: _Post, message_id: str) -> None:
        text, entities = render(post.body)
        await self._pace.take(post.chat)
        await self._bot.edit_message_text(
            text,
            chat_id=post.chat,
            message_id=int(message_id),
            entities=entities,
            reply_markup=_keyboard(post.buttons),
            link_preview_options=_NO_PREVIEW,
        )

    async def _remove(self, chat: str, message_id: str) -> None:
        """Take back a message that was said anew; one of two days ago stays."""
        await self._pace.take(chat)
        try:
            await self._bot.delete_message(chat, int(message_id))
        except TelegramError as error:
            log.info("telegram_message_left", error=str(error))


def _undressed(post: _Post) -> _Post:
    """Leave out what only adorns: styles, links, buttons that open a page."""
    text = "".join(span.text for span in post.body)
    rows = tuple(tuple(button for button in row if button.action) for row in post.buttons)
    return replace(post, body=(Span(text),), buttons=rows)


def _check(rows: Rows) -> None:
    """Raise ValueError for a button that no screen could show: our own mistake."""
    for button in (button for row in rows for button in row):
        if not button.label:
            raise ValueError(f"a button without a label: {button}")
        if bool(button.action) == bool(button.url):
            raise ValueError(f"a button needs either an action or a URL: {button}")
        if len(button.action.encode()) > _ACTION_LIMIT:
            raise ValueError(f"an action of more than {_ACTION_LIMIT} bytes: {button}")


def _keyboard(rows: Rows) -> InlineKeyboardMarkup | None:
    keys = [[_key(button) for button in row if _is_possible(button)] for row in rows]
    full = [row for row in keys if row]
    return InlineKeyboardMarkup(full) if full else None


def _is_possible(button: Button) -> bool:
    return bool(button.action) or is_web_address(button.url)


def _key(button: Button) -> InlineKeyboardButton:
    if button.action:
        return InlineKeyboardButton(button.label, callback_data=button.action)
    return InlineKeyboardButton(button.label, url=button.url)


def _reply(message_id: str | None) -> ReplyParameters | None:
    # "u…" names an update: Telegram cannot quote that.
    if message_id is None or not message_id.isdecimal():
        return None
    return ReplyParameters(int(message_id), allow_sending_without_reply=True)
