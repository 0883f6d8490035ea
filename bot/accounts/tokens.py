"""Random tokens, of which only a digest is stored: who reads the database cannot use them."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

BYTES: Final = 32  # 256 bits
LONGEST: Final = 100  # characters; ours have 43


def new() -> str:
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """No salt: nobody guesses 256 random bits."""
    return hashlib.sha256(token[:LONGEST].encode(errors="replace")).hexdigest()


def derived(token: str, purpose: str) -> str:
    """Another secret for each purpose: it tells nothing of the token, nor of the others."""
    key = token[:LONGEST].encode(errors="replace")
    return hmac.new(key, purpose.encode(), hashlib.sha256).hexdigest()


def form_token(session_token: str) -> str:
    """What every form of a session carries."""
    return derived(session_token, "form")


def same(one: str, other: str) -> bool:
    """Compare without telling by the time it takes where they differ."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode(errors="replace"))
