"""The groups that the bot is in: which is the staff's, and which have another id now."""

from __future__ import annotations

import structlog
from telegram import Update
from telegram.constants import ChatType

from bot.channels.base import Places
from bot.types import Address

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Groups:
    def __init__(self, channel: str, staff_chat: str | None, places: Places | None = None) -> None:
        self.staff_chat = staff_chat
        self._channel = channel
        self._places = places
        self._moved: dict[str, str] = {}  # groups that became supergroups, by their old id
        self._seen: set[int] = set()

    def now(self, chat: str) -> str:
        """The id that a chat has now."""
        return self._moved.get(chat, chat)

    async def follow(self, chat: str, new_chat: str) -> None:
        """A group became a supergroup, which has another id. Raise ChannelError."""
        if self.now(chat) == new_chat:
            return
        if self._places is not None:
            old, new = Address(self._channel, chat), Address(self._channel, new_chat)
            await self._places.moved(old, new)
        self._moved[chat] = new_chat
        staff = chat == self.staff_chat
        if staff:
            self.staff_chat = new_chat
        log.warning("telegram_chat_migrated", chat=chat, new_chat=new_chat, staff=staff)

    async def watch(self, update: Update, /) -> None:
        """Tell the operator, in the log, what happens to groups, and follow those that move."""
        chat = update.effective_chat
        if chat is None or chat.type == ChatType.PRIVATE:
            return
        if update.message and update.message.migrate_to_chat_id:
            await self.follow(str(chat.id), str(update.message.migrate_to_chat_id))
        elif str(chat.id) == self.staff_chat:
            _report_staff_chat(update)
        elif chat.id not in self._seen and str(chat.id) not in self._moved:
            self._seen.add(chat.id)
            log.info("telegram_group_seen", chat=str(chat.id))  # whoever sets up needs the id


def _report_staff_chat(update: Update) -> None:
    message = update.message
    if message and message.sender_chat:
        log.warning(
            "telegram_staff_anonymous",
            mend="A message in the name of a chat was ignored: members of staff must switch "
            "“Remain anonymous” off.",
        )
    if update.my_chat_member:
        status = str(update.my_chat_member.new_chat_member.status)
        log.warning("telegram_staff_chat_membership", status=status)
