"""A person on the other side: writes to the bot through the fake server, reads what it says."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, Self

from tests.telegram.fake_api import FakeTelegram
from tests.telegram.fake_chats import Room
from tests.telegram.fake_rules import Json, units

_query_ids = count(1)
_FILE: Final = {"file_id": "file", "file_unique_id": "unique"}
_SIZE: Final = {"width": 512, "height": 512}
_ENTITIES: Final = (
    ("mention", re.compile(r"\B@[A-Za-z0-9_]{4,32}\b")),
    ("bot_command", re.compile(r"(?<!\S)/[A-Za-z0-9_]{1,32}(@[A-Za-z0-9_]+)?")),
)


@dataclass(frozen=True, slots=True)
class Sent:
    """What a person did: `update_id` is 0 where the bot had not asked for such updates."""

    update_id: int
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message of the bot's, as the person sees it."""

    id: int
    text: str
    entities: tuple[tuple[str, int, int, str], ...] = ()  # type, offset, length, url
    buttons: tuple[tuple[str, ...], ...] = ()  # labels, in rows
    reply_to: int | None = None
    edited: bool = False
    file: str = ""  # name of the document that it is


class Person:
    """Writes into their private chat with the bot, or into `chat`, a group."""

    def __init__(
        self,
        server: FakeTelegram,
        user_id: int = 1001,
        *,
        name: str = "王芳",
        language: str | None = "zh-hans",
        chat: int | None = None,
    ) -> None:
        self.server = server
        self.user: Json = {"id": user_id, "is_bot": False, "first_name": name}
        if language:
            self.user["language_code"] = language
        self.chat = server.chats.open_private(self.user) if chat is None else chat
        self._read = len(self.room.shown)

    @property
    def room(self) -> Room:
        return self.server.chats.rooms[self.chat]

    def in_chat(self, chat: int) -> Self:
        """Return the same person in another chat."""
        other = type(self)(self.server, self.user["id"], name=self.user["first_name"], chat=chat)
        other.user = self.user
        return other

    # Writing

    def send(self, text: str, *, reply_to: int | Heard | None = None, **fields: object) -> Sent:
        answered = reply_to.id if isinstance(reply_to, Heard) else reply_to
        quoted = None if answered is None else self.room.quoted(answered)
        entities = list(_entities(text)) or None
        return self.post(text=text, entities=entities, reply_to_message=quoted, **fields)

    def sticker(self, **fields: object) -> Sent:
        kind = {"type": "regular", "is_animated": False, "is_video": False}
        return self.post(sticker=_FILE | _SIZE | kind, **fields)

    def photo(self, caption: str | None = None, **fields: object) -> Sent:
        return self.post(photo=[_FILE | _SIZE], caption=caption, **fields)

    def voice(self, **fields: object) -> Sent:
        return self.post(voice=_FILE | {"duration": 3}, **fields)

    def video(self, caption: str | None = None) -> Sent:
        return self.post(video=_FILE | _SIZE | {"duration": 3}, caption=caption)

    def document(self, caption: str | None = None) -> Sent:
        return self.post(document=_FILE | {"file_name": "a.pdf"}, caption=caption)

    def location(self) -> Sent:
        return self.post(location={"longitude": 114.06, "latitude": 22.54})

    def contact(self) -> Sent:
        return self.post(contact={"phone_number": "+8613800138000", "first_name": "李"})

    def post(self, **fields: object) -> Sent:
        """Send a message with any fields of the Bot API's Message."""
        message = self.room.add(self.user, **fields)
        return Sent(self.server.hand_on(message), message["message_id"])

    def edit(self, sent: Sent, **fields: object) -> Sent:
        """Change one's own message, such as `text="…"`."""
        message = self.room.messages[sent.message_id]
        message |= {"edit_date": int(time.time()), **fields}
        return Sent(self.server.updates.report("edited_message", message), sent.message_id)

    def press(self, heard: Heard, label: str) -> Sent:
        """Press a button with that label; KeyError if there is none."""
        message = self.room.messages[heard.id]
        buttons = (key for row in message["reply_markup"]["inline_keyboard"] for key in row)
        action = {key["text"]: key.get("callback_data") for key in buttons}[label]
        return self.press_action(heard.id, action)

    def press_action(self, message_id: int, action: str | None) -> Sent:
        """Press a button that the message may not bear: an old or a forged one."""
        query: Json = {
            "id": f"query-{next(_query_ids)}",
            "from": self.user,
            "message": self.room.messages[message_id],
            "chat_instance": str(self.chat),
            "data": action,
        }
        return Sent(self.server.press(query), message_id)

    def types(self, text: str) -> str:
        """Type after the bot's name in any chat; return the id of the query."""
        query: Json = {
            "id": f"query-{next(_query_ids)}",
            "from": self.user,
            "query": text,
            "offset": "",
            "chat_type": "private",
        }
        self.server.type_inline(query)
        return str(query["id"])

    def block(self) -> None:
        self.server.close(self.chat, self.user)

    # Reading

    async def hears(self, *, timeout_s: float = 5) -> Heard:
        """Return the bot's next message or edit in this chat that was not read yet."""
        try:
            message = await self.server.changes.until(self._unread, timeout_s=timeout_s)
        except TimeoutError:
            said = [message.get("text", "") for message in self.room.shown]
            raise AssertionError(f"nothing new in {timeout_s} s; the bot said: {said}") from None
        self._read += 1
        return as_heard(message)

    async def is_quoted(self, query: str, *, timeout_s: float = 5) -> Json:
        """Wait for what the bot proposes for an inline query."""
        found = self.server.quotations
        return await self.server.changes.until(lambda: found.get(query), timeout_s=timeout_s)

    def reads(self, heard: Heard) -> str:
        """Open the document that was heard."""
        return self.room.files[heard.id]

    def _unread(self) -> Json | None:
        return self.room.shown[self._read] if len(self.room.shown) > self._read else None

    def unread(self) -> list[Heard]:
        """Return what else the bot said so far, without waiting, as read."""
        fresh, self._read = self.room.shown[self._read :], len(self.room.shown)
        return [as_heard(message) for message in fresh]


def as_heard(message: Json) -> Heard:
    keyboard = message.get("reply_markup", {}).get("inline_keyboard", [])
    return Heard(
        id=message["message_id"],
        text=str(message.get("text") or message.get("caption") or ""),
        entities=tuple(
            (entity["type"], entity["offset"], entity["length"], entity.get("url", ""))
            for entity in message.get("entities", [])
        ),
        buttons=tuple(tuple(key["text"] for key in row) for row in keyboard),
        reply_to=message.get("reply_to_message", {}).get("message_id"),
        edited="edit_date" in message,
        file=message.get("document", {}).get("file_name", ""),
    )


def _entities(text: str) -> Iterator[Json]:
    for kind, pattern in _ENTITIES:
        for found in pattern.finditer(text):
            offset = units(text[: found.start()])
            yield {"type": kind, "offset": offset, "length": units(found[0])}
