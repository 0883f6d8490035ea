"""Tells the operator, in the log, what happens to the groups that the bot is in."""

from __future__ import annotations

import structlog
from telegram import Update
from telegram.constants import ChatType

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class Groups:
    def __init__(self, staff_chat: str | None) -> None:
        self._staff_chat = staff_chat
        self._seen: set[int] = set()

    def watch(self, update: Update, /) -> None:
        chat = update.effective_chat
        if chat is None or chat.type == ChatType.PRIVATE:
            return
        if str(chat.id) == self._staff_chat:
            _report_staff_chat(update)
        elif chat.id not in self._seen:
            self._seen.add(chat.id)
            log.info("telegram_group_seen", chat=str(chat.id))  # whoever sets up needs the id


def _report_staff_chat(update: Update) -> None:
    message = update.message
    if message and message.migrate_to_chat_id:
        log.error(
            "telegram_staff_chat_migrated",
            new_chat=str(message.migrate_to_chat_id),
            mend="Set TELEGRAM_STAFF_CHAT to the new id and restart.",
        )
    if message and message.sender_chat:
        log.warning(
            "telegram_staff_anonymous",
            mend="A message in the name of a chat was ignored: members of staff must switch "
            "“Remain anonymous” off.",
        )
    if update.my_chat_member:
        status = str(update.my_chat_member.new_chat_member.status)
        log.warning("telegram_staff_chat_membership", status=status)
