"""Two mends for the libraries beneath: one bad update must not stop the rest, and no log
may show the token.
"""

from __future__ import annotations

import logging
from typing import Any

import structlog
from telegram import Update
from telegram.request import HTTPXRequest

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class TolerantRequest(HTTPXRequest):
    """
    For getUpdates: empties the updates that the library cannot read.

    It would fail for the whole batch, again and again. An empty update is acknowledged.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = HTTPXRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [_readable(item) for item in answer["result"] if _has_id(item)]
        return answer


class KeepSecret(logging.Filter):
    """httpx logs every address, and Telegram's addresses contain the token."""

    def __init__(self, secret: str) -> None:
        super().__init__()
        self._secret = secret

    def filter(self, record: logging.LogRecord) -> bool:
        return self._secret not in record.getMessage()


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
