"""A browser's JSON as a message. Pure: bytes in, a value or a Problem out."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.channels.web import WEB
from bot.types import Address, Input, Message
from bot.web import problems
from bot.web.languages import TAG

HARD_MAX_CHARS: Final = 20_000  # beyond, it is no question any more
MAX_ACTION_BYTES: Final = 64  # as Button.action

# Made by the browser from 128 random bits or more: whoever knows it may read the conversation.
_CHAT: Final = re.compile(r"[A-Za-z0-9_-]{22,64}")
_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_PLATFORM_ID: Final = re.compile(r"w[0-9a-f]{32}")

Fields = Mapping[str, object]


def chat_of(value: object) -> str:
    if isinstance(value, str) and _CHAT.fullmatch(value):
        return value
    raise problems.bad(
        "bad_chat", "chat is the conversation's secret: 22 to 64 characters of base64url."
    )


def _fields(body: bytes) -> Fields:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise problems.bad("bad_json", "The message is not valid JSON.") from None
    if not isinstance(fields, dict):
        raise problems.bad("bad_json", "The message must be a JSON object.")
    return fields


def _id(fields: Fields) -> str:
    value = fields.get("id")
    if isinstance(value, str) and _ID.fullmatch(value):
        return value
    raise problems.bad("bad_id", "id names the message: 8 to 64 characters of base64url.")


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise problems.bad("bad_text", "text must be a string.")
    if len(value) > HARD_MAX_CHARS:
        raise problems.too_large()
    # No database takes a NUL or half a surrogate pair.
    return value.encode(errors="replace").decode().replace("\0", "")


def _action(value: object) -> str:
    if isinstance(value, str) and value.isprintable():
        size = len(value.encode(errors="replace"))
        if 0 < size <= MAX_ACTION_BYTES:
            return value
    raise problems.bad("bad_action", "action is what a button carries: at most 64 bytes.")


def _what(fields: Fields) -> tuple[Input, str]:
    if ("text" in fields) == ("action" in fields):
        raise problems.bad("bad_message", "Send either a text or an action.")
    if "action" in fields:
        return Input.ACTION, _action(fields["action"])
    return Input.TEXT, _text(fields["text"])


def _reply_to(fields: Fields) -> str | None:
    value = fields.get("reply_to")
    if value is None or (isinstance(value, str) and _PLATFORM_ID.fullmatch(value)):
        return value
    raise problems.bad("bad_reply_to", "reply_to is the ref of a message from here.")


def _language(fields: Fields, otherwise: str | None) -> str | None:
    value = fields.get("language")
    return value if isinstance(value, str) and TAG.fullmatch(value) else otherwise


def message_of(body: bytes, *, language: str | None, at: datetime) -> Message:
    """Read {chat, id, text | action, reply_to?, language?}; raise Problem."""
    fields = _fields(body)
    chat = chat_of(fields.get("chat"))
    name = _id(fields)
    kind, text = _what(fields)
    return Message(
        id=f"{chat}:{name}",
        address=Address(WEB, chat),
        sender=chat,
        kind=kind,
        text=text,
        reply_to=_reply_to(fields),
        language=_language(fields, language),
        at=at,
    )
