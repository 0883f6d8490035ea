"""The service over the folder and the releases that the settings name."""

from __future__ import annotations

from bot.config import Settings
from bot.desk.desk import Desk
from bot.desk.publishing.folder import Folder
from bot.desk.publishing.publishing import Publishing
from bot.desk.publishing.served import Release, Serves
from bot.store.base import Store


def publishing_of(settings: Settings, store: Store, desk: Desk, index: Serves) -> Publishing:
    release = Release(settings.releases, index)
    return Publishing(store, desk, release, Folder(settings.published))
