"""
Passwords, as argon2id keeps them (RFC 9106), and which ones are taken.

A password is long rather than odd: NIST SP 800-63B asks for length, and for no rules about
capitals and signs, which people meet with Passw0rd!.
"""

from __future__ import annotations

import asyncio
import unicodedata
from enum import StrEnum
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 200
FEWEST_DIFFERENT: Final = 6  # characters
AT_ONCE: Final = 2  # each takes 64 MiB: nobody may fill the memory by trying passwords
NOBODY: Final = "nobody has this password, for it is longer than any that is taken" * 4


class Weak(StrEnum):
    """Why a password is not taken."""

    SHORT = "short"
    LONG = "long"
    LIKE_LOGIN = "like login"
    MONOTONOUS = "monotonous"


def weakness(password: str, *, login: str) -> Weak | None:
    """What speaks against a password; None if nothing does."""
    text = _normal(password)
    if len(text) < SHORTEST:
        return Weak.SHORT
    if len(text) > LONGEST:
        return Weak.LONG
    if login in text.casefold() and len(text) - len(login) < SHORTEST:
        return Weak.LIKE_LOGIN
    if len(set(text)) < FEWEST_DIFFERENT:
        return Weak.MONOTONOUS
    return None


class Passwords:
    """Hashes and compares beside the event loop, a few at a time."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        """Without a hasher: the second recommendation of RFC 9106, 3 passes over 64 MiB."""
        self._hasher = hasher or PasswordHasher()
        self._turn = asyncio.Semaphore(AT_ONCE)
        self._nobodys = ""

    async def hashed(self, password: str) -> str:
        async with self._turn:
            return await asyncio.to_thread(self._hasher.hash, _normal(password))

    async def matches(self, hashed: str, password: str) -> bool:
        """
        Whether it is the password. Where there is none (`hashed` is empty) the answer is no, after
        the same work: how long it takes tells nobody which logins exist.
        """
        if not self._nobodys:
            self._nobodys = await self.hashed(NOBODY)
        async with self._turn:
            return await asyncio.to_thread(
                self._is, hashed or self._nobodys, _normal(password)[: LONGEST + 1]
            )

    def _is(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


def _normal(password: str) -> str:
    """The same keys give the same password on every system (NIST SP 800-63B, 3.1.1.2)."""
    text = unicodedata.normalize("NFKC", password)
    return text.encode(errors="replace").decode()
