"""What Telegram refuses, in Telegram's own words. Pure."""

from __future__ import annotations

import re
from itertools import accumulate
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

Json: TypeAlias = dict[str, Any]
_COMMAND: Final = re.compile(r"[a-z0-9_]{1,32}")
_START: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")
_LANGUAGE: Final = re.compile(r"[a-z]{2}")


class Problem(Exception):
    """Becomes an answer {ok: false, error_code, description, parameters}."""

    def __init__(self, code: int, description: str, **parameters: float) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


def bad_request(description: str, **parameters: float) -> Problem:
    return Problem(400, f"Bad Request: {description}", **parameters)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def checked_text(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Return what Telegram keeps: blanks around the text go, entities move along."""
    for entity in entities:
        _check_entity(text, offset=entity["offset"], length=entity["length"])
    if units(text) > 4096:
        raise bad_request("message is too long")
    kept = text.strip()
    if not kept:
        raise bad_request("message text is empty")
    lead = units(text[: len(text) - len(text.lstrip())])
    moved = (_moved(entity, lead, units(kept)) for entity in entities)
    return kept, [entity for entity in moved if entity["length"] > 0]


def _check_entity(text: str, *, offset: int, length: int) -> None:
    edges = {0, *accumulate(units(char) for char in text)}  # none in a surrogate pair
    end = offset + length
    if offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {offset}")
    if length < 0:
        raise bad_request(f"receive an entity with incorrect length {length}")
    if offset > max(edges):
        raise bad_request(f"entity begins after the end of the text at UTF-16 offset {offset}")
    if offset not in edges:
        raise bad_request("entity begins in a middle of a UTF-16 symbol at byte offset 0")
    beginning = f"entity beginning at UTF-16 offset {offset} ends"
    if end > max(edges):
        raise bad_request(f"{beginning} after the end of the text at UTF-16 offset {end}")
    if end not in edges:
        raise bad_request(f"{beginning} in a middle of a UTF-16 symbol at byte offset 0")


def _moved(entity: Json, lead: int, total: int) -> Json:
    start = max(entity["offset"] - lead, 0)
    end = min(entity["offset"] + entity["length"] - lead, total)
    return entity | {"offset": start, "length": end - start}


def checked_keyboard(markup: Json | None) -> Json | None:
    rows = [row for row in (markup or {}).get("inline_keyboard", []) if row]
    for button in (button for row in rows for button in row):
        _check_button(button)
    return {"inline_keyboard": rows} if rows else None


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be non-empty')
    if "url" in button:
        _check_url(button["url"])
    elif not button.get("callback_data"):
        raise bad_request(
            "can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"
        )
    elif len(button["callback_data"].encode()) > 64:
        raise bad_request("BUTTON_DATA_INVALID")


def _check_url(url: str) -> None:
    """Telegram takes no name without a dot: no localhost."""
    parts = urlsplit(url)
    if parts.scheme not in {"", "http", "https", "tg"}:
        raise bad_request(
            f"inline keyboard button URL '{url}' is invalid: Unsupported URL protocol"
        )
    if parts.scheme != "tg" and "." not in (parts.hostname or ""):
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")


def menu_key(params: Json) -> tuple[str, str]:
    """Which menu is meant: the kind of scope, and a language of two letters or none."""
    scope = (params.get("scope") or {}).get("type", "default")
    language = params.get("language_code") or ""
    if language and not _LANGUAGE.fullmatch(language):
        raise bad_request("invalid language code specified")
    return scope, language


def checked_commands(commands: list[Json]) -> list[Json]:
    if len(commands) > 100:
        raise bad_request("too many commands")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def checked_file(content: bytes, caption: str) -> None:
    if not content:
        raise bad_request("file must be non-empty")
    if len(content) > 50 * 1024 * 1024:
        raise Problem(413, "Request Entity Too Large")
    if units(caption) > 1024:
        raise bad_request("message caption is too long")


def checked_quotations(params: Json) -> Json:
    """What a bot answers to an inline query: at most 50 articles, and a button."""
    results: list[Json] = params.get("results") or []
    if len(results) > 50:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [result["id"] for result in results]
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    if any(not 1 <= len(name.encode()) <= 64 for name in ids):
        raise bad_request("RESULT_ID_INVALID")
    for result in results:
        if not result.get("title"):
            raise bad_request("article title is empty")
        content = result["input_message_content"]
        checked_text(content["message_text"], content.get("entities") or [])
    button = params.get("button")
    if button and not _START.fullmatch(button.get("start_parameter", "")):
        raise bad_request("START_PARAM_INVALID")
    return {"results": results, "button": button}


def may_see(message: Json, me: Json) -> bool:
    """Whether a bot in privacy mode is told of it: service messages, and what is meant for it."""
    text = str(message.get("text") or message.get("caption") or "")
    if message["chat"]["type"] == "private" or not text:
        return True
    name = f"@{me['username']}".casefold()
    command = text.split(maxsplit=1)[0] if text.startswith("/") else ""
    if command:
        return "@" not in command or command.casefold().endswith(name)
    answered = message.get("reply_to_message", {}).get("from", {}).get("id") == me["id"]
    return answered or name in text.casefold()
