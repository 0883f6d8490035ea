"""What Telegram reports, as messages. Pure: who is meant and what is ignored."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

import telegram
from telegram import CallbackQuery, Update, User
from telegram.constants import ChatType

from bot.types import Address, Input, Message

_COMMAND: Final = re.compile(r"/\w+(@(?P<bot>\w+))?(?=\s|\Z)", re.ASCII)
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


def read(update: Update, /, *, me: User, staff: str | None, at: datetime) -> Message | None:
    """
    Return what a person said to us; None for everything else.

    `me` is the bot itself, `staff` the staff chat's id, `at` the time now: a button press
    bears no time.
    """
    if update.callback_query:
        return _pressed(update, update.callback_query, staff=staff, at=at)
    message = update.message or update.edited_message
    if message is None or message.from_user is None or not _is_human(message):
        return None
    kind = _kind(message, edited=update.message is None)
    if kind is None:
        return None
    in_staff_chat = str(message.chat.id) == staff
    if in_staff_chat and _is_of_others(message, me):
        return None
    in_group = message.chat.type != ChatType.PRIVATE
    if in_group and not in_staff_chat and not _is_for_us(message, me):
        return None
    return Message(
        id=f"u{update.update_id}",
        address=Address("telegram", str(message.chat.id)),
        sender=str(message.from_user.id),
        sender_name=message.from_user.full_name if in_staff_chat else "",
        kind=kind,
        text=_without_our_name(_storable(_words(message)), me),
        reply_to=_answered(message, me),
        language=message.from_user.language_code,
        at=(message.edit_date or message.date).astimezone(UTC),
    )


def _pressed(
    update: Update, query: CallbackQuery, *, staff: str | None, at: datetime
) -> Message | None:
    if query.message is None or query.data is None or query.from_user.is_bot:
        return None
    chat = str(query.message.chat.id)
    return Message(
        id=f"u{update.update_id}",
        address=Address("telegram", chat),
        sender=str(query.from_user.id),
        sender_name=query.from_user.full_name if chat == staff else "",
        kind=Input.ACTION,
        text=_storable(query.data),
        reply_to=str(query.message.message_id),
        language=query.from_user.language_code,
        at=at,
    )


def _is_human(message: telegram.Message) -> bool:
    """Posts in the name of a chat (a channel, an anonymous administrator) have no person."""
    author = message.from_user
    return author is not None and not author.is_bot and message.sender_chat is None


def _is_of_others(message: telegram.Message, me: User) -> bool:
    """
    Whether a colleague only passed on what somebody else, or another bot, wrote.

    That is talk: a citizen's "/close 5", forwarded to be looked at, must not close anything.
    """
    by_bot = message.via_bot is not None and message.via_bot.id != me.id
    return message.forward_origin is not None or by_bot


def _kind(message: telegram.Message, *, edited: bool) -> Input | None:
    if edited:
        # Live locations edit themselves every few seconds: only changed words count.
        return Input.EDITED if _words(message) else None
    if message.text is not None:
        return Input.TEXT
    return Input.UNSUPPORTED if message.effective_attachment else None  # None: joins, pins ...


def _words(message: telegram.Message) -> str:
    return message.text or message.caption or ""


def _answered(message: telegram.Message, me: User) -> str | None:
    """Return the id of our message that this one answers."""
    earlier = message.reply_to_message
    # In a forum every message "answers" the one that opened its topic.
    if earlier is None or earlier.forum_topic_created or earlier.from_user is None:
        return None
    return str(earlier.message_id) if earlier.from_user.id == me.id else None


def _is_for_us(message: telegram.Message, me: User) -> bool:
    text = _words(message)
    command = _COMMAND.match(text)
    if command and command["bot"]:
        return command["bot"].casefold() == str(me.username).casefold()
    return bool(command or _answered(message, me) or _mention_of(me).search(text))


def _without_our_name(text: str, me: User) -> str:
    bare_command = re.sub(
        rf"\A(/\w+)@{me.username}\b", r"\1", text, flags=re.IGNORECASE | re.ASCII
    )
    if not _mention_of(me).search(bare_command):
        return bare_command
    return _mention_of(me).sub(" ", bare_command).strip()


def _mention_of(me: User) -> re.Pattern[str]:
    # Not Telegram's own mentions: it finds none where a Chinese character touches the name.
    return re.compile(
        rf"[ \t]*(?<![A-Za-z0-9_@./-])@{me.username}(?![A-Za-z0-9_])[ \t]*", re.IGNORECASE
    )


def _storable(text: str) -> str:
    """Replace what no database takes, so that one message cannot stop all the later ones."""
    return _LONE_SURROGATE.sub("\ufffd", text.replace("\0", "\ufffd"))
