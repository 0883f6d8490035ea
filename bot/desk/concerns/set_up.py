"""Hot concerns as the settings say: the same service for the bot that serves and the terminal."""

from __future__ import annotations

from bot.config import Settings
from bot.desk.concerns.service import Concerns
from bot.desk.desk import Desk
from bot.errors import ConcernRefused
from bot.library import documents_of
from bot.store.base import Store
from index.errors import SearchError
from index.grouping import group
from index.release import current
from index.vectors import one_thread


def concerns_of(settings: Settings, store: Store, desk: Desk) -> Concerns:
    """A response is published where the current release has it."""

    def published(document: str) -> bool:
        try:
            folder = settings.releases / current(settings.releases)
            return any(one.id == document for one in documents_of(folder))
        except (SearchError, OSError) as error:
            raise ConcernRefused(
                "No release can be read, so no document can be named: {problem}", problem=error
            ) from error

    return Concerns(store, desk, group=group, published=published, thread_setup=one_thread)
