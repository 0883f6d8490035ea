"""Chats of the fake Bot API: who may write where, and what was written."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from aiohttp.web import FileField

from tests.telegram import fake_topics
from tests.telegram.fake_rules import (
    Json,
    Problem,
    bad_request,
    checked_file,
    checked_keyboard,
    checked_text,
)
from tests.telegram.fake_topics import thread_of

_UNCHANGED = (
    "message is not modified: specified new message content and reply markup are exactly the "
    "same as a current content and reply markup of the message"
)


@dataclass(slots=True)
class Room:
    """One chat."""

    chat: Json
    messages: dict[int, Json] = field(default_factory=dict)
    shown: list[Json] = field(default_factory=list)  # the bot's messages and edits, in order
    last_id: int = 0
    files: dict[int, str] = field(default_factory=dict)  # text of a document, by its message
    closed: bool = False  # the person blocked the bot, or the group threw it out
    moved_to: int | None = None  # the supergroup that it became
    topics: dict[int, bool] = field(default_factory=dict)  # by thread: whether it is closed
    manages_topics: bool = True  # whether the bot may

    def add(self, author: Json, **fields: object) -> Json:
        self.last_id += 1
        self.messages[self.last_id] = {
            "message_id": self.last_id,
            "from": author,
            "date": int(time.time()),
            "chat": self.chat,
            **{name: value for name, value in fields.items() if value is not None},
        }
        return self.messages[self.last_id]

    def quoted(self, message_id: int) -> Json | None:
        """Return the message as a quotation, which quotes no further."""
        message = self.messages.get(message_id)
        if message is None:
            return None
        return {name: value for name, value in message.items() if name != "reply_to_message"}


class Chats:
    def __init__(self, me: Json) -> None:
        self.me = me
        self.rooms: dict[int, Room] = {}

    def open_private(self, user: Json) -> int:
        chat = {"id": user["id"], "type": "private", "first_name": user["first_name"]}
        self.rooms.setdefault(user["id"], Room(chat))
        return int(user["id"])

    def open_group(self, chat_id: int, title: str = "群", *, kind: str = "group") -> int:
        """`kind` is "group" or "supergroup"."""
        self.rooms.setdefault(chat_id, Room({"id": chat_id, "type": kind, "title": title}))
        return chat_id

    def open_forum(self, chat_id: int, title: str = "群") -> int:
        """A supergroup with topics, where the bot may manage them."""
        self.open_group(chat_id, title, kind="supergroup")
        self.rooms[chat_id].chat["is_forum"] = True
        return chat_id

    def room(self, params: Json) -> Room:
        try:
            room = self.rooms[int(params.get("chat_id", 0))]
        except (KeyError, ValueError):
            raise bad_request("chat not found") from None
        if room.closed and room.chat["type"] == "private":
            raise Problem(403, "Forbidden: bot was blocked by the user")
        if room.closed:
            raise Problem(403, f"Forbidden: bot was kicked from the {room.chat['type']} chat")
        if room.moved_to:
            raise bad_request(
                "group chat was upgraded to a supergroup chat", migrate_to_chat_id=room.moved_to
            )
        return room

    def send_message(self, params: Json) -> Json:
        room = self.room(params)
        content = _content(params)
        thread = thread_of(room, params)
        message = room.add(
            self.me,
            **content,
            message_thread_id=thread,
            is_topic_message=thread is not None or None,
            reply_to_message=_reply(room, params.get("reply_parameters")),
            link_preview_options=params.get("link_preview_options"),
        )
        room.shown.append(dict(message))
        return message

    def send_document(self, params: Json) -> Json:
        """A file that is uploaded with the request."""
        room = self.room(params)
        upload = params.get("document")
        if not isinstance(upload, FileField):
            raise bad_request("there is no document in the request")
        content = upload.file.read()
        checked_file(content, params.get("caption", ""))
        file = {
            "file_id": f"file-{room.last_id + 1}",
            "file_unique_id": f"unique-{room.last_id + 1}",
            "file_name": upload.filename,
            "mime_type": upload.content_type,
            "file_size": len(content),
        }
        keyboard = checked_keyboard(params.get("reply_markup"))
        message = room.add(
            self.me,
            document=file,
            caption=params.get("caption"),
            reply_markup=keyboard,
            message_thread_id=thread_of(room, params),
        )
        room.files[message["message_id"]] = content.decode(errors="replace")  # a PDF is no text
        room.shown.append(dict(message))
        return message

    def edit_message_text(self, params: Json) -> Json:
        room = self.room(params)
        message = room.messages.get(int(params.get("message_id", 0)))
        if message is None:
            raise bad_request("message to edit not found")
        if message["from"] != self.me:
            raise bad_request("message can't be edited")
        content = _content(params)
        if all(message.get(name) == value for name, value in content.items()):
            raise bad_request(_UNCHANGED)
        for name, value in content.items():
            message.pop(name, None)
            message |= {} if value is None else {name: value}
        message["edit_date"] = int(time.time())
        room.shown.append(dict(message))
        return message

    def delete_message(self, params: Json) -> bool:
        if self.room(params).messages.pop(int(params.get("message_id", 0)), None) is None:
            raise bad_request("message to delete not found")
        return True

    def create_forum_topic(self, params: Json) -> Json:
        return fake_topics.create(self.room(params), self.me, params)

    def reopen_forum_topic(self, params: Json) -> bool:
        return fake_topics.reopen(self.room(params), params)

    def get_chat(self, params: Json) -> Json:
        gifts = ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription")
        return self.room(params).chat | {
            "accent_color_id": 0,
            "max_reaction_count": 11,
            "accepted_gift_types": dict.fromkeys((*gifts, "gifts_from_channels"), False),
        }


def _content(params: Json) -> Json:
    text, entities = checked_text(params.get("text", ""), params.get("entities") or [])
    keyboard = checked_keyboard(params.get("reply_markup"))
    return {"text": text, "entities": entities or None, "reply_markup": keyboard}


def _reply(room: Room, wanted: Json | None) -> Json | None:
    if wanted is None:
        return None
    quoted = room.quoted(wanted["message_id"])
    if quoted is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return quoted
