"""What people follow: a document, a topic, or a question of theirs that had no answer."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from bot.types import Address
from knowledge.types import Lang

MOST: Final = 50  # subscriptions of one conversation


class Follows(StrEnum):
    DOCUMENT = "document"  # target: its id
    TOPIC = "topic"  # target: its name
    QUESTION = "question"  # target: the ledger id of the message that asked it


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """A subscription that somebody wants."""

    address: Address
    follows: Follows
    target: str
    title: str  # what a list calls it: the title, the topic, or the question itself
    release: str  # the one that was served then: they want to know what is new since
    language: Lang  # in which they are told, once the conversation itself is forgotten
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Subscription:
    """A conversation follows something. `release` is the last one that it was told of."""

    id: int
    address: Address
    follows: Follows
    target: str
    title: str
    release: str
    language: Lang
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Followers:
    """How many conversations follow one thing."""

    follows: Follows
    target: str
    title: str
    count: int


def number_of(follows: Follows, target: str) -> int:
    """
    A number for a button, which has no room for a name: 56 bits of a digest.

    The same in every process and release, so that an old button still means what it says.
    """
    digest = hashlib.sha256(f"{follows}\n{target}".encode()).digest()
    return int.from_bytes(digest[:7])
