"""Topics of a forum in the fake Bot API, and how many calls a minute a group takes."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Final

from tests.telegram.fake_rules import Json, Problem, bad_request

if TYPE_CHECKING:
    from tests.telegram.fake_chats import Room

GROUP_CALLS: Final = 20
MINUTE_S: Final = 60.0
# Telegram says "20 messages per minute to the same group"; that edits count is experience.
# Whether topics and deletions do is not known: counted, to be on the safe side.
COUNTED: Final = frozenset(
    (
        "sendmessage",
        "senddocument",
        "editmessagetext",
        "deletemessage",
        "createforumtopic",
        "reopenforumtopic",
    )
)


def thread_of(room: Room, params: Json) -> int | None:
    """The topic that a message is for: the one named, else that of the message it answers."""
    wanted = params.get("message_thread_id")
    if wanted is None:
        answered = (params.get("reply_parameters") or {}).get("message_id")
        quoted = room.messages.get(answered, {}) if answered else {}
        thread: int | None = quoted.get("message_thread_id")
        return thread
    thread = int(wanted)
    if thread not in room.topics:
        raise bad_request("message thread not found")
    if room.topics[thread]:
        raise bad_request("TOPIC_CLOSED")
    return thread


def create(room: Room, me: Json, params: Json) -> Json:
    if not room.chat.get("is_forum"):
        raise bad_request("the chat is not a forum")
    if not room.manages_topics:
        raise bad_request("not enough rights to create a topic")
    name = params.get("name", "")
    if not 1 <= len(name) <= 128:
        raise bad_request("TOPIC_TITLE_EMPTY" if not name else "topic name is too long")
    made = {"name": name, "icon_color": 7322096}
    message = room.add(me, forum_topic_created=made, is_topic_message=True)
    thread = int(message["message_id"])
    message["message_thread_id"] = thread
    room.topics[thread] = False
    return made | {"message_thread_id": thread}


def reopen(room: Room, params: Json) -> bool:
    thread = int(params.get("message_thread_id", 0))
    if thread not in room.topics:
        raise bad_request("TOPIC_ID_INVALID")
    if not room.topics[thread]:
        raise bad_request("TOPIC_NOT_MODIFIED")
    room.topics[thread] = False
    return True


def delete(room: Room, thread: int) -> None:
    """What a member does: the messages in it go as well."""
    del room.topics[thread]
    inside = [n for n, one in room.messages.items() if one.get("message_thread_id") == thread]
    for number in inside:
        del room.messages[number]


class Minutes:
    """Twenty calls a minute to a group, and no more."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self.clock = clock
        self.calls: defaultdict[int, list[float]] = defaultdict(list)  # let through, by chat
        self._recent: defaultdict[int, deque[float]] = defaultdict(deque)

    def count(self, method: str, params: Json) -> None:
        """Raise Problem 429 for a call too many."""
        try:
            chat = int(params.get("chat_id", 0))
        except ValueError:
            return
        if chat >= 0 or method not in COUNTED:
            return
        recent, now = self._recent[chat], self.clock()
        while recent and now - recent[0] >= MINUTE_S:
            recent.popleft()
        if len(recent) >= GROUP_CALLS:
            wait_s = ceil(MINUTE_S - (now - recent[0]))
            raise Problem(429, f"Too Many Requests: retry after {wait_s}", retry_after=wait_s)
        recent.append(now)
        self.calls[chat].append(now)
