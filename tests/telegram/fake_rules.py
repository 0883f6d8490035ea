"""What Telegram refuses, in Telegram's own words. Pure."""

from __future__ import annotations

from itertools import accumulate
from typing import Any, TypeAlias
from urllib.parse import urlsplit

Json: TypeAlias = dict[str, Any]


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
