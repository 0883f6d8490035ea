"""
Two mends for the libraries beneath.

One bad update must not stop the rest, and no log may show the token or what citizens write.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any, Final, TypeGuard

import structlog
from telegram import Update
from telegram.constants import ChatType

from bot.channels.telegram_http import AiohttpRequest

UNREADABLE: Final = "mingbai_unreadable"  # in Update.api_kwargs: the name of an error
_NEEDED: Final = ("message_id", "date", "edit_date", "text")
_PERSON: Final = ("id", "is_bot", "first_name", "last_name", "language_code")

log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class TolerantRequest(AiohttpRequest):
    """
    For getUpdates: makes updates readable that are not, one by one.

    The library would fail for the whole batch, again and again.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        answer = AiohttpRequest.parse_json_payload(payload)
        if isinstance(answer.get("result"), list):
            answer["result"] = [readable(item) for item in answer["result"] if has_id(item)]
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


def readable(item: Mapping[str, Any]) -> dict[str, Any]:
    """
    One update as the library can read it, as it came if it can.

    Of what a person wrote to us alone the words are saved: a broken ornament must not cost the
    question. Anything else leaves only its id and, under UNREADABLE, what the library stumbled
    over: whoever takes the updates in parks it.
    """
    try:
        Update.de_json(dict(item), None)
    except Exception as error:  # noqa: BLE001 - whatever the library stumbles over
        # Neither the update nor the error's words: they may quote what a citizen wrote.
        name = type(error).__name__
        if saved := _words_alone(item):
            log.warning("telegram_update_saved", update_id=item["update_id"], error=name)
            return saved
        return {"update_id": item["update_id"], UNREADABLE: name}
    return dict(item)


def has_id(item: object) -> TypeGuard[Mapping[str, Any]]:
    if not isinstance(item, Mapping):
        return False
    number = item.get("update_id")
    return isinstance(number, int) and not isinstance(number, bool)


def _words_alone(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """A private message or edit with what is needed to answer it; None if it is none."""
    for kind in (Update.MESSAGE, Update.EDITED_MESSAGE):
        try:
            message = item[kind]
            if message["chat"]["type"] != ChatType.PRIVATE or not message["text"]:
                continue
            bare = {name: message[name] for name in _NEEDED if name in message}
            bare["chat"] = {name: message["chat"][name] for name in ("id", "type")}
            person = message["from"]
            bare["from"] = {name: person[name] for name in _PERSON if name in person}
            saved = {"update_id": item["update_id"], kind: bare}
            Update.de_json(saved, None)
        except Exception:  # noqa: BLE001, S112 - not even that: it is parked
            continue
        return saved
    return None
