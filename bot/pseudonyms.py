"""
People in the store by a pseudonym: the same person has the same one, and nobody can go back.

The key is not in the database, so that who has the one cannot try all numbers of accounts. The
address of a message stays, for without it nobody could be answered.
"""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import replace
from typing import Final

from bot.types import Address, Message

_BYTES: Final = 12  # 96 bits: enough that no two people ever share one


def pseudonymous(message: Message, *, key: bytes) -> Message:
    """The message with its sender's pseudonym, and whether others read along made explicit."""
    whole = f"{message.address.channel}:{message.sender}".encode()
    pseudonym = hmac.digest(key, whole, hashlib.sha256)[:_BYTES].hex()
    return replace(
        message,
        sender=pseudonym,
        group=message.address.chat != message.sender,
    )


def keyed_chat(address: Address, key: bytes) -> str:
    """A chat by its pseudonym. Not that of a sender: the two do not lead to each other."""
    whole = f"chat:{address.channel}:{address.chat}".encode()
    return hmac.digest(key, whole, hashlib.sha256).hex()


def chat_digest(address: Address) -> str:
    """A chat by a digest without a key: enough where chats are random and long."""
    return hashlib.sha256(f"{address.channel}:{address.chat}".encode()).hexdigest()
