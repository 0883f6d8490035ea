"""
Two mends for the libraries beneath.

One bad update must not stop the rest, and no log may show the token or what citizens write.
"""

from __future__ import annotations

import logging
from typing import Any

import structlog
from telegram import Update

from bot.channels.telegram_http import AiohttpRequest

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class TolerantRequest(AiohttpRequest):
    """
    For getUpdates: empties the updates that the library cannot read.

    It would fail for the whole batch, again and again. An empty update is acknowledged.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = AiohttpRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(item) for item in answer["result"] if _has_id(item)]
        return answer


class Discretion(logging.Filter):
    """
    Drops what the Telegram library should not log.

    An address of Telegram's contains the token; the Telegram library's debug log quotes every
    message.
    """

    def __init__(self, token: str) -> None:
        super().__init__()
        self._token = token
        self._logger = logging.getLogger("telegram.Bot")

    def filter(self, record: logging.LogRecord) -> bool:
        return record.levelno > logging.DEBUG and self._token not in record.getMessage()

    def begin(self) -> None:
        self._logger.addFilter(self)

    def end(self) -> None:
        self._logger.removeFilter(self)


def _has_id(item: object) -> bool:
    return isinstance(item, dict) and isinstance(item.get("update_id"), int)


def _readable(item: dict[str, Any]) -> dict[str, Any]:
    try:
        Update.de_json(item, None)
    except Exception as error:  # noqa: BLE001 - whatever the library stumbles over
        # Neither the update nor the error's words: they may quote what a citizen wrote.
        log.error(  # noqa: TRY400
            "telegram_update_malformed",
            update_id=item["update_id"],
            error=type(error).__name__,
        )
        return {"update_id": item["update_id"]}
    return item
