"""
Links to documents: as a payload of Telegram's /start, and as a page of our site. Pure.

Telegram takes at most 64 characters of [A-Za-z0-9_-]. A name that fits is its own payload, so
that a link can be read and written by hand; any other one is the beginning of its SHA-256. Nobody
needs to read a payload backwards: whoever opens the link looks it up in the release.
"""

from __future__ import annotations

import re
from base64 import urlsafe_b64encode
from enum import StrEnum
from hashlib import sha256
from typing import Final
from urllib.parse import quote, urlsplit

LONGEST: Final = 64
DIGEST: Final = 18  # bytes, 24 characters: no two names of one library share them
FINGERPRINT: Final = 12  # hexadecimal digits, 48 bits
_SAFE: Final = re.compile(r"[A-Za-z0-9_-]+")
_BOT_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]{3,31}")


class Target(StrEnum):
    DOCUMENT = "doc"
    TOPIC = "topic"


def payload(target: Target, name: str) -> str:
    """`doc_<id>` or `topic_<name>`, in Telegram's characters."""
    whole = f"{target}_{name}"
    if _SAFE.fullmatch(name) and len(whole) <= LONGEST:
        return whole
    digest = urlsafe_b64encode(sha256(name.encode()).digest()[:DIGEST]).decode()
    return f"{target}_{digest}"


_OPENED: Final = re.compile(rf"/start (?:{'|'.join(Target)})_[A-Za-z0-9_-]+")


def opens_link(text: str) -> bool:
    """Whether a message is what a platform sends for whoever opens one of our links."""
    return _OPENED.fullmatch(text) is not None


def chat_link(bot_name: str, start: str = "") -> str:
    """The address that opens a chat with the bot. Raise ValueError if that is no bot's name."""
    name = bot_name.strip().removeprefix("@")
    if not _BOT_NAME.fullmatch(name):
        raise ValueError(f"{bot_name!r} is no Telegram name: 4 to 32 letters, digits and _")
    return f"https://t.me/{name}" + (f"?start={start}" if start else "")


def document_path(document_id: str) -> str:
    """Where the page of a document is on our site."""
    return f"/documents/{quote(document_id, safe='')}"


def fingerprint(words: str) -> str:
    """
    A short name for a quotation, by its words alone.

    A number of a passage would name other words as soon as a document has changed.
    """
    return sha256(words.strip().encode()).hexdigest()[:FINGERPRINT]


def quoted_path(document_id: str, words: str) -> str:
    """Where these words of a document stand on its page, highlighted."""
    return f"{document_path(document_id)}?quote={fingerprint(words)}#quote"


def is_web_page(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
