"""A view of the queue that somebody keeps under a name of their own. Pure data."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedView:
    """Its owner alone sees it."""

    id: int = 0  # given by the store
    version: int = 1
    account: int  # the number of its owner's account
    name: str
    query: str  # what stands behind the question mark of the queue's address
